//! A store in memory, with the same contract and the same decisions as the engines on disk: for tests, demonstrations and
//! embedders who keep their data elsewhere.
//!
//! **Not here**: durability.

use std::{
    collections::{BTreeMap, VecDeque},
    ops::Bound,
    sync::{PoisonError, RwLock, RwLockReadGuard},
};

use tokio::sync::watch;

use super::{
    Batch, Change, DEFAULT_KEPT_COMMITS, Found, Key, Pending, Read, Scan, Store, StoreError, Stored, committer::decision::Plan,
};

/// A [`Store`] that forgets everything when it is dropped.
#[derive(Debug)]
pub struct MemoryStore {
    contents: RwLock<Contents>,
    latest: watch::Sender<u64>,
    kept_commits: usize,
}

#[derive(Debug, Default)]
struct Contents {
    values: BTreeMap<Key, Stored>,
    changes: VecDeque<Change>,
    latest: u64,
    forgotten: u64,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryStore {
    /// An empty store that keeps the changes of the last [`DEFAULT_KEPT_COMMITS`] commits.
    #[must_use]
    pub fn new() -> Self {
        Self::keeping(DEFAULT_KEPT_COMMITS)
    }

    /// An empty store that keeps the changes of this many commits (at least one).
    #[must_use]
    pub fn keeping(kept_commits: u64) -> Self {
        let kept_commits = usize::try_from(kept_commits.max(1)).unwrap_or(usize::MAX);
        Self { contents: RwLock::default(), latest: watch::Sender::new(0), kept_commits }
    }

    fn contents(&self) -> RwLockReadGuard<'_, Contents> {
        self.contents.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn commit_now(&self, batch: Batch) -> Result<u64, StoreError> {
        let plan = Plan::new(batch)?;
        let mut contents = self.contents.write().unwrap_or_else(PoisonError::into_inner);
        let writes = plan.decide(|key| Ok(contents.values.get(key).cloned()))?;
        if writes.is_empty() {
            return Ok(contents.latest);
        }
        contents.latest += 1;
        let number = contents.latest;
        for (key, value) in &writes {
            match value {
                Some(bytes) => contents.values.insert(key.clone(), Stored { version: number, bytes: bytes.clone() }),
                None => contents.values.remove(key),
            };
        }
        contents.changes.push_back(Change { number, writes });
        while contents.changes.len() > self.kept_commits {
            contents.forgotten = contents.changes.pop_front().map_or(contents.forgotten, |change| change.number);
        }
        self.latest.send_replace(number);
        Ok(number)
    }
}

impl Contents {
    fn scan(&self, scan: &Scan) -> Vec<(Key, Stored)> {
        if scan.from >= scan.to {
            return Vec::new();
        }
        let range = self.values.range((Bound::Included(&scan.from), Bound::Excluded(&scan.to)));
        let pair = |(key, stored): (&Key, &Stored)| (key.clone(), stored.clone());
        match scan.descending {
            false => range.take(scan.limit).map(pair).collect(),
            true => range.rev().take(scan.limit).map(pair).collect(),
        }
    }
}

impl Store for MemoryStore {
    fn read(&self, reads: Vec<Read>) -> Pending<'_, Vec<Found>> {
        Box::pin(async move {
            let contents = self.contents();
            let answer = |read| match read {
                Read::Get(key) => Found::One(contents.values.get(&key).cloned()),
                Read::Scan(scan) => Found::Many(contents.scan(&scan)),
            };
            Ok(reads.into_iter().map(answer).collect())
        })
    }

    fn commit(&self, batch: Batch) -> Pending<'_, u64> {
        Box::pin(async move { self.commit_now(batch) })
    }

    fn changes(&self, after: u64, limit: usize) -> Pending<'_, Vec<Change>> {
        Box::pin(async move {
            let contents = self.contents();
            if after < contents.forgotten {
                return Err(StoreError::Forgotten);
            }
            let first = contents.changes.partition_point(|change| change.number <= after);
            Ok(contents.changes.iter().skip(first).take(limit).cloned().collect())
        })
    }

    fn latest(&self) -> u64 {
        *self.latest.borrow()
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.latest.subscribe()
    }

    fn health(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
