//! One installation: its store, its keys, its platform, as the settings say.
//!
//! Not here: serving it (`app`, `server`); what is kept in the store (`iescp-core`).

use crate::secrets::Secrets;
use crate::settings::Settings;
use iescp_core::blob::{Blobs, FolderBlobs, MemoryBlobs};
use iescp_core::store::{MemoryStore, SledOptions, SledStore, Store, StoreError};
use iescp_core::{InstallationSecret, Platform};
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
        let directory = settings.key_directory();
        let now = Timestamp::now();
        let secrets = match &directory {
            Some(directory) => Secrets::load(directory, now),
            None => Secrets::random(now),
        };
        let secrets = secrets.map_err(|e| format!("the server's keys cannot be used: {e}"))?;
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

fn secret(secrets: &Secrets) -> InstallationSecret {
    InstallationSecret::new(*secrets.links.bytes())
}

fn store(url: &str, reserve: Option<u64>) -> Result<Arc<dyn Store>, String> {
    if url == "memory:" {
        return Ok(Arc::new(MemoryStore::new()));
    }
    match url.split_once(':') {
        Some(("sled", path)) if !path.is_empty() => {
            match SledStore::open(path, SledOptions { free_space_reserve_bytes: reserve, ..SledOptions::default() }) {
                Ok(store) => Ok(Arc::new(store)),
                Err(StoreError::Locked(_)) => Err(format!(
                    "{path} is in use by another process, probably a running iescp-web. A sled store belongs to one process at a time; \
                 `admin create` and `check` work through the running one."
                )),
                Err(why) => Err(format!("the store {path} cannot be opened: {why}")),
            }
        }
        _ => Err(format!("“{url}” is no store: sled:PATH or memory: is")),
    }
}
