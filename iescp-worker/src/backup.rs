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
    Queue, QueueError,
    installation::secrets::Keyring,
    jobs::Job,
    passing::{PassingFile, PassingFolder},
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
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

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
    /// The directory with the queue's file.
    pub directory: Option<PathBuf>,
    /// The queue, where it has no file.
    pub queue: Option<Queue>,
    /// Where the keys are.
    pub keyring: Keyring,
}

impl Beside {
    /// Keys and queue in a directory.
    #[must_use]
    pub fn directory(directory: PathBuf) -> Self {
        Self { keyring: Keyring::Directory(directory.clone()), directory: Some(directory), queue: None }
    }

    /// The queue as a file, if there is one; what is made for that is in `room`.
    async fn queue(&self, room: &Path) -> Result<Option<PathBuf>, BackupError> {
        if let Some(queue) = &self.queue {
            let file = room.join(QUEUE);
            let copy = Queue::open(&file).await.map_err(failed)?;
            copy.bring(queue).await.map_err(failed)?;
            return Ok(Some(file));
        }
        let file = self.directory.as_ref().map(|directory| directory.join(QUEUE));
        Ok(file.filter(|file| file.exists()))
    }
}

fn failed(error: QueueError) -> BackupError {
    BackupError::Disk(io::Error::other(error.to_string()))
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
    let room = PassingFolder::make()?;
    if let Some(queue) = beside.queue(room.path()).await? {
        let copy = PassingFile::beside(file)?;
        copy_queue(&queue, copy.path(), platform.store().as_ref(), moment).await?;
        writer.file(QUEUE, File::open(copy.path())?).await?;
    }
    match beside.keyring.text().await {
        Ok(keys) => writer.file(KEYS, keys.as_slice()).await?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    writer.finish(moment, made_at).await
}

pub(crate) async fn copy_queue(from: &Path, to: &Path, store: &dyn Store, moment: u64) -> Result<(), BackupError> {
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
    let room = PassingFolder::make()?;
    if let Some(queue) = beside.queue(room.path()).await? {
        let copy = room.path().join("copy");
        QueueCopy::make(&queue, &copy).await.map_err(failed)?.close().await.map_err(failed)?;
        let (mut file, mut piece) = (File::open(copy)?, vec![0; PIECE]);
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
