//! Where things are inside an embedded engine, and the checksum round every value.
//!
//! | engine key | value |
//! |---|---|
//! | `f` | the format number of this layout, 4 bytes; written once |
//! | `t` | the [`Tail`] of the change log, rewritten by every group |
//! | `c` number (8) piece (2) | a piece of a [`Block`]: what some commits of one group changed, the last having that number |
//! | `d` key | the value at that key |
//!
//! Every value is framed: version (8), CRC-32 over engine key, version and value (4), value. Numbers are big-endian.
//!
//! **Not here**: what a key means.

use super::EngineWrite;
use crate::store::{Change, Key, MAX_VALUE_BYTES, Resolved, StoreError, Stored};

/// The layout described above.
pub(super) const FORMAT: u32 = 1;
pub(super) const FORMAT_KEY: &[u8] = b"f";
pub(super) const TAIL_KEY: &[u8] = b"t";

const CHANGES: u8 = b'c';
const DATA: u8 = b'd';
const FRAME_BYTES: usize = 12;

/// A block takes no further commit once it is so large: small enough to be read for a single commit in it.
const BLOCK_BYTES: usize = 16 * 1024;

/// What makes an empty engine a new store, whose commits are numbered from beyond `after`.
pub(in crate::store) fn marks(after: u64) -> Vec<EngineWrite> {
    let mut marks = vec![(FORMAT_KEY.to_vec(), Some(seal(FORMAT_KEY, 0, &FORMAT.to_be_bytes())))];
    if after > 0 {
        let tail = Tail { latest: after, forgotten: after, kept: 0 };
        marks.push((TAIL_KEY.to_vec(), Some(seal(TAIL_KEY, after, &tail.encode()))));
    }
    marks
}

/// What the change log holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Tail {
    /// The latest commit.
    pub latest: u64,
    /// The latest commit that is no longer kept; zero if all are.
    pub forgotten: u64,
    /// How many commits are kept.
    pub kept: u64,
}

impl Tail {
    pub(super) fn encode(self) -> Vec<u8> {
        [self.latest, self.forgotten, self.kept].iter().flat_map(|number| number.to_be_bytes()).collect()
    }

    pub(super) fn decode(mut bytes: &[u8]) -> Option<Self> {
        let tail = Self { latest: take_u64(&mut bytes)?, forgotten: take_u64(&mut bytes)?, kept: take_u64(&mut bytes)? };
        bytes.is_empty().then_some(tail)
    }
}

pub(super) fn data_key(key: &Key) -> Vec<u8> {
    prefixed(DATA, &key.0)
}

pub(super) fn key_of_data(engine_key: &[u8]) -> Key {
    Key(engine_key.get(1..).unwrap_or_default().to_vec())
}

/// Where the pieces of the block begin that ends with this commit; whatever ends before comes before.
pub(super) fn changes_from(number: u64) -> Vec<u8> {
    prefixed(CHANGES, &number.to_be_bytes())
}

/// Beyond every piece of every commit.
pub(super) fn changes_end() -> Vec<u8> {
    vec![CHANGES + 1]
}

/// Which commit is the last in the block whose piece is under this engine key.
pub(super) fn number_of_change(engine_key: &[u8]) -> Option<u64> {
    let mut rest = engine_key.strip_prefix(&[CHANGES])?;
    take_u64(&mut rest)
}

/// What some commits of one group changed, kept under one engine key: sled takes one large value far more easily than many
/// small ones. A block above the value cap is cut in pieces; each piece says how many there are (2) and how many commits the
/// block has (4).
#[derive(Debug, Default)]
pub(super) struct Block {
    bytes: Vec<u8>,
    commits: u32,
    last: u64,
}

impl Block {
    pub(super) fn push(&mut self, number: u64, writes: &[Resolved]) {
        self.bytes.extend(number.to_be_bytes());
        push_bytes(&mut self.bytes, &encode_writes(writes));
        self.commits += 1;
        self.last = number;
    }

    /// Whether the block should be closed before another commit.
    pub(super) fn is_large(&self) -> bool {
        self.bytes.len() >= BLOCK_BYTES
    }

    /// The block's pieces, framed; none if the block is empty.
    pub(super) fn close(self) -> Result<Vec<EngineWrite>, StoreError> {
        let pieces = self.bytes.chunks(MAX_VALUE_BYTES);
        let too_many = |_| StoreError::Failed(format!("commit {} has too many pieces", self.last));
        let count = u16::try_from(pieces.len()).map_err(too_many)?;
        let framed = (0..count).zip(pieces).map(|(index, piece)| {
            let key = [changes_from(self.last).as_slice(), &index.to_be_bytes()].concat();
            let value = [&count.to_be_bytes(), self.commits.to_be_bytes().as_slice(), piece].concat();
            let value = seal(&key, self.last, &value);
            (key, Some(value))
        });
        Ok(framed.collect())
    }
}

