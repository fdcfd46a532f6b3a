//! Ending otherwise than by approval, and what is said of each other afterwards.

use super::*;

#[tokio::test]
async fn who_steps_down_returns_the_money_and_it_is_counted() {
    for rounds in 0..2 {
        let work = Work::agreed().await;
        for _ in 0..rounds {
            work.submit().await.unwrap();
            assert_eq!(code(work.step_down().await), "collaboration_state", "work that is under review");
            work.changes().await.unwrap();
        }
        let blank = StepDown { collaboration: work.id, reason: String::new() };
        assert_eq!(code(work.market.run(&work.influencer, blank).await), "required");
        work.step_down().await.unwrap();
        assert_eq!((work.state().await, work.money().await), (CollaborationState::Cancelled, [0, 0, 1000]));
        assert_eq!(work.told_last(&work.sponsor).await, Some(Notice::CollaborationCancelled));
        assert_eq!(work.market.counter(tally("stepped-down").id(work.influencer.id).key()).await, 1);
        work.market.sound().await;
    }
}

#[tokio::test]
async fn a_sponsor_cancels_what_is_seven_days_overdue() {
    let work = Work::agreed().await;
    work.to("2026-03-27T23:59:59Z");
    assert_eq!(code(work.cancel().await), "not_overdue");
    work.to("2026-03-28T00:00:00Z");
    work.cancel().await.unwrap();
    assert_eq!((work.state().await, work.money().await), (CollaborationState::Cancelled, [0, 0, 1000]));
    assert_eq!(work.told_last(&work.influencer).await, Some(Notice::CollaborationCancelled));
    assert_eq!(work.market.counter(tally("never-delivered").id(work.influencer.id).key()).await, 1);
    work.market.sound().await;
}

#[tokio::test]
async fn the_platform_cancels_what_is_thirty_days_overdue() {
    let work = Work::agreed().await;
    work.to("2026-04-19T23:59:00Z");
    work.market.pass(0).await;
    assert_eq!(work.state().await, CollaborationState::Active);
    work.to("2026-04-20T00:00:00Z");
    work.market.pass(0).await;
    assert_eq!((work.state().await, work.money().await), (CollaborationState::Cancelled, [0, 0, 1000]));
    for who in [&work.sponsor, &work.influencer] {
        assert_eq!(work.told_last(who).await, Some(Notice::CollaborationCancelled));
    }
    work.market.sound().await;
}

#[tokio::test]
async fn changes_that_never_come_end_as_work_that_never_came() {
    for by_platform in [false, true] {
        let work = Work::agreed().await;
        work.to("2026-03-18T12:00:00Z");
        work.submit().await.unwrap();
        work.changes().await.unwrap();
        assert_eq!(work.now().await.due_at, "2026-03-24T00:00:00Z".parse().unwrap(), "five days, to the end of the last");
        work.to("2026-03-30T23:59:59Z");
        assert_eq!(code(work.cancel().await), "not_overdue");
        if by_platform {
            work.to("2026-04-22T23:59:00Z");
            work.market.pass(0).await;
            assert_eq!(work.state().await, CollaborationState::Active);
            work.to("2026-04-23T00:00:00Z");
            work.market.pass(0).await;
            assert_eq!(work.told_last(&work.sponsor).await, Some(Notice::CollaborationCancelled));
        } else {
            work.to("2026-03-31T00:00:00Z");
            work.cancel().await.unwrap();
        }
        assert_eq!((work.state().await, work.money().await), (CollaborationState::Cancelled, [0, 0, 1000]));
        assert_eq!(work.told_last(&work.influencer).await, Some(Notice::CollaborationCancelled));
        let figures = ["never-delivered", "delivered"].map(|name| tally(name).id(work.influencer.id).key());
        for (figure, wanted) in figures.into_iter().zip([1, 0]) {
            assert_eq!(work.market.counter(figure).await, wanted, "what was sent back and never mended is not delivered");
        }
        work.market.sound().await;
    }
}

#[tokio::test]
async fn a_split_is_accepted_by_the_other_side_by_its_number() {
    for (share, state) in
        [(0, CollaborationState::Cancelled), (150, CollaborationState::Completed), (400, CollaborationState::Completed)]
    {
        let work = Work::submitted().await;
        for wrong in [-1, 401, i64::MAX] {
            assert_eq!(code(work.propose(&work.sponsor, wrong).await), "share");
        }
        work.propose(&work.influencer, 399).await.unwrap();
        assert_eq!(code(work.propose(&work.sponsor, 1).await), "split_open", "the other side's must be answered");
        work.propose(&work.influencer, share).await.unwrap();
        assert_eq!(work.told_last(&work.sponsor).await, Some(Notice::SplitProposed));
        assert_eq!(code(work.take(&work.influencer, 2).await), "not_your_turn");
        let Err(Error::NotNow(refusal)) = work.take(&work.sponsor, 1).await else { panic!("an old proposal was accepted") };
        assert_eq!((refusal.code, refusal.current.unwrap()["to_influencer"].as_i64()), ("split_changed", Some(share)));
        work.take(&work.sponsor, 2).await.unwrap();
        assert_eq!((work.state().await, work.money().await), (state, [0, share, 1000 - share]));
        assert_eq!(work.now().await.end.unwrap().by, EndedBy::Agreement);
        assert_eq!(code(work.review(&work.sponsor, 1).await), "no_reviews", "none after mutual agreement");
        work.market.sound().await;
    }
}

