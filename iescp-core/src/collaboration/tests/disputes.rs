//! Disputes.

use super::*;

#[tokio::test]
async fn a_side_takes_back_one_dispute_and_the_next_stands_until_it_is_decided() {
    let work = Work::agreed().await;
    let admin = work.market.admin().await;
    for (who, other) in [(&work.influencer, &work.sponsor), (&work.sponsor, &work.influencer)] {
        work.dispute(who).await.unwrap();
        work.market.pass(24).await;
        assert_eq!(code(work.withdraw(other).await), "not_your_dispute");
        work.withdraw(who).await.unwrap();
    }
    let due = work.now().await.due_at;
    assert_eq!(due, "2026-03-23T00:00:00Z".parse().unwrap(), "one day for each");
    work.dispute(&work.influencer).await.unwrap();
    work.market.pass(24).await;
    assert_eq!(code(work.withdraw(&work.influencer).await), "withdrawn_before");
    assert_eq!(work.now().await.due_at, due);
    work.rule(&admin, 100).await.unwrap();
    work.market.sound().await;
}

#[tokio::test]
async fn a_dispute_stops_every_clock_and_moves_no_money() {
    let work = Work::submitted().await;
    let admin = work.market.admin().await;
    work.market.pass(30).await;
    let before = work.now().await;
    work.dispute(&work.sponsor).await.unwrap();
    assert_eq!(work.money().await, [400, 0, 600]);
    assert_eq!(work.told_last(&work.influencer).await, Some(Notice::DisputeOpened));
    assert_eq!(work.told_last(&admin).await, Some(Notice::DisputeOpened));
    work.market.pass(24 * 25).await;
    assert_eq!(work.state().await, CollaborationState::Disputed, "72 hours are long over");
    assert_eq!(code(work.withdraw(&work.influencer).await), "not_your_dispute");
    work.withdraw(&work.sponsor).await.unwrap();
    let after = work.now().await;
    let stood = SignedDuration::from_hours(24 * 25);
    assert_eq!(after.review.unwrap().ends_at, later(before.review.unwrap().ends_at, stood));
    assert_eq!((after.due_at, after.due.to_string()), (later(before.due_at, stood), "2026-04-14".into()));
    assert_eq!(work.told_last(&work.influencer).await, Some(Notice::DisputeWithdrawn));
    work.market.pass(41).await;
    assert_eq!(work.state().await, CollaborationState::Submitted);
    work.market.pass(1).await;
    assert_eq!(work.state().await, CollaborationState::Completed, "30 and 42 hours of review");
    work.market.sound().await;
}

#[tokio::test]
async fn a_dispute_over_work_that_was_never_submitted_moves_its_day() {
    let work = Work::agreed().await;
    work.to("2026-03-20T12:00:00Z");
    work.dispute(&work.influencer).await.unwrap();
    work.to("2026-03-30T12:00:00Z");
    work.market.pass(0).await;
    work.withdraw(&work.influencer).await.unwrap();
    assert_eq!(work.now().await.due_at, "2026-03-31T00:00:00Z".parse().unwrap());
    work.to("2026-04-06T23:59:59Z");
    assert_eq!(code(work.cancel().await), "not_overdue");
    work.to("2026-04-07T00:00:00Z");
    work.cancel().await.unwrap();
    work.market.sound().await;
}

#[tokio::test]
async fn an_admin_rules_any_split_with_reasons() {
    for (share, state) in
        [(0, CollaborationState::Cancelled), (1, CollaborationState::Completed), (400, CollaborationState::Completed)]
    {
        let work = Work::agreed().await;
        let admin = work.market.admin().await;
        work.dispute(&work.influencer).await.unwrap();
        for wrong in [-1, 401] {
            assert_eq!(code(work.rule(&admin, wrong).await), "share");
        }
        let silent = RuleDispute { collaboration: work.id, to_influencer: 1, reasons: String::new() };
        assert_eq!(code(work.market.run(&admin, silent).await), "required");
        assert_eq!(work.market.run(&admin, ListDisputes::default()).await.unwrap().items.len(), 1);
        work.rule(&admin, share).await.unwrap();
        assert_eq!((work.state().await, work.money().await), (state, [0, share, 1000 - share]));
        for who in [&work.sponsor, &work.influencer] {
            assert_eq!(work.told_last(who).await, Some(Notice::DisputeRuled));
        }
        assert_eq!(work.market.run(&admin, ListDisputes::default()).await.unwrap().items.len(), 0);
        work.review(&work.sponsor, 2).await.unwrap();
        work.market.sound().await;
    }
}

#[tokio::test]
async fn a_dispute_ends_by_a_split_that_both_agree_on() {
    let work = Work::agreed().await;
    work.dispute(&work.influencer).await.unwrap();
    work.propose(&work.sponsor, 250).await.unwrap();
    work.take(&work.influencer, 1).await.unwrap();
    assert_eq!((work.state().await, work.money().await), (CollaborationState::Completed, [0, 250, 750]));
    work.market.sound().await;
}

#[tokio::test]
async fn a_dispute_nobody_decides_alarms_admins_and_settles_after_thirty_days() {
    for submitted in [false, true] {
        let work = if submitted { Work::submitted().await } else { Work::agreed().await };
        let admin = work.market.admin().await;
        work.dispute(&work.sponsor).await.unwrap();
        let alarms = async || work.market.told(&admin).await.iter().filter(|told| **told == Notice::DisputeWaits).count();
        for (hours, count) in [(3 * 24 - 1, 0), (1, 1), (4 * 24 - 1, 1), (1, 2), (23 * 24 - 1, 2)] {
            work.market.pass(hours).await;
            assert_eq!(alarms().await, count);
            assert_eq!(work.state().await, CollaborationState::Disputed);
            work.market.sound().await;
        }
        work.market.pass(1).await;
        let (state, money) = if submitted {
            (CollaborationState::Completed, [0, 400, 600])
        } else {
            (CollaborationState::Cancelled, [0, 0, 1000])
        };
        assert_eq!((work.state().await, work.money().await), (state, money));
        assert_eq!(work.now().await.end.unwrap().by, EndedBy::DisputeClock);
        work.market.sound().await;
    }
}
