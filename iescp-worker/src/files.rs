//! The files that people asked for: in a folder beside the store, which only its owner can read; or in the database, where
//! several processes share one.
//!
//! A file is written in the folder in either case, under a name that begins with a dot. When all of it is there it gets its own
//! name, or goes to the database piece by piece.
//!
//! **Not here**: who may have which file (`iescp_core::export`).

mod shared;
#[cfg(test)]
mod tests;

use bytes::Bytes;
use futures_util::{Stream, stream};
use iescp_core::store::{PostgresBeside, StoreError};
use shared::SharedFiles;
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, SeekFrom},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    pin::Pin,
    sync::Arc,
};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use uuid::Uuid;

/// How many names are read of a folder at once.
const MOST_NAMES: usize = 10_000;

/// How many bytes of a folder's file are read at once.
const AT_ONCE: u64 = 64 * 1024;

/// The bytes of a file, some at a time.
pub type Pieces = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// Where files are. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Files {
    folder: Arc<Folder>,
    shared: Option<SharedFiles>,
}

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

    /// The same for every process on this database; only while they are written they are in a folder.
    ///
    /// # Errors
    /// If their table cannot be made, or nobody answers.
    pub async fn shared(self, beside: PostgresBeside) -> Result<Self, StoreError> {
        Ok(Self { shared: Some(SharedFiles::open(beside).await?), ..self })
    }

    fn made(path: PathBuf, passing: bool) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(&path)?;
        Ok(Self { folder: Arc::new(Folder { path, passing }), shared: None })
    }

    /// Where a file of this name stands in the folder; an error if the name is none that we give.
    fn path(&self, name: &str) -> io::Result<PathBuf> {
        let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
        if !plain || name.starts_with('.') {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "no such file is kept"));
        }
        Ok(self.folder.path.join(name))
    }

    /// So many bytes of a file, from one of them on. Memory never holds more than some of them.
    ///
    /// # Errors
    /// If there is no such file, or it cannot be read; also later, in what is answered.
    pub async fn read(&self, name: &str, from: u64, bytes: u64) -> io::Result<Pieces> {
        let path = self.path(name)?;
        if let Some(shared) = &self.shared {
            return shared.read(name, from, bytes).await;
        }
        let mut file = tokio::fs::File::open(path).await?;
        file.seek(SeekFrom::Start(from)).await?;
        Ok(Box::pin(stream::try_unfold(file.take(bytes), |mut file| async move {
            let mut piece = Vec::new();
            (&mut file).take(AT_ONCE).read_to_end(&mut piece).await?;
            Ok((!piece.is_empty()).then(|| (Bytes::from(piece), file)))
        })))
    }

    /// Begins a file that is to have this name.
    ///
    /// # Errors
    /// If it cannot be made.
    pub(crate) fn begin(&self, name: &str) -> io::Result<Draft> {
        let place = self.path(name)?;
        let path = self.folder.path.join(format!(".{name}"));
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).mode(0o600).open(&path)?;
        Ok(Draft { file, name: name.to_owned(), path, place, files: self.clone(), kept: false })
    }

    /// The names of all files, drafts included.
    ///
    /// # Errors
    /// If they cannot be read.
    pub(crate) async fn names(&self) -> io::Result<Vec<String>> {
        let files = self.clone();
        let here = tokio::task::spawn_blocking(move || files.names_here()).await.map_err(io::Error::other)??;
        let there = match &self.shared {
            Some(shared) => shared.names().await?,
            None => Vec::new(),
        };
        Ok([here, there].concat())
    }

    fn names_here(&self) -> io::Result<Vec<String>> {
        let names = fs::read_dir(&self.folder.path)?.take(MOST_NAMES);
        names.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
    }

    /// Removes a file or draft, by its name.
    pub(crate) async fn remove(&self, name: &str) -> io::Result<()> {
        let bare = name.strip_prefix('.').unwrap_or(name);
        self.path(bare)?;
        match &self.shared {
            Some(shared) if bare == name => shared.remove(name).await,
            _ => fs::remove_file(self.folder.path.join(name)),
        }
    }
}

/// A file that is being written. It goes unless it is kept.
#[derive(Debug)]
pub(crate) struct Draft {
    pub file: File,
    name: String,
    path: PathBuf,
    place: PathBuf,
    files: Files,
    kept: bool,
}

impl Draft {
    /// Gives it its name once all of it is on the disk, or in the database.
    pub async fn keep(mut self) -> io::Result<()> {
        if let Some(shared) = self.files.shared.clone() {
            return shared.put(&self.name, self.file.try_clone()?).await;
        }
        let keeping = move || {
            self.file.sync_all()?;
            fs::rename(&self.path, &self.place)?;
            self.kept = true;
            sync(&self.files.folder.path)
        };
        tokio::task::spawn_blocking(keeping).await.map_err(io::Error::other)?
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
