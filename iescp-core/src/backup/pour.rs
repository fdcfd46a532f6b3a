//! Brings a backup into an empty store.

use super::{BackupError, Part, Progress, Reader, Step, Tell, writes::Gathered};
use crate::{
    blob::Blobs,
    store::{Found, Read, Scan, Store},
};
use std::io;

/// What was brought back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Poured {
    /// Commits it took.
    pub commits: u64,
    /// Pictures' files.
    pub blobs: u64,
}

/// Brings a backup into an empty store, its pictures into `blobs`, and gives what stood beside the store to `beside`, piece by
/// piece. Only when this returns is it known that the backup was whole: after an error, what it brought must be thrown away.
///
/// # Errors
/// [`BackupError::Taken`] if the store holds something; what [`Reader::next`] finds; if the store or the disk fails.
pub async fn pour(
    mut reader: Reader,
    store: &dyn Store,
    blobs: &dyn Blobs,
    beside: &mut (dyn FnMut(&str, &[u8]) -> io::Result<()> + Send),
    tell: Tell<'_>,
) -> Result<Poured, BackupError> {
    if !is_empty(store).await? {
        return Err(BackupError::Taken("there is something in this store already".to_owned()));
    }
    let (mut gathered, mut poured) = (Gathered::default(), Poured::default());
    let of = Some(reader.manifest().bytes);
    while let Some(part) = reader.next()? {
        match part {
            Part::Writes(writes) => {
                for batch in writes.into_iter().filter_map(|write| gathered.add(write)).collect::<Vec<_>>() {
                    store.commit(batch).await?;
                    poured.commits += 1;
                }
            }
            Part::Blob(name, bytes) => {
                blobs.put(name, bytes).await?;
                poured.blobs += 1;
            }
            Part::File(name, piece) => beside(&name, &piece)?,
        }
        tell(Progress { step: Step::Reading, seen: reader.bytes(), of });
    }
    store.commit(gathered.rest()).await?;
    poured.commits += 1;
    Ok(poured)
}

pub(super) async fn is_empty(store: &dyn Store) -> Result<bool, BackupError> {
    let first = Scan { limit: 1, ..super::take::everything() };
    Ok(matches!(store.read(vec![Read::Scan(first)]).await?.as_slice(), [Found::Many(pairs)] if pairs.is_empty()))
}
