//! The agreed work, one sentence a test: here its tables, and what concerns all of them.

mod disputes;
mod endings;
mod work;

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
    store::keys::tally,
    value::later,
};
use jiff::SignedDuration;

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
