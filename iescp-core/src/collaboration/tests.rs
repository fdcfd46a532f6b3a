use super::*;
use crate::{
    PageRequest, Settings,
    account::{Account, AccountState, ChannelInput, InfluencerInput},
    campaign::{CampaignState, CompleteCampaign},
    fixture::{Market, code, offer},
    message::{Said, SystemLine},
    notification::Notice,
    request::{Apply, OfferInput},
    run_due,
};

struct Work {
    market: Market,
    sponsor: Account,
    influencer: Account,
    campaign: CampaignId,
    id: CollaborationId,
}

impl Work {
    /// A collaboration of 400 out of a budget of 1,000, due on the twentieth of March.
    async fn agreed() -> Self {
        let market = Market::open();
        let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
        let campaign = market.campaign(&sponsor, 1000).await;
        let id = market.agree(&sponsor, &influencer, campaign, 400).await;
        Self { market, sponsor, influencer, campaign, id }
    }

    async fn submitted() -> Self {
        let work = Self::agreed().await;
        work.submit().await.unwrap();
        work.market.work().await;
        work
    }

    async fn submit(&self) -> Result<CollaborationView> {
        self.market.submit(&self.influencer, self.id).await
    }

    async fn approve(&self) -> Result<CollaborationView> {
        self.market.run(&self.sponsor, ApproveWork { collaboration: self.id }).await
    }

    async fn changes(&self) -> Result<CollaborationView> {
        self.market.run(&self.sponsor, RequestChanges { collaboration: self.id, reasons: "Brighter.".into() }).await
    }

    async fn step_down(&self) -> Result<CollaborationView> {
        self.market.run(&self.influencer, StepDown { collaboration: self.id, reason: "Ill.".into() }).await
    }

    async fn cancel(&self) -> Result<CollaborationView> {
        self.market.run(&self.sponsor, CancelOverdue { collaboration: self.id, reason: String::new() }).await
    }

    async fn propose(&self, by: &Account, to_influencer: i64) -> Result<CollaborationView> {
        self.market.run(by, ProposeSplit { collaboration: self.id, to_influencer, note: "Let us end it.".into() }).await
    }

    async fn take(&self, by: &Account, split: u64) -> Result<CollaborationView> {
        self.market.run(by, AcceptSplit { collaboration: self.id, split }).await
    }

    async fn dispute(&self, by: &Account) -> Result<CollaborationView> {
        self.market.run(by, OpenDispute { collaboration: self.id, reason: "Not as agreed.".into() }).await
    }

    async fn withdraw(&self, by: &Account) -> Result<CollaborationView> {
        self.market.run(by, WithdrawDispute { collaboration: self.id }).await
    }

    async fn rule(&self, by: &Account, to_influencer: i64) -> Result<CollaborationView> {
        self.market.run(by, RuleDispute { collaboration: self.id, to_influencer, reasons: "Half is fair.".into() }).await
    }

    async fn review(&self, by: &Account, rating: i64) -> Result<Review> {
        self.market.run(by, LeaveReview { collaboration: self.id, rating, text: "A word.".into() }).await
    }

    async fn now(&self) -> Collaboration {
        self.market.collaboration_now(self.id).await
    }

    async fn state(&self) -> CollaborationState {
        self.now().await.state
    }

    /// What is held, earned by the influencer, and left in the campaign.
    async fn money(&self) -> [i64; 3] {
        let accounts =
            [LedgerAccount::Hold(self.id), LedgerAccount::Earnings(self.influencer.id), LedgerAccount::Budget(self.campaign)];
        let mut money = [0; 3];
        for (at, account) in accounts.into_iter().enumerate() {
            money[at] = self.market.balance(account).await;
        }
        money
    }

    async fn last_line(&self) -> SystemLine {
        let read = crate::message::ReadThread { with: self.sponsor.id, of: None, page: PageRequest::default() };
        let thread = self.market.run(&self.influencer, read).await.unwrap();
        let line = |said: &Said| if let Said::Line { line, .. } = said { Some(*line) } else { None };
        thread.messages.items.iter().find_map(|message| line(&message.said)).unwrap()
    }

    async fn told_last(&self, who: &Account) -> Option<Notice> {
        self.market.told(who).await.last().copied()
    }

    fn to(&self, moment: &str) {
        self.market.clock.set(moment.parse().unwrap());
    }
}

