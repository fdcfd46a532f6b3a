//! Takes a backup of a whole installation: its store and pictures, what its queue holds, its keys.
//!
//! **The queue** is copied after the store, and a letter leaves the outbox only when the queue has it: so a letter of that moment
//! is in the one, or in the other, or in both, where it has the same name and is sent once. Letters whose event was committed
//! after the moment are taken out of the copy: what they tell has not happened there. Letters that were sent between the backup and
//! the day it is brought back are sent again, under the same Message-ID.
//!
//! **Keys** are in it because without them links in letters end and second factors cannot be read. So a backup must be kept as safe
//! as the installation.
//!
//! **Not here**: the file's format (`iescp_core::backup`), files that can be made again (exports), mails that were written into a
//! folder.

use crate::{
    installation::secrets::Keyring,
    jobs::Job,
    queue::{QueueCopy, Undone},
};
use iescp_core::{
    Platform,
    backup::{self, BackupError, Manifest, Target, Tell, Writer},
    id::EventId,
    store::Store,
};
use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Read},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// The files beside a store that a backup holds.
pub const KEYS: &str = "keys.json";
/// The queue's file.
pub const QUEUE: &str = "queue.sqlite";

/// How many bytes of a file are handed out at once.
const PIECE: usize = 256 * 1024;

/// How often it is begun anew because so much was written meanwhile.
const TRIES: usize = 3;

/// Where a backup comes from, besides the platform's store: by default from nowhere, so that it holds the store and its pictures alone.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The directory with the queue.
    pub directory: Option<PathBuf>,
    /// Where the keys are.
    pub keyring: Keyring,
}

impl Beside {
    /// Keys and queue in a directory.
    #[must_use]
    pub fn directory(directory: PathBuf) -> Self {
        Self { keyring: Keyring::Directory(directory.clone()), directory: Some(directory) }
    }
}

/// Takes a backup into a file, which gets its name when it is whole and on the disk.
///
/// # Errors
/// If there is such a file and it is not to be replaced, the store or the disk fails, or so much is written that it cannot be
/// followed. Then there is no file.
pub async fn back_up(
    platform: &Platform,
    beside: &Beside,
    file: &Path,
    force: bool,
    tell: Tell<'_>,
) -> Result<Manifest, BackupError> {
    for _ in 1..TRIES {
        match try_once(platform, beside, file, force, tell).await {
            Err(BackupError::TooBusy) => tracing::info!("so much was written during a backup that it is begun anew"),
            other => return other,
        }
    }
    try_once(platform, beside, file, force, tell).await
}

async fn try_once(
    platform: &Platform,
    beside: &Beside,
    file: &Path,
    force: bool,
    tell: Tell<'_>,
) -> Result<Manifest, BackupError> {
    let made_at = platform.clock().now();
    let mut writer = Writer::begin(Target::begin(file, force)?);
    let moment = backup::take(platform, &mut writer, tell).await?;
    if let Some(directory) = &beside.directory {
        let queue = directory.join(QUEUE);
        if queue.exists() {
            let copy = Passing::beside(file)?;
            copy_queue(&queue, &copy.0, platform.store().as_ref(), moment).await?;
            writer.file(QUEUE, File::open(&copy.0)?).await?;
        }
    }
    match beside.keyring.text().await {
        Ok(keys) => writer.file(KEYS, keys.as_slice()).await?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    writer.finish(moment, made_at).await
}

pub(crate) async fn copy_queue(from: &Path, to: &Path, store: &dyn Store, moment: u64) -> Result<(), BackupError> {
    let failed = |error: crate::QueueError| BackupError::Disk(io::Error::other(error.to_string()));
    let mut copy = QueueCopy::make(from, to).await.map_err(failed)?;
    let mut last: Option<Undone> = None;
    loop {
        let mut page = copy.undone(last.as_ref()).await.map_err(failed)?;
        let events: BTreeSet<EventId> = page.iter().filter_map(event).collect();
        let later = backup::committed_after(store, moment, &events.into_iter().collect::<Vec<_>>()).await?;
        let too_new: Vec<&Undone> = page.iter().filter(|job| event(job).is_some_and(|event| later.contains(&event))).collect();
        copy.remove(&too_new).await.map_err(failed)?;
        match page.pop() {
            Some(job) => last = Some(job),
            None => return copy.close().await.map_err(failed),
        }
    }
}

/// The event that a letter follows from.
fn event(job: &Undone) -> Option<EventId> {
    match serde_json::from_value(job.body.clone()) {
        Ok(Job::Letter { item } | Job::Chat { item }) => Some(item.event),
        _ => None,
    }
}

/// Hands out the keys and the queue of a store that nobody uses, piece by piece.
///
/// # Errors
/// If they cannot be read, or what `add` says.
pub async fn hand_out_beside(
    beside: &Beside,
    add: &mut (dyn FnMut(&str, &[u8]) -> io::Result<()> + Send),
) -> Result<(), BackupError> {
    let queue = beside.directory.as_ref().map(|directory| directory.join(QUEUE)).filter(|queue| queue.exists());
    if let Some(queue) = queue {
        let copy = Passing::somewhere("queue")?;
        let made = QueueCopy::make(&queue, copy.path()).await;
        made.map_err(|error| BackupError::Disk(io::Error::other(error.to_string())))?.close().await.map_err(io::Error::other)?;
        let (mut file, mut piece) = (File::open(copy.path())?, vec![0; PIECE]);
        loop {
            match file.read(&mut piece)? {
                0 => break,
                read => add(QUEUE, piece.get(..read).unwrap_or_default())?,
            }
        }
    }
    match beside.keyring.text().await {
        Ok(keys) => Ok(add(KEYS, &keys)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// A file that goes with this value. It is there, empty, for its owner alone.
pub(crate) struct Passing(PathBuf);

impl Passing {
    fn beside(file: &Path) -> io::Result<Self> {
        let mut name = OsString::from(file);
        name.push(".queue");
        Self::at(PathBuf::from(name))
    }

    /// One in the system's directory for such files.
    pub(crate) fn somewhere(what: &str) -> io::Result<Self> {
        Self::at(std::env::temp_dir().join(format!("iescp-{what}-{}", Uuid::now_v7())))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    fn at(path: PathBuf) -> io::Result<Self> {
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        let _gone = fs::remove_file(&self.0);
    }
}
