use super::*;
use crate::{
    Actor,
    account::{AccountState, Role},
    fixture::{Market, code},
    value::Money,
};

mod reminders;

#[tokio::test]
async fn admins_see_how_many_there_are_of_each() {
    let market = Market::open();
    let admin = market.admin().await;
    let sponsor = market.sponsor().await;
    for state in [AccountState::Pending, AccountState::Pending, AccountState::Suspended] {
        market.account(Role::Sponsor, state).await;
    }
    let seen = market.run(&admin, ViewStatistics::default()).await.unwrap();
    let sponsors = &seen.now.accounts["sponsor"];
    assert_eq!((sponsors["active"], sponsors["pending"], sponsors["suspended"], sponsors["closed"]), (1, 2, 1, 0));
    assert_eq!(seen.now.accounts["influencer"]["active"], 0);
    assert_eq!((seen.now.campaigns.len(), seen.now.requests.len(), seen.now.collaborations.len()), (6, 5, 5));
    assert_eq!((seen.now.money_held, seen.days.len()), (Money::ZERO, 0));
    assert_eq!(code(market.run(&sponsor, ViewStatistics::default()).await), "forbidden");
}

#[tokio::test]
async fn each_day_keeps_its_last_picture() {
    let market = Market::open();
    let admin = market.admin().await;
    let system = Actor::system("snapshot");
    for day in 0..3 {
        for _ in 0..2 {
            market.sponsor().await;
            market.platform.run(&system, SnapshotStatistics {}).await.unwrap();
            market.clock.advance(jiff::SignedDuration::from_hours(if day == 0 { 1 } else { 0 }));
        }
        market.clock.advance(jiff::SignedDuration::from_hours(24));
    }
    let seen = market.run(&admin, ViewStatistics::default()).await.unwrap();
    let days: Vec<(String, i64)> =
        seen.days.iter().map(|day| (day.day.to_string(), day.figures.accounts["sponsor"]["active"])).collect();
    assert_eq!(days, [("2026-03-01".into(), 2), ("2026-03-02".into(), 4), ("2026-03-03".into(), 6)]);
    assert_eq!(market.run(&admin, ViewStatistics { days: Some(1) }).await.unwrap().days, seen.days[2..]);
    assert_eq!(code(market.run(&admin, SnapshotStatistics {}).await), "forbidden");
}

#[tokio::test]
async fn an_influencer_without_work_has_twelve_empty_months_and_no_averages() {
    let market = Market::open();
    let influencer = market.influencer().await;
    let OwnStatistics::Influencer(figures) = market.run(&influencer, ViewOwnStatistics::default()).await.unwrap() else {
        panic!("an influencer's figures were asked for")
    };
    let months: Vec<&str> = figures.months.iter().map(|month| &*month.month).collect();
    assert_eq!((months.len(), months[0], months[11]), (12, "2025-04", "2026-03"));
    assert_eq!((figures.standing.answers_within, figures.standing.rating, figures.earned), (None, None, Money::ZERO));
}

#[tokio::test]
async fn a_sponsor_sees_only_their_own_campaigns_and_an_admin_none() {
    let market = Market::open();
    let (sponsor, admin) = (market.sponsor().await, market.admin().await);
    let seen = market.run(&sponsor, ViewOwnStatistics::default()).await.unwrap();
    assert!(matches!(seen, OwnStatistics::Sponsor { campaigns, rating: None } if campaigns.items.is_empty()));
    assert_eq!(market.run(&admin, ViewOwnStatistics::default()).await.unwrap(), OwnStatistics::Admin);
}

#[tokio::test]
async fn what_waits_is_told_by_deadline_and_only_to_whom_it_waits_for() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 100_000).await;
    let request = market.apply(&influencer, campaign, 20_000).await;
    let waits = |waiting: Waiting| waiting.tasks.iter().map(|task| (task.what, task.amount)).collect::<Vec<_>>();
    let theirs = market.run(&sponsor, ViewWaiting).await.unwrap();
    assert_eq!(waits(theirs), [(What::AnswerApplication, Some(Money(20_000)))]);
    assert_eq!(waits(market.run(&influencer, ViewWaiting).await.unwrap()), []);
    market.clock.advance(jiff::SignedDuration::from_hours(24 * 8));
    assert_eq!(waits(market.run(&sponsor, ViewWaiting).await.unwrap()), [], "it has expired by the clock: {request}");
}

#[tokio::test]
async fn admins_are_told_who_waits_and_names_are_theirs_alone() {
    let market = Market::open();
    let (admin, sponsor) = (market.admin().await, market.sponsor().await);
    let pending = market.account(Role::Sponsor, AccountState::Pending).await;
    let waiting = market.run(&admin, ViewWaiting).await.unwrap();
    assert_eq!(waiting.tasks.iter().map(|task| (task.what, task.about.id)).collect::<Vec<_>>(), [(What::Approve, pending.id.0)]);
    let names = ViewNames { of: vec![pending.id.0, sponsor.id.0, uuid::Uuid::nil()] };
    assert_eq!(market.run(&admin, names.clone()).await.unwrap().len(), 2);
    assert_eq!(code(market.run(&sponsor, names).await), "forbidden");
}
