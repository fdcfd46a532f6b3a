//! What a run stages: records, with what follows from each before and after.

use super::Tx;
use crate::{
    Error, Result,
    blob::BlobName,
    store::{
        Key,
        record::{Derived, Record, decode, encode},
    },
};

/// What will be written at a key, and what followed from the record there before and will follow from it after.
pub(super) struct Staged {
    pub(super) bytes: Option<Vec<u8>>,
    pub(super) before: Derived,
    pub(super) after: Derived,
}

impl Tx<'_> {
    /// Writes a record, with all that follows from it. One that was never read must be new.
    ///
    /// # Errors
    /// If the record that was there is damaged.
    pub fn put<R: Record>(&mut self, record: &R) -> Result<()> {
        self.stage::<R>(record.key(), Some(encode(record)?), Derived::of(record))
    }

    /// Removes a record, with all that follows from it.
    ///
    /// # Errors
    /// If the record that was there is damaged.
    pub fn remove<R: Record>(&mut self, record: &R) -> Result<()> {
        self.stage::<R>(record.key(), None, Derived::default())
    }

    fn stage<R: Record>(&mut self, key: Key, bytes: Option<Vec<u8>>, after: Derived) -> Result<()> {
        self.held.insert(key.clone());
        if let Some(staged) = self.staged.get_mut(&key) {
            staged.bytes = bytes;
            staged.after = after;
            return Ok(());
        }
        let before = match self.read.get(&key).and_then(Option::as_ref) {
            Some(stored) => Derived::of(&decode::<R>(&stored.bytes)?),
            None => Derived::default(),
        };
        self.staged.insert(key, Staged { bytes, before, after });
        Ok(())
    }

    /// Whether this run has staged anything.
    pub(crate) fn changes_something(&self) -> bool {
        !self.staged.is_empty()
    }

    /// Says that no record will speak of these blobs any more: they are removed once this run has landed.
    pub(crate) fn leaves(&mut self, blobs: impl IntoIterator<Item = BlobName>) {
        self.left.extend(blobs);
    }

    /// The blobs that are to be removed once this run has landed.
    pub(crate) fn left(&mut self) -> Vec<BlobName> {
        std::mem::take(&mut self.left)
    }

    /// What to answer if the counter at `key` would fall below what its guard allows.
    pub fn on_guard(&mut self, key: Key, error: Error) {
        self.guards.insert(key, error);
    }
}
