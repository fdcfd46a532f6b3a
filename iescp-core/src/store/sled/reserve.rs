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
    pub(super) fn new(directory: PathBuf, bytes: u64) -> Self {
        Self { directory, bytes, last: Mutex::new(None) }
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
        let free = fs2::available_space(&self.directory)
            .map_err(|error| StoreError::Failed(format!("cannot ask for free space: {error}")))?;
        if free < self.bytes {
            return Err(StoreError::Full(format!(
                "{free} bytes are free and the reserve of {} bytes is not to be touched",
                self.bytes
            )));
        }
        Ok(())
    }
}
