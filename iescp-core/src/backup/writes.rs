//! Keys and values as bytes, and gathered into batches that a store takes.

use crate::store::{Batch, Key, Resolved, Write};
use std::collections::BTreeMap;

/// A batch is handed over once it has so many bytes: half of what a store takes, so that one more write always fits.
const BATCH_BYTES: usize = crate::store::MAX_BATCH_BYTES / 2;

/// What a write costs beyond its key and value, when a store measures a batch.
const OVERHEAD: usize = 16;

const REMOVED: u32 = u32::MAX;

pub(super) fn encode(writes: &[Resolved]) -> Vec<u8> {
    let mut out = Vec::new();
    for (key, value) in writes {
        out.extend(length(&key.0).to_be_bytes());
        out.extend_from_slice(&key.0);
        match value {
            Some(value) => {
                out.extend(length(value).to_be_bytes());
                out.extend_from_slice(value);
            }
            None => out.extend(REMOVED.to_be_bytes()),
        }
    }
    out
}

pub(super) fn decode(mut bytes: &[u8]) -> Option<Vec<Resolved>> {
    let mut writes = Vec::new();
    while !bytes.is_empty() {
        let length = take_u32(&mut bytes)?;
        let key = Key(take(&mut bytes, length)?);
        let value = match take_u32(&mut bytes)? {
            REMOVED => None,
            length => Some(take(&mut bytes, length)?),
        };
        writes.push((key, value));
    }
    Some(writes)
}

/// Keys and values are far below 4 GiB: see the limits in `store`.
fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(REMOVED)
}

fn take_u32(from: &mut &[u8]) -> Option<u32> {
    let (bytes, rest) = from.split_first_chunk::<4>()?;
    *from = rest;
    Some(u32::from_be_bytes(*bytes))
}

fn take(from: &mut &[u8], length: u32) -> Option<Vec<u8>> {
    let (bytes, rest) = from.split_at_checked(usize::try_from(length).ok()?)?;
    *from = rest;
    Some(bytes.to_vec())
}

/// About how many bytes of a batch a write takes.
pub(super) fn size((key, value): &Resolved) -> usize {
    key.0.len() + value.as_ref().map_or(0, Vec::len) + OVERHEAD
}

/// Gathers writes into batches: of several to one key the last counts.
#[derive(Default)]
pub(super) struct Gathered {
    writes: BTreeMap<Key, Option<Vec<u8>>>,
    bytes: usize,
}

impl Gathered {
    /// Takes a write; a batch that is full then.
    pub(super) fn add(&mut self, write: Resolved) -> Option<Batch> {
        self.bytes += size(&write);
        let (key, value) = write;
        self.writes.insert(key, value);
        (self.bytes >= BATCH_BYTES).then(|| self.rest())
    }

    /// What is left.
    pub(super) fn rest(&mut self) -> Batch {
        self.bytes = 0;
        let writes = std::mem::take(&mut self.writes).into_iter();
        let writes = writes.map(|(key, value)| match value {
            Some(value) => Write::Put(key, value),
            None => Write::Delete(key),
        });
        Batch { writes: writes.collect(), ..Batch::default() }
    }
}
