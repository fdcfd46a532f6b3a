//! Who may ask whom, and how often.

use super::*;

#[tokio::test]
async fn a_pair_has_one_open_request_and_an_expired_one_is_cleared_on_the_way() {
    let t = Table::laid().await;
    let first = t.market.apply(&t.influencer, t.campaign, 100).await;
    let again = Apply { campaign: t.campaign, offer: offer(1) };
    let invite = || Invite { campaign: t.campaign, influencer: t.influencer.id, offer: offer(1) };
    assert!(matches!(t.market.run(&t.influencer, again.clone()).await, Err(Error::Taken(_))));
    assert!(matches!(t.market.run(&t.sponsor, invite()).await, Err(Error::Taken(_))));
    t.market.clock.advance(SignedDuration::from_hours(7 * 24));
    let second = t.market.run(&t.influencer, again).await.unwrap().request.id;
    assert_eq!(t.market.request_now(first).await.state, RequestState::Expired, "written off on the way");
    assert_eq!(t.market.request_now(second).await.state, RequestState::Open);
    assert_eq!(t.lines().await, ["applied", "request_expired", "applied"]);
    t.market.work().await;
    assert_eq!(t.market.request_now(second).await.state, RequestState::Open);
    t.market.accept(&t.sponsor, second, 1).await.unwrap();
    t.market.apply(&t.influencer, t.campaign, 100).await;
    t.market.sound().await;
}

#[tokio::test]
async fn after_a_no_the_same_side_waits_seven_days_and_the_other_does_not() {
    let t = Table::laid().await;
    let apply = || Apply { campaign: t.campaign, offer: offer(100) };
    let request = t.market.apply(&t.influencer, t.campaign, 100).await;
    assert_eq!(code(t.market.run(&t.sponsor, RejectRequest { reason: " ".into(), ..t.reject(request, 1) }).await), "required");
    t.market.run(&t.sponsor, t.reject(request, 1)).await.unwrap();
    assert_eq!(t.market.told(&t.influencer).await, [Notice::RequestRejected]);
    assert_eq!(t.market.run(&t.influencer, ViewRequest { request }).await.unwrap().request.reason.to_string(), "Not for us.");
    assert_eq!(code(t.market.run(&t.influencer, apply()).await), "too_soon");
    let invited = t.market.invite(&t.sponsor, t.campaign, &t.influencer, 90).await;
    t.market.run(&t.sponsor, t.withdraw(invited)).await.unwrap();
    assert_eq!(t.market.told(&t.influencer).await.last(), Some(&Notice::RequestWithdrawn));
    let invite = Invite { campaign: t.campaign, influencer: t.influencer.id, offer: offer(1) };
    assert_eq!(code(t.market.run(&t.sponsor, invite).await), "too_soon");
    t.market.clock.advance(SignedDuration::from_hours(7 * 24) - SignedDuration::from_millis(1));
    assert_eq!(code(t.market.run(&t.influencer, apply()).await), "too_soon");
    t.market.clock.advance(SignedDuration::from_millis(1));
    t.market.run(&t.influencer, apply()).await.unwrap();
    assert_eq!(t.lines().await, ["applied", "request_rejected", "invited", "request_withdrawn", "applied"]);
    t.market.sound().await;
}

#[tokio::test]
async fn what_nobody_answered_may_be_asked_again_at_once() {
    let t = Table::laid().await;
    t.market.apply(&t.influencer, t.campaign, 100).await;
    t.market.pass(7 * 24).await;
    t.market.apply(&t.influencer, t.campaign, 100).await;
    t.market.sound().await;
}

#[tokio::test]
async fn what_somebody_asks_in_a_day_is_bounded() {
    let mut settings = Settings::default();
    settings.caps.requests = 3;
    let market = Market::with(settings);
    let sponsor = market.sponsor().await;
    let campaign = market.campaign(&sponsor, 1000).await;
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let invite = Invite { campaign, influencer: market.influencer().await.id, offer: offer(10) };
        let (platform, actor) = (market.platform.clone(), crate::Actor::account(sponsor.id));
        asking.spawn(async move { platform.run(&actor, invite).await });
    }
    let answers = asking.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 3);
    for refused in answers.into_iter().filter_map(Result::err) {
        let Error::TooOften { retry_after, .. } = refused else { panic!("{refused:?}") };
        assert_eq!(retry_after, 12 * 3600, "until midnight");
    }
    market.clock.advance(SignedDuration::from_hours(12));
    let whom = market.influencer().await;
    market.invite(&sponsor, campaign, &whom, 10).await;
    market.sound().await;
}

#[tokio::test]
async fn only_active_influencers_are_invited_and_nobody_deals_with_themselves() {
    let t = Table::laid().await;
    let suspended = t.market.account(Role::Influencer, AccountState::Suspended).await;
    let (other, admin) = (t.market.sponsor().await, t.market.admin().await);
    for whom in [&suspended, &other, &admin, &t.sponsor] {
        let invite = Invite { campaign: t.campaign, influencer: whom.id, offer: offer(10) };
        assert_eq!(code(t.market.run(&t.sponsor, invite).await), "unknown");
    }
    let theirs = Invite { campaign: t.campaign, influencer: t.influencer.id, offer: offer(10) };
    assert_eq!(code(t.market.run(&other, theirs).await), "forbidden");
    assert_eq!(code(t.market.run(&t.sponsor, Apply { campaign: t.campaign, offer: offer(10) }).await), "forbidden");
}

#[tokio::test]
async fn a_block_stops_new_requests_and_offers() {
    let t = Table::laid().await;
    let request = t.market.apply(&t.influencer, t.campaign, 100).await;
    t.market.run(&t.influencer, BlockAccount { account: t.sponsor.id }).await.unwrap();
    assert_eq!(code(t.market.run(&t.sponsor, t.counter(request, 1, 80)).await), "blocked");
    t.market.run(&t.influencer, t.withdraw(request)).await.unwrap();
    let invite = || Invite { campaign: t.campaign, influencer: t.influencer.id, offer: offer(10) };
    assert_eq!(code(t.market.run(&t.sponsor, invite()).await), "blocked");
    t.market.run(&t.influencer, UnblockAccount { account: t.sponsor.id }).await.unwrap();
    t.market.run(&t.sponsor, invite()).await.unwrap();
    t.market.sound().await;
}
