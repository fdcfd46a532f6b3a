//! Which rows an export has: their ids, the oldest first.
//!
//! Ids are in the order of their making, and what is made gets its id when it is made: nothing that lands now has an id older
//! than [`WINDOW`]. So what lies before that window is all there ever will be, and the window itself is read in one read, which
//! fixes the moment.

use super::ExportKind;
use crate::{
    Error, Operation, Result, Tx,
    id::AccountId,
    policy::{Action, Subject},
    store::{
        Key, Scan,
        keys::{KeyParts, Table, list},
    },
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// How long something may take from getting its id until it has landed.
pub const WINDOW: SignedDuration = SignedDuration::from_secs(60);

/// How many ids are read at once before the window.
const AT_ONCE: usize = 1000;

/// How many ids the window may hold.
const MOST_IN_WINDOW: usize = 20_000;

/// Which ids are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Those from this moment on: in one read.
    Since(Timestamp),
    /// The next of those before a moment.
    Before {
        /// The moment, not included.
        end: Timestamp,
        /// Only those behind this one.
        after: Option<Uuid>,
    },
}

/// Lists which rows an export has: for the worker.
#[derive(Clone, Copy, Debug)]
pub struct ListExportIds {
    /// Whose rows.
    pub owner: AccountId,
    /// Which.
    pub kind: ExportKind,
    /// Of when.
    pub span: Span,
}

impl Operation for ListExportIds {
    type Output = Vec<Uuid>;
    const ACTION: Action = Action::ListExportIds;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Uuid>> {
        tx.allow(&Subject::PLATFORM)?;
        let start = self.start();
        let all = start.clone().range();
        let (from, to, limit) = match self.span {
            Span::Since(moment) => (start.id(first_of(moment)).key(), all.to, MOST_IN_WINDOW),
            Span::Before { end, after } => {
                let from = after.map_or(all.from, |after| Key([start.clone().id(after).key().0, vec![0]].concat()));
                (from, start.id(first_of(end)).key(), AT_ONCE)
            }
        };
        if from >= to {
            return Ok(Vec::new());
        }
        let found = tx.scan(Scan { from, to, descending: false, limit }).await?;
        if found.len() == MOST_IN_WINDOW {
            return Err(Error::not_now("too_busy", "Too much happens at once for a file that is true of one moment."));
        }
        Ok(found.iter().filter_map(|(key, _)| key.last_id()).collect())
    }
}

impl ListExportIds {
    /// Begins the keys that end in these ids.
    fn start(&self) -> KeyParts {
        match self.kind {
            ExportKind::Campaigns => list("campaigns-of").id(self.owner),
            ExportKind::Requests => list("requests-of").id(self.owner),
            ExportKind::Collaborations => list("collaborations-of").id(self.owner),
            ExportKind::Ledger | ExportKind::Statement => list("ledger-of").id(self.owner),
            ExportKind::Accounts => list("accounts"),
            ExportKind::Audit => Table::Event.start(),
            // It is no list of rows: see `personal`.
            ExportKind::Everything => list("exports-of").id(self.owner),
        }
    }
}

/// The least id that something made at a moment can have: its first 48 bits are the milliseconds.
pub(crate) fn first_of(moment: Timestamp) -> Uuid {
    let millis = u128::try_from(moment.as_millisecond()).unwrap_or(0);
    Uuid::from_u128(millis << 80)
}
