//! `iescp-web restore`: brings a backup back into an empty place, whole or not at all.

use super::progress::Shown;
use super::{Ended, check};
use crate::admin_socket::{Check, Command, in_parts};
use crate::place::Place;
use crate::settings::Settings;
use clap::Args;
use iescp_core::backup::{self, BackupError, Reader};
use iescp_core::blob::FolderBlobs;
use iescp_core::check::CheckReport;
use iescp_core::store::{SledOptions, SledStore, Store};
use iescp_core::{Platform, upgrade};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::runtime::Runtime;

/// Commits of a store that was restored are numbered from so far beyond those of the backup that none is met again that
/// somebody saw after the backup was taken.
const BEYOND: u64 = 1 << 40;

#[derive(Args, Clone, Debug)]
pub(super) struct RestoreOptions {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(super) fn run(settings: &Settings, options: &RestoreOptions) -> Result<(), Ended> {
    let Some(path) = settings.store.strip_prefix("sled:").filter(|path| !path.is_empty()) else {
        return Err(Ended::Misused(format!("{} is no place for a backup: sled:PATH is", settings.store)));
    };
    let cannot = |error: BackupError| format!("{}: {error}", options.file.display());
    let reader = Reader::open(&options.file).map_err(cannot)?;
    let made_at = reader.manifest().made_at;
    let place = Place::prepare(path.as_ref(), settings.key_directory().unwrap_or_else(|| path.into()))?;
    let runtime = Runtime::new().map_err(|e| format!("no threads to work with: {e}"))?;
    let report = runtime.block_on(bring_back(reader, &place, settings)).map_err(|why| match why {
        Ok(error) => cannot(error),
        Err(why) => why,
    })?;
    drop(runtime);
    place.take()?;
    let said = writeln!(io::stdout(), "everything as of {made_at} is in {path} now");
    said.map_err(|e| format!("nothing can be printed: {e}"))?;
    check::judge(&report, false)
}

/// Fills the place, and looks whether what it holds now is sound.
async fn bring_back(reader: Reader, place: &Place, settings: &Settings) -> Result<CheckReport, Result<BackupError, String>> {
    let mut shown = Shown::new();
    let mut tell = |progress| shown.show(progress);
    let numbered_after = reader.manifest().commit.saturating_add(BEYOND);
    // What is told of changes while it is filled, nobody needs.
    let options = SledOptions {
        numbered_after,
        kept_commits: 1,
        free_space_reserve_bytes: settings.reserve_bytes(),
        ..SledOptions::default()
    };
    let store: Arc<dyn Store> = Arc::new(SledStore::open(place.store(), options).map_err(|error| Ok(BackupError::Store(error)))?);
    let blobs = Arc::new(FolderBlobs::new(place.pictures()));
    let mut beside = |name: &str, piece: &[u8]| place.add(name, piece);
    backup::pour(reader, store.as_ref(), blobs.as_ref(), &mut beside, &mut in_parts(&mut tell)).await.map_err(Ok)?;
    upgrade::upgrade(store.as_ref()).await.map_err(|error| Ok(error.into()))?;
    let platform =
        Platform::over(store).blobs(blobs).settings(settings.of_the_platform()).open().map_err(|e| Err(e.to_string()))?;
    Check { repair: false }.run(&platform, &mut tell).await.map_err(Err)
}
