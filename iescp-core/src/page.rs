//! Long lists come in pages, newest first. A page ends where the next begins: at an id (or a moment and an id), which stays
//! where it is however many are added or removed meanwhile.

use crate::{
    Error, Result,
    store::{Key, Read, Scan, keys::KeyParts},
};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

/// What the keys of a list end in, and by what it is therefore paged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    /// An id.
    Id,
    /// A moment, then an id.
    MomentAndId,
}

impl Tail {
    /// How long it is.
    const fn bytes(self) -> usize {
        match self {
            Self::Id => 16,
            Self::MomentAndId => 24,
        }
    }

    /// The tail of a key.
    pub(crate) fn of(self, key: &Key) -> Vec<u8> {
        key.0.get(key.0.len().saturating_sub(self.bytes())..).unwrap_or_default().to_vec()
    }
}

/// Which page of a list is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageRequest {
    limit: Option<usize>,
    after: Option<String>,
    ascending: bool,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// The cursor of the next page, if there is one.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page of other items at the same place.
    pub fn map<U>(self, to: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(to).collect(), next: self.next }
    }
}

impl PageRequest {
    /// How many items a page has when nobody says.
    pub const USUAL: usize = 20;
    /// How many items a page has at most.
    pub const MOST: usize = 100;

    /// The first page of this size (1 to 100), or the one a cursor begins.
    #[must_use]
    pub fn new(limit: usize, after: Option<String>) -> Self {
        Self { limit: Some(limit.clamp(1, Self::MOST)), after, ascending: false }
    }

    /// The same, oldest first.
    #[must_use]
    pub fn oldest_first(mut self) -> Self {
        self.ascending = true;
        self
    }

    /// How many items the page has at most.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.limit.unwrap_or(Self::USUAL)
    }

    /// The cursor, as it was given.
    #[must_use]
    pub fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// The keys of this page and the first of the next, among those that begin so and end in an id.
    pub(crate) fn scan(&self, start: KeyParts) -> Result<Scan> {
        self.scan_by(start, Tail::Id)
    }

    /// The same, to be read ahead; nothing for a cursor that is none of ours.
    pub(crate) fn ahead(&self, start: KeyParts) -> Vec<Read> {
        self.scan(start).map(Read::Scan).into_iter().collect()
    }

    /// The keys of this page and the first of the next, among those that begin so and end so.
    pub(crate) fn scan_by(&self, start: KeyParts, tail: Tail) -> Result<Scan> {
        let mut scan = start.clone().range();
        scan.descending = !self.ascending;
        scan.limit = self.limit() + 1;
        if let Some(after) = &self.after {
            let bytes = BASE64URL_NOPAD.decode(after.as_bytes()).ok().filter(|bytes| bytes.len() == tail.bytes());
            let bytes = bytes.ok_or_else(|| Error::invalid("cursor", "cursor", "This cursor is none of ours."))?;
            let at = start.bytes(&bytes).key();
            if self.ascending {
                scan.from = Key([at.0, vec![0]].concat());
            } else {
                scan.to = at;
            }
        }
        Ok(scan)
    }

    /// Cuts what was found to this page, with the cursor of the next if more was found than fits.
    pub(crate) fn cut<T, C: AsRef<[u8]>>(&self, mut found: Vec<T>, tail: impl Fn(&T) -> C) -> Page<T> {
        let more = found.len() > self.limit();
        found.truncate(self.limit());
        let next = found.last().filter(|_| more).map(|last| BASE64URL_NOPAD.encode(tail(last).as_ref()));
        Page { items: found, next }
    }
}
