//! Whether the store was closed the last time: a mark that stands beside it while a server has it open.
//!
//! A server that finds the mark was preceded by one that was killed, or whose machine went down. Nothing that was acknowledged is lost
//! by that; that it is so is looked at by a [check](iescp_core::check) in the background.
//!
//! **Not here**: the check (`iescp-worker`), the lock (`iescp_core::store`).

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The mark's name in the store's directory.
const NAME: &str = "running";

/// The mark of this server.
#[derive(Debug)]
pub struct Mark {
    path: PathBuf,
}

impl Mark {
    /// Marks a directory whose store this process has open; and whether there was a mark already.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn set(directory: &Path) -> io::Result<(Self, bool)> {
        let path = directory.join(NAME);
        let was_there = path.exists();
        fs::write(&path, format!("{}\n", std::process::id()))?;
        File::open(directory)?.sync_all()?;
        Ok((Self { path }, was_there))
    }

    /// Takes the mark away, after the store was closed.
    pub fn clear(self) {
        if let Err(why) = fs::remove_file(&self.path) {
            tracing::warn!(why = ?why, "it cannot be noted that the store was closed");
        }
    }
}
