//! A store that notes what it is asked and what is written.

use iescp_core::store::{Batch, Change, Found, Pending, Read, Store, StoreError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// So many round trips are noted at most.
const NOTED: usize = 256;

/// Any store, and what was asked of it since that was last taken.
pub struct Counted<S> {
    store: S,
    noted: Mutex<Noted>,
}

/// What was asked.
#[derive(Clone, Debug, Default)]
pub struct Noted {
    /// What each round trip read.
    pub trips: Vec<Vec<Read>>,
    /// How many pairs were found, and their bytes.
    pub found: usize,
    /// Bytes of the keys and values that were found.
    pub found_bytes: usize,
    /// How many batches were committed, not counting those that only looked.
    pub commits: usize,
}

impl<S: Store> Counted<S> {
    /// Notes what is asked of this store.
    pub fn over(store: S) -> Self {
        Self { store, noted: Mutex::default() }
    }

    /// What was asked since this was last called.
    pub fn take(&self) -> Noted {
        std::mem::take(&mut *self.noted())
    }

    /// What the commits after this one wrote: keys and values.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn written_after(&self, commit: u64) -> Result<Vec<(Vec<u8>, Vec<u8>)>, StoreError> {
        let changes = self.store.changes(commit, NOTED).await?;
        let writes = changes.into_iter().flat_map(|change| change.writes);
        Ok(writes.map(|(key, value)| (key.0, value.unwrap_or_default())).collect())
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Store> Store for Counted<S> {
    fn read(&self, reads: Vec<Read>) -> Pending<'_, Vec<Found>> {
        let mut noted = self.noted();
        if noted.trips.len() >= NOTED {
            drop(noted);
            return self.store.read(reads);
        }
        noted.trips.push(reads.clone());
        drop(noted);
        Box::pin(async move {
            let answers = self.store.read(reads).await?;
            let mut noted = self.noted();
            for answer in &answers {
                match answer {
                    Found::One(one) => {
                        noted.found += usize::from(one.is_some());
                        noted.found_bytes += one.as_ref().map_or(0, |stored| stored.bytes.len());
                    }
                    Found::Many(many) => {
                        noted.found += many.len();
                        noted.found_bytes += many.iter().map(|(key, stored)| key.0.len() + stored.bytes.len()).sum::<usize>();
                    }
                }
            }
            drop(noted);
            Ok(answers)
        })
    }

    fn commit(&self, batch: Batch) -> Pending<'_, u64> {
        self.noted().commits += usize::from(!batch.writes.is_empty());
        self.store.commit(batch)
    }

    fn changes(&self, after: u64, limit: usize) -> Pending<'_, Vec<Change>> {
        self.store.changes(after, limit)
    }

    fn latest(&self) -> u64 {
        self.store.latest()
    }

    fn newest(&self) -> Pending<'_, u64> {
        self.store.newest()
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.store.watch()
    }

    fn health(&self) -> Result<(), StoreError> {
        self.store.health()
    }
}
