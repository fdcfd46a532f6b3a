//! Once a day: a backup, read again after it was written; then the oldest beyond those that are to be kept go.

use crate::{Backups, House, backup::back_up, queue::Failure};
use iescp_core::backup::{BackupError, Reader};
use jiff::civil::Date;
use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

/// How a backup's name begins and ends, with the day between.
const BEFORE: &str = "iescp-";
const AFTER: &str = ".backup";

pub(crate) async fn run(house: &House, day: Date) -> Result<(), Failure> {
    let Some(backups) = &house.backups else {
        return Err(Failure::Never("no directory for backups is set any more".to_owned()));
    };
    let failed = |error: BackupError| Failure::Again(format!("{}: {error}", backups.directory.display()));
    DirBuilder::new().recursive(true).mode(0o700).create(&backups.directory).map_err(|error| failed(error.into()))?;
    let file = backups.directory.join(format!("{BEFORE}{day}{AFTER}"));
    // A worker that died after it was written, and before that was noted, begins again.
    if !verified(&file).await.is_ok_and(|whole| whole) {
        let manifest = back_up(&house.platform, &backups.beside, &file, true, &mut |_| {}).await.map_err(failed)?;
        verified(&file).await.map_err(failed)?;
        tracing::info!(file = %file.display(), bytes = manifest.bytes, keys = manifest.counts.keys, "a backup was made and read again");
    }
    let bytes = fs::metadata(&file).map(|about| about.len()).unwrap_or_default();
    house.figures.add(|counts| {
        counts.backed_up_at = Some(house.platform.clock().now());
        counts.backup_bytes = bytes;
    });
    retire(backups).map_err(|error| failed(error.into()))
}

/// Whether there is a backup, and it is whole.
async fn verified(file: &Path) -> Result<bool, BackupError> {
    let file = file.to_owned();
    let reading = tokio::task::spawn_blocking(move || {
        if !file.exists() {
            return Ok(false);
        }
        Reader::open(&file)?.verify(&mut |_| {})?;
        Ok(true)
    });
    reading.await.map_err(io::Error::other)?
}

/// Removes the oldest backups, as many as are too many.
fn retire(backups: &Backups) -> io::Result<()> {
    let mut ours: Vec<(Date, PathBuf)> = Vec::new();
    for entry in fs::read_dir(&backups.directory)? {
        let entry = entry?;
        let day = entry.file_name().to_str().and_then(|name| name.strip_prefix(BEFORE)?.strip_suffix(AFTER)?.parse().ok());
        ours.extend(day.map(|day| (day, entry.path())));
    }
    ours.sort_unstable();
    let too_many = ours.len().saturating_sub(backups.keep.max(1));
    for (day, path) in ours.into_iter().take(too_many) {
        fs::remove_file(&path)?;
        tracing::info!(%day, "an old backup was removed");
    }
    Ok(())
}
