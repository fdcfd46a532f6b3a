//! How a campaign ends.

use super::*;

#[tokio::test]
async fn a_closing_campaign_ends_with_its_last_collaboration_and_the_rest_goes_back() {
    for (cancelled, ending) in [(false, CampaignState::Completed), (true, CampaignState::Cancelled)] {
        let market = Market::open();
        let (sponsor, one, two, three) =
            (market.sponsor().await, market.influencer().await, market.influencer().await, market.influencer().await);
        let campaign = market.campaign(&sponsor, 1000).await;
        let first = market.agree(&sponsor, &one, campaign, 300).await;
        let second = market.agree(&sponsor, &two, campaign, 200).await;
        let open = market.apply(&three, campaign, 100).await;
        if cancelled {
            market.run(&sponsor, CancelCampaign { campaign }).await.unwrap();
        } else {
            market.run(&sponsor, CompleteCampaign { campaign }).await.unwrap();
        }
        assert_eq!(market.campaign_now(campaign).await.state, CampaignState::Closing);
        assert_eq!(market.balance(LedgerAccount::Budget(campaign)).await, 500, "nothing goes back while work is open");

        assert_eq!(
            market.run(&three, ViewRequest { request: open }).await.unwrap().state,
            RequestState::Expired,
            "from that instant"
        );
        assert_eq!(code(market.accept(&sponsor, open, 1).await), "campaign_ended");
        assert_eq!(market.request_now(open).await.state, RequestState::Open, "no job ran");
        market.pass(0).await;
        assert_eq!(market.request_now(open).await.state, RequestState::Expired);
        assert_eq!(market.told(&three).await, [Notice::RequestExpired]);
        assert!(market.told(&sponsor).await.contains(&Notice::RequestExpired));

        market.run(&two, StepDown { collaboration: second, reason: "ill".into() }).await.unwrap();
        assert_eq!(market.campaign_now(campaign).await.state, CampaignState::Closing);
        assert_eq!(market.balance(LedgerAccount::Budget(campaign)).await, 700);
        market.submit(&one, first).await.unwrap();
        market.run(&sponsor, ApproveWork { collaboration: first }).await.unwrap();
        assert_eq!(market.campaign_now(campaign).await.state, ending);
        assert_eq!(market.balance(LedgerAccount::Budget(campaign)).await, 0);
        assert_eq!(market.balance(LedgerAccount::Outside).await, -300, "700 of 1000 went back");
        market.sound().await;
    }
}

#[tokio::test]
async fn at_the_end_of_its_last_day_a_campaign_is_over_before_any_job_says_so() {
    let market = Market::open();
    let (sponsor, one, two) = (market.sponsor().await, market.influencer().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    let terms = || crate::request::OfferInput { due: "2026-05-20".into(), ..offer(50) };
    let working = market.run(&one, Apply { campaign, offer: terms() }).await.unwrap().request.id;
    market.accept(&sponsor, working, 1).await.unwrap();
    market.clock.set("2026-04-30T23:00:00Z".parse().unwrap());
    let request = market.run(&two, Apply { campaign, offer: terms() }).await.unwrap().request;
    assert_eq!(request.expires_at, "2026-05-01T00:00:00Z".parse().unwrap(), "with the campaign, if that is sooner");
    market.clock.set("2026-05-01T00:00:00Z".parse().unwrap());
    assert!(!sees(&market, None, campaign).await);
    assert_eq!(code(market.accept(&sponsor, request.id, 1).await), "campaign_ended");
    assert_eq!(code(market.run(&one, Apply { campaign, offer: terms() }).await), "campaign_ended");
    assert_eq!(code(market.run(&sponsor, PauseCampaign { campaign }).await), "campaign_ended");
    assert_eq!(market.campaign_now(campaign).await.state, CampaignState::Active);
    market.work().await;
    let closing = market.campaign_now(campaign).await;
    assert_eq!((closing.state, closing.ending), (CampaignState::Closing, Some(CampaignState::Completed)));
    assert!(market.told(&sponsor).await.contains(&Notice::CampaignEnded));
    assert_eq!(market.told(&two).await, [Notice::RequestExpired]);
    market.sound().await;
}

#[tokio::test]
async fn a_campaign_cut_short_ends_its_open_requests_by_the_clock() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    let request = market.apply(&influencer, campaign, 100).await;
    let shorter = CampaignChanges { end: Some("2026-03-02".into()), ..CampaignChanges::default() };
    market.run(&sponsor, edit(campaign, shorter)).await.unwrap();
    market.clock.set("2026-03-03T00:00:00Z".parse().unwrap());
    let view = market.run(&influencer, ViewRequest { request }).await.unwrap();
    assert_eq!((view.state, view.your_turn), (RequestState::Expired, false));
    let counter = CounterOffer { request, offer: 1, terms: offer(90) };
    assert_eq!(code(market.run(&sponsor, counter).await), "campaign_ended");
    assert_eq!(code(market.run(&influencer, ConfirmOffer { request, offer: 1 }).await), "campaign_ended");
    assert_eq!(code(market.run(&influencer, WithdrawRequest { request, reason: String::new() }).await), "campaign_ended");
    market.pass(0).await;
    assert_eq!(market.request_now(request).await.state, RequestState::Expired);
    market.sound().await;
}

