//! The store's directory: made privately, locked by one process, synced so that its names survive a power cut.
//!
//! **Not here**: what sled's files contain.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
};

use crate::store::StoreError;

/// A store's directory, locked for as long as this lives.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    _lock: File,
}

impl Directory {
    /// Makes the directory if there is none, for its owner only, and locks it.
    ///
    /// # Errors
    /// [`StoreError::Locked`] if a store is open there; [`StoreError::Full`] or [`StoreError::Failed`] if it cannot be made.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        make_directory(path).map_err(|error| failed("make", path, error))?;
        let lock = lock(path)?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// Where sled's files are.
    pub(super) fn sled(&self) -> PathBuf {
        self.path.join("sled")
    }

    /// Where a new store is made.
    fn unfinished(&self) -> PathBuf {
        self.path.join("sled.new")
    }

    /// Sees to it that there is a store: if not, `make` makes one in the directory it is given, with its files synced.
    pub(super) fn ensure_store(&self, make: impl FnOnce(&Path) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let (sled, unfinished) = (self.sled(), self.unfinished());
        if sled.exists() {
            return Ok(());
        }
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished).map_err(|error| failed("clear", &unfinished, error))?;
        }
        make_directory(&unfinished).map_err(|error| failed("make", &unfinished, error))?;
        make(&unfinished)?;
        fs::rename(&unfinished, &sled).map_err(|error| failed("rename", &unfinished, error))?;
        sync_directory(&self.path).map_err(|error| failed("sync", &self.path, error))
    }
}

/// Makes a directory for its owner only, and those above it, each name synced.
fn make_directory(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    make_directory(parent)?;
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
        other => other?,
    }
    sync_directory(parent)
}

fn lock(path: &Path) -> Result<File, StoreError> {
    let name = path.join("lock");
    let opened = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&name);
    let mut file = opened.map_err(|error| failed("open", &name, error))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let _ = file.take(32).read_to_string(&mut holder);
            return Err(StoreError::Locked(format!("{} belongs to process {}", path.display(), holder.trim())));
        }
        Err(TryLockError::Error(error)) => return Err(failed("lock", &name, error)),
    }
    let mut note_holder = || {
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{}", std::process::id())
    };
    if let Err(error) = note_holder() {
        // Only a courtesy to whoever finds the store locked.
        tracing::debug!(%error, "the lock file could not be written");
    }
    Ok(file)
}

/// Makes the names in a directory survive a power cut.
pub(super) fn sync_directory(path: &Path) -> io::Result<()> {
    match cfg!(unix) {
        true => File::open(path)?.sync_all(),
        false => Ok(()),
    }
}

/// An error of the file system as the store tells it.
pub(super) fn failed(what: &str, path: &Path, error: io::Error) -> StoreError {
    from_io(&error, &format!("cannot {what} {}", path.display()))
}

/// Tells a lack of room from other failures.
pub(super) fn from_io(error: &io::Error, context: &str) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full(format!("{context}: {error}")),
        _ => StoreError::Failed(format!("{context}: {error}")),
    }
}
