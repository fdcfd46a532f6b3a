//! Submitting, reviewing, asking for changes.

use super::*;

#[tokio::test]
async fn work_that_is_approved_is_paid() {
    let work = Work::agreed().await;
    assert_eq!(work.money().await, [400, 0, 600]);
    work.submit().await.unwrap();
    assert_eq!(work.told_last(&work.sponsor).await, Some(Notice::WorkSubmitted));
    work.approve().await.unwrap();
    assert_eq!(work.money().await, [0, 400, 600]);
    assert_eq!(work.state().await, CollaborationState::Completed);
    assert_eq!(work.told_last(&work.influencer).await, Some(Notice::WorkCompleted));
    assert_eq!(work.last_line().await, SystemLine::WorkApproved);
    work.market.sound().await;
}

#[tokio::test]
async fn without_the_label_and_every_deliverable_there_is_no_submission() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    let mut terms: OfferInput = offer(400);
    terms.deliverables.push(crate::request::DeliverableInput {
        count: 2,
        format: "story".into(),
        ..terms.deliverables[0].clone()
    });
    let request = market.run(&influencer, Apply { campaign, offer: terms }).await.unwrap().request.id;
    let collaboration = market.accept(&sponsor, request, 1).await.unwrap().collaboration.unwrap();
    let url = |deliverable: i64| SubmittedWorkInput { deliverable, url: format!("https://example.com/{deliverable}") };
    let submit = |works: Vec<SubmittedWorkInput>, label_shown: bool| SubmitWork {
        collaboration,
        works,
        note: String::new(),
        label_shown,
        proofs: Vec::new(),
    };
    for (works, wrong) in [
        (vec![], "too_few"),
        (vec![url(0)], "missing"),
        (vec![url(0), url(1), url(2)], "unknown"),
        (vec![url(0), url(1), url(-1)], "unknown"),
        (vec![url(0), url(0), url(1)], "too_many"),
        (vec![url(0), url(1), url(1), url(1)], "too_many"),
    ] {
        assert_eq!(code(market.run(&influencer, submit(works.clone(), true)).await), wrong, "{works:?}");
    }
    let script = SubmittedWorkInput { deliverable: 0, url: "javascript:alert(1)".into() };
    assert!(market.run(&influencer, submit(vec![script, url(1)], true)).await.is_err());
    assert_eq!(code(market.run(&influencer, submit(vec![url(0), url(1)], false)).await), "label");
    market.run(&influencer, submit(vec![url(0), url(1), url(1)], true)).await.unwrap();
    market.sound().await;
}

#[tokio::test]
async fn a_review_nobody_makes_is_reminded_twice_and_then_approves_itself() {
    let work = Work::agreed().await;
    work.submit().await.unwrap();
    assert_eq!(work.now().await.review, None, "the notice is on its way");
    work.market.pass(1).await;
    let clock = work.now().await.review.unwrap();
    assert_eq!(clock.ends_at, later(clock.started_at, SignedDuration::from_hours(72)));
    let reminders = async || work.market.told(&work.sponsor).await.iter().filter(|told| **told == Notice::ReviewDue).count();
    for (hours, reminded) in [(23, 0), (1, 1), (23, 1), (1, 2), (23, 2)] {
        work.market.pass(hours).await;
        assert_eq!(reminders().await, reminded);
        assert_eq!(work.state().await, CollaborationState::Submitted);
    }
    work.market.pass(1).await;
    assert_eq!(work.state().await, CollaborationState::Completed);
    assert_eq!(work.now().await.end.unwrap().by, EndedBy::Clock);
    assert_eq!(work.money().await, [0, 400, 600]);
    assert_eq!(work.last_line().await, SystemLine::WorkApprovedByTime);
    for who in [&work.sponsor, &work.influencer] {
        assert_eq!(work.told_last(who).await, Some(Notice::WorkCompleted));
    }
    work.market.sound().await;
}

#[tokio::test]
async fn when_the_review_clock_has_ended_the_work_counts_as_approved() {
    let work = Work::submitted().await;
    work.market.clock.advance(SignedDuration::from_hours(72));
    assert_eq!(code(work.changes().await), "review_over");
    assert_eq!(code(work.dispute(&work.sponsor).await), "review_over", "before any job has written it");
    work.approve().await.unwrap();
    assert_eq!(work.money().await, [0, 400, 600]);
    work.market.sound().await;
}

#[tokio::test]
async fn after_downtime_of_the_platform_a_day_is_left_for_the_review() {
    let work = Work::submitted().await;
    work.market.pass(40).await;
    work.market.clock.advance(SignedDuration::from_hours(50));
    work.market.work().await;
    assert_eq!(work.state().await, CollaborationState::Submitted, "we were away when the clock ended");
    let until = later(work.market.platform.clock().now(), SignedDuration::from_hours(24));
    assert_eq!(work.now().await.review.unwrap().ends_at, until);
    assert_eq!(code(work.changes().await), "done", "and there is time to look");
    work.submit().await.unwrap();
    work.market.pass(0).await;
    work.market.pass(71).await;
    assert_eq!(work.state().await, CollaborationState::Submitted);
    work.market.pass(1).await;
    assert_eq!(work.state().await, CollaborationState::Completed);
    work.market.sound().await;
}

