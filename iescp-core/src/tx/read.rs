//! What a run looks at: records, counters, pages of lists. What is held must be the same when the run lands.

use super::Tx;
use crate::{
    Error, Result,
    basis::{Basis, Whole},
    page::{Page, PageRequest, Tail},
    store::{
        Found, Key, Read, Scan, Stored,
        keys::KeyParts,
        record::{Derived, Entry, Record, decode},
    },
};
use std::collections::HashMap;
use uuid::Uuid;

impl Tx<'_> {
    /// Reads several keys in one round trip, so that reading each of them afterwards costs none.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn load(&mut self, keys: &[Key]) -> Result<()> {
        self.load_all(keys, Vec::new()).await
    }

    /// Reads keys and ranges in one round trip, so that reading each of them afterwards costs none.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn load_all(&mut self, keys: &[Key], scans: Vec<Scan>) -> Result<()> {
        let keys: Vec<&Key> = keys.iter().filter(|key| !self.read.contains_key(*key)).collect();
        let scans: Vec<Scan> = scans.into_iter().filter(|scan| !self.ranges.iter().any(|(loaded, _)| loaded == scan)).collect();
        if keys.is_empty() && scans.is_empty() {
            return Ok(());
        }
        let reads = keys.iter().map(|key| Read::Get((*key).clone())).chain(scans.iter().cloned().map(Read::Scan));
        let mut found = self.platform.store().read(reads.collect()).await?.into_iter();
        for key in keys {
            let Some(Found::One(value)) = found.next() else { return Err(out_of_order()) };
            self.read.insert(key.clone(), value);
        }
        for scan in scans {
            let Some(Found::Many(pairs)) = found.next() else { return Err(out_of_order()) };
            self.scanned.push((scan.from.clone(), scan.to.clone()));
            self.ranges.push((scan, pairs));
        }
        Ok(())
    }

    /// Reads keys that lie side by side, in their order, as one range. Where much else lies between them, as [`load`](Self::load).
    ///
    /// # Errors
    /// If the store fails.
    pub(crate) async fn load_neighbours(&mut self, keys: &[Key]) -> Result<()> {
        let (Some(first), Some(last)) = (keys.first(), keys.last()) else { return Ok(()) };
        let limit = 4 * keys.len();
        let to = Key([last.0.as_slice(), &[0]].concat());
        let found = self.scan(Scan { from: first.clone(), to, descending: false, limit }).await?;
        if found.len() == limit {
            return self.load(keys).await;
        }
        let mut found: HashMap<Key, Stored> = found.into_iter().collect();
        for key in keys {
            let stored = found.remove(key);
            self.read.entry(key.clone()).or_insert(stored);
        }
        Ok(())
    }

    /// Takes over rows that a scan has found, so that reading them costs nothing more.
    pub(crate) fn load_rows(&mut self, rows: Vec<(Key, Stored)>) {
        for (key, stored) in rows {
            self.read.entry(key).or_insert(Some(stored));
        }
    }

    async fn bytes_at(&mut self, key: &Key) -> Result<Option<Vec<u8>>> {
        if let Some(staged) = self.staged.get(key) {
            return Ok(staged.bytes.clone());
        }
        self.load(std::slice::from_ref(key)).await?;
        Ok(self.read.get(key).and_then(Option::as_ref).map(|stored| stored.bytes.clone()))
    }

    /// The record at a key, if there is one. What is decided by it holds when the run lands: if somebody changed it
    /// meanwhile, the operation is run again.
    ///
    /// # Errors
    /// If the store fails or the record is damaged.
    pub async fn get_at<R: Record>(&mut self, key: Key) -> Result<Option<R>> {
        let bytes = self.bytes_at(&key).await?;
        self.held.insert(key);
        bytes.map(|bytes| decode(&bytes)).transpose()
    }

    /// The record at a key, which must be there.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is not.
    pub async fn fetch_at<R: Record>(&mut self, key: Key) -> Result<R> {
        self.get_at(key).await?.ok_or(Error::NotFound)
    }

    /// The record at a key, only to look at: it may change before this run lands.
    ///
    /// # Errors
    /// If the store fails or the record is damaged.
    pub async fn peek_at<R: Record>(&mut self, key: Key) -> Result<Option<R>> {
        self.bytes_at(&key).await?.map(|bytes| decode(&bytes)).transpose()
    }

    /// The version of the record at a key: what an `ETag` says and [`require_version`](Self::require_version) compares. Zero for one that this run changes.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn version_at(&mut self, key: &Key) -> Result<u64> {
        if self.staged.contains_key(key) {
            return Ok(0);
        }
        self.load(std::slice::from_ref(key)).await?;
        Ok(self.read.get(key).and_then(Option::as_ref).map_or(0, |stored| stored.version))
    }

    /// Refuses if the record at a key is another version than the actor has read. Nothing to compare is no objection.
    ///
    /// # Errors
    /// [`Error::Stale`].
    pub async fn require_version(&mut self, key: &Key, version: Option<u64>) -> Result<()> {
        match version {
            Some(version) if self.version_at(key).await? != version => Err(Error::Stale),
            _ => Ok(()),
        }
    }

    /// The id a unique key leads to, if somebody has it. Holds when the run lands.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn led_to<T: From<Uuid>>(&mut self, key: Key) -> Result<Option<T>> {
        let bytes = self.bytes_at(&key).await?;
        self.held.insert(key);
        let Some(bytes) = bytes else { return Ok(None) };
        let id = Uuid::from_slice(&bytes).map_err(|_| Error::Corrupt("a unique key leads nowhere".into()))?;
        Ok(Some(T::from(id)))
    }

    /// A counter's value as it will be if this run lands now; only to look at.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn counter(&mut self, key: Key) -> Result<i64> {
        self.load(std::slice::from_ref(&key)).await?;
        let stored = match self.read.get(&key).and_then(Option::as_ref) {
            Some(stored) => <[u8; 8]>::try_from(stored.bytes.as_slice()).map(i64::from_be_bytes),
            None => Ok(0),
        };
        let stored = stored.map_err(|_| Error::Corrupt("a counter is no number".into()))?;
        let share = |derived: &Derived| match derived.entries.get(&key) {
            Some(Entry::Count { by, .. }) => *by,
            _ => 0,
        };
        Ok(self
            .staged
            .values()
            .fold(stored, |sum, staged| sum.saturating_add(share(&staged.after)).saturating_sub(share(&staged.before))))
    }

    /// A counter's value, for a decision that rests on its being exactly this when the run lands.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn counter_held(&mut self, key: Key) -> Result<i64> {
        self.held.insert(key.clone());
        self.counter(key).await
    }

    /// Several counters in one round trip, only to look at.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn counters(&mut self, keys: Vec<Key>) -> Result<Vec<i64>> {
        self.load(&keys).await?;
        let mut values = Vec::with_capacity(keys.len());
        for key in keys {
            values.push(self.counter(key).await?);
        }
        Ok(values)
    }

    /// A range of keys and values as they are stored; what this run staged is not among them.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn scan(&mut self, scan: Scan) -> Result<Vec<(Key, Stored)>> {
        if let Some((_, pairs)) = self.ranges.iter().find(|(loaded, _)| *loaded == scan) {
            return Ok(pairs.clone());
        }
        Ok(self.scans(vec![scan]).await?.pop().unwrap_or_default())
    }

    /// Several ranges in one round trip.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn scans(&mut self, scans: Vec<Scan>) -> Result<Vec<Vec<(Key, Stored)>>> {
        if self.action.reads() {
            self.load_all(&[], scans.clone()).await?;
            let known = |scan: &Scan| self.ranges.iter().find(|(loaded, _)| loaded == scan).map(|(_, pairs)| pairs.clone());
            return scans.iter().map(|scan| known(scan).ok_or_else(out_of_order)).collect();
        }
        self.scanned.extend(scans.iter().map(|scan| (scan.from.clone(), scan.to.clone())));
        let found = self.platform.store().read(scans.into_iter().map(Read::Scan).collect()).await?;
        found.into_iter().map(|found| if let Found::Many(pairs) = found { Ok(pairs) } else { Err(out_of_order()) }).collect()
    }

    /// Reads several ranges in one round trip, so that scanning each of them afterwards costs none.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn load_ranges(&mut self, scans: Vec<Scan>) -> Result<()> {
        self.load_all(&[], scans).await
    }

    /// One page of the ids a list holds, newest first.
    ///
    /// # Errors
    /// If the store fails or the cursor is none of ours.
    pub async fn page_of_ids(&mut self, list: KeyParts, page: &PageRequest) -> Result<Page<Uuid>> {
        let pairs = self.scan(page.scan(list)?).await?;
        Ok(page.cut(pairs.into_iter().filter_map(|(key, _)| key.last_id()).collect(), |id| *id))
    }

    /// One page of the ids a list holds whose keys end in a moment and an id, latest first.
    ///
    /// # Errors
    /// If the store fails or the cursor is none of ours.
    pub async fn page_of_ids_by_moment(&mut self, list: KeyParts, page: &PageRequest) -> Result<Page<Uuid>> {
        let pairs = self.scan(page.scan_by(list, Tail::MomentAndId)?).await?;
        let keys = page.cut(pairs.into_iter().map(|(key, _)| key).collect(), |key| Tail::MomentAndId.of(key));
        Ok(Page { items: keys.items.iter().filter_map(Key::last_id).collect(), next: keys.next })
    }

    /// One page of the records a list names, newest first; only to look at.
    ///
    /// # Errors
    /// If the store fails, a record is damaged, or the cursor is none of ours.
    pub async fn page_of<R: Record>(&mut self, list: KeyParts, page: &PageRequest, at: impl Fn(Uuid) -> Key) -> Result<Page<R>> {
        let ids = self.page_of_ids(list, page).await?;
        let keys: Vec<Key> = ids.items.iter().map(|id| at(*id)).collect();
        self.load(&keys).await?;
        let mut items = Vec::with_capacity(keys.len());
        for key in keys {
            items.extend(self.peek_at(key).await?);
        }
        Ok(Page { items, next: ids.next })
    }

    /// One page of the records whose own keys begin so and end in their id, newest first; only to look at.
    ///
    /// # Errors
    /// If the store fails, a record is damaged, or the cursor is none of ours.
    pub async fn page_of_rows<R: Record>(&mut self, rows: KeyParts, page: &PageRequest) -> Result<Page<R>> {
        let pairs = self.scan(page.scan(rows)?).await?;
        let next = page.cut(pairs.iter().filter_map(|(key, _)| key.last_id()).collect(), |id| *id).next;
        let kept = pairs.into_iter().take(page.limit());
        let items = kept.map(|(_, stored)| decode(&stored.bytes)).collect::<Result<_>>()?;
        Ok(Page { items, next })
    }

    /// Says that something is read that is derived from the store and kept beside it.
    pub(crate) fn reads_whole(&mut self, whole: Whole) {
        self.wholes.push(whole);
    }

    /// Adds to a basis all that was read; more than reading spoils it.
    pub(crate) fn note(&self, basis: &mut Basis) {
        self.read.keys().for_each(|key| basis.rests_on(key));
        self.scanned.iter().for_each(|(from, to)| basis.rests_on_tables(from, to));
        self.wholes.iter().for_each(|whole| basis.rests_on_whole(*whole));
        if !self.staged.is_empty() || !self.happening.about.is_empty() {
            basis.spoil();
        }
    }
}

fn out_of_order() -> Error {
    Error::Corrupt("the store answered out of order".into())
}
