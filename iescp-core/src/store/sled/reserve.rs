//! The free-space reserve: after a write that failed for lack of room sled's handle stays broken, and even reopening takes
//! some, so writes are refused before it comes to that.
//!
//! **Not here**: what happens when the disk gets full all the same (`committer`).

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::store::StoreError;

/// How long and for how many bytes one look at the disk is trusted.
const TRUSTED_FOR: Duration = Duration::from_secs(1);
const TRUSTED_BYTES: usize = 4 * 1024 * 1024;

/// What is kept free of a large disk, in bytes, and which part of a small one.
const OF_A_LARGE_DISK: u64 = 64 * 1024 * 1024;
const PART_OF_A_SMALL_ONE: u64 = 20;

/// What is kept free of a disk of this size, in bytes, when nobody says.
fn suiting(disk: u64) -> u64 {
    OF_A_LARGE_DISK.min(disk / PART_OF_A_SMALL_ONE)
}

fn cannot_ask(error: &std::io::Error) -> StoreError {
    StoreError::Failed(format!("cannot ask for the space on the disk: {error}"))
}

/// Watches the free space of the disk under one directory.
pub(super) struct Reserve {
    directory: PathBuf,
    bytes: u64,
    last: Mutex<Option<Look>>,
}

/// The last look that found enough room.
struct Look {
    at: Instant,
    written_since: usize,
}

impl Reserve {
    /// Keeps so many bytes free; if nobody says how many, as many as suit the disk.
    pub(super) fn new(directory: PathBuf, bytes: Option<u64>) -> Result<Self, StoreError> {
        let bytes = match bytes {
            Some(bytes) => bytes,
            None => suiting(fs2::total_space(&directory).map_err(|error| cannot_ask(&error))?),
        };
        Ok(Self { directory, bytes, last: Mutex::new(None) })
    }

    /// Whether this many bytes may be written; looks at the disk only now and then while there is room.
    pub(super) fn room_for(&self, bytes: usize) -> Result<(), StoreError> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(look) = last.as_mut() {
            look.written_since = look.written_since.saturating_add(bytes);
            if look.at.elapsed() < TRUSTED_FOR && look.written_since < TRUSTED_BYTES {
                return Ok(());
            }
        }
        *last = None;
        self.room_now()?;
        *last = Some(Look { at: Instant::now(), written_since: 0 });
        Ok(())
    }

    /// Whether there is room, looking now.
    pub(super) fn room_now(&self) -> Result<(), StoreError> {
        let free = fs2::available_space(&self.directory).map_err(|error| cannot_ask(&error))?;
        if free < self.bytes {
            return Err(StoreError::Full(format!(
                "{free} bytes are free and the reserve of {} bytes is not to be touched",
                self.bytes
            )));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_disk_keeps_a_twentieth_free_and_a_large_one_64_mib() {
        let mib = 1024 * 1024;
        for (disk, kept) in [(0, 0), (100 * mib, 5 * mib), (1280 * mib, 64 * mib), (u64::MAX, 64 * mib)] {
            assert_eq!(suiting(disk), kept);
        }
    }
}
