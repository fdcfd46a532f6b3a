//! Writes a backup's file: packing, hashing and the disk on a thread of their own, so that those who serve people do not wait.
//!
//! It is written as `FILE.part` and gets its name when all of it is on the disk; whoever goes away before leaves nothing.

use super::{
    BackupError,
    frame::Frame,
    manifest::{Beside, Counts, FORMAT, HEAD_BYTES, Manifest},
    part::{END, PIECE_BYTES, Part},
};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};
use tokio::{sync::mpsc, task::JoinHandle};

/// How many frames wait for the thread.
const WAITING: usize = 4;

/// So many bytes are written before the disk is waited for: the less it has to write at once, the less do others wait for it.
const SYNC_EVERY: usize = 4 * 1024 * 1024;

/// Where a backup is to be: a file that gets its name in the end.
#[derive(Debug)]
pub struct Target {
    file: File,
    part: PathBuf,
    path: PathBuf,
    force: bool,
    kept: bool,
}

impl Target {
    /// Begins `FILE.part`, which only its owner can read.
    ///
    /// # Errors
    /// [`BackupError::Taken`] if there is such a file and it is not to be replaced, or somebody else writes it; if the file cannot
    /// be made.
    pub fn begin(path: &Path, force: bool) -> Result<Self, BackupError> {
        let path = path.to_owned();
        refuse_to_replace(&path, force)?;
        let mut part = OsString::from(&path);
        part.push(".part");
        let part = PathBuf::from(part);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&part)?;
        if file.try_lock().is_err() {
            return Err(BackupError::Taken(format!("{} is being written by somebody else", part.display())));
        }
        file.set_len(0)?;
        Ok(Self { file, part, path, force, kept: false })
    }

    /// Gives it its name, once all of it is on the disk.
    fn keep(mut self) -> Result<(), BackupError> {
        self.file.sync_all()?;
        refuse_to_replace(&self.path, self.force)?;
        fs::rename(&self.part, &self.path)?;
        self.kept = true;
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()?;
        Ok(())
    }
}

fn refuse_to_replace(path: &Path, force: bool) -> Result<(), BackupError> {
    if path.is_dir() {
        return Err(BackupError::Taken(format!("{} is a directory; a backup is a file", path.display())));
    }
    if !force && path.symlink_metadata().is_ok() {
        return Err(BackupError::Taken(format!("{} is there already; --force replaces it", path.display())));
    }
    Ok(())
}

impl Drop for Target {
    fn drop(&mut self) {
        if !self.kept {
            let _gone = fs::remove_file(&self.part);
        }
    }
}

/// What the thread is told.
enum Order {
    Write(Frame),
    Finish(Box<Manifest>),
}

/// Writes a backup. Dropped before it is finished, it leaves no file.
pub struct Writer {
    orders: mpsc::Sender<Order>,
    thread: JoinHandle<Result<Option<Manifest>, BackupError>>,
    counts: Counts,
}

impl Writer {
    /// Begins. Must be called within a tokio runtime.
    #[must_use]
    pub fn begin(target: Target) -> Self {
        let (orders, told) = mpsc::channel(WAITING);
        let thread = tokio::task::spawn_blocking(move || work(target, told));
        Self { orders, thread, counts: Counts::default() }
    }

    pub(super) fn counts(&mut self) -> &mut Counts {
        &mut self.counts
    }

    /// Writes a part.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(super) async fn part(&mut self, part: &Part) -> Result<(), BackupError> {
        self.order(Order::Write(part.frame())).await
    }

    /// Writes a file that stands beside the store.
    ///
    /// # Errors
    /// If it cannot be read or written.
    pub async fn file(&mut self, name: &str, mut from: impl Read + Send) -> Result<(), BackupError> {
        let mut bytes = 0;
        loop {
            let mut piece = Vec::new();
            (&mut from).take(PIECE_BYTES as u64).read_to_end(&mut piece)?;
            // An empty file is one too.
            if piece.is_empty() && bytes > 0 {
                break;
            }
            bytes += piece.len() as u64;
            let last = piece.len() < PIECE_BYTES;
            self.part(&Part::File(name.to_owned(), piece)).await?;
            if last {
                break;
            }
        }
        self.counts.beside.push(Beside { name: name.to_owned(), bytes });
        Ok(())
    }

    /// Ends the file and gives it its name: it is on the disk then.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn finish(mut self, commit: u64, made_at: Timestamp) -> Result<Manifest, BackupError> {
        let counts = std::mem::take(&mut self.counts);
        let end = serde_json::to_vec(&counts).map_err(io::Error::other)?;
        self.order(Order::Write(Frame { kind: END, bytes: end })).await?;
        let manifest = Manifest {
            format: FORMAT,
            made_by: env!("CARGO_PKG_VERSION").to_owned(),
            made_at,
            layout: crate::upgrade::LAYOUT,
            commit,
            counts,
            bytes: 0,
            sha256: String::new(),
        };
        self.order(Order::Finish(Box::new(manifest))).await?;
        self.ended().await?.ok_or_else(|| BackupError::Disk(io::Error::other("the backup was not finished")))
    }

    async fn order(&mut self, order: Order) -> Result<(), BackupError> {
        if self.orders.send(order).await.is_ok() {
            return Ok(());
        }
        self.ended().await?;
        Err(BackupError::Disk(io::Error::other("the backup's thread ended")))
    }

    async fn ended(&mut self) -> Result<Option<Manifest>, BackupError> {
        (&mut self.thread).await.map_err(io::Error::other)?
    }
}

/// Writes until it is told to finish, or nobody tells anything any more.
fn work(mut target: Target, mut told: mpsc::Receiver<Order>) -> Result<Option<Manifest>, BackupError> {
    let (mut hasher, mut bytes, mut unsynced) = (Sha256::new(), 0, 0);
    target.file.write_all(&[b' '; HEAD_BYTES])?;
    while let Some(order) = told.blocking_recv() {
        match order {
            Order::Write(frame) => {
                let packed = frame.pack()?;
                hasher.update(&packed);
                bytes += packed.len() as u64;
                unsynced += packed.len();
                target.file.write_all(&packed)?;
                if unsynced >= SYNC_EVERY {
                    target.file.sync_data()?;
                    unsynced = 0;
                }
            }
            Order::Finish(manifest) => {
                let manifest = Manifest { bytes, sha256: HEXLOWER.encode(&hasher.finalize()), ..*manifest };
                target.file.seek(SeekFrom::Start(0))?;
                target.file.write_all(&manifest.write()?)?;
                target.keep()?;
                return Ok(Some(manifest));
            }
        }
    }
    Ok(None)
}
