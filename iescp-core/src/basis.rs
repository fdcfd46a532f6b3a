//! What an answer rests on, and whether that still is as it was: so that an answer can be kept and given again.
//!
//! A run that only reads notes every key it read ([`Basis`]); what the store's changes tell is noted at the same keys
//! ([`Freshness`]). An answer holds as long as nothing it rests on has changed since before it was made. Keys are noted by a
//! short hash: two that share one make an answer end early, never late.
//!
//! The clock is no key. Whoever keeps an answer must let it go after a time that they can vouch for.
//!
//! **Not here**: the answers; they are kept by whoever gives them.

use crate::{
    Result, discovery,
    store::{Key, Store, StoreError},
};
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Mutex;

/// Places for single keys.
const KEYS: usize = 1 << 18;
/// Places for whole tables, after those for keys.
const TABLES: usize = 256;
/// Places for the search indexes, after those for tables.
const INDEXES: usize = 2;

/// How many commits are read at once.
const STEP: usize = 1000;

/// What is read as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whole {
    /// The index of influencers.
    Influencers,
    /// The index of campaigns.
    Campaigns,
}

/// What the answers of some runs rest on.
#[derive(Clone, Debug)]
pub struct Basis {
    /// The latest commit before the first of them began.
    since: u64,
    places: Vec<u32>,
    only_read: bool,
}

impl Basis {
    pub(crate) fn since(commit: u64) -> Self {
        Self { since: commit, places: Vec::new(), only_read: true }
    }

    pub(crate) fn rests_on(&mut self, key: &Key) {
        self.places.push(place_of(key));
    }

    /// On everything in the tables of a range.
    pub(crate) fn rests_on_tables(&mut self, from: &Key, to: &Key) {
        let table = |key: &Key| key.0.first().copied().unwrap_or(u8::MAX);
        self.places.extend((table(from)..=table(to)).map(place_of_table));
    }

    pub(crate) fn rests_on_whole(&mut self, whole: Whole) {
        self.places.push(place_of_whole(whole));
    }

    /// Something else than reading was done, or not all is known: the answer is for once.
    pub fn spoil(&mut self) {
        self.only_read = false;
    }

    /// Rests on what the other does, too.
    pub fn add(&mut self, other: Self) {
        self.since = self.since.min(other.since);
        self.places.extend(other.places);
        self.only_read &= other.only_read;
    }

    /// Whether an answer that rests on this may be given again at all.
    #[must_use]
    pub fn only_read(&self) -> bool {
        self.only_read
    }
}

fn place_of(key: &Key) -> u32 {
    crc32fast::hash(&key.0) % KEYS as u32
}

fn place_of_table(table: u8) -> u32 {
    KEYS as u32 + u32::from(table)
}

fn place_of_whole(whole: Whole) -> u32 {
    (KEYS + TABLES) as u32 + whole as u32
}

/// When everything that answers can rest on last changed.
pub(crate) struct Freshness {
    changed_in: Box<[AtomicU64]>,
    reached: AtomicU64,
    /// What was made before this commit is not known to hold.
    horizon: AtomicU64,
    feeding: Mutex<()>,
}

impl Freshness {
    /// Knows of changes after this commit.
    pub(crate) fn since(commit: u64) -> Self {
        let changed_in = std::iter::repeat_with(AtomicU64::default).take(KEYS + TABLES + INDEXES).collect();
        Self { changed_in, reached: AtomicU64::new(commit), horizon: AtomicU64::new(commit), feeding: Mutex::new(()) }
    }

    /// Whether nothing that this rests on has changed, by all that was acknowledged before this call.
    pub(crate) async fn holds(&self, store: &dyn Store, basis: &Basis) -> Result<bool> {
        self.catch_up(store).await?;
        let unchanged = |place: &u32| {
            let changed_in = self.changed_in.get(*place as usize).map_or(u64::MAX, |commit| commit.load(Ordering::Acquire));
            changed_in <= basis.since
        };
        Ok(basis.only_read && basis.since >= self.horizon.load(Ordering::Acquire) && basis.places.iter().all(unchanged))
    }

