//! The folder where files stand that people asked for, beside the store. Only its owner can read it.
//!
//! A file is written under a name that begins with a dot, and gets its own when all of it is on the disk.
//!
//! **Not here**: who may have which file (`iescp_core::export`).

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};
use uuid::Uuid;

/// How many names are read of a folder at once.
const MOST_NAMES: usize = 10_000;

/// A folder of files. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Files(Arc<Folder>);

#[derive(Debug)]
struct Folder {
    path: PathBuf,
    /// Whether it goes with the last who knows it.
    passing: bool,
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.passing {
            let _gone = fs::remove_dir_all(&self.path);
        }
    }
}

impl Files {
    /// Files in this folder; makes it if there is none.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn open(folder: impl Into<PathBuf>) -> io::Result<Self> {
        Self::made(folder.into(), false)
    }

    /// Files in a folder that goes when nobody knows it any more: for a store that ends with the process.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn passing() -> io::Result<Self> {
        Self::made(std::env::temp_dir().join(format!("iescp-files-{}", Uuid::now_v7())), true)
    }

    fn made(path: PathBuf, passing: bool) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(&path)?;
        Ok(Self(Arc::new(Folder { path, passing })))
    }

    /// Where a file of this name stands.
    ///
    /// # Errors
    /// If the name is none that we give.
    pub fn path(&self, name: &str) -> io::Result<PathBuf> {
        let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
        if !plain || name.starts_with('.') {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "no such file is kept"));
        }
        Ok(self.0.path.join(name))
    }

    /// Begins a file that is to have this name.
    ///
    /// # Errors
    /// If it cannot be made.
    pub(crate) fn begin(&self, name: &str) -> io::Result<Draft> {
        let place = self.path(name)?;
        let path = self.0.path.join(format!(".{name}"));
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).mode(0o600).open(&path)?;
        Ok(Draft { file, path, place, folder: self.0.path.clone(), kept: false })
    }

    /// The names of all files, drafts included, and when each was last written.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub(crate) fn names(&self) -> io::Result<Vec<String>> {
        let names = fs::read_dir(&self.0.path)?.take(MOST_NAMES);
        names.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
    }

    /// Removes a file or draft, by its name in the folder.
    pub(crate) fn remove(&self, name: &str) -> io::Result<()> {
        let bare = name.strip_prefix('.').unwrap_or(name);
        self.path(bare)?;
        fs::remove_file(self.0.path.join(name))
    }
}

/// A file that is being written. It goes unless it is kept.
#[derive(Debug)]
pub(crate) struct Draft {
    pub file: File,
    path: PathBuf,
    place: PathBuf,
    folder: PathBuf,
    kept: bool,
}

impl Draft {
    /// Gives it its name once all of it is on the disk; waits for the disk.
    pub fn keep(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.path, &self.place)?;
        self.kept = true;
        sync(&self.folder)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.kept {
            let _gone = fs::remove_file(&self.path);
        }
    }
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
