//! Whom the daily reminder reaches.

use crate::{
    Actor,
    account::{Account, Role},
    fixture::{Market, code},
    notification::{Choice, SetPreferences},
    report::{FindReminders, MarkReminded, Reminders, What},
};
use jiff::{SignedDuration, civil::date};

async fn find(market: &Market, role: Role) -> Reminders {
    let find = FindReminders { day: market.platform.settings().day_of(market.clock_now()), role, after: None, limit: 100 };
    market.platform.run(&Actor::system("reminder"), find).await.unwrap()
}

impl Market {
    fn clock_now(&self) -> jiff::Timestamp {
        self.platform.clock().now()
    }

    /// What each is reminded of.
    async fn reminded(&self, role: Role) -> Vec<(Account, Vec<What>)> {
        let mut all = Vec::new();
        for reminder in find(self, role).await.due {
            let account = self.get::<Account>(Account::at(reminder.account)).await.unwrap();
            all.push((account, reminder.tasks.iter().map(|task| task.what).collect()));
        }
        all
    }
}

#[tokio::test]
async fn influencers_are_reminded_of_what_nobody_has_answered_and_sponsors_of_work_alone() {
    let market = Market::open();
    let (sponsor, influencer, other) = (market.sponsor().await, market.influencer().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 100_000).await;
    market.invite(&sponsor, campaign, &influencer, 20_000).await;
    market.apply(&other, campaign, 20_000).await;
    assert_eq!(market.reminded(Role::Influencer).await, [(influencer, vec![What::AnswerInvitation])]);
    assert_eq!(market.reminded(Role::Sponsor).await, []);

    let third = market.influencer().await;
    let collaboration = market.agree(&sponsor, &third, campaign, 20_000).await;
    market.submit(&third, collaboration).await.unwrap();
    let waits = market.reminded(Role::Sponsor).await;
    assert_eq!(waits.len(), 1);
    assert_eq!(waits[0].0.id, sponsor.id);
    assert!(waits[0].1.contains(&What::ReviewWork) && waits[0].1.contains(&What::AnswerApplication), "and of what else waits");
}

#[tokio::test]
async fn nobody_is_reminded_twice_of_a_day_nor_who_wants_no_reminder_nor_at_an_unproven_address() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    let campaign = market.campaign(&sponsor, 100_000).await;
    let (ada, bob, cid) = (market.influencer().await, market.influencer().await, market.influencer().await);
    for influencer in [&ada, &bob, &cid] {
        market.invite(&sponsor, campaign, influencer, 20_000).await;
    }
    let off = SetPreferences { choices: vec![Choice { topic: "reminders".into(), mail: false }], version: None };
    market.run(&bob, off).await.unwrap();
    market.put(&Account { email_verified: false, ..cid }).await;
    let due = find(&market, Role::Influencer).await.due;
    assert_eq!(due.iter().map(|reminder| reminder.account).collect::<Vec<_>>(), [ada.id]);

    let day = market.platform.settings().day_of(market.clock_now());
    let mark = MarkReminded { accounts: vec![ada.id], day };
    market.platform.run(&Actor::system("reminder"), mark.clone()).await.unwrap();
    assert_eq!(find(&market, Role::Influencer).await.due, []);
    // An earlier day's mark changes nothing.
    let earlier = MarkReminded { accounts: vec![ada.id], day: date(2000, 1, 1) };
    market.platform.run(&Actor::system("reminder"), earlier).await.unwrap();
    assert_eq!(find(&market, Role::Influencer).await.due, []);
    market.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(find(&market, Role::Influencer).await.due.len(), 1, "and the next day again");
    assert_eq!(code(market.run(&ada, mark).await), "forbidden");
}

#[tokio::test]
async fn who_was_not_seen_for_long_is_reminded_once_in_as_long() {
    let market = Market::open();
    let ada = market.influencer().await;
    assert_eq!(market.reminded(Role::Influencer).await, []);
    let long = market.platform.settings().timers.away;
    market.clock.advance(long);
    assert_eq!(market.reminded(Role::Influencer).await, [(ada.clone(), vec![])]);
    let day = market.platform.settings().day_of(market.clock_now());
    let mark = MarkReminded { accounts: vec![ada.id], day };
    market.platform.run(&Actor::system("reminder"), mark).await.unwrap();
    market.clock.advance(SignedDuration::from_hours(48));
    assert_eq!(market.reminded(Role::Influencer).await, []);
    market.clock.advance(long);
    assert_eq!(market.reminded(Role::Influencer).await.len(), 1);
}

#[tokio::test]
async fn people_are_found_page_by_page_and_each_once() {
    let market = Market::open();
    for _ in 0..7 {
        market.influencer().await;
    }
    market.clock.advance(market.platform.settings().timers.away);
    let (mut found, mut after) = (Vec::new(), None);
    for _ in 0..10 {
        let find = FindReminders { day: date(2026, 6, 1), role: Role::Influencer, after, limit: 3 };
        let page = market.platform.run(&Actor::system("reminder"), find).await.unwrap();
        assert!(page.due.len() <= 3);
        found.extend(page.due.into_iter().map(|reminder| reminder.account));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!((found.len(), after), (7, None));
    found.dedup();
    assert_eq!(found.len(), 7);
}