#[tokio::test]
async fn the_hundreds_of_requests_of_a_campaign_that_ends_are_all_written_off() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    let campaign = market.campaign(&sponsor, 1000).await;
    let mut requests = Vec::new();
    for _ in 0..230 {
        let influencer = market.influencer().await;
        requests.push(market.apply(&influencer, campaign, 100).await);
    }
    market.run(&sponsor, CancelCampaign { campaign }).await.unwrap();
    assert_eq!(market.pass(0).await.failed, []);
    for request in requests {
        assert_eq!(market.request_now(request).await.state, RequestState::Expired);
    }
    assert!(!market.campaign_now(campaign).await.requests_to_close);
    market.sound().await;
}

#[tokio::test]
async fn a_draft_that_nothing_hangs_on_is_removed_and_one_with_money_is_cancelled() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    let (bare, paid) = (market.draft(&sponsor, 1000).await, market.draft(&sponsor, 1000).await);
    market.fund(&sponsor, paid, 700).await;
    for campaign in [bare, paid] {
        market.run(&sponsor, RemoveCampaign { campaign, version: None }).await.unwrap();
    }
    assert_eq!(code(market.run(&sponsor, ViewCampaign { campaign: bare }).await), "not_found");
    assert_eq!(market.campaign_now(paid).await.state, CampaignState::Cancelled);
    assert_eq!(market.balance(LedgerAccount::Outside).await, 0, "it went back to where it came from");
    let drafted = market.draft(&sponsor, 1000).await;
    market.fund(&sponsor, drafted, 700).await;
    market.run(&sponsor, CancelCampaign { campaign: drafted }).await.unwrap();
    assert_eq!(market.balance(LedgerAccount::Outside).await, 0);
    market.sound().await;
}

#[tokio::test]
async fn a_draft_with_a_payment_under_way_is_not_forgotten() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    let campaign = market.draft(&sponsor, 1000).await;
    market.run(&sponsor, FundCampaign { campaign, amount: 500 }).await.unwrap();
    market.run(&sponsor, RemoveCampaign { campaign, version: None }).await.unwrap();
    let report = market.pass(0).await;
    assert_eq!(report.failed, [], "the payment can be counted, and goes back");
    assert_eq!(market.campaign_now(campaign).await.state, CampaignState::Cancelled);
    assert_eq!(market.balance(LedgerAccount::Outside).await, 0);
    market.sound().await;
}

#[tokio::test]
async fn an_ended_campaign_is_history_and_its_agreements_keep_their_words() {
    let market = Market::open();
    let (sponsor, one, two) = (market.sponsor().await, market.influencer().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    let work = market.agree(&sponsor, &one, campaign, 100).await;
    let rejected: RequestId = market.apply(&two, campaign, 100).await;
    market.run(&sponsor, RejectRequest { request: rejected, offer: 1, reason: "no".into() }).await.unwrap();
    market.run(&sponsor, CancelCampaign { campaign }).await.unwrap();
    assert_eq!(market.collaboration_now(work).await.state, CollaborationState::Active);
    assert_eq!(market.request_now(rejected).await.state, RequestState::Rejected, "only open requests expire");
    assert_eq!(code(market.run(&sponsor, budget(campaign, 5000)).await), "campaign_ended");
    market.sound().await;
}
