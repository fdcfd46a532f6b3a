//! One installation: its store, its keys, its platform, as the settings say.
//!
//! Not here: serving it (`app`, `server`); what is kept in the store (`iescp-core`).

use crate::place;
use crate::secrets::Secrets;
use crate::settings::Settings;
use iescp_core::backup::BackupError;
use iescp_core::blob::{Blobs, FolderBlobs, MemoryBlobs};
use iescp_core::store::{MemoryStore, SledOptions, SledStore, Store, StoreError};
use iescp_core::{InstallationSecret, Platform, upgrade};
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is open.
pub struct Installation {
    /// The platform over its store.
    pub platform: Platform,
    /// Its keys.
    pub secrets: Secrets,
    /// The directory that holds all of it; none for a store that keeps nothing.
    pub directory: Option<PathBuf>,
}

impl Installation {
    /// Opens the store that the settings name; makes it if there is none.
    ///
    /// # Errors
    /// A sentence that says what stands in the way.
    pub fn open(settings: &Settings) -> Result<Self, String> {
        let store = store(&settings.store, settings.reserve_bytes())?;
        in_the_present_layout(&store, &settings.store)?;
        let directory = settings.key_directory();
        let now = Timestamp::now();
        let secrets = match &directory {
            Some(directory) => Secrets::load(directory, now),
            None => Secrets::random(now),
        };
        let secrets = secrets.map_err(|e| match e.kind() {
            std::io::ErrorKind::InvalidData => format!("the server's keys cannot be used: {e}; {WAY_OUT}"),
            _ => format!("the server's keys cannot be used: {e}"),
        })?;
        let blobs: Arc<dyn Blobs> = match &settings.store.strip_prefix("sled:") {
            Some(path) => Arc::new(FolderBlobs::new(Path::new(path).join("pictures"))),
            None => Arc::new(MemoryBlobs::new()),
        };
        let platform = Platform::over(store)
            .blobs(blobs)
            .settings(settings.of_the_platform())
            .secret(secret(&secrets))
            .open()
            .map_err(|e| e.to_string())?;
        Ok(Self { platform, secrets, directory })
    }

    /// The same, but makes nothing where nothing is.
    ///
    /// # Errors
    /// As [`open`](Self::open); also when there is no store.
    pub fn open_existing(settings: &Settings) -> Result<Self, String> {
        match settings.store.strip_prefix("sled:") {
            Some(path) if !Path::new(path).join("sled").is_dir() => Err(format!("there is no store at {path}")),
            _ => Self::open(settings),
        }
    }

    /// The same, or an empty one in memory where nothing is: to look at, without making anything.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_or_nothing(settings: &Settings) -> Result<Self, String> {
        match settings.store.strip_prefix("sled:") {
            Some(path) if !Path::new(path).join("sled").is_dir() => {
                Self::open(&Settings { store: "memory:".to_owned(), ..settings.clone() })
            }
            _ => Self::open(settings),
        }
    }

    /// The secret from which the tokens in links are derived.
    #[must_use]
    pub fn secret(&self) -> InstallationSecret {
        secret(&self.secrets)
    }
}

/// What to do about files that are damaged.
const WAY_OUT: &str = "bring a backup back into an empty directory with `iescp-web restore FILE --store sled:PATH`. What can still \
    be read, `iescp-web check` tells";

/// The directory of a store; none for one that keeps nothing.
#[must_use]
pub fn store_path(url: &str) -> Option<&str> {
    url.strip_prefix("sled:").filter(|path| !path.is_empty())
}

/// Brings what an earlier version stored into the present layout. That waits for the disk, so it is done away from threads that
/// may not.
fn in_the_present_layout(store: &Arc<dyn Store>, url: &str) -> Result<(), String> {
    let work = || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|e| e.to_string())?;
        runtime.block_on(upgrade::upgrade(store.as_ref())).map_err(|error| told(error.into()))
    };
    let done = std::thread::scope(|threads| threads.spawn(work).join());
    let done = done.unwrap_or_else(|_| Err("the upgrade panicked".to_owned()));
    done.map(drop).map_err(|why| format!("the store {url} cannot be used: {why}"))
}

/// What stands in the way of opening a store, and for damage the way out.
fn told(why: BackupError) -> String {
    match why {
        BackupError::Store(error @ StoreError::Corrupt(_)) => format!("{error}; {WAY_OUT}"),
        other => other.to_string(),
    }
}

fn secret(secrets: &Secrets) -> InstallationSecret {
    InstallationSecret::new(*secrets.links.bytes())
}

fn store(url: &str, reserve: Option<u64>) -> Result<Arc<dyn Store>, String> {
    if url == "memory:" {
        return Ok(Arc::new(MemoryStore::new()));
    }
    match url.split_once(':') {
        Some(("sled", path)) if !path.is_empty() => {
            if !Path::new(path).join("sled").exists() && Path::new(path).join(iescp_worker::backup::QUEUE).exists() {
                return Err(format!(
                    "the store in {path} is gone, and its queue is there: {WAY_OUT}. To begin anew instead, empty the directory"
                ));
            }
            if place::is_unfinished(Path::new(path)).map_err(|e| format!("{path} cannot be looked at: {e}"))? {
                return Err(format!(
                    "in {path} a backup was being brought back, and that was interrupted: there is no store yet. Do it again with \
                     `iescp-web restore`, or empty the directory to begin anew"
                ));
            }
            match SledStore::open(path, SledOptions { free_space_reserve_bytes: reserve, ..SledOptions::default() }) {
                Ok(store) => Ok(Arc::new(store)),
                Err(StoreError::Locked(_)) => Err(format!(
                    "{path} is in use by another process, probably a running iescp-web. A sled store belongs to one process at a time; \
                 `admin create`, `backup` and `check` work through the running one."
                )),
                Err(why) => Err(format!("the store {path} cannot be opened: {}", told(why.into()))),
            }
        }
        _ => Err(format!("“{url}” is no store: sled:PATH or memory: is")),
    }
}