    async fn catch_up(&self, store: &dyn Store) -> Result<()> {
        let goal = store.newest().await?;
        if self.reached.load(Ordering::Acquire) >= goal {
            return Ok(());
        }
        let _mine = self.feeding.lock().await;
        let mut reached = self.reached.load(Ordering::Acquire);
        while reached < goal {
            let changes = match store.changes(reached, STEP).await {
                Err(StoreError::Forgotten) => {
                    self.horizon.fetch_max(goal, Ordering::AcqRel);
                    break;
                }
                changes => changes?,
            };
            let Some(last) = changes.last().map(|change| change.number) else { break };
            for change in &changes {
                self.note(change.number, change.writes.iter().map(|(key, _)| key));
            }
            reached = last;
        }
        self.reached.fetch_max(reached.max(goal), Ordering::AcqRel);
        Ok(())
    }

    fn note<'k>(&self, commit: u64, keys: impl Iterator<Item = &'k Key> + Clone) {
        let tables = keys.clone().filter_map(|key| key.0.first().copied()).map(place_of_table);
        let wholes = discovery::touched(keys.clone()).into_iter().map(place_of_whole);
        for place in keys.map(place_of).chain(tables).chain(wholes) {
            if let Some(changed_in) = self.changed_in.get(place as usize) {
                changed_in.fetch_max(commit, Ordering::AcqRel);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Batch, MemoryStore, Write};

    fn key(name: &str) -> Key {
        Key(name.as_bytes().to_vec())
    }

    async fn write(store: &MemoryStore, name: &str) {
        let writes = vec![Write::Put(key(name), b"new".to_vec())];
        store.commit(Batch { writes, ..Batch::default() }).await.unwrap();
    }

    fn resting_on(store: &MemoryStore, name: &str) -> Basis {
        let mut basis = Basis::since(store.latest());
        basis.rests_on(&key(name));
        basis
    }

    #[tokio::test]
    async fn an_answer_holds_until_what_it_rests_on_changes() {
        let (store, freshness) = (MemoryStore::new(), Freshness::since(0));
        write(&store, "mine").await;
        let basis = resting_on(&store, "mine");
        write(&store, "other").await;
        assert!(freshness.holds(&store, &basis).await.unwrap());
        write(&store, "mine").await;
        assert!(!freshness.holds(&store, &basis).await.unwrap());
        assert!(freshness.holds(&store, &resting_on(&store, "mine")).await.unwrap());
    }

    #[tokio::test]
    async fn a_range_rests_on_its_tables() {
        let (store, freshness) = (MemoryStore::new(), Freshness::since(0));
        let mut basis = Basis::since(store.latest());
        basis.rests_on_tables(&key("b1"), &key("b9"));
        write(&store, "a1").await;
        assert!(freshness.holds(&store, &basis).await.unwrap());
        write(&store, "b5").await;
        assert!(!freshness.holds(&store, &basis).await.unwrap());
    }

    #[tokio::test]
    async fn what_changed_while_an_answer_was_made_ends_it() {
        let (store, freshness) = (MemoryStore::new(), Freshness::since(0));
        let begun = resting_on(&store, "mine");
        write(&store, "mine").await;
        let mut later = resting_on(&store, "other");
        later.add(begun);
        assert!(!freshness.holds(&store, &later).await.unwrap());
    }

    #[tokio::test]
    async fn nothing_is_vouched_for_when_changes_are_forgotten() {
        let (store, freshness) = (MemoryStore::keeping(1), Freshness::since(0));
        let basis = resting_on(&store, "mine");
        for _ in 0..3 {
            write(&store, "other").await;
        }
        assert!(!freshness.holds(&store, &basis).await.unwrap());
        assert!(freshness.holds(&store, &resting_on(&store, "mine")).await.unwrap());
    }

    #[tokio::test]
    async fn a_run_that_did_more_than_read_is_for_once() {
        let (store, freshness) = (MemoryStore::new(), Freshness::since(0));
        let mut basis = resting_on(&store, "mine");
        basis.spoil();
        assert!(!freshness.holds(&store, &basis).await.unwrap());
    }
}
