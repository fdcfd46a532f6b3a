//! sled as an engine under the committer.
//!
//! **Not here**: the layout inside (`committer::layout`).

use std::{
    any::Any,
    fs::{File, OpenOptions},
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{PoisonError, RwLock},
    time::{Duration, Instant},
};

use super::{
    SledOptions,
    directory::{Directory, failed, from_io, sync_directory},
    reserve::Reserve,
    watermark::Watermark,
};
use crate::store::{
    StoreError,
    committer::{Engine, EngineWrite, Pair, marks},
};

/// Large enough that a page of capped values stays below the quarter at which sled writes blob files.
const SEGMENT_BYTES: usize = 8 * 1024 * 1024;

/// sled's threads may hold its own file lock a moment longer than its handle.
const LINGERING: Duration = Duration::from_secs(5);

/// sled and the file that is synced after each group.
pub(in crate::store) struct SledEngine {
    // Dropped before the directory, whose lock then goes last.
    open: RwLock<Option<Open>>,
    directory: Directory,
    reserve: Reserve,
    watermark: Watermark,
    cache_bytes: u64,
}

struct Open {
    db: ::sled::Db,
    log: File,
}

impl Open {
    /// Makes these empty files a store.
    fn lay_out(&self, numbered_after: u64) -> Result<(), StoreError> {
        caught(|| {
            self.apply(marks(numbered_after))?;
            self.sync()
        })
    }

    fn apply(&self, writes: Vec<EngineWrite>) -> Result<(), StoreError> {
        let mut batch = ::sled::Batch::default();
        for (key, value) in writes {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        self.db.apply_batch(batch).map_err(from_sled)
    }

    fn sync(&self) -> Result<(), StoreError> {
        self.db.flush().map_err(from_sled)?;
        // What sled calls a flush is no promise after power loss; this is.
        self.log.sync_data().map_err(|error| from_io(&error, "cannot sync sled's log"))
    }
}

impl SledEngine {
    pub(super) fn open(path: &Path, options: &SledOptions) -> Result<Self, StoreError> {
        let directory = Directory::open(path)?;
        let cache_bytes = options.cache_bytes;
        directory.ensure_store(|unfinished| open_sled(unfinished, cache_bytes)?.lay_out(options.numbered_after))?;
        let open = open_sled(&directory.sled(), cache_bytes)?;
        let noted = directory.sled().join("durable");
        let watermark = Watermark::open(&noted).map_err(|error| failed("open", &noted, error))?;
        let reserve = Reserve::new(path.to_owned(), options.free_space_reserve_bytes)?;
        Ok(Self { open: RwLock::new(Some(open)), directory, reserve, watermark, cache_bytes })
    }

    /// Runs something on the open engine, turning its panics into errors.
    fn with<T>(&self, what: impl FnOnce(&Open) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let open = open.as_ref().ok_or_else(|| StoreError::Failed("sled is not open".into()))?;
        caught(|| what(open))
    }
}

impl Engine for SledEngine {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.with(|open| Ok(open.db.get(key).map_err(from_sled)?.map(|value| value.to_vec())))
    }

    fn scan(&self, from: &[u8], to: &[u8], descending: bool, limit: usize) -> Result<Vec<Pair>, StoreError> {
        self.with(|open| {
            let range = open.db.range(from..to);
            let pair = |found: ::sled::Result<(::sled::IVec, ::sled::IVec)>| match found {
                Ok((key, value)) => Ok((key.to_vec(), value.to_vec())),
                Err(error) => Err(from_sled(error)),
            };
            match descending {
                false => range.take(limit).map(pair).collect(),
                true => range.rev().take(limit).map(pair).collect(),
            }
        })
    }

    fn apply(&self, writes: Vec<EngineWrite>) -> Result<(), StoreError> {
        self.with(|open| open.apply(writes))
    }

    fn sync(&self) -> Result<(), StoreError> {
        self.with(Open::sync)
    }

    fn note_durable(&self, latest: u64) {
        if let Err(error) = self.watermark.write(latest) {
            // Only a later check is weaker without it; the commit itself is durable.
            tracing::warn!(%error, "the number of the latest commit could not be noted");
        }
    }

    fn noted_durable(&self) -> Result<u64, StoreError> {
        self.watermark.read().map_err(|error| from_io(&error, "cannot read which commit was the latest"))
    }

    fn reopen(&self) -> Result<(), StoreError> {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let old = open.take();
        caught(|| {
            drop(old);
            Ok(())
        })?;
        *open = Some(open_sled(&self.directory.sled(), self.cache_bytes)?);
        Ok(())
    }

    fn room_for(&self, bytes: usize) -> Result<(), StoreError> {
        self.reserve.room_for(bytes)
    }

    fn room_now(&self) -> Result<(), StoreError> {
        self.reserve.room_now()
    }
}

/// Opens sled's files in this directory and syncs what opening wrote.
fn open_sled(path: &Path, cache_bytes: u64) -> Result<Open, StoreError> {
    let config = ::sled::Config::new().path(path).segment_size(SEGMENT_BYTES).cache_capacity(cache_bytes).flush_every_ms(None);
    let began = Instant::now();
    let db = loop {
        match caught(|| config.open().map_err(from_sled)) {
            Err(StoreError::Locked(_)) if began.elapsed() < LINGERING => std::thread::sleep(Duration::from_millis(5)),
            other => break other?,
        }
    };
    let sync = |name: &str| -> io::Result<File> {
        let file = OpenOptions::new().read(true).write(true).open(path.join(name))?;
        file.sync_all()?;
        Ok(file)
    };
    let synced = sync("conf").and_then(|_| sync("db")).and_then(|log| {
        sync_directory(path)?;
        Ok(log)
    });
    Ok(Open { db, log: synced.map_err(|error| failed("sync", path, error))? })
}

fn caught<T>(what: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    // Nothing of ours is left half-changed by a panic in there; sled itself is only trusted with reads afterwards.
    catch_unwind(AssertUnwindSafe(what)).unwrap_or_else(|panic| Err(StoreError::Corrupt(said(panic.as_ref()))))
}

fn said(panic: &(dyn Any + Send)) -> String {
    let words = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    format!("sled gave up: {}", words.unwrap_or("without a word"))
}

fn from_sled(error: ::sled::Error) -> StoreError {
    match error {
        ::sled::Error::Io(error) if error.to_string().starts_with("could not acquire lock") => {
            StoreError::Locked("sled's files are in use".into())
        }
        ::sled::Error::Io(error) => from_io(&error, "sled's files"),
        ::sled::Error::Corruption { at, .. } => match at {
            Some(at) => StoreError::Corrupt(format!("sled's log is damaged at {at:?}")),
            None => StoreError::Corrupt("sled's log is damaged".into()),
        },
        // What sled keeps of how its files are made does not agree with them.
        ::sled::Error::Unsupported(why) => {
            StoreError::Corrupt(format!("sled's files are damaged or of another kind, most likely its file `conf` ({why})"))
        }
        ::sled::Error::ReportableBug(why) => StoreError::Failed(format!("sled met a bug of its own: {why}")),
        ::sled::Error::CollectionNotFound(_) => StoreError::Corrupt("sled's tree is gone".into()),
    }
}
