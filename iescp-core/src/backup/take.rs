//! Takes one moment of a store and its pictures.

use super::{BackupError, Part, Progress, Step, Tell, Writer, writes};
use crate::{
    Platform,
    event::Event,
    id::{EventId, PictureId},
    picture::{Picture, Size},
    store::{Found, Key, MAX_KEY_BYTES, Read, Resolved, Scan, Store, StoreError, keys::Table, record::decode, walk::Walk},
};
use std::{collections::BTreeSet, time::Duration};
use tokio::time::sleep;

/// How many keys are read at once: as few as keep others from waiting.
const PAGE: usize = 200;

/// A rest after each page: whoever else asks the store comes first.
const REST: Duration = Duration::from_millis(1);

/// A frame of writes is closed once it has so many bytes.
const FRAME_BYTES: usize = 256 * 1024;

/// Writes the store as it is after one commit, and the pictures that it speaks of; answers the number of that commit. Nobody
/// waits for it, and no picture goes meanwhile. The tokio runtime must have its time driver: it rests after each page.
///
/// # Errors
/// If the store or the disk fails; [`BackupError::TooBusy`] if changes were forgotten before they could be followed: then what
/// was written is of no use, and the writer must be dropped.
pub async fn take(platform: &Platform, writer: &mut Writer, tell: Tell<'_>) -> Result<u64, BackupError> {
    let _none_goes = platform.hold_blobs().await?;
    let mut pictures = BTreeSet::new();
    let moment = store(platform.store().as_ref(), writer, &mut pictures, tell).await.map_err(|error| match error {
        BackupError::Store(StoreError::Forgotten) => BackupError::TooBusy,
        other => other,
    })?;
    let of = Some(pictures.len() as u64);
    for (seen, picture) in pictures.into_iter().enumerate() {
        for size in Size::ALL {
            let name = size.blob(picture);
            // What is missing was missing before: `check` tells.
            let Some(bytes) = platform.blobs().get(name).await? else { continue };
            writer.counts().blobs += 1;
            writer.counts().blob_bytes += bytes.len() as u64;
            writer.part(&Part::Blob(name, bytes)).await?;
        }
        tell(Progress { step: Step::Pictures, seen: seen as u64 + 1, of });
    }
    Ok(moment)
}

async fn store(
    store: &dyn Store,
    writer: &mut Writer,
    pictures: &mut BTreeSet<PictureId>,
    tell: Tell<'_>,
) -> Result<u64, BackupError> {
    let mut walk = Walk::begin(store);
    let mut out = Frames { writer, pictures, gathered: Vec::new(), bytes: 0 };
    let mut scan = everything();
    loop {
        out.follow(&mut walk).await?;
        let pairs = walk.page(&scan).await?;
        let last = pairs.last().map(|(key, _)| key.clone()).filter(|_| pairs.len() == PAGE);
        out.writer.counts().keys += pairs.len() as u64;
        for (key, stored) in pairs {
            out.add((key, Some(stored.bytes))).await?;
        }
        tell(Progress { step: Step::Store, seen: out.writer.counts().keys, of: None });
        let Some(last) = last else { break };
        scan.from = Key([last.0.as_slice(), &[0]].concat());
        sleep(REST).await;
    }
    walk.settle().await?;
    out.follow(&mut walk).await?;
    out.close().await?;
    Ok(walk.moment())
}

/// Every key there can be.
pub(super) fn everything() -> Scan {
    Scan { from: Key::default(), to: Key(vec![0xff; MAX_KEY_BYTES]), descending: false, limit: PAGE }
}

/// Puts writes into frames.
struct Frames<'a> {
    writer: &'a mut Writer,
    pictures: &'a mut BTreeSet<PictureId>,
    gathered: Vec<Resolved>,
    bytes: usize,
}

impl Frames<'_> {
    /// Takes in what was committed meanwhile.
    async fn follow(&mut self, walk: &mut Walk<'_>) -> Result<(), BackupError> {
        let goal = walk.latest();
        loop {
            let changes = walk.changes(goal).await?;
            if changes.is_empty() {
                return Ok(());
            }
            for write in changes.into_iter().flat_map(|change| change.writes) {
                self.writer.counts().changes += 1;
                self.add(write).await?;
            }
        }
    }

    async fn add(&mut self, write: Resolved) -> Result<(), BackupError> {
        self.note_picture(&write);
        self.bytes += writes::size(&write);
        self.gathered.push(write);
        if self.bytes >= FRAME_BYTES { self.close().await } else { Ok(()) }
    }

    async fn close(&mut self) -> Result<(), BackupError> {
        self.bytes = 0;
        match std::mem::take(&mut self.gathered) {
            none if none.is_empty() => Ok(()),
            some => self.writer.part(&Part::Writes(some)).await,
        }
    }

    /// Keeps in mind which pictures there are at the moment.
    fn note_picture(&mut self, (key, value): &Resolved) {
        if key.0.first() != Some(&(Table::Picture as u8)) {
            return;
        }
        match value {
            // One that cannot be read is the store's trouble, and stands in the backup as it is.
            Some(bytes) => drop(decode::<Picture>(bytes).map(|picture| self.pictures.insert(picture.id))),
            None => self.pictures.retain(|picture| Picture::at(*picture) != *key),
        }
    }
}

/// Which of these events were committed after a moment: what follows from them does not belong to it.
///
/// # Errors
/// If the store fails.
pub async fn committed_after(store: &dyn Store, moment: u64, events: &[EventId]) -> Result<BTreeSet<EventId>, BackupError> {
    let mut later = BTreeSet::new();
    for some in events.chunks(PAGE) {
        let found = store.read(Read::all(some.iter().map(|event| Event::at(*event)))).await?;
        for (event, found) in some.iter().zip(found) {
            if matches!(found, Found::One(Some(stored)) if stored.version > moment) {
                later.insert(*event);
            }
        }
    }
    Ok(later)
}
