//! Blobs as files in a directory of their own, spread over 256 directories by the end of their ids.
//!
//! A file is written beside its place, synced and renamed, so that a power cut leaves the whole of it or none. Whatever else
//! lies in the directory is left alone.

use super::{BlobName, Blobs, Kept};
use crate::store::{Pending, StoreError};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

/// [`Blobs`] in a directory.
#[derive(Clone, Debug)]
pub struct FolderBlobs {
    path: PathBuf,
}

impl FolderBlobs {
    /// Blobs in this directory, which is made (readable by its owner only) when the first is written.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where a blob lies: in a directory named by the last two digits of its id, which are random.
    fn place(&self, name: BlobName) -> PathBuf {
        self.path.join(format!("{:02x}", last_byte(name))).join(name.to_string())
    }

    /// Does something with the file system, away from the threads that must not wait.
    fn away<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Pending<'static, T> {
        Box::pin(async {
            let done = tokio::task::spawn_blocking(work).await;
            done.unwrap_or_else(|gone| Err(io::Error::other(gone))).map_err(|error| of(&error))
        })
    }
}

fn last_byte(name: BlobName) -> u8 {
    name.id.as_bytes().last().copied().unwrap_or_default()
}

fn of(error: &io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full(format!("a blob found no room: {error}")),
        _ => StoreError::Failed(format!("a blob: {error}")),
    }
}

fn none_if_missing<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

impl Blobs for FolderBlobs {
    fn put(&self, name: BlobName, bytes: Vec<u8>) -> Pending<'_, ()> {
        let place = self.place(name);
        Self::away(move || write(&place, &bytes))
    }

    fn get(&self, name: BlobName) -> Pending<'_, Option<Vec<u8>>> {
        let place = self.place(name);
        Self::away(move || none_if_missing(fs::read(place)))
    }

    fn delete(&self, name: BlobName) -> Pending<'_, ()> {
        let place = self.place(name);
        Self::away(move || none_if_missing(fs::remove_file(place)).map(drop))
    }

    fn list(&self, after: Option<BlobName>, limit: usize) -> Pending<'_, Vec<Kept>> {
        let path = self.path.clone();
        Self::away(move || list(&path, after, limit))
    }
}

fn write(place: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = place.parent().ok_or_else(|| io::Error::other("a blob has no directory"))?;
    make(folder)?;
    let unfinished = place.with_extension("new");
    let finished = write_file(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, place));
    if let Err(error) = finished {
        // What is left of it is no blob, and the next try writes over it.
        let _ = fs::remove_file(&unfinished);
        return Err(error);
    }
    sync(folder)
}

fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes a directory for its owner only, and the one above it; its name is synced.
fn make(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    let above = folder.parent();
    above.map_or(Ok(()), sync)?;
    above.and_then(Path::parent).filter(|path| !path.as_os_str().is_empty()).map_or(Ok(()), sync)
}

/// Makes the names in a directory survive a power cut.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// In the order of directories, and of names in each.
fn list(path: &Path, after: Option<BlobName>, limit: usize) -> io::Result<Vec<Kept>> {
    let now = SystemTime::now();
    let mut found = Vec::new();
    for shard in after.map_or(0, last_byte)..=u8::MAX {
        let Some(entries) = none_if_missing(fs::read_dir(path.join(format!("{shard:02x}"))))? else { continue };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_str().and_then(|name| name.parse::<BlobName>().ok());
            let follows = |name: &BlobName| after.is_none_or(|after| (shard, *name) > (last_byte(after), after));
            names.extend(name.filter(|name| last_byte(*name) == shard).filter(follows).map(|name| (name, entry.path())));
        }
        names.sort_unstable();
        for (name, place) in names.into_iter().take(limit - found.len()) {
            if let Some(about) = none_if_missing(fs::metadata(place))? {
                found.push(Kept { name, age: now.duration_since(about.modified()?).unwrap_or_default() });
            }
        }
        if found.len() == limit {
            break;
        }
    }
    Ok(found)
}
