//! Collaborations: the agreed work, from acceptance to payment and reviews.
//!
//! | from | to | by | money | see |
//! |---|---|---|---|---|
//! | – | active | acceptance | campaign to hold | `request::AcceptOffer` |
//! | active | submitted | `SubmitWork` | – | `work` |
//! | submitted | active | `RequestChanges` | – | `work` |
//! | submitted | completed | `ApproveWork`, `ApproveUnanswered` | hold to earnings | `work`, `timers` |
//! | active | cancelled | `StepDown`, `CancelOverdue`, `CancelAbandoned` | hold to campaign | `cancel`, `timers` |
//! | active, submitted | completed, cancelled | `AcceptSplit` | as agreed | `split` |
//! | active, submitted | disputed | `OpenDispute` | none moves | `dispute` |
//! | disputed | back | `WithdrawDispute` | – | `dispute` |
//! | disputed | completed, cancelled | `RuleDispute`, `AcceptSplit`, `SettleDispute` | as decided | `dispute`, `split` |
//!
//! **Not here**: the negotiation before (`request`); how money is counted (`ledger`).

mod agreement;
mod cancel;
mod dispute;
mod ending;
mod results;
mod review;
mod split;
mod submission;
mod timers;
mod view;
mod work;

pub use agreement::{Agreement, Terms, ViewAgreement};
pub use cancel::{CancelOverdue, StepDown};
pub use dispute::{Dispute, ListDisputes, OpenDispute, RuleDispute, Ruling, WithdrawDispute};
pub use ending::{End, EndedBy};
pub use results::{ReportResults, Results, ResultsInput};
pub use review::{LeaveReview, ListReviews, PublishReviews, Review, ReviewView};
pub use split::{AcceptSplit, ExpireSplit, ProposeSplit, Split, WithdrawSplit};
pub use submission::{Submission, SubmittedWork, SubmittedWorkInput};
pub use timers::{AlarmAdmins, ApproveUnanswered, CancelAbandoned, RemindReviewer, SettleDispute, StartReviewClock};
pub use view::{CollaborationView, ListCollaborations, ViewCollaboration};
pub use work::{ApproveWork, RequestChanges, SubmitWork};

use crate::{
    Error, Result, Tx,
    event::{Thing, thing},
    id::{AccountId, CampaignId, CollaborationId, RequestId},
    ledger::{For, LedgerAccount},
    message::Pair,
    policy::Subject,
    request::Side,
    store::{
        Key,
        keys::{Table, due, list, tally},
        record::{Derived, Record},
    },
    value::{Money, later},
};
use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// How far a collaboration has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CollaborationState {
    /// The influencer works.
    Active,
    /// The sponsor reviews.
    Submitted,
    /// Clocks stand still until somebody decides.
    Disputed,
    /// Done; the influencer was paid.
    Completed,
    /// Ended without payment.
    Cancelled,
}

impl CollaborationState {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Active, Self::Submitted, Self::Disputed, Self::Completed, Self::Cancelled];

    /// The word it is stored and spoken by.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Submitted => "submitted",
            Self::Disputed => "disputed",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether it has ended.
    #[must_use]
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Completed | Self::Cancelled)
    }

    /// The table of states: whether a collaboration may go from here to there.
    #[must_use]
    pub const fn leads_to(self, to: Self) -> bool {
        use CollaborationState::{Active, Cancelled, Completed, Disputed, Submitted};
        matches!(
            (self, to),
            (Active, Submitted | Disputed | Cancelled | Completed)
                | (Submitted, Active | Disputed | Cancelled | Completed)
                | (Disputed, Active | Submitted | Cancelled | Completed)
        )
    }
}

/// The clock of a sponsor's review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewClock {
    /// When the sponsor's notice was delivered.
    pub started_at: Timestamp,
    /// When the work counts as approved.
    pub ends_at: Timestamp,
    /// How many reminders were sent.
    pub reminders: u32,
}

/// A dispute that has not been decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingDispute {
    /// Its number in this collaboration.
    pub number: u64,
    /// Who opened it.
    pub by: Side,
    /// When.
    pub since: Timestamp,
    /// The state to which it goes back if it is withdrawn.
    pub was: CollaborationState,
    /// How often admins were alarmed.
    pub alarms: u32,
}

