//! Blobs in memory, for tests, demonstrations and stores that keep nothing.

use super::{BlobName, Blobs, Kept};
use crate::store::Pending;
use std::{
    collections::BTreeMap,
    ops::Bound,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

/// [`Blobs`] that are forgotten when this is dropped.
#[derive(Debug, Default)]
pub struct MemoryBlobs {
    kept: Mutex<BTreeMap<BlobName, (Instant, Vec<u8>)>>,
}

impl MemoryBlobs {
    /// None, to begin with.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<BlobName, (Instant, Vec<u8>)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Blobs for MemoryBlobs {
    fn put(&self, name: BlobName, bytes: Vec<u8>) -> Pending<'_, ()> {
        self.kept().insert(name, (Instant::now(), bytes));
        Box::pin(async { Ok(()) })
    }

    fn get(&self, name: BlobName) -> Pending<'_, Option<Vec<u8>>> {
        let found = self.kept().get(&name).map(|(_, bytes)| bytes.clone());
        Box::pin(async { Ok(found) })
    }

    fn delete(&self, name: BlobName) -> Pending<'_, ()> {
        self.kept().remove(&name);
        Box::pin(async { Ok(()) })
    }

    fn list(&self, after: Option<BlobName>, limit: usize) -> Pending<'_, Vec<Kept>> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let kept = self.kept();
        let some = kept.range((from, Bound::Unbounded)).take(limit);
        let found = some.map(|(name, (written, _))| Kept { name: *name, age: written.elapsed() }).collect();
        Box::pin(async { Ok(found) })
    }
}