#[tokio::test]
async fn downtime_that_left_a_day_changes_nothing() {
    let work = Work::submitted().await;
    work.market.clock.advance(SignedDuration::from_hours(40));
    work.market.work().await;
    work.market.pass(31).await;
    assert_eq!(work.state().await, CollaborationState::Submitted);
    work.market.pass(1).await;
    assert_eq!(work.state().await, CollaborationState::Completed, "72 hours and no more");
}

#[tokio::test]
async fn changes_can_be_asked_for_three_times_and_each_gives_five_days() {
    let work = Work::agreed().await;
    for round in 1..=3 {
        work.submit().await.unwrap();
        work.market.pass(1).await;
        assert_eq!(
            code(work.market.run(&work.sponsor, RequestChanges { collaboration: work.id, reasons: " ".into() }).await),
            "required"
        );
        work.changes().await.unwrap();
        assert_eq!((work.state().await, work.now().await.rounds), (CollaborationState::Active, round));
        assert_eq!(work.told_last(&work.influencer).await, Some(Notice::ChangesRequested));
    }
    assert_eq!(work.now().await.due.to_string(), "2026-03-20", "later than five days from now anyway");
    work.submit().await.unwrap();
    assert_eq!(code(work.changes().await), "no_rounds_left");
    work.dispute(&work.sponsor).await.unwrap();
    work.market.sound().await;

    let late = Work::agreed().await;
    late.to("2026-03-19T10:00:00Z");
    late.submit().await.unwrap();
    late.changes().await.unwrap();
    assert_eq!(late.now().await.due.to_string(), "2026-03-24");
    assert_eq!(late.now().await.due_at, "2026-03-25T00:00:00Z".parse().unwrap());
    assert_eq!(late.money().await, [400, 0, 600], "no money moves");
    let view = late.market.run(&late.influencer, ViewCollaboration { collaboration: late.id }).await.unwrap();
    assert_eq!(view.submissions[0].changes.as_deref(), Some("Brighter."));
    late.market.sound().await;
}

async fn followed(work: &Work, followers: i64) {
    let channel = ChannelInput { platform: "blog".into(), handle: "ada".into(), followers, ..ChannelInput::default() };
    let input = InfluencerInput { display_name: "Ada".into(), channels: vec![channel], ..InfluencerInput::default() };
    work.market.put(&input.parse(&mut crate::value::Form::default(), work.influencer.id)).await;
}

#[tokio::test]
async fn a_campaign_counts_the_followers_of_those_who_delivered() {
    let work = Work::agreed().await;
    followed(&work, 1200).await;
    let (reach, followers) = (tally("campaign-reach").id(work.campaign).key(), 1200);
    assert_eq!(work.market.counter(reach.clone()).await, 0, "nothing is published yet");
    work.submit().await.unwrap();
    assert_eq!(work.market.counter(reach.clone()).await, followers);
    work.changes().await.unwrap();
    work.submit().await.unwrap();
    assert_eq!(work.market.counter(reach.clone()).await, followers, "once, however often it is submitted");
    work.approve().await.unwrap();
    assert_eq!(work.market.counter(reach).await, followers);
    work.market.sound().await;

    let other = Work::agreed().await;
    followed(&other, 50).await;
    other.submit().await.unwrap();
    other.propose(&other.sponsor, 0).await.unwrap();
    other.take(&other.influencer, 1).await.unwrap();
    assert_eq!(other.market.counter(tally("campaign-reach").id(other.campaign).key()).await, 0, "it was cancelled");
}

#[tokio::test]
async fn results_are_reported_by_either_side_once_something_was_submitted() {
    let work = Work::agreed().await;
    let report = |deliverable: i64, views: Option<i64>| ReportResults {
        collaboration: work.id,
        input: ResultsInput { deliverable, views, source: "the platform".into(), ..ResultsInput::default() },
    };
    assert_eq!(code(work.market.run(&work.sponsor, report(0, Some(5))).await), "nothing_submitted");
    work.submit().await.unwrap();
    for (deliverable, views, wrong) in
        [(1, Some(5), "unknown"), (-1, Some(5), "unknown"), (0, Some(-5), "count"), (0, None, "required")]
    {
        assert_eq!(code(work.market.run(&work.sponsor, report(deliverable, views)).await), wrong);
    }
    work.market.run(&work.sponsor, report(0, Some(5))).await.unwrap();
    work.approve().await.unwrap();
    work.market.pass(24 * 100).await;
    work.market.run(&work.influencer, report(0, Some(9))).await.unwrap();
    let view = work.market.run(&work.sponsor, ViewCollaboration { collaboration: work.id }).await.unwrap();
    assert_eq!(view.results.iter().map(|report| report.views).collect::<Vec<_>>(), [Some(5), Some(9)]);
    work.market.sound().await;
}

#[tokio::test]
async fn the_time_that_counts_is_that_of_the_agreement() {
    let mut settings = Settings::default();
    settings.timers.review = SignedDuration::from_hours(5);
    settings.timers.rounds = 1;
    let market = Market::with(settings);
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    let id = market.agree(&sponsor, &influencer, campaign, 400).await;
    let work = Work { market, sponsor, influencer, campaign, id };
    work.submit().await.unwrap();
    work.changes().await.unwrap();
    work.submit().await.unwrap();
    assert_eq!(code(work.changes().await), "no_rounds_left");
    work.market.pass(0).await;
    work.market.pass(5).await;
    assert_eq!(work.state().await, CollaborationState::Completed);
    work.market.sound().await;
}