#[tokio::test]
async fn a_split_is_declined_withdrawn_or_expires() {
    let work = Work::agreed().await;
    assert_eq!(code(work.market.run(&work.sponsor, WithdrawSplit { collaboration: work.id }).await), "no_split");
    work.propose(&work.sponsor, 100).await.unwrap();
    work.market.run(&work.influencer, WithdrawSplit { collaboration: work.id }).await.unwrap();
    assert_eq!(work.told_last(&work.sponsor).await, Some(Notice::SplitWithdrawn), "declined");
    work.propose(&work.influencer, 200).await.unwrap();
    work.market.run(&work.influencer, WithdrawSplit { collaboration: work.id }).await.unwrap();
    assert_eq!(code(work.take(&work.sponsor, 2).await), "no_split");
    work.propose(&work.influencer, 300).await.unwrap();
    work.market.clock.advance(SignedDuration::from_hours(7 * 24));
    assert_eq!(code(work.take(&work.sponsor, 3).await), "no_split", "by the clock");
    assert_eq!(code(work.market.run(&work.sponsor, WithdrawSplit { collaboration: work.id }).await), "no_split");
    assert_eq!(work.now().await.split.unwrap().number, 3, "no job ran");
    work.market.pass(0).await;
    assert_eq!(work.now().await.split, None);
    assert_eq!(work.last_line().await, SystemLine::SplitExpired);
    work.propose(&work.sponsor, 300).await.unwrap();
    work.market.sound().await;
}

#[tokio::test]
async fn the_last_settlement_of_a_closing_campaign_completes_it() {
    let work = Work::submitted().await;
    work.market.run(&work.sponsor, CompleteCampaign { campaign: work.campaign }).await.unwrap();
    work.dispute(&work.sponsor).await.unwrap();
    assert_eq!(work.market.campaign_now(work.campaign).await.state, CampaignState::Closing);
    work.market.pass(30 * 24).await;
    assert_eq!(work.market.campaign_now(work.campaign).await.state, CampaignState::Completed);
    assert_eq!(work.money().await, [0, 400, 0]);
    work.market.sound().await;
}

#[tokio::test]
async fn both_reviews_appear_when_both_are_written() {
    let work = Work::submitted().await;
    work.approve().await.unwrap();
    for wrong in [0, 6, -1, i64::MAX] {
        assert_eq!(code(work.review(&work.sponsor, wrong).await), "rating");
    }
    work.review(&work.sponsor, 5).await.unwrap();
    assert_eq!(code(work.review(&work.sponsor, 1).await), "reviewed");
    let published = async |of: &Account| {
        work.market.run(&work.sponsor, ListReviews { account: of.id, page: PageRequest::default() }).await.unwrap().items
    };
    assert!(published(&work.influencer).await.is_empty());
    let other = work.market.run(&work.influencer, ViewCollaboration { collaboration: work.id }).await.unwrap();
    assert!(other.reviews.is_empty(), "nobody answers what they have not read");
    assert_eq!(work.market.counter(Review::rating_sum(work.influencer.id)).await, 0);
    work.review(&work.influencer, 3).await.unwrap();
    assert_eq!(published(&work.influencer).await[0].review.rating, 5);
    assert_eq!(published(&work.sponsor).await[0].review.rating, 3);
    for (who, sum) in [(&work.influencer, 5), (&work.sponsor, 3)] {
        assert_eq!(work.market.counter(Review::rating_sum(who.id)).await, sum);
        assert_eq!(work.market.counter(Review::rating_count(who.id)).await, 1);
        assert_eq!(work.told_last(who).await, Some(Notice::ReviewsPublished));
    }
    assert_eq!(work.last_line().await, SystemLine::ReviewsPublished);
    work.market.sound().await;
}

#[tokio::test]
async fn one_review_appears_when_the_fourteen_days_are_over() {
    let work = Work::submitted().await;
    work.approve().await.unwrap();
    work.review(&work.influencer, 4).await.unwrap();
    work.market.pass(14 * 24 - 1).await;
    assert_eq!(work.market.counter(Review::rating_count(work.sponsor.id)).await, 0);
    work.market.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(code(work.review(&work.sponsor, 1).await), "review_over", "by the clock");
    work.market.pass(0).await;
    assert_eq!(work.market.counter(Review::rating_count(work.sponsor.id)).await, 1);
    assert!(matches!(work.review(&work.sponsor, 1).await, Err(Error::NotNow(refusal)) if refusal.code == "review_over"));
    work.market.sound().await;
}
