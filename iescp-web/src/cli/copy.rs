//! `iescp-web copy`: brings a store into another, of whatever engine, and proves that all of it arrived.

use super::Ended;
use super::progress::Shown;
use crate::admin_socket::in_parts;
use crate::installation::{Installation, store_path};
use crate::place::Place;
use crate::settings::Settings;
use clap::Args;
use iescp_core::backup::{self, Copied};
use iescp_core::blob::FolderBlobs;
use iescp_core::store::{SledOptions, SledStore};
use iescp_worker::backup::copy_beside;
use std::io::{self, Write};
use std::path::PathBuf;
use tokio::runtime::Runtime;

#[derive(Args, Clone, Debug)]
pub(super) struct CopyOptions {
    /// The store to copy; no server may have it open
    #[arg(long, value_name = "STORE")]
    from: String,

    /// Where to: an empty place
    #[arg(long, value_name = "STORE")]
    to: String,
}

pub(super) fn run(settings: &Settings, options: &CopyOptions) -> Result<(), Ended> {
    let path = |url: &str| {
        let path = store_path(url).map(PathBuf::from);
        path.ok_or_else(|| Ended::Misused(format!("“{url}” keeps nothing that could be copied: sled:PATH does")))
    };
    let (from, to) = (path(&options.from)?, path(&options.to)?);
    let source = Settings { store: options.from.clone(), data_dir: None, ..settings.clone() };
    let source = Installation::open_existing(&source)?;
    let place = Place::prepare(&to, to.clone())?;
    let runtime = Runtime::new().map_err(|e| format!("no threads to work with: {e}"))?;
    let mut shown = Shown::new();
    let mut tell = |progress| shown.show(progress);
    let copied = runtime.block_on(async {
        let numbered_after = source.platform.store().latest();
        let target = SledStore::open(place.store(), SledOptions { numbered_after, kept_commits: 1, ..SledOptions::default() })?;
        let blobs = FolderBlobs::new(place.pictures());
        let from_here = (source.platform.store().as_ref(), source.platform.blobs().as_ref());
        let copied = backup::copy(from_here, (&target, &blobs), &mut in_parts(&mut tell)).await?;
        copy_beside(&from, &place.beside()).await?;
        Ok::<Copied, backup::BackupError>(copied)
    });
    drop(shown);
    let Copied { contents, blobs } = copied.map_err(|error| format!("nothing was copied: {error}"))?;
    drop(runtime);
    place.take()?;
    let said = writeln!(
        io::stdout(),
        "{} keys and {blobs} files of pictures are in {} now, the same as in {}\nsha256 of keys and values: {}",
        contents.keys,
        options.to,
        options.from,
        contents.sha256
    );
    Ok(said.map_err(|e| format!("nothing can be printed: {e}"))?)
}