/// A collaboration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collaboration {
    /// Its id.
    pub id: CollaborationId,
    /// The negotiation it comes from.
    pub request: RequestId,
    /// In which campaign.
    pub campaign: CampaignId,
    /// Who pays.
    pub sponsor: AccountId,
    /// Who works.
    pub influencer: AccountId,
    /// What is held for it; `None` for those of V2, which recorded none.
    pub amount: Option<Money>,
    /// How far it has come.
    pub state: CollaborationState,
    /// By which day the work is due.
    pub due: Date,
    /// The moment that day is over.
    pub due_at: Timestamp,
    /// What the agreement says about time.
    pub terms: Terms,
    /// How often work was submitted.
    pub submissions: u64,
    /// When work was first submitted.
    #[serde(default)]
    pub first_submitted_at: Option<Timestamp>,
    /// When work was last submitted.
    #[serde(default)]
    pub submitted_at: Option<Timestamp>,
    /// How often the sponsor asked for changes.
    pub rounds: u32,
    /// The clock of the review that is going on; none until the sponsor's notice is delivered.
    #[serde(default)]
    pub review: Option<ReviewClock>,
    /// A proposal to end it that nobody has answered.
    #[serde(default)]
    pub split: Option<Split>,
    /// How many proposals there were.
    #[serde(default)]
    pub splits: u64,
    /// A dispute that has not been decided.
    #[serde(default)]
    pub dispute: Option<StandingDispute>,
    /// How many disputes there were.
    #[serde(default)]
    pub disputes: u64,
    /// How many reports of results there were.
    #[serde(default)]
    pub results: u64,
    /// How it ended.
    #[serde(default)]
    pub end: Option<End>,
    /// Until when the parties may review each other; none once the reviews are published, or where there are none.
    #[serde(default)]
    pub reviews_until: Option<Timestamp>,
    /// When it began.
    pub created_at: Timestamp,
    /// Its number in V2, if it came from there.
    #[serde(default)]
    pub legacy_id: Option<i64>,
}

impl Collaboration {
    /// Where a collaboration is kept.
    #[must_use]
    pub fn at(id: CollaborationId) -> Key {
        Table::Collaboration.start().id(id).key()
    }

    /// Leads from a request to its collaboration.
    #[must_use]
    pub fn of(request: RequestId) -> Key {
        Table::CollaborationOf.start().id(request).key()
    }

    /// Begins the collaboration that an agreement is about.
    pub(crate) fn begin(tx: &Tx<'_>, agreement: &Agreement) -> Result<Self> {
        Ok(Self {
            id: agreement.collaboration,
            request: agreement.request,
            campaign: agreement.campaign,
            sponsor: agreement.sponsor,
            influencer: agreement.influencer,
            amount: Some(agreement.amount),
            state: CollaborationState::Active,
            due: agreement.due,
            due_at: tx.settings().end_of(agreement.due)?,
            terms: agreement.terms,
            submissions: 0,
            first_submitted_at: None,
            submitted_at: None,
            rounds: 0,
            review: None,
            split: None,
            splits: 0,
            dispute: None,
            disputes: 0,
            results: 0,
            end: None,
            reviews_until: None,
            created_at: tx.now(),
            legacy_id: None,
        })
    }

