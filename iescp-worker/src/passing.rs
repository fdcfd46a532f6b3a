//! Files that are only on the way: they go with the value that knows them, and only their owner can read them.
//!
//! **Not here**: files that people asked for (`files`).

use std::{
    ffi::OsString,
    fs::{self, DirBuilder, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// A file; it is there, empty at first.
pub(crate) struct PassingFile(PathBuf);

impl PassingFile {
    /// One beside another.
    pub fn beside(file: &Path) -> io::Result<Self> {
        let mut name = OsString::from(file);
        name.push(".queue");
        let path = PathBuf::from(name);
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path)?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for PassingFile {
    fn drop(&mut self) {
        let _gone = fs::remove_file(&self.0);
    }
}

/// A folder in the system's directory for such things.
pub(crate) struct PassingFolder(PathBuf);

impl PassingFolder {
    pub fn make() -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("iescp-{}", Uuid::now_v7()));
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for PassingFolder {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}
