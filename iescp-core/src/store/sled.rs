//! The default store: sled in one directory, for one process.
//!
//! What the directory holds: `lock` (held while a process has the store open), and `sled/` with sled's own files and
//! `durable`, the number of the latest commit, which tells a log damaged in its middle from one torn at its end. A new store
//! is made in `sled.new/`, synced, and renamed, so that a power cut leaves either no store or a whole one.
//!
//! sled is used in the only way that proved durable: one committer thread, `apply_batch`, a blocking `flush`, then
//! `fdatasync` of sled's log; segments of 8 MiB so that no capped value ever becomes one of the blob files that sled does
//! not sync; no background flusher. Reads are answered on the caller's thread, mostly from memory. Panics inside sled
//! become errors.
//!
//! **Not here**: deciding and framing (`committer`), backups and moving data between engines (`backup`).

mod directory;
mod engine;
#[cfg(test)]
mod power;
mod reserve;
mod watermark;

use std::path::Path;

use tokio::sync::watch;

use super::{Batch, Change, DEFAULT_KEPT_COMMITS, Found, Pending, Read, Store, StoreError, committer::Embedded};
pub use directory::Directory;
use engine::SledEngine;

/// How a [`SledStore`] behaves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SledOptions {
    /// How much memory sled's page cache takes, in bytes; 48 MiB unless set.
    pub cache_bytes: u64,
    /// Writes are refused with [`StoreError::Full`] while the disk has less free space than this, in bytes; unless set, 64 MiB
    /// or a twentieth of the disk, whichever is less. sled needs some to reopen, too, so zero is not wise.
    pub free_space_reserve_bytes: Option<u64>,
    /// How many commits [`Store::changes`] can look back on; [`DEFAULT_KEPT_COMMITS`] unless set, at least one.
    pub kept_commits: u64,
    /// A new store numbers its commits from beyond this: what is restored must not give again numbers that somebody has seen
    /// of what it was restored from. Zero unless set; a store that is there already goes on as it is.
    pub numbered_after: u64,
}

impl Default for SledOptions {
    fn default() -> Self {
        Self {
            cache_bytes: 48 * 1024 * 1024,
            free_space_reserve_bytes: None,
            kept_commits: DEFAULT_KEPT_COMMITS,
            numbered_after: 0,
        }
    }
}

/// A [`Store`] in a directory. Dropping it finishes what is under way, syncs and frees the directory.
pub struct SledStore {
    embedded: Embedded<SledEngine>,
}

impl std::fmt::Debug for SledStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SledStore").field("latest", &self.latest()).finish_non_exhaustive()
    }
}

impl SledStore {
    /// Opens the store in this directory, or makes one there (readable by its owner only). Blocks for as long as sled takes
    /// to recover, about half a second for a million records.
    ///
    /// # Errors
    /// [`StoreError::Locked`] if it is open already, [`StoreError::Newer`] if a newer version of this program wrote it,
    /// [`StoreError::Corrupt`] if its files are damaged, [`StoreError::Full`] or [`StoreError::Failed`] if the disk is full
    /// or fails.
    pub fn open(path: impl AsRef<Path>, options: SledOptions) -> Result<Self, StoreError> {
        let engine = SledEngine::open(path.as_ref(), &options)?;
        Ok(Self { embedded: Embedded::open(engine, options.kept_commits)? })
    }
}

impl Store for SledStore {
    fn read(&self, reads: Vec<Read>) -> Pending<'_, Vec<Found>> {
        self.embedded.read(reads)
    }

    fn commit(&self, batch: Batch) -> Pending<'_, u64> {
        self.embedded.commit(batch)
    }

    fn changes(&self, after: u64, limit: usize) -> Pending<'_, Vec<Change>> {
        self.embedded.changes(after, limit)
    }

    fn latest(&self) -> u64 {
        self.embedded.latest()
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.embedded.watch()
    }

    fn health(&self) -> Result<(), StoreError> {
        self.embedded.health()
    }
}
