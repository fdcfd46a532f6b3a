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
mod case;
mod derived;
mod dispute;
mod ending;
mod results;
mod review;
mod split;
mod state;
mod submission;
mod timers;
mod view;
mod work;

pub use agreement::{Agreement, Signature, Terms, ViewAgreement};
pub use cancel::{CancelOverdue, StepDown};
pub use case::{Case, ViewCase};
pub use derived::{open_of, reach_of};
pub use dispute::{Dispute, ListDisputes, OpenDispute, RuleDispute, Ruling, WithdrawDispute};
pub use ending::{End, EndedBy};
pub use results::{ReportResults, Results, ResultsInput};
pub use review::{LeaveReview, ListReviews, PublishReviews, Review, ReviewView};
pub(crate) use review::{review_at, reviews_list, reviews_of};
pub use split::{AcceptSplit, ExpireSplit, ProposeSplit, Split, WithdrawSplit};
pub use state::CollaborationState;
pub use submission::{Submission, SubmittedWork, SubmittedWorkInput};
pub use timers::{AlarmAdmins, ApproveUnanswered, CancelAbandoned, RemindReviewer, SettleDispute, StartReviewClock};
pub use view::{CollaborationView, Contract, ListCollaborations, ViewCollaboration, ViewContract};
pub use work::{ApproveWork, RequestChanges, SubmitWork};

use crate::{
    Error, Result, Tx,
    event::{Thing, thing},
    id::{AccountId, CampaignId, CollaborationId, RequestId},
    ledger::{For, LedgerAccount},
    message::Pair,
    policy::Subject,
    request::Side,
    store::{Key, keys::Table},
    value::Money,
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

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
    /// The influencer's followers when work was first submitted: whom it may have reached.
    #[serde(default)]
    pub reach: Option<i64>,
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
            reach: None,
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
        self.pair().party(side)
    }

    /// The side an account is on, if it is a party.
    #[must_use]
    pub fn side_of(&self, account: AccountId) -> Option<Side> {
        self.pair().side_of(account)
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
}

/// Says of an event that it is about this collaboration.
pub(crate) fn about(collaboration: CollaborationId) -> Thing {
    thing("collaboration", collaboration)
}

#[cfg(test)]
mod tests;
