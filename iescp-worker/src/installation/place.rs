//! An empty place in which an installation is built: whole, or not at all.
//!
//! It is built in `restoring/`, in the place itself, since the directory above may be somebody else's. When all of it is on the
//! disk, its parts are moved to where they belong, the store last: whoever is killed before leaves no store, and whoever tries
//! again clears what was left. A server does not start in a place where that happened.
//!
//! **Not here**: what is put there (whoever restores or copies).

#[cfg(test)]
mod tests;

use crate::backup::{KEYS, QUEUE};
use iescp_core::store::sled::Directory;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Where it is built.
const BUILDING: &str = "restoring";

/// What an installation has in its store's directory, in the order in which it is moved there.
const PARTS: [&str; 4] = [KEYS, QUEUE, "pictures", "sled"];

/// What may be in a place that counts as empty.
const NOTHING: [&str; 2] = ["lock", "lost+found"];

/// A place that is being filled; it belongs to this process as long as this value is there.
pub struct Place {
    root: PathBuf,
    /// Where keys and the queue belong: mostly the same.
    data: PathBuf,
    _ours: Directory,
}

impl Place {
    /// Takes an empty place, or one that was left half filled.
    ///
    /// # Errors
    /// A sentence that says what is there, or what stands in the way.
    pub fn prepare(root: &Path, data: PathBuf) -> Result<Self, String> {
        let cannot = |e: io::Error| format!("{} cannot be filled: {e}", root.display());
        if root.join("sled").exists() {
            return Err(format!("there is a store at {} already; a backup goes into an empty place only", root.display()));
        }
        // A place that is somebody else's gets no lock of ours.
        if root.exists() && !root.join(BUILDING).exists() {
            empty(root, |_| true).map_err(cannot)??;
        }
        let ours = Directory::open(root).map_err(|e| e.to_string())?;
        let place = Self { root: root.to_owned(), data, _ours: ours };
        for directory in place.directories() {
            DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(cannot)?;
            place.clear(directory).map_err(cannot)?;
            // Another directory may have other things in it.
            empty(directory, |name| directory == place.root || place.belongs(name, directory)).map_err(cannot)??;
        }
        for directory in place.directories() {
            DirBuilder::new().mode(0o700).create(directory.join(BUILDING)).map_err(cannot)?;
            sync(directory).map_err(cannot)?;
        }
        Ok(place)
    }

    fn directories(&self) -> Vec<&Path> {
        if self.data == self.root { vec![&self.root] } else { vec![&self.data, &self.root] }
    }

    /// Removes what one that was killed left behind.
    fn clear(&self, directory: &Path) -> io::Result<()> {
        let building = directory.join(BUILDING);
        if !building.exists() {
            return Ok(());
        }
        for part in PARTS.into_iter().filter(|name| self.belongs(name, directory)).map(|name| directory.join(name)) {
            match part.is_dir() {
                true => fs::remove_dir_all(part)?,
                false if part.exists() => fs::remove_file(part)?,
                false => {}
            }
        }
        fs::remove_dir_all(building)
    }

    /// Whether this is a name of ours in one of the directories.
    fn belongs(&self, name: &str, directory: &Path) -> bool {
        directory == self.root || name == KEYS || name.starts_with(QUEUE)
    }

    /// The directory in which the store is built.
    #[must_use]
    pub fn store(&self) -> PathBuf {
        self.root.join(BUILDING)
    }

    /// The directory in which pictures are put.
    #[must_use]
    pub fn pictures(&self) -> PathBuf {
        self.store().join("pictures")
    }

    /// The directory in which keys and queue are put.
    #[must_use]
    pub fn beside(&self) -> PathBuf {
        self.data.join(BUILDING)
    }

    /// Adds a piece to a file beside the store.
    ///
    /// # Errors
    /// If it is none that belongs there, or cannot be written.
    pub fn add(&self, name: &str, piece: &[u8]) -> io::Result<()> {
        if ![KEYS, QUEUE].contains(&name) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("nobody here knows what its file {name:?} is")));
        }
        let path = self.data.join(BUILDING).join(name);
        let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
        file.write_all(piece)?;
        file.sync_data()
    }

    /// Puts everything where it belongs.
    ///
    /// # Errors
    /// A sentence, if it cannot be moved; then it can be tried again from the beginning.
    pub fn take(self) -> Result<(), String> {
        self.move_all().map_err(|e| format!("{} cannot be filled: {e}", self.root.display()))
    }

    fn move_all(&self) -> io::Result<()> {
        for name in PARTS {
            let home = if [KEYS, QUEUE].contains(&name) { &self.data } else { &self.root };
            let built = home.join(BUILDING).join(name);
            if built.exists() {
                sync(&home.join(BUILDING))?;
                fs::rename(built, home.join(name))?;
                sync(home)?;
            }
        }
        for directory in self.directories() {
            fs::remove_dir_all(directory.join(BUILDING))?;
            sync(directory)?;
        }
        Ok(())
    }
}

/// Whether somebody was killed while they filled this place, so that there is no store yet; what was left behind one that is
/// there is removed.
///
/// # Errors
/// If it cannot be removed.
pub fn is_unfinished(root: &Path) -> io::Result<bool> {
    let building = root.join(BUILDING);
    if !building.exists() {
        return Ok(false);
    }
    if !root.join("sled").exists() {
        return Ok(true);
    }
    fs::remove_dir_all(building)?;
    Ok(false)
}

/// Says what stands in a directory that should be empty, of what counts.
fn empty(directory: &Path, counts: impl Fn(&str) -> bool) -> io::Result<Result<(), String>> {
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if counts(&name) && !NOTHING.contains(&name.as_str()) {
            return Ok(Err(format!("{} is not empty: it holds {name}", directory.display())));
        }
    }
    Ok(Ok(()))
}

fn sync(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}