/// The table: for each state, what each act answers.
#[tokio::test]
async fn each_state_allows_what_its_rows_allow() {
    use CollaborationState::{Active, Cancelled, Completed, Disputed, Submitted};
    const NO: &str = "collaboration_state";
    const GO: &str = "done";
    // For each state: submit, approve, changes, step down, cancel, propose, accept split, dispute, withdraw dispute, rule, review.
    let table = [
        (Active, [GO, NO, NO, GO, "not_overdue", GO, "no_split", GO, NO, NO, NO]),
        (Submitted, [NO, GO, GO, NO, NO, GO, "no_split", GO, NO, NO, NO]),
        (Disputed, [NO, NO, NO, NO, NO, GO, "no_split", NO, GO, GO, NO]),
        (Completed, [NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, GO]),
        (Cancelled, [NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, GO]),
    ];
    for (state, answers) in table {
        for (which, wanted) in answers.into_iter().enumerate() {
            let work = Work::agreed().await;
            let admin = work.market.admin().await;
            if matches!(state, Submitted | Completed) {
                work.submit().await.unwrap();
            }
            match state {
                Disputed => drop(work.dispute(&work.influencer).await.unwrap()),
                Completed => drop(work.approve().await.unwrap()),
                Cancelled => drop(work.step_down().await.unwrap()),
                Active | Submitted => {}
            }
            assert_eq!(work.state().await, state);
            let before = work.market.platform.store().latest();
            let said = match which {
                0 => code(work.submit().await),
                1 => code(work.approve().await),
                2 => code(work.changes().await),
                3 => code(work.step_down().await),
                4 => code(work.cancel().await),
                5 => code(work.propose(&work.sponsor, 200).await),
                6 => code(work.take(&work.sponsor, 1).await),
                7 => code(work.dispute(&work.sponsor).await),
                8 => code(work.withdraw(&work.influencer).await),
                9 => code(work.rule(&admin, 100).await),
                _ => code(work.review(&work.sponsor, 5).await),
            };
            assert_eq!(said, wanted, "number {which} while {}", state.word());
            assert_eq!(work.market.platform.store().latest() == before, wanted != GO);
            work.market.sound().await;
        }
    }
}

#[tokio::test]
async fn each_act_is_for_the_one_it_belongs_to() {
    let work = Work::submitted().await;
    let (stranger, other, admin) = (work.market.influencer().await, work.market.sponsor().await, work.market.admin().await);
    assert_eq!(code(work.market.run(&work.influencer, ApproveWork { collaboration: work.id }).await), "forbidden");
    assert_eq!(code(work.market.submit(&work.sponsor, work.id).await), "forbidden");
    assert_eq!(code(work.market.run(&work.sponsor, StepDown { collaboration: work.id, reason: "x".into() }).await), "forbidden");
    assert_eq!(code(work.rule(&work.sponsor, 1).await), "forbidden");
    for who in [&stranger, &other] {
        assert_eq!(code(work.market.run(who, ViewCollaboration { collaboration: work.id }).await), "not_found");
        assert_eq!(code(work.market.run(who, ApproveWork { collaboration: work.id }).await), "not_found");
        assert_eq!(code(work.dispute(who).await), "not_found");
        assert_eq!(code(work.review(who, 1).await), "not_found");
    }
    assert_eq!(code(work.dispute(&admin).await), "forbidden", "an admin acts for nobody");
    assert_eq!(code(work.market.run(&admin, ViewCollaboration { collaboration: work.id }).await), "done");
    assert_eq!(code(work.market.run(&admin, StartReviewClock { collaboration: work.id }).await), "forbidden");
}

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
    let submit =
        |works: Vec<SubmittedWorkInput>, label_shown: bool| SubmitWork { collaboration, works, note: String::new(), label_shown };
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
async fn suspension_stops_no_clock_and_leaves_the_other_party_every_way_out() {
    let paid = Work::submitted().await;
    paid.market.set_state(&paid.influencer, AccountState::Suspended).await;
    assert_eq!(code(paid.submit().await), "signed_out");
    paid.market.pass(72).await;
    assert_eq!(paid.money().await, [0, 400, 600], "the pay of a suspended influencer lands in earnings");
    paid.market.sound().await;

    let left = Work::agreed().await;
    left.market.set_state(&left.sponsor, AccountState::Suspended).await;
    left.submit().await.unwrap();
    left.market.work().await;
    left.market.pass(72).await;
    assert_eq!(left.money().await, [0, 400, 600], "nobody reviews, so the clock approves");

    for way in 0..3 {
        let work = Work::agreed().await;
        work.market.set_state(&work.sponsor, AccountState::Suspended).await;
        let done = match way {
            0 => work.step_down().await,
            1 => work.dispute(&work.influencer).await,
            _ => work.propose(&work.influencer, 0).await,
        };
        done.unwrap();
        work.market.sound().await;
        let work = Work::submitted().await;
        work.market.set_state(&work.influencer, AccountState::Suspended).await;
        let done = match way {
            0 => work.approve().await,
            1 => work.dispute(&work.sponsor).await,
            _ => work.changes().await,
        };
        done.unwrap();
        work.market.sound().await;
    }
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

#[tokio::test]
async fn timers_run_early_or_twice_change_nothing() {
    let work = Work::submitted().await;
    let system = crate::Actor::system("test");
    let before = work.market.platform.store().latest();
    let platform = &work.market.platform;
    let collaboration = work.id;
    platform.run(&system, StartReviewClock { collaboration }).await.unwrap();
    platform.run(&system, RemindReviewer { collaboration }).await.unwrap();
    platform.run(&system, ApproveUnanswered { collaboration }).await.unwrap();
    platform.run(&system, CancelAbandoned { collaboration }).await.unwrap();
    platform.run(&system, AlarmAdmins { collaboration }).await.unwrap();
    platform.run(&system, SettleDispute { collaboration }).await.unwrap();
    platform.run(&system, ExpireSplit { collaboration }).await.unwrap();
    platform.run(&system, PublishReviews { collaboration }).await.unwrap();
    assert_eq!(platform.store().latest(), before);
    work.market.clock.advance(SignedDuration::from_hours(71));
    let report = run_due(platform, 100).await.unwrap();
    assert_eq!(report.failed, []);
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
