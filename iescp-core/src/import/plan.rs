//! What is to be written, once everything was decided.

use super::report::Report;
use crate::{
    Result, Tx,
    id::AccountId,
    message::Message,
    store::record::{Derived, Entry, Record, encode},
};
use std::collections::BTreeMap;

/// What a batch takes for each write besides key and value.
const PER_WRITE: usize = 16;

/// Everything decided: what becomes of every row, and the records that say so.
pub struct Plan {
    /// What becomes of every row.
    pub report: Report,
    pub(super) source: String,
    pub(super) units: Vec<Unit>,
    /// The last message of each thread that is brought over, by the thread's key.
    pub(super) threads: Vec<Message>,
    /// Whether an earlier run broke off.
    pub(super) continuing: bool,
    pub(super) first_admin: Option<AccountId>,
    /// By which users this source is known again: V2's ids and a hash of who they are.
    pub(super) marks: BTreeMap<i64, String>,
}

impl Plan {
    /// Whether there is nothing to write: everything is there already.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.units.is_empty() && self.threads.is_empty() && !self.continuing
    }

    /// How many rows are written.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.units.len() as u64
    }
}

/// The records of one row, which land together.
#[derive(Default)]
pub(super) struct Unit(pub Vec<Box<dyn Written>>);

impl Unit {
    /// Adds a record.
    pub(super) fn add<R: Record>(&mut self, record: &R) {
        self.0.push(Box::new(record.clone()));
    }

    /// How many bytes of a batch it takes.
    pub(super) fn weight(&self) -> Result<usize> {
        self.0.iter().map(|record| record.weight()).sum()
    }
}

/// A record of any kind.
pub(super) trait Written: Send + Sync {
    fn weight(&self) -> Result<usize>;
    fn put(&self, tx: &mut Tx<'_>) -> Result<()>;
}

impl<R: Record> Written for R {
    fn weight(&self) -> Result<usize> {
        let value = encode(self)?.len();
        let derived = Derived::of(self).entries;
        let derived = derived.iter().map(|(key, entry)| match entry {
            // A unique key is also expected to be free.
            Entry::Unique(value) => 2 * (key.0.len() + PER_WRITE) + value.len(),
            Entry::Listed | Entry::Count { .. } => key.0.len() + 8 + PER_WRITE,
        });
        Ok(2 * (self.key().0.len() + PER_WRITE) + value + derived.sum::<usize>())
    }

    fn put(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.put(self)
    }
}
