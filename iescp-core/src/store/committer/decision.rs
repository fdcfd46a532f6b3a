//! Whether a batch may land, and what exactly it writes then. Pure: all it knows of the store is a look-up.
//!
//! **Not here**: numbers, logs, time, threads.

use std::collections::{BTreeMap, btree_map::Entry};

use crate::store::{
    Add, Batch, Expect, Key, MAX_BATCH_BYTES, MAX_KEY_BYTES, MAX_VALUE_BYTES, Resolved, StoreError, Stored, Write,
};

/// What each write costs beyond its key and value, when a batch is measured.
const WRITE_OVERHEAD_BYTES: usize = 16;

/// A batch whose shape is in order: within the limits, no key written twice, adds summed.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    expect: Vec<Expect>,
    steps: BTreeMap<Key, Step>,
    bytes: usize,
}

#[derive(Clone, Debug)]
enum Step {
    Put(Vec<u8>),
    Delete,
    Add { by: i128, floor: Option<i64> },
}

impl Plan {
    /// Checks what can be checked without looking at the store.
    pub(crate) fn new(batch: Batch) -> Result<Self, StoreError> {
        let mut plan = Self { expect: batch.expect, steps: BTreeMap::new(), bytes: 0 };
        for Expect::Version(key, _) | Expect::Absent(key) in &plan.expect {
            within_limits(key, 0)?;
            plan.bytes += key.0.len() + WRITE_OVERHEAD_BYTES;
        }
        for write in batch.writes {
            plan.stage(write)?;
        }
        Ok(plan)
    }

    /// Roughly how many bytes landing it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The keys whose values decide about it.
    #[cfg(feature = "postgres")]
    pub(crate) fn rests_on(&self) -> impl Iterator<Item = &Key> {
        let expected = self.expect.iter().map(|expect| match expect {
            Expect::Version(key, _) | Expect::Absent(key) => key,
        });
        expected.chain(self.steps.iter().filter(|(_, step)| matches!(step, Step::Add { .. })).map(|(key, _)| key))
    }

    fn stage(&mut self, write: Write) -> Result<(), StoreError> {
        let (key, step) = match write {
            Write::Put(key, value) => (key, Step::Put(value)),
            Write::Delete(key) => (key, Step::Delete),
            Write::Add(Add { key, by, floor }) => (key, Step::Add { by: i128::from(by), floor }),
        };
        let value_bytes = if let Step::Put(value) = &step { value.len() } else { size_of::<i64>() };
        within_limits(&key, value_bytes)?;
        self.bytes += key.0.len() + value_bytes + WRITE_OVERHEAD_BYTES;
        if self.bytes > MAX_BATCH_BYTES {
            return Err(StoreError::TooLarge(key));
        }
        match self.steps.entry(key) {
            Entry::Vacant(free) => {
                free.insert(step);
                Ok(())
            }
            Entry::Occupied(mut taken) => match (taken.get_mut(), step) {
                (Step::Add { by: sum, floor: highest }, Step::Add { by, floor }) => {
                    *sum += by;
                    *highest = (*highest).max(floor);
                    Ok(())
                }
                _ => Err(StoreError::Failed(format!("a batch writes {:?} twice", taken.key()))),
            },
        }
    }

    /// Checks expectations and guards against the values `look` gives, and answers the resulting writes in key order. A
    /// batch without writes resolves to none.
    pub(crate) fn decide(self, look: impl Fn(&Key) -> Result<Option<Stored>, StoreError>) -> Result<Vec<Resolved>, StoreError> {
        for expect in self.expect {
            let (key, version) = match expect {
                Expect::Version(key, version) => (key, Some(version)),
                Expect::Absent(key) => (key, None),
            };
            if look(&key)?.map(|stored| stored.version) != version {
                return Err(StoreError::Conflict(key));
            }
        }
        self.steps.into_iter().map(|(key, step)| resolve(key, step, &look)).collect()
    }
}

fn resolve(key: Key, step: Step, look: &impl Fn(&Key) -> Result<Option<Stored>, StoreError>) -> Result<Resolved, StoreError> {
    match step {
        Step::Put(value) => Ok((key, Some(value))),
        Step::Delete => Ok((key, None)),
        Step::Add { by, floor } => {
            let before = look(&key)?.map_or(Ok(0), |stored| counter(&key, &stored.bytes))?;
            match i64::try_from(i128::from(before) + by) {
                Ok(after) if floor.is_none_or(|floor| after >= floor) => {
                    Ok((key, (after != 0).then(|| after.to_be_bytes().to_vec())))
                }
                _ => Err(StoreError::Guard(key)),
            }
        }
    }
}

fn counter(key: &Key, bytes: &[u8]) -> Result<i64, StoreError> {
    match <[u8; 8]>::try_from(bytes) {
        Ok(bytes) => Ok(i64::from_be_bytes(bytes)),
        Err(_) => Err(StoreError::Corrupt(format!("{key:?} is no counter: it holds {} bytes", bytes.len()))),
    }
}

fn within_limits(key: &Key, value_bytes: usize) -> Result<(), StoreError> {
    if key.0.len() > MAX_KEY_BYTES || value_bytes > MAX_VALUE_BYTES {
        return Err(StoreError::TooLarge(key.clone()));
    }
    Ok(())
}