/// What a piece of a block says before its part of the block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct PieceHead {
    pub pieces: usize,
    pub commits: u64,
}

/// The head of a piece taken out of its frame, and its part of the block.
pub(super) fn split_piece(mut piece: &[u8]) -> Option<(PieceHead, &[u8])> {
    let (pieces, rest) = piece.split_first_chunk::<2>()?;
    piece = rest;
    let commits = u64::from(take_u32(&mut piece)?);
    Some((PieceHead { pieces: usize::from(u16::from_be_bytes(*pieces)), commits }, piece))
}

/// The commits of a whole block; `None` if its shape is wrong.
pub(super) fn decode_block(mut bytes: &[u8]) -> Option<Vec<Change>> {
    let mut changes = Vec::new();
    while !bytes.is_empty() {
        let number = take_u64(&mut bytes)?;
        let writes = decode_writes(&take_bytes(&mut bytes)?)?;
        changes.push(Change { number, writes });
    }
    Some(changes)
}

pub(in crate::store) fn encode_writes(writes: &[Resolved]) -> Vec<u8> {
    let mut out = Vec::new();
    for (key, value) in writes {
        push_bytes(&mut out, &key.0);
        match value {
            None => out.push(0),
            Some(value) => {
                out.push(1);
                push_bytes(&mut out, value);
            }
        }
    }
    out
}

pub(in crate::store) fn decode_writes(mut bytes: &[u8]) -> Option<Vec<Resolved>> {
    let mut writes = Vec::new();
    while !bytes.is_empty() {
        let key = Key(take_bytes(&mut bytes)?);
        let (present, rest) = bytes.split_first()?;
        bytes = rest;
        let value = match present {
            0 => None,
            1 => Some(take_bytes(&mut bytes)?),
            _ => return None,
        };
        writes.push((key, value));
    }
    Some(writes)
}

/// Frames a value.
pub(in crate::store) fn seal(engine_key: &[u8], version: u64, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(FRAME_BYTES + value.len());
    out.extend(version.to_be_bytes());
    out.extend(checksum(engine_key, version, value).to_be_bytes());
    out.extend_from_slice(value);
    out
}

/// Takes a value out of its frame.
pub(in crate::store) fn open(engine_key: &[u8], mut framed: Vec<u8>) -> Result<Stored, StoreError> {
    let mut rest = framed.as_slice();
    let frame = take_u64(&mut rest).zip(take_u32(&mut rest));
    match frame {
        Some((version, sum)) if sum == checksum(engine_key, version, rest) => {
            framed.drain(..FRAME_BYTES);
            Ok(Stored { version, bytes: framed })
        }
        _ => Err(corrupt(engine_key)),
    }
}

/// The error that names a key whose value cannot be trusted.
pub(super) fn corrupt(engine_key: &[u8]) -> StoreError {
    match number_of_change(engine_key) {
        Some(number) => StoreError::Corrupt(format!("the change log up to commit {number} does not have its checksum or shape")),
        None if engine_key.first() == Some(&DATA) => {
            StoreError::Corrupt(format!("the value at {:?} does not have its checksum", key_of_data(engine_key)))
        }
        None => StoreError::Corrupt(format!("the engine's own record {:?} is damaged", Key(engine_key.to_vec()))),
    }
}

fn checksum(engine_key: &[u8], version: u64, value: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(engine_key);
    hasher.update(&version.to_be_bytes());
    hasher.update(value);
    hasher.finalize()
}

fn prefixed(prefix: u8, rest: &[u8]) -> Vec<u8> {
    prefixed_by([prefix], rest)
}

fn prefixed_by<const N: usize>(prefix: [u8; N], rest: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(N + rest.len());
    out.extend(prefix);
    out.extend_from_slice(rest);
    out
}

fn push_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    // Keys and values are far below 4 GiB: see the limits in `store`.
    out.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(bytes);
}

fn take_bytes(from: &mut &[u8]) -> Option<Vec<u8>> {
    let length = usize::try_from(take_u32(from)?).ok()?;
    let (bytes, rest) = from.split_at_checked(length)?;
    *from = rest;
    Some(bytes.to_vec())
}

fn take_u32(from: &mut &[u8]) -> Option<u32> {
    let (bytes, rest) = from.split_first_chunk::<4>()?;
    *from = rest;
    Some(u32::from_be_bytes(*bytes))
}

fn take_u64(from: &mut &[u8]) -> Option<u64> {
    let (bytes, rest) = from.split_first_chunk::<8>()?;
    *from = rest;
    Some(u64::from_be_bytes(*bytes))
}
