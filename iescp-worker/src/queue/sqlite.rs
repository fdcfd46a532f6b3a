//! The queue's tables in a SQLite file, for the processes of one machine: apalis's `Jobs` and `Workers`, our `Periods` and `Suspects`.
//!
//! - `rows` writes and reads jobs, `periods` what is regular, `suspects` who may take workers down, `held` rows on their way to
//!   another queue; `copying` copies the file while others work on it.
//!
//! **Not here**: what rows mean (`queue`).

mod copying;
mod held;
mod periods;
mod rows;
mod suspects;

pub(crate) use copying::{QueueCopy, Undone};
pub(super) use held::Moment;

use super::{
    NAME, QueueError,
    hands::Hands,
    life::Life,
    waking::{Polling, Pulse},
    work::Work,
};
use apalis::prelude::{Attempt, BackendExt, TaskId, WorkerBuilder, WorkerBuilderExt, WorkerContext};
use apalis_core::worker::ext::event_listener::EventListenerExt;
use apalis_sqlite::{Config, SqliteStorage};
use serde_json::Value;
use sqlx::{
    Connection, Row, SqlitePool,
    migrate::MigrateError,
    sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fs::{self, File, OpenOptions},
    future::Future,
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, Mutex},
    time::Duration,
};

/// How long a statement waits for another process's.
const BUSY: Duration = Duration::from_secs(10);

/// The tables of a queue.
#[derive(Clone)]
pub(super) struct Tables {
    pub(super) pool: SqlitePool,
    /// In memory the database ends with its last connection, and the pool closes one that fails: this one never asks anything.
    _kept: Option<Arc<Mutex<SqliteConnection>>>,
}

impl Tables {
    /// Those in a file, which are made if they are not there.
    pub(super) async fn open(file: PathBuf) -> Result<Self, QueueError> {
        let lock = tokio::task::spawn_blocking({
            let file = file.clone();
            move || prepare(&file)
        });
        let lock = lock.await.map_err(QueueError::of)?.map_err(QueueError::of)?;
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY);
        // apalis's own set-up would switch full syncing off: its tables are made on a connection that is closed after.
        let once = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        look_through(&once).await?;
        make(&once).await?;
        once.close().await;
        drop(lock);
        let pool = SqlitePoolOptions::new().max_connections(8).connect_with(options).await?;
        Ok(Self { pool, _kept: None })
    }

    /// Those that end with the process.
    pub(super) async fn in_memory() -> Result<Self, QueueError> {
        let options: SqliteConnectOptions = "sqlite::memory:".parse()?;
        let kept = SqliteConnection::connect_with(&options).await?;
        // One at a time: those who share a database in memory do not wait for each other's locks.
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        make(&pool).await?;
        Ok(Self { pool, _kept: Some(Arc::new(Mutex::new(kept))) })
    }

    /// A worker of apalis's over them, to be polled until it ends.
    pub(super) fn worker<W: Work>(&self, context: &WorkerContext, hands: Hands<W>, polling: Polling, pulse: &Pulse) -> Life {
        let settings = hands.settings;
        let config = Config::default()
            .queue(NAME)
            .batch_size(1)
            .heartbeat_interval(settings.heartbeat.max(Duration::from_secs(1)))
            .missed_heartbeats(2)
            // Its lock, set after the fact, would take a row from whoever has it by then.
            .lock_tasks(false);
        let worker = WorkerBuilder::new(context)
            .backend(SqliteStorage::<Value>::new(&self.pool).with_config(config).poll_with_strategy(polling))
            .concurrency(settings.at_once.max(1))
            .on_event(pulse.listener())
            .build(move |body: Value, attempt: Attempt, id: TaskId| {
                let hands = hands.clone();
                async move { hands.take_up(body, attempt.current(), &id.to_string()).await }
            });
        Box::pin(worker.run())
    }
}

type Migrating<'a> = Pin<Box<dyn Future<Output = Result<(), MigrateError>> + Send + 'a>>;

async fn make(pool: &SqlitePool) -> Result<(), QueueError> {
    let migrations = SqliteStorage::migrations();
    // Boxed: what spawns this could not tell otherwise that it may be sent.
    let migrating: Migrating<'_> = Box::pin(migrations.run(pool));
    migrating.await.map_err(QueueError::of)?;
    periods::prepare(&mut *pool.acquire().await?).await?;
    suspects::prepare(&mut *pool.acquire().await?).await
}

/// Makes the file and its lock, which keeps two processes from making its tables at once.
fn prepare(file: &Path) -> io::Result<File> {
    if let Some(directory) = file.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        fs::create_dir_all(directory)?;
    }
    // SQLite gives its other files the permissions of this one.
    OpenOptions::new().append(true).create(true).mode(0o600).open(file)?;
    let lock = OpenOptions::new().append(true).create(true).mode(0o600).open(file.with_extension("lock"))?;
    lock.lock()?;
    Ok(lock)
}

/// Whether the file's structure is whole.
async fn look_through(pool: &SqlitePool) -> Result<(), QueueError> {
    let found: String = sqlx::query("PRAGMA quick_check(1)").fetch_one(pool).await?.try_get(0)?;
    if found == "ok" { Ok(()) } else { Err(QueueError::of(format_args!("its file is damaged: {found}"))) }
}
