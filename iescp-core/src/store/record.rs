//! How a value is written: one byte for the version of its shape, then JSON. The engine adds the checksum.
//!
//! A record also says what is *derived* from it (unique keys, list entries, counters), so that these change in the commit of
//! their source and `check` can compute them again. Old shapes stay readable: [`Record::upgrade`] turns one into the next.
//!
//! **Not here**: where a record lives (`keys`), when it may change (the operations).

use super::{Key, keys::Table};
use crate::{Error, Result};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::collections::BTreeMap;

/// Something kept in the store under one key.
pub trait Record: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The table this record is a row of.
    const TABLE: Table;
    /// The version of the shape that is written today.
    const VERSION: u8 = 1;

    /// Where this record lives.
    fn key(&self) -> Key;

    /// What else the store holds because of this record.
    fn derive(&self, _derived: &mut Derived) {}

    /// Turns the shape of version `from` into that of version `from + 1`.
    ///
    /// # Errors
    /// When that version never was.
    fn upgrade(from: u8, _old: Value) -> Result<Value> {
        Err(Error::Corrupt(format!("{:?} was never written in version {from}", Self::TABLE)))
    }
}

/// Writes a record.
///
/// # Errors
/// [`Error::Corrupt`] if the record has no JSON form.
pub fn encode<R: Record>(record: &R) -> Result<Vec<u8>> {
    let mut bytes = vec![R::VERSION];
    serde_json::to_writer(&mut bytes, record)
        .map_err(|error| Error::Corrupt(format!("{:?} cannot be written: {error}", R::TABLE)))?;
    Ok(bytes)
}

/// Reads a record of any version that ever was.
///
/// # Errors
/// [`Error::Corrupt`] if the bytes are not such a record, or a newer version than this program knows.
pub fn decode<R: Record>(bytes: &[u8]) -> Result<R> {
    let damaged = |why: String| Error::Corrupt(format!("{:?}: {why}", R::TABLE));
    let Some((&version, json)) = bytes.split_first() else { return Err(damaged("it is empty".into())) };
    if version == R::VERSION {
        return serde_json::from_slice(json).map_err(|error| damaged(error.to_string()));
    }
    if version > R::VERSION {
        return Err(damaged(format!("version {version} is newer than this program")));
    }
    let mut value: Value = serde_json::from_slice(json).map_err(|error| damaged(error.to_string()))?;
    for from in version..R::VERSION {
        value = R::upgrade(from, value)?;
    }
    serde_json::from_value(value).map_err(|error| damaged(error.to_string()))
}

/// What the store holds because of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Derived {
    pub(crate) entries: BTreeMap<Key, Entry>,
}

/// One derived key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A key that only one record may have.
    Unique(Vec<u8>),
    /// An entry in a list.
    Listed,
    /// A share in a counter.
    Count { by: i64, floor: Option<i64> },
}

impl Derived {
    /// This record alone may have `key`, which leads to `value` (an id).
    pub fn unique(&mut self, key: Key, value: impl AsRef<[u8]>) {
        self.entries.insert(key, Entry::Unique(value.as_ref().to_vec()));
    }

    /// This record is listed under `key`, whose last sixteen bytes are its id.
    pub fn listed(&mut self, key: Key) {
        self.entries.insert(key, Entry::Listed);
    }

    /// This record adds `by` to the counter `key`.
    pub fn count(&mut self, key: Key, by: i64) {
        self.add(key, by, None);
    }

    /// This record adds `by` to the counter `key`, which may never fall below zero.
    pub fn count_down_to_zero(&mut self, key: Key, by: i64) {
        self.add(key, by, Some(0));
    }

    fn add(&mut self, key: Key, by: i64, floor: Option<i64>) {
        match self.entries.get_mut(&key) {
            Some(Entry::Count { by: sum, .. }) => *sum = sum.saturating_add(by),
            _ => drop(self.entries.insert(key, Entry::Count { by, floor })),
        }
    }

    /// What a record derives.
    pub(crate) fn of<R: Record>(record: &R) -> Self {
        let mut derived = Self::default();
        record.derive(&mut derived);
        derived
    }
}
