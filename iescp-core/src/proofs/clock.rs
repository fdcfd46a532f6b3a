//! A machine's clock is set wrong and right again in the middle of everything: nothing is lost, paid twice, or done too early, and
//! all of it is sound.

use crate::{
    Actor,
    campaign::CompleteCampaign,
    check::{Options, check},
    collaboration::{ApproveWork, CollaborationState},
    fixture::{Market, code},
    ledger::LedgerAccount,
    request::RequestState,
};
use jiff::SignedDuration;

/// Each step of a deal is done under a clock that stands elsewhere than the one before, in another process.
async fn a_deal(steps: [i64; 6]) {
    let mut market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let [funded, applied, accepted, submitted, approved, paid] = steps;
    let set = |market: Market, hours: i64| {
        market.clock.advance(SignedDuration::from_hours(hours));
        market.reopened()
    };
    market = set(market, funded);
    let campaign = market.campaign(&sponsor, 50_000).await;
    market = set(market, applied);
    let request = market.apply(&influencer, campaign, 40_000).await;
    market.work().await;
    assert_eq!(market.request_now(request).await.state, RequestState::Open);
    market = set(market, accepted);
    let collaboration = market.accept(&sponsor, request, 1).await.unwrap().collaboration.unwrap();
    assert_eq!(code(market.accept(&sponsor, request, 1).await), "request_state");
    market = set(market, submitted);
    market.submit(&influencer, collaboration).await.unwrap();
    market.work().await;
    market = set(market, approved);
    market.run(&sponsor, ApproveWork { collaboration }).await.unwrap();
    assert_eq!(market.collaboration_now(collaboration).await.state, CollaborationState::Completed);
    market = set(market, paid);
    market.work().await;
    market.run(&sponsor, CompleteCampaign { campaign }).await.unwrap();
    let earned = market.balance(LedgerAccount::Earnings(influencer.id)).await;
    assert_eq!(earned, 40_000, "{steps:?}");
    let report = check(&market.platform, &Actor::terminal(), Options::default(), &mut |_| {}).await.unwrap();
    assert_eq!(report.findings, [], "{steps:?}");
}

#[tokio::test]
async fn a_clock_that_is_set_back_or_ahead_between_any_two_steps_changes_no_outcome() {
    for step in 0..6 {
        for hours in [-30, -1, 1, 20] {
            let mut steps = [0; 6];
            steps[step] = hours;
            a_deal(steps).await;
        }
    }
    a_deal([-1, 2, -3, 1, -2, 1]).await;
}
