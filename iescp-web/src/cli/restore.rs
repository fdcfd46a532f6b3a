//! `iescp-web restore`: brings a backup back into an empty place, whole or not at all.

use super::progress::Shown;
use super::{Ended, check};
use crate::admin_socket::{Check, Command, in_parts};
use crate::settings::Settings;
use clap::Args;
use iescp_core::backup::{self, BackupError, Reader};
use iescp_core::check::CheckReport;
use iescp_core::{Platform, upgrade};
use iescp_worker::installation::settings::Engine;
use iescp_worker::installation::{Building, runtime};
use std::io::{self, Write};
use std::path::PathBuf;

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
    let store = &settings.installation.store;
    if !store.lasts() {
        return Err(Ended::Misused(format!("{store} is no place for a backup: sled:PATH and postgres://USER@HOST/DATABASE are")));
    }
    let cannot = |error: BackupError| format!("{}: {error}", options.file.display());
    let reader = Reader::open(&options.file).map_err(cannot)?;
    let made_at = reader.manifest().made_at;
    let runtime = runtime()?;
    let report = runtime.block_on(async {
        let numbered_after = reader.manifest().commit.saturating_add(BEYOND);
        let mut building = Building::begin(&settings.installation, numbered_after).await?;
        let report = bring_back(reader, &mut building, settings).await.map_err(|why| match why {
            Ok(error) => cannot(error),
            Err(why) => why,
        })?;
        building.finish().await?;
        Ok::<_, String>(report)
    })?;
    drop(runtime);
    let said = match store.engine() {
        Engine::Sled(path) => writeln!(io::stdout(), "everything as of {made_at} is in {} now", path.display()),
        _ => writeln!(io::stdout(), "everything as of {made_at} is in {store} now"),
    };
    said.map_err(|e| format!("nothing can be printed: {e}"))?;
    check::judge(&report, false)
}

/// Fills the place, and looks whether what it holds now is sound.
async fn bring_back(
    reader: Reader,
    building: &mut Building,
    settings: &Settings,
) -> Result<CheckReport, Result<BackupError, String>> {
    let mut shown = Shown::new();
    let mut tell = |progress| shown.show(progress);
    let (store, blobs) = (building.store.clone(), building.blobs.clone());
    let mut beside = |name: &str, piece: &[u8]| building.add(name, piece);
    backup::pour(reader, store.as_ref(), blobs.as_ref(), &mut beside, &mut in_parts(&mut tell)).await.map_err(Ok)?;
    upgrade::upgrade(store.as_ref()).await.map_err(|error| Ok(error.into()))?;
    let platform =
        Platform::over(store).blobs(blobs).settings(settings.of_the_platform()).open().map_err(|e| Err(e.to_string()))?;
    Check { repair: false }.run(&platform, &mut tell).await.map_err(Err)
}
