//! Exports: somebody's own rows as a file, made by the worker and kept for a while.
//!
//! | from | to | by |
//! |---|---|---|
//! | – | queued | `RequestExport`, which sends the worker a [`Letter::MakeExport`](crate::outbox::Letter) |
//! | queued, running | running | `BeginExport`: each beginning has a number, and only the last counts |
//! | running | ready | `FinishExport` |
//! | queued, running | failed | `FailExport`, or the clock when it was not made within a day |
//! | ready | expired | the clock |
//! | failed, expired | – | the clock |
//!
//! `ids` says which rows there are, `rows` what stands in them, `personal` what is held about somebody; all read for the worker,
//! which writes the file.
//!
//! **Not here**: how rows become a file that is true of one moment, and where that file is kept (the worker's).

mod ids;
mod making;
mod operations;
mod personal;
mod rows;
#[cfg(test)]
mod tests;
mod timer;

pub use ids::{ListExportIds, Span, WINDOW};
pub use making::{BeginExport, Beginning, FailExport, FinishExport, ListKeptExports, NoteExportProgress};
pub use operations::{ListExports, RequestExport, ViewExport};
pub use personal::{DataCursor, DataPage, Section, ViewOwnData};
pub use rows::{Cell, ViewExportRows};
pub(crate) use timer::TimeExport;

use crate::{
    account::Role,
    event::{Thing, thing},
    id::{AccountId, ExportId},
    policy::Subject,
    store::{
        Key,
        keys::{Table, due, list, tally},
        record::{Derived, Record},
    },
    value::words::words,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How many exports of one account may be waiting or being made at a time.
pub const MOST_AT_ONCE: i64 = 3;

/// How often one account may ask for an export in a day.
pub const MOST_A_DAY: u32 = 30;

/// How often making one is begun before it is given up.
pub const MOST_ATTEMPTS: u32 = 5;

/// How long making one may take in all, waiting included.
const MAKING: SignedDuration = SignedDuration::from_hours(24);

/// How long a file is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long it is told what became of an export that failed or expired.
const TOLD: SignedDuration = SignedDuration::from_hours(30 * 24);

words! {
    /// What is exported.
    ExportKind {
        /// A sponsor's campaigns, with their money.
        Campaigns = "campaigns",
        /// One's own ad requests, each with the offer on the table.
        Requests = "requests",
        /// One's own collaborations.
        Collaborations = "collaborations",
        /// The movements of a sponsor's money.
        Ledger = "ledger",
        /// The movements of an influencer's money.
        Statement = "statement",
        /// Everybody's accounts: an admin's.
        Accounts = "accounts",
        /// The audit trail: an admin's.
        Audit = "audit",
        /// Everything that is held about oneself.
        Everything = "everything",
    }
}

words! {
    /// As what kind of file.
    ExportFormat {
        /// Comma-separated values (RFC 4180), in UTF-8.
        Csv = "csv",
        /// A document to print or forward.
        Pdf = "pdf",
        /// An archive of files of both JSON and CSV.
        Zip = "zip",
    }
}

words! {
    /// How far an export has come.
    ExportState {
        /// The worker has not begun.
        Queued = "queued",
        /// The worker makes it.
        Running = "running",
        /// Its file can be fetched.
        Ready = "ready",
        /// It could not be made.
        Failed = "failed",
        /// Its file is gone.
        Expired = "expired",
    }
}

impl ExportKind {
    /// What somebody of this role can export.
    #[must_use]
    pub const fn of_role(role: Role) -> &'static [Self] {
        match role {
            Role::Sponsor => &[Self::Campaigns, Self::Requests, Self::Collaborations, Self::Ledger, Self::Everything],
            Role::Influencer => &[Self::Statement, Self::Requests, Self::Collaborations, Self::Everything],
            Role::Admin => &[Self::Accounts, Self::Audit, Self::Everything],
        }
    }

    /// As what it can be exported.
    #[must_use]
    pub const fn formats(self) -> &'static [ExportFormat] {
        match self {
            Self::Statement => &[ExportFormat::Csv, ExportFormat::Pdf],
            Self::Everything => &[ExportFormat::Zip],
            _ => &[ExportFormat::Csv],
        }
    }

    /// Whether its rows never change once they are there.
    #[must_use]
    pub const fn is_append_only(self) -> bool {
        matches!(self, Self::Ledger | Self::Statement | Self::Audit)
    }
}

impl ExportState {
    /// Whether it waits or is being made.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
    }
}

/// The file of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportFile {
    /// What it is called when it is fetched: ASCII letters, digits, dashes and one dot.
    pub name: String,
    /// How large it is, in bytes.
    pub bytes: u64,
    /// The SHA-256 of its bytes, as hexadecimal digits.
    pub sha256: String,
}

/// An export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Its id.
    pub id: ExportId,
    /// Who asked for it; nobody else can see it.
    pub owner: AccountId,
    /// What is exported.
    pub kind: ExportKind,
    /// As what.
    pub format: ExportFormat,
    /// How far it has come, as written; the clock may be ahead: see [`Export::state_at`].
    pub state: ExportState,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// How often making it was begun.
    pub attempt: u32,
    /// How many rows are done; in the end, how many there are.
    pub rows: u64,
    /// The moment of which it is true.
    #[serde(default)]
    pub as_of: Option<Timestamp>,
    /// When it became ready, or failed.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
    /// When the clock does something about it: gives it up, removes the file, forgets it.
    pub until: Timestamp,
    /// The file, while there is one.
    #[serde(default)]
    pub file: Option<ExportFile>,
    /// Why it failed, as a sentence.
    #[serde(default)]
    pub why: Option<String>,
}

impl Export {
    /// Where an export is kept.
    #[must_use]
    pub fn at(id: ExportId) -> Key {
        Table::Export.start().id(id).key()
    }

    /// As the policy sees it.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject::of(self.owner)
    }

    /// The state at a moment: a file past its time is gone, whether or not a job has written it yet.
    #[must_use]
    pub fn state_at(&self, now: Timestamp) -> ExportState {
        match self.state {
            ExportState::Ready if now >= self.until => ExportState::Expired,
            state => state,
        }
    }

    /// What the worker keeps its file under: no other beginning of no other export has it.
    #[must_use]
    pub fn stored_as(&self) -> String {
        format!("{}-{}.{}", self.id, self.attempt, self.format.word())
    }

    /// Where it stands how many exports of an account wait or are being made.
    pub(crate) fn open_of(owner: AccountId) -> Key {
        tally("exports-open").id(owner).key()
    }
}

/// Says of an event that it is about this export.
pub(crate) fn about(export: ExportId) -> Thing {
    thing("export", export)
}

impl Record for Export {
    const TABLE: Table = Table::Export;

    fn key(&self) -> Key {
        Self::at(self.id)
    }

    fn derive(&self, derived: &mut Derived) {
        derived.listed(list("exports-of").id(self.owner).id(self.id).key());
        derived.listed(due(self.until, "export", self.id));
        if self.state.is_open() {
            derived.count(Self::open_of(self.owner), 1);
        }
    }
}
