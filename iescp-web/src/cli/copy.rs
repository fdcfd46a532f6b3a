//! `iescp-web copy`: brings a store into another, of whatever engine, and proves that all of it arrived.

use super::Ended;
use super::progress::Shown;
use crate::admin_socket::in_parts;
use crate::settings::Settings;
use clap::Args;
use iescp_core::backup::{self, Copied};
use iescp_worker::backup::hand_out_beside;
use iescp_worker::installation::settings::{Engine, Settings as Said, StoreUrl};
use iescp_worker::installation::{Building, Installation, runtime};
use std::io::{self, Write};
use std::path::Path;
use std::time::Instant;

#[derive(Args, Clone, Debug)]
pub(super) struct CopyOptions {
    /// The store to copy; nobody may write it meanwhile
    #[arg(long, env = "IESCP_COPY_FROM", hide_env_values = true, value_name = "STORE")]
    from: StoreUrl,

    /// Where to: an empty place
    #[arg(long, env = "IESCP_COPY_TO", hide_env_values = true, value_name = "STORE")]
    to: StoreUrl,

    /// Do all of it into a part of the database that is thrown away at the end, and say how long it took
    #[arg(long)]
    rehearse: bool,
}

pub(super) fn run(settings: &Settings, options: &CopyOptions) -> Result<(), Ended> {
    for url in [&options.from, &options.to] {
        if !url.lasts() {
            return Err(Ended::Misused(format!(
                "“{url}” keeps nothing that could be copied: sled:PATH and postgres://USER@HOST/DATABASE do"
            )));
        }
    }
    if same(&options.from, &options.to) {
        return Err(Ended::Misused(format!("{} cannot be copied onto itself: --to takes an empty place", options.from)));
    }
    let runtime = runtime()?;
    let began = Instant::now();
    let Copied { contents, blobs } = runtime.block_on(bring(settings, options))?;
    drop(runtime);
    let (keys, from, to) = (contents.keys, &options.from, &options.to);
    let done = match options.rehearse {
        true => format!(
            "{keys} keys and {blobs} files of pictures would be in {to}, the same as in {from}; nothing of it is left there. It took {} s",
            began.elapsed().as_secs_f64().ceil()
        ),
        false => format!("{keys} keys and {blobs} files of pictures are in {to} now, the same as in {from}"),
    };
    let said = writeln!(io::stdout(), "{done}\nsha256 of keys and values: {}", contents.sha256);
    Ok(said.map_err(|e| format!("nothing can be printed: {e}"))?)
}

/// Whether both are one place, however it is written.
fn same(from: &StoreUrl, to: &StoreUrl) -> bool {
    match (from.engine(), to.engine()) {
        (Engine::Sled(from), Engine::Sled(to)) => {
            let plain = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
            plain(from).ok() == plain(to).ok()
        }
        (Engine::Postgres(from), Engine::Postgres(to)) => from == to,
        _ => false,
    }
}

async fn bring(settings: &Settings, options: &CopyOptions) -> Result<Copied, String> {
    let said = |store: &StoreUrl| Said { store: store.clone(), data_dir: None, ..settings.installation.clone() };
    let source = Installation::open_existing(&said(&options.from), settings.of_the_platform()).await?;
    let numbered_after = source.platform.store().latest();
    let mut building = match options.rehearse {
        true => Building::rehearse(&said(&options.to), numbered_after).await?,
        false => Building::begin(&said(&options.to), numbered_after).await?,
    };
    let not_copied = |error: backup::BackupError| format!("nothing was copied: {error}");
    let mut shown = Shown::new();
    let mut tell = |progress| shown.show(progress);
    let (from, to) = (&source.platform, &building);
    let (from, to) = ((from.store().as_ref(), from.blobs().as_ref()), (to.store.as_ref(), to.blobs.as_ref()));
    let copied = backup::copy(from, to, &mut in_parts(&mut tell)).await.map_err(not_copied)?;
    hand_out_beside(&source.beside().await?, &mut |name, piece| building.add(name, piece)).await.map_err(not_copied)?;
    match options.rehearse {
        true => building.discard().await?,
        false => building.finish().await?,
    }
    Ok(copied)
}