    /// As the policy sees it.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject::between(self.sponsor, self.influencer)
    }

    /// The two parties, as they share a thread.
    #[must_use]
    pub fn pair(&self) -> Pair {
        Pair { sponsor: self.sponsor, influencer: self.influencer }
    }

    /// The account of a side.
    #[must_use]
    pub fn party(&self, side: Side) -> AccountId {
        match side {
            Side::Sponsor => self.sponsor,
            Side::Influencer => self.influencer,
        }
    }

    /// The side an account is on, if it is a party.
    #[must_use]
    pub fn side_of(&self, account: AccountId) -> Option<Side> {
        [Side::Sponsor, Side::Influencer].into_iter().find(|side| self.party(*side) == account)
    }

    /// The account of the ledger that holds its money.
    #[must_use]
    pub fn hold(&self) -> LedgerAccount {
        LedgerAccount::Hold(self.id)
    }

    /// What its transfers belong to.
    pub(crate) fn whose(&self) -> For {
        For {
            campaign: Some(self.campaign),
            collaboration: Some(self.id),
            payout: None,
            sponsor: Some(self.sponsor),
            influencer: Some(self.influencer),
        }
    }

    /// The collaboration, after the policy has been asked, and the side the actor is on.
    pub(crate) async fn fetch_mine(tx: &mut Tx<'_>, id: CollaborationId) -> Result<(Self, Side)> {
        let collaboration = Self::fetch_seen(tx, id).await?;
        let side = collaboration.side_of(tx.my_id()?).ok_or(Error::NotFound)?;
        Ok((collaboration, side))
    }

    /// The collaboration, after the policy has been asked.
    pub(crate) async fn fetch_seen(tx: &mut Tx<'_>, id: CollaborationId) -> Result<Self> {
        let collaboration: Option<Self> = tx.get_at(Self::at(id)).await?;
        let Some(collaboration) = collaboration else { return tx.allow_missing() };
        tx.allow(&collaboration.subject())?;
        Ok(collaboration)
    }

    /// Refuses unless it is in one of these states.
    pub(crate) fn require_state(&self, states: &[CollaborationState]) -> Result<()> {
        if states.contains(&self.state) {
            return Ok(());
        }
        let words: Vec<&str> = states.iter().map(|state| state.word()).collect();
        let why = format!("This collaboration is {}; this can be done while it is {}.", self.state.word(), words.join(" or "));
        Err(Error::not_now("collaboration_state", why))
    }

    /// Refuses when the review clock has ended: the work counts as approved, whether or not a job has written it yet.
    pub(crate) fn require_review_open(&self, now: Timestamp) -> Result<()> {
        match &self.review {
            Some(clock) if now >= clock.ends_at => {
                Err(Error::not_now("review_over", "The time for review is over: the work counts as approved."))
            }
            _ => Ok(()),
        }
    }

    /// Goes to another state, if the table allows it.
    pub(crate) fn go(&mut self, to: CollaborationState) -> Result<()> {
        if !self.state.leads_to(to) {
            let why = format!("A collaboration that is {} cannot become {}.", self.state.word(), to.word());
            return Err(Error::not_now("collaboration_state", why));
        }
        self.state = to;
        Ok(())
    }

    /// The moment from which the sponsor may cancel because nothing was ever submitted.
    #[must_use]
    pub fn overdue_for_sponsor(&self) -> Timestamp {
        later(self.due_at, self.terms.overdue_sponsor())
    }

    /// The moment at which the platform cancels because nothing was ever submitted.
    #[must_use]
    pub fn overdue_for_system(&self) -> Timestamp {
        later(self.due_at, self.terms.overdue_system())
    }

    /// The moment at which a dispute that nobody decided is settled by its rule; none while there is no dispute.
    #[must_use]
    pub fn settled_at(&self) -> Option<Timestamp> {
        self.dispute.map(|dispute| later(dispute.since, self.terms.dispute()))
    }

    /// What the clock will do to it, and when: each a job of the worker's.
    fn derive_timers(&self, derived: &mut Derived) {
        let mut at = |moment: Timestamp, what: &str| derived.listed(due(moment, what, self.id));
        if let Some(split) = &self.split {
            at(split.expires_at, "expire_split");
        }
        match (self.state, &self.review, &self.dispute) {
            (CollaborationState::Active, _, _) if self.submissions == 0 => at(self.overdue_for_system(), "cancel_abandoned"),
            (CollaborationState::Submitted, None, _) => at(self.submitted_at.unwrap_or(self.created_at), "start_review_clock"),
            (CollaborationState::Submitted, Some(clock), _) => {
                at(clock.ends_at, "approve_unanswered");
                if clock.reminders < 2 {
                    at(
                        later(clock.started_at, SignedDuration::from_hours(24 * (i64::from(clock.reminders) + 1))),
                        "remind_reviewer",
                    );
                }
            }
            (CollaborationState::Disputed, _, Some(dispute)) => {
                at(self.settled_at().unwrap_or(dispute.since), "settle_dispute");
                if let Some(days) = [3, 7].get(dispute.alarms as usize) {
                    at(later(dispute.since, SignedDuration::from_hours(24 * days)), "alarm_admins");
                }
            }
            _ => {}
        }
        if let Some(until) = self.reviews_until {
            at(until, "publish_reviews");
        }
    }

    /// Figures that nobody can buy.
    fn derive_figures(&self, derived: &mut Derived) {
        if let Some(submitted) = self.first_submitted_at {
            derived.count(tally("delivered").id(self.influencer).key(), 1);
            derived.count(tally("delivered-on-time").id(self.influencer).key(), i64::from(submitted <= self.due_at));
        }
        match self.end.as_ref().map(|end| end.by) {
            Some(EndedBy::SteppedDown) => derived.count(tally("stepped-down").id(self.influencer).key(), 1),
            Some(EndedBy::Overdue | EndedBy::Abandoned) => derived.count(tally("never-delivered").id(self.influencer).key(), 1),
            _ => {}
        }
    }
}

/// Where it stands how many collaborations of an account have not ended.
#[must_use]
pub fn open_of(account: AccountId) -> Key {
    tally("open-collaborations").id(account).key()
}

/// Says of an event that it is about this collaboration.
pub(crate) fn about(collaboration: CollaborationId) -> Thing {
    thing("collaboration", collaboration)
}

impl Record for Collaboration {
    const TABLE: Table = Table::Collaboration;

    fn key(&self) -> Key {
        Self::at(self.id)
    }

    fn derive(&self, derived: &mut Derived) {
        let state = self.state.word();
        derived.unique(Self::of(self.request), self.id.0);
        for party in [self.sponsor, self.influencer] {
            derived.listed(list("collaborations-of").id(party).id(self.id).key());
            derived.listed(list("collaborations-of-in-state").id(party).word(state).id(self.id).key());
            if !self.state.has_ended() {
                derived.count(open_of(party), 1);
            }
        }
        derived.listed(list("collaborations-in").id(self.campaign).id(self.id).key());
        derived.count(tally("collaborations").word(state).key(), 1);
        derived.count(crate::campaign::Campaign::collaborations_with(self.campaign, self.influencer), 1);
        if !self.state.has_ended() {
            derived.count(crate::campaign::Campaign::open_collaborations(self.campaign), 1);
        }
        if self.dispute.is_some() {
            derived.listed(list("disputes-open").id(self.id).key());
        }
        self.derive_timers(derived);
        self.derive_figures(derived);
    }
}

#[cfg(test)]
mod tests;
