//! A piece of a backup's file: what it is (1 byte), how long its bytes are (4) and how long as they stand here (4), their
//! CRC-32 with what precedes (4), then the bytes: deflated, or as they are where that would not make them shorter.

use super::BackupError;
use flate2::{Compression, bufread::DeflateDecoder, write::DeflateEncoder};
use std::io::{self, Read, Write};

/// No frame is longer: the largest blob with its name, and some room.
const LONGEST: usize = crate::blob::MAX_BLOB_BYTES + 64 * 1024;

/// A piece, as it was before it was packed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Frame {
    pub kind: u8,
    pub bytes: Vec<u8>,
}

impl Frame {
    /// As it stands in the file.
    pub(super) fn pack(&self) -> io::Result<Vec<u8>> {
        if self.bytes.len() > LONGEST {
            return Err(io::Error::other("a part of a backup is too long"));
        }
        let mut deflated = DeflateEncoder::new(Vec::with_capacity(self.bytes.len() / 2), Compression::fast());
        deflated.write_all(&self.bytes)?;
        let deflated = deflated.finish()?;
        let packed = if deflated.len() < self.bytes.len() { &deflated } else { &self.bytes };
        let mut out = Vec::with_capacity(13 + packed.len());
        out.push(self.kind);
        out.extend(length(&self.bytes)?.to_be_bytes());
        out.extend(length(packed)?.to_be_bytes());
        let sum = checksum(&out, packed);
        out.extend(sum.to_be_bytes());
        out.extend_from_slice(packed);
        Ok(out)
    }

    /// Reads the next one.
    pub(super) fn read(from: &mut impl Read) -> Result<Self, BackupError> {
        let (mut head, mut sum) = ([0; 9], [0; 4]);
        from.read_exact(&mut head)?;
        from.read_exact(&mut sum)?;
        let [kind, lengths @ ..] = head;
        let [a, b, c, d, e, f, g, h] = lengths;
        let whole = usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
        let packed = usize::try_from(u32::from_be_bytes([e, f, g, h])).unwrap_or(usize::MAX);
        if whole > LONGEST || packed > whole {
            return Err(BackupError::damaged("a part of it has an impossible length"));
        }
        let mut bytes = vec![0; packed];
        from.read_exact(&mut bytes)?;
        if checksum(&head, &bytes) != u32::from_be_bytes(sum) {
            return Err(BackupError::damaged("a part of it does not have its checksum"));
        }
        if packed < whole {
            let mut inflated = Vec::with_capacity(whole);
            let limit = u64::try_from(whole).unwrap_or(u64::MAX).saturating_add(1);
            let read = DeflateDecoder::new(bytes.as_slice()).take(limit).read_to_end(&mut inflated);
            if read.is_err() || inflated.len() != whole {
                return Err(BackupError::damaged("a part of it cannot be unpacked"));
            }
            bytes = inflated;
        }
        Ok(Self { kind, bytes })
    }
}

fn length(bytes: &[u8]) -> io::Result<u32> {
    u32::try_from(bytes.len()).map_err(io::Error::other)
}

fn checksum(head: &[u8], bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(head);
    hasher.update(bytes);
    hasher.finalize()
}
