//! What a campaign may promise.

use super::*;

#[tokio::test]
async fn a_budget_can_be_lowered_to_what_is_committed_and_not_below() {
    for settings in [Settings::default(), planned()] {
        let paying = settings.funding == Funding::Gateway;
        let market = Market::with(settings);
        let (sponsor, one, two) = (market.sponsor().await, market.influencer().await, market.influencer().await);
        let campaign = market.draft(&sponsor, 1000).await;
        if paying {
            market.fund(&sponsor, campaign, 1000).await;
        }
        market.publish(&sponsor, campaign).await.unwrap();
        let paid = market.agree(&sponsor, &one, campaign, 300).await;
        market.agree(&sponsor, &two, campaign, 200).await;
        market.submit(&one, paid).await.unwrap();
        market.run(&sponsor, ApproveWork { collaboration: paid }).await.unwrap();
        assert_eq!(code(market.run(&sponsor, budget(campaign, 499)).await), "below_committed");
        assert_eq!(code(market.run(&sponsor, budget(campaign, 0)).await), "required");
        assert_eq!(code(market.run(&sponsor, budget(campaign, -1)).await), "too_small");
        assert_eq!(code(market.run(&sponsor, budget(campaign, i64::MAX)).await), "too_large");
        assert_eq!(market.campaign_now(campaign).await.budget, Money(1000));
        market.run(&sponsor, budget(campaign, 500)).await.unwrap();
        let money = market.run(&sponsor, ViewCampaign { campaign }).await.unwrap().money.unwrap();
        assert_eq!((money.held, money.paid, money.available), (Money(200), Money(300), Money(0)));
        market.sound().await;
    }
}

#[tokio::test]
async fn what_can_be_promised_is_the_lesser_of_budget_and_funds() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.draft(&sponsor, 1000).await;
    market.publish(&sponsor, campaign).await.unwrap();
    let request = market.apply(&influencer, campaign, 400).await;
    assert_eq!(code(market.accept(&sponsor, request, 1).await), "over_budget", "nothing is paid in");
    market.fund(&sponsor, campaign, 399).await;
    let why = market.accept(&sponsor, request, 1).await.unwrap_err().to_string();
    assert!(why.contains("3.99") && why.contains("4.00"), "{why}");
    market.fund(&sponsor, campaign, 5000).await;
    market.run(&sponsor, budget(campaign, 399)).await.unwrap();
    assert_eq!(code(market.accept(&sponsor, request, 1).await), "over_budget", "the budget is the bound");
    assert_eq!(market.request_now(request).await.state, RequestState::Open, "nothing of it happened");
    market.run(&sponsor, budget(campaign, 400)).await.unwrap();
    market.accept(&sponsor, request, 1).await.unwrap();
    market.sound().await;
}

#[tokio::test]
async fn planned_money_follows_the_budget_and_leaves_with_the_campaign() {
    let market = Market::with(planned());
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.draft(&sponsor, 1000).await;
    assert_eq!(code(market.run(&sponsor, FundCampaign { campaign, amount: 5 }).await), "planned");
    market.run(&sponsor, budget(campaign, 900)).await.unwrap();
    assert_eq!(market.balance(LedgerAccount::External).await, 0, "a draft plans nothing");
    market.publish(&sponsor, campaign).await.unwrap();
    for wanted in [900, 1500, 400] {
        market.run(&sponsor, budget(campaign, wanted)).await.unwrap();
        assert_eq!(market.balance(LedgerAccount::Budget(campaign)).await, wanted);
        assert_eq!(market.balance(LedgerAccount::External).await, -wanted);
    }
    let work = market.agree(&sponsor, &influencer, campaign, 300).await;
    assert_eq!(code(market.run(&sponsor, budget(campaign, 299)).await), "below_committed");
    market.submit(&influencer, work).await.unwrap();
    market.run(&sponsor, CompleteCampaign { campaign }).await.unwrap();
    market.run(&sponsor, ApproveWork { collaboration: work }).await.unwrap();
    assert_eq!(market.balance(LedgerAccount::External).await, -300);
    assert_eq!(market.balance(LedgerAccount::Outside).await, 0);
    market.sound().await;
}
