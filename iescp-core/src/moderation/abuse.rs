//! An abuse report: what somebody says is wrong with a campaign, an account or a message, and what came of it.

use crate::{
    id::{AbuseReportId, AccountId},
    policy::Subject,
    store::{
        Key,
        keys::{Table, list, tally},
        record::{Derived, Record},
    },
    value::{Prose, words::words},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

words! {
    /// What a report is about.
    AbuseKind {
        /// A campaign.
        Campaign = "campaign",
        /// An account.
        Account = "account",
        /// A message.
        Message = "message",
    }
}

words! {
    /// What is wrong with it.
    Category {
        /// Advertising nobody asked for.
        Spam = "spam",
        /// Deception about money, identity or figures.
        Fraud = "fraud",
        /// Insults, threats, stalking.
        Harassment = "harassment",
        /// What the law or the rules forbid.
        Illegal = "illegal",
        /// Somebody says they are who they are not.
        Impersonation = "impersonation",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// What an admin decides.
    Outcome {
        /// The campaign is flagged; an account is put under review.
        Flag = "flag",
        /// The account behind it is suspended.
        Suspend = "suspend",
        /// Nothing is wrong.
        Dismiss = "dismiss",
    }
}

words! {
    /// What came of a report.
    AbuseState {
        /// Nobody has looked at it.
        Open = "open",
        /// See [`Outcome::Flag`].
        Flagged = "flagged",
        /// See [`Outcome::Suspend`].
        Suspended = "suspended",
        /// See [`Outcome::Dismiss`].
        Dismissed = "dismissed",
    }
}

impl From<Outcome> for AbuseState {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Flag => Self::Flagged,
            Outcome::Suspend => Self::Suspended,
            Outcome::Dismiss => Self::Dismissed,
        }
    }
}

/// An abuse report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbuseReport {
    /// Its id.
    pub id: AbuseReportId,
    /// Who reports.
    pub reporter: AccountId,
    /// What it is about.
    pub kind: AbuseKind,
    /// The id of that.
    pub target: Uuid,
    /// The account behind it.
    pub accused: AccountId,
    /// What is wrong with it.
    pub category: Category,
    /// In the reporter's words.
    pub text: Prose<2000>,
    /// The message as it was written, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Prose<4000>>,
    /// When.
    pub at: Timestamp,
    /// What came of it.
    pub state: AbuseState,
    /// Who decided so, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
}

/// Who decided on a report, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    /// The admin.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Prose<1000>,
}

impl AbuseReport {
    /// Where a report is kept.
    #[must_use]
    pub fn at(id: AbuseReportId) -> Key {
        Table::AbuseReport.start().id(id).key()
    }

    /// As the policy sees it: its reporter's.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject::of(self.reporter)
    }
}

impl Record for AbuseReport {
    const TABLE: Table = Table::AbuseReport;

    fn key(&self) -> Key {
        Self::at(self.id)
    }

    fn derive(&self, derived: &mut Derived) {
        derived.listed(list("abuse-reports").id(self.id).key());
        derived.listed(list("abuse-reports-in-state").word(self.state.word()).id(self.id).key());
        derived.listed(list("abuse-reports-of").id(self.accused).id(self.id).key());
        derived.count(tally("abuse-reports").word(self.state.word()).key(), 1);
    }
}
