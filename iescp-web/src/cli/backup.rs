//! `iescp-web backup`: everything in one file, also while serving; and whether such a file is whole.

use super::Ended;
use super::progress::Shown;
use super::terminal::{self, Missing};
use crate::admin_socket::{Backup, in_parts};
use crate::settings::Settings;
use clap::Args;
use iescp_core::backup::{Manifest, Reader};
use iescp_worker::backup::back_up;
use iescp_worker::installation::runtime;
use iescp_worker::installation::settings::Engine;
use std::io::{self, Write};
use std::path::{self, Path, PathBuf};

#[derive(Args, Clone, Debug)]
pub(super) struct BackupOptions {
    /// The file to write, or to look at
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Write nothing: look whether the file is a whole backup, every byte of it
    #[arg(long, conflicts_with = "force")]
    verify: bool,

    /// Replace the file if there is one
    #[arg(long)]
    force: bool,
}

pub(super) fn run(settings: &Settings, options: BackupOptions) -> Result<(), Ended> {
    let BackupOptions { file, verify, force } = options;
    let manifest = if verify { look(&file)? } else { write(settings, &file, force)? };
    let done = if verify { "is whole" } else { "was written" };
    print(&file, done, &manifest).map_err(|e| format!("nothing can be printed: {e}"))?;
    Ok(())
}

fn write(settings: &Settings, file: &Path, force: bool) -> Result<Manifest, Ended> {
    // Whoever writes it may stand in another directory.
    let absolute = |path: &Path| path::absolute(path).map_err(|e| format!("{} is no path: {e}", path.display()));
    let store = &settings.installation.store;
    match (store.engine(), settings.installation.directory()) {
        (Engine::Postgres(_), _) => write_here(settings, &absolute(file)?, force),
        (Engine::Sled(_), Some(directory)) => {
            let backup = Backup { file: absolute(file)?, force, directory: absolute(&directory)? };
            terminal::ask(settings, backup, Missing::Missed)
        }
        _ => Err(Ended::Misused(format!("{store} keeps nothing, so there is nothing to back up"))),
    }
}

/// Takes a backup of a store that other processes may have open.
fn write_here(settings: &Settings, file: &Path, force: bool) -> Result<Manifest, Ended> {
    let runtime = runtime()?;
    let mut shown = Shown::new();
    let mut tell = |progress| shown.show(progress);
    let made = runtime.block_on(async {
        let installation = settings.open_existing().await?;
        let made = back_up(&installation.platform, &installation.beside().await?, file, force, &mut in_parts(&mut tell)).await;
        made.map_err(|error| format!("no backup was made at {}: {error}", file.display()))
    });
    Ok(made?)
}

fn look(file: &Path) -> Result<Manifest, String> {
    let mut shown = Shown::new();
    let mut tell = |progress| shown.show(progress);
    let verified = Reader::open(file).and_then(|reader| reader.verify(&mut in_parts(&mut tell)));
    verified.map_err(|error| format!("{}: {error}", file.display()))
}

fn print(file: &Path, done: &str, manifest: &Manifest) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let Manifest { made_at, commit, counts, .. } = manifest;
    writeln!(out, "{} {done}", file.display())?;
    writeln!(out, "made at {made_at}, as of commit {commit}")?;
    let (keys, changes, blobs) = (counts.keys, counts.changes, counts.blobs);
    writeln!(out, "{keys} keys, {changes} changes made meanwhile, {blobs} files of pictures")?;
    let beside: Vec<&str> = counts.beside.iter().map(|file| file.name.as_str()).collect();
    if !beside.is_empty() {
        writeln!(out, "beside the store: {}", beside.join(", "))?;
    }
    Ok(())
}
