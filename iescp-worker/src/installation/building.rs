//! An installation that is being built in an empty place, be it a directory or a database: whole, or not at all.
//!
//! Whoever is killed meanwhile leaves no store that a server would open, and whoever tries again begins anew.
//!
//! **Not here**: what it is built from (`iescp_core::backup`).

use super::place::Place;
use super::secrets::{Keyring, Secrets};
use super::settings::{Engine, Settings};
use crate::Queue;
use crate::backup::{KEYS, QUEUE};
use crate::passing::PassingFolder;
use iescp_core::blob::{Blobs, FolderBlobs, PostgresBlobs};
use iescp_core::store::{
    PostgresBeside, PostgresFilling, PostgresOptions, PostgresStore, SledOptions, SledStore, Store, StoreError,
};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Arc;

/// Keys are no longer than this.
const LONGEST_KEYS: usize = 64 * 1024;

/// The schema in which a rehearsal takes place.
const REHEARSAL: &str = "iescp_rehearsal";

/// What is being built.
pub struct Building {
    /// Its store, empty at first.
    pub store: Arc<dyn Store>,
    /// Its pictures, none at first.
    pub blobs: Arc<dyn Blobs>,
    home: Home,
}

/// Where it is built.
enum Home {
    Directory(Place),
    Database { filling: PostgresFilling, keyring: Keyring, keys: Vec<u8>, room: PassingFolder },
}

impl Building {
    /// Takes the place that the settings name. Commits are numbered from the one after `numbered_after`.
    ///
    /// # Errors
    /// A sentence that says what is there, or what stands in the way.
    pub async fn begin(settings: &Settings, numbered_after: u64) -> Result<Self, String> {
        match settings.store.engine() {
            Engine::Sled(path) => {
                let place = Place::prepare(path, settings.directory().unwrap_or_else(|| path.into()))?;
                // What is told of changes while it is filled, nobody needs.
                let free_space_reserve_bytes = settings.reserve_bytes();
                let options = SledOptions { numbered_after, kept_commits: 1, free_space_reserve_bytes, ..SledOptions::default() };
                let store = SledStore::open(place.store(), options).map_err(|error| error.to_string())?;
                let blobs = Arc::new(FolderBlobs::new(place.pictures()));
                Ok(Self { store: Arc::new(store), blobs, home: Home::Directory(place) })
            }
            Engine::Postgres(url) => {
                let filling = database(url, "public", numbered_after).await;
                Self::within(filling.map_err(|why| cannot(settings, why))?, settings).await
            }
            _ => Err(format!("{} keeps nothing", settings.store)),
        }
    }

    /// The same in a part of the database that is thrown away afterwards.
    ///
    /// # Errors
    /// As [`begin`](Self::begin); also if the place is no database.
    pub async fn rehearse(settings: &Settings, numbered_after: u64) -> Result<Self, String> {
        let Engine::Postgres(url) = settings.store.engine() else {
            return Err(format!("{} is no database: only there a copy can be rehearsed", settings.store));
        };
        let apart = Settings { data_dir: None, ..settings.clone() };
        let filling = database(url, REHEARSAL, numbered_after).await;
        Self::within(filling.map_err(|why| cannot(settings, why))?, &apart).await
    }

    async fn within(filling: PostgresFilling, settings: &Settings) -> Result<Self, String> {
        let beside = filling.beside();
        let anew = sqlx::query("DROP TABLE IF EXISTS iescp_key, iescp_file");
        beside.change(anew).await.map_err(|why| cannot(settings, why))?;
        let blobs = PostgresBlobs::open(beside.clone()).await.map_err(|why| cannot(settings, why))?;
        let keyring = match settings.directory() {
            Some(directory) if directory.join(KEYS).exists() => {
                return Err(format!("{} is not empty: it holds {KEYS}", directory.display()));
            }
            Some(directory) => Keyring::Directory(directory),
            None => Keyring::Shared(beside),
        };
        let room = PassingFolder::make().map_err(|e| format!("there is no room for temporary files: {e}"))?;
        let store = filling.store();
        Ok(Self { store, blobs: Arc::new(blobs), home: Home::Database { filling, keyring, keys: Vec::new(), room } })
    }

    /// Adds a piece to a file beside the store.
    ///
    /// # Errors
    /// If it is none that belongs there, or cannot be written.
    pub fn add(&mut self, name: &str, piece: &[u8]) -> io::Result<()> {
        let unfit = |why| Err(io::Error::new(io::ErrorKind::InvalidData, why));
        match &mut self.home {
            Home::Directory(place) => place.add(name, piece),
            Home::Database { keys, .. } if name == KEYS && keys.len() + piece.len() <= LONGEST_KEYS => {
                keys.extend_from_slice(piece);
                Ok(())
            }
            Home::Database { room, .. } if name == QUEUE => {
                let file = room.path().join(QUEUE);
                OpenOptions::new().create(true).append(true).mode(0o600).open(file)?.write_all(piece)
            }
            Home::Database { .. } => unfit(format!("nobody here knows what its file {name:?} is")),
        }
    }

    /// Opens it to servers: all of it is there.
    ///
    /// # Errors
    /// A sentence, if that cannot be done; then it can be tried again from the beginning.
    pub async fn finish(self) -> Result<(), String> {
        let Self { store, blobs, home } = self;
        drop((store, blobs));
        match home {
            Home::Directory(place) => place.take(),
            Home::Database { filling, keyring, keys, room } => {
                bring_keys(&keyring, &keys).await?;
                bring_queue(&filling.beside(), &room).await?;
                filling.finish().await.map_err(|why| why.to_string())
            }
        }
    }

    /// Throws away what was only rehearsed, once the keys were brought in too. Jobs are left out: they stand among those of all.
    ///
    /// # Errors
    /// A sentence, if that cannot be done.
    pub async fn discard(self) -> Result<(), String> {
        match self.home {
            Home::Directory(_) => Err("this was no rehearsal".to_owned()),
            Home::Database { filling, keyring, keys, .. } => {
                bring_keys(&keyring, &keys).await?;
                filling.discard().await.map_err(|why| why.to_string())
            }
        }
    }
}

/// Brings in the jobs that somebody else's queue held.
async fn bring_queue(beside: &PostgresBeside, room: &PassingFolder) -> Result<(), String> {
    let file = room.path().join(QUEUE);
    if !file.exists() {
        return Ok(());
    }
    let brought = async { Queue::on_postgres(beside.pool().clone()).await?.bring(&Queue::open(file).await?).await };
    brought.await.map(drop).map_err(|e| format!("the jobs that wait cannot be brought over: {e}"))
}

async fn bring_keys(keyring: &Keyring, keys: &[u8]) -> Result<(), String> {
    if keys.is_empty() {
        return Ok(());
    }
    let secrets = Secrets::of(keys).map_err(|why| format!("the keys are damaged: {why}"))?;
    keyring.bring(&secrets).await.map_err(|e| format!("the keys cannot be kept: {e}"))
}

async fn database(url: &str, schema: &str, numbered_after: u64) -> Result<PostgresFilling, StoreError> {
    let options = PostgresOptions { schema: schema.to_owned(), kept_commits: 1, ..PostgresOptions::default() };
    PostgresStore::fill(url, options, numbered_after).await
}

fn cannot(settings: &Settings, why: StoreError) -> String {
    let why = match why {
        StoreError::Failed(why) => why,
        other => other.to_string(),
    };
    format!("{} cannot be filled: {why}", settings.store)
}
