//! What a backup is made of, and how each part is written into a frame.

use super::{BackupError, frame::Frame, writes};
use crate::{blob::BlobName, store::Resolved};

/// The most bytes of a file beside the store that one frame carries.
pub(super) const PIECE_BYTES: usize = 1024 * 1024;

/// A part of a backup, in the order of the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// What stands under these keys from here on; nothing where there is no value.
    Writes(Vec<Resolved>),
    /// A picture's bytes.
    Blob(BlobName, Vec<u8>),
    /// The next piece of a file beside the store.
    File(String, Vec<u8>),
}

pub(super) const END: u8 = 0;
pub(super) const WRITES: u8 = 1;
const BLOB: u8 = 2;
const FILE: u8 = 3;

impl Part {
    pub(super) fn frame(&self) -> Frame {
        match self {
            Self::Writes(writes) => Frame { kind: WRITES, bytes: writes::encode(writes) },
            Self::Blob(name, bytes) => Frame { kind: BLOB, bytes: named(&name.to_string(), bytes) },
            Self::File(name, bytes) => Frame { kind: FILE, bytes: named(name, bytes) },
        }
    }

    pub(super) fn read(frame: Frame) -> Result<Self, BackupError> {
        let wrong = || BackupError::damaged("a part of it has no shape that is known");
        match frame.kind {
            WRITES => writes::decode(&frame.bytes).map(Self::Writes).ok_or_else(wrong),
            BLOB => {
                let (name, bytes) = split(&frame.bytes).ok_or_else(wrong)?;
                Ok(Self::Blob(name.parse().map_err(|_| wrong())?, bytes.to_vec()))
            }
            FILE => {
                let (name, bytes) = split(&frame.bytes).ok_or_else(wrong)?;
                Ok(Self::File(name.to_owned(), bytes.to_vec()))
            }
            _ => Err(wrong()),
        }
    }
}

/// A name, a line's end, and bytes.
fn named(name: &str, bytes: &[u8]) -> Vec<u8> {
    [name.as_bytes(), b"\n", bytes].concat()
}

fn split(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (name, rest) = bytes.split_at_checked(end)?;
    Some((std::str::from_utf8(name).ok()?, rest.get(1..)?))
}
