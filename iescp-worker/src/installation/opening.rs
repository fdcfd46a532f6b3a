//! Opens an installation's store, brings it into the present layout, and says what stands in the way.
//!
//! **Not here**: what is done with what is open.

use super::settings::{Engine, Settings, StoreUrl};
use super::{Installation, Keyring, Secrets, place};
use crate::backup::QUEUE;
use iescp_core::backup::BackupError;
use iescp_core::blob::{Blobs, FolderBlobs, MemoryBlobs, PostgresBlobs};
use iescp_core::store::{MemoryStore, PostgresBeside, PostgresOptions, PostgresStore, SledOptions, SledStore, Store, StoreError};
use iescp_core::{Error, InstallationSecret, Platform, upgrade};
use jiff::Timestamp;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// What to do about files that are damaged.
const WAY_OUT: &str = "bring a backup back into an empty place with `iescp-web restore FILE --store …`, and see with \
    `iescp-web check` that it is sound";

/// How often bringing a store into the present layout is taken up again when another process is at it, and after what time.
const UPGRADE_TRIES: usize = 300;
const BETWEEN: Duration = Duration::from_millis(200);

/// A store with what belongs to it.
struct Opened {
    store: Arc<dyn Store>,
    blobs: Arc<dyn Blobs>,
    shared: Option<PostgresBeside>,
}

pub(super) async fn open(settings: &Settings, rules: iescp_core::Settings) -> Result<Installation, String> {
    let Opened { store, blobs, shared } = match settings.store.engine() {
        Engine::Memory => Opened { store: Arc::new(MemoryStore::new()), blobs: Arc::new(MemoryBlobs::new()), shared: None },
        Engine::Sled(path) => sled(path, settings)?,
        Engine::Postgres(url) => postgres(url).await.map_err(|why| cannot_be_opened(&settings.store, why))?,
        Engine::Unknown => return Err(no_store(&settings.store)),
    };
    in_the_present_layout(store.as_ref(), shared.is_some())
        .await
        .map_err(|why| format!("the store {} cannot be used: {why}", settings.store))?;
    let directory = settings.directory();
    let keyring = match (&directory, &shared) {
        (Some(directory), _) => Keyring::Directory(directory.clone()),
        (None, Some(shared)) => Keyring::Shared(shared.clone()),
        (None, None) => Keyring::Nowhere,
    };
    let secrets = keyring.load(Timestamp::now()).await.map_err(|e| match e.kind() {
        io::ErrorKind::InvalidData => format!("the server's keys cannot be used: {e}; {WAY_OUT}"),
        _ => format!("the server's keys cannot be used: {e}"),
    })?;
    let platform = Platform::over(store).blobs(blobs).settings(rules).secret(secret(&secrets)).open();
    Ok(Installation { platform: platform.map_err(|e| e.to_string())?, secrets, keyring, directory, shared })
}

pub(super) fn secret(secrets: &Secrets) -> InstallationSecret {
    InstallationSecret::new(*secrets.links.bytes())
}

/// Whether the store is there; one in memory is as soon as it is opened.
pub(super) async fn is_there(store: &StoreUrl) -> Result<bool, String> {
    match store.engine() {
        Engine::Sled(path) => Ok(path.join("sled").is_dir()),
        Engine::Postgres(url) => {
            PostgresStore::is_there(url, &PostgresOptions::default()).await.map_err(|why| cannot_be_opened(store, why))
        }
        Engine::Memory | Engine::Unknown => Ok(true),
    }
}

fn no_store(url: &StoreUrl) -> String {
    format!("“{url}” is no store: sled:PATH, postgres://USER@HOST/DATABASE or memory: is")
}

async fn postgres(url: &str) -> Result<Opened, StoreError> {
    let store = PostgresStore::connect(url, PostgresOptions::default()).await?;
    let shared = store.beside();
    let blobs = Arc::new(PostgresBlobs::open(shared.clone()).await?);
    Ok(Opened { store: Arc::new(store), blobs, shared: Some(shared) })
}

fn cannot_be_opened(store: &StoreUrl, why: StoreError) -> String {
    match why {
        StoreError::Failed(why) => format!("the store {store} cannot be opened: {why}"),
        other => format!("the store {store} cannot be opened: {}", told(other.into())),
    }
}

fn sled(path: &Path, settings: &Settings) -> Result<Opened, String> {
    let shown = path.display();
    if !path.join("sled").exists() && path.join(QUEUE).exists() {
        return Err(format!(
            "the store in {shown} is gone, and its queue is there: {WAY_OUT}. To begin anew instead, empty the directory"
        ));
    }
    if place::is_unfinished(path).map_err(|e| format!("{shown} cannot be looked at: {e}"))? {
        return Err(format!(
            "in {shown} a backup was being brought back, and that was interrupted: there is no store yet. Do it again with \
             `iescp-web restore`, or empty the directory to begin anew"
        ));
    }
    let shipped = SledOptions::default();
    let cache_bytes = settings.cache_mb.map_or(shipped.cache_bytes, |mebibytes| u64::from(mebibytes) << 20);
    let options = SledOptions { free_space_reserve_bytes: settings.reserve_bytes(), cache_bytes, ..shipped };
    match SledStore::open(path, options) {
        Ok(store) => {
            let blobs = Arc::new(FolderBlobs::new(path.join("pictures")));
            Ok(Opened { store: Arc::new(store), blobs, shared: None })
        }
        Err(StoreError::Locked(_)) => Err(format!(
            "{shown} is in use by another process, probably a running iescp-web. A sled store belongs to one process at a time; \
             `admin create`, `backup` and `check` work through the running one."
        )),
        Err(why) => Err(format!("the store {shown} cannot be opened: {}", told(why.into()))),
    }
}

/// Brings what an earlier version stored into the present layout; where others may have the store open, as far as those of the
/// version before can live with. Another process that is at it too is waited for.
async fn in_the_present_layout(store: &dyn Store, shared: bool) -> Result<(), String> {
    let mut tried = 1;
    loop {
        let done = if shared { upgrade::upgrade_beside(store).await } else { upgrade::upgrade(store).await };
        match done {
            Err(Error::Busy) if tried < UPGRADE_TRIES => tokio::time::sleep(BETWEEN).await,
            Err(error) => return Err(told(error.into())),
            Ok(done) => {
                if done.waits {
                    tracing::warn!(
                        "the upgrade is not finished: once no node of the version before runs, run `iescp-web upgrade`"
                    );
                }
                return Ok(());
            }
        }
        tried += 1;
    }
}

/// What stands in the way of opening a store, and for damage the way out.
fn told(why: BackupError) -> String {
    match why {
        BackupError::Store(error @ StoreError::Corrupt(_)) => format!("{error}; {WAY_OUT}"),
        other => other.to_string(),
    }
}
