//! The queue: jobs in a SQLite file, run by apalis. The only place that names it.
//!
//! What is promised here, and how it is kept around apalis 1.0:
//! - *None lost.* A pushed job is on the disk before [`Queue::push`] returns (WAL, `synchronous=FULL`; apalis's own set-up would
//!   switch that off, so its migrations run by themselves on a connection that is closed after).
//! - *Pushed once.* A row's idempotency key is the job's; a second one is ignored.
//! - *Run by one at a time, and by another if that one dies.* Workers say every 3 s that they live; a job whose worker was silent
//!   for 6 s is taken by another. Each worker has a name of its own at each start, and a worker that ends by an error is started
//!   again under another. Rows are taken one by one: while apalis holds several, it does not say that it lives.
//! - *Tried again.* apalis tries once; what fails or panics is pushed again for later under `<key>#<n>`, and is done once more by
//!   nobody else. A job whose worker went down twice is suspected, and so are those that the worker had
//!   beside it: such run one at a time, and each beginning is noted before it, so that only the one at fault is given up for it.
//! - *Begun once.* A period of something regular is noted in the commit that pushes its jobs, by whoever comes first.
//! - *Given up.* After the last attempt the row stays as failed, with the reason: a dead letter.
//! - *A worker that was frozen and thaws* can neither end nor put back a job that another has taken meanwhile: rows are locked by
//!   the worker's name.
//!
//! A job may thus run twice, also when it ends after the time that stopping allows. Its effect must not: whoever does jobs names
//! each effect by the job's key.
//!
//! **Not here**: what jobs there are (`jobs`), when they are pushed (`schedule`, `relay`).

mod backoff;
mod copying;
mod hands;
mod message;
mod periods;
mod rows;
mod suspects;
#[cfg(test)]
mod tests;
mod work;

pub(crate) use copying::{QueueCopy, Undone};
pub(crate) use message::NewJob;
pub(crate) use periods::Begun;
pub use rows::{DeadLetter, Running, Stock};
pub(crate) use work::{Failure, Outcome, Work};
pub use work::{QueueError, QueueSettings};

use crate::stop::Stop;
use apalis::prelude::{Attempt, BackendExt, TaskBuilder, TaskId, WorkerBuilder, WorkerBuilderExt, WorkerContext, WorkerError};
use apalis_core::backend::ext::poll_strategy::{IntervalStrategy, PollSnapshot, PollStrategy};
use apalis_sqlite::{Config, SqliteStorage, SqliteTask, queries};
use hands::Hands;
use jiff::civil::Date;
use message::Message;
use serde_json::Value;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fmt,
    fs::{self, File, OpenOptions},
    future::Future,
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};
use tokio::sync::{Mutex as Turn, Notify};
use uuid::Uuid;

/// What rows of ours are called in the queue's tables.
const NAME: &str = "iescp";

/// How long a statement waits for another process's.
const BUSY: Duration = Duration::from_secs(10);

/// How long a worker that ended by an error waits before it is started again.
const PAUSE: Duration = Duration::from_secs(1);

/// A queue of jobs in a file. Cheap to clone.
#[derive(Clone)]
pub struct Queue {
    pool: SqlitePool,
    bell: Bell,
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Queue")
    }
}

impl Queue {
    /// Opens the queue in this file; makes it if there is none, for its owner's eyes only. Several processes may have it open.
    ///
    /// # Errors
    /// If the file cannot be made or opened, or is no queue.
    pub async fn open(file: impl Into<PathBuf>) -> Result<Self, QueueError> {
        let file = file.into();
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
        let once = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        rows::look_through(&once).await?;
        SqliteStorage::migrations().run(&once).await.map_err(QueueError::of)?;
        periods::prepare(&mut *once.acquire().await?).await?;
        suspects::prepare(&mut *once.acquire().await?).await?;
        once.close().await;
        drop(lock);
        let pool = SqlitePoolOptions::new().max_connections(8).connect_with(options).await?;
        Ok(Self { pool, bell: Bell::default() })
    }

    /// A queue that ends with the process, for a store that does too.
    ///
    /// # Errors
    /// If SQLite gives no memory.
    pub async fn in_memory() -> Result<Self, QueueError> {
        // Its one connection is the database: it may neither be closed nor joined by another.
        let pool = SqlitePoolOptions::new().max_connections(1).min_connections(1).idle_timeout(None).max_lifetime(None);
        let pool = pool.connect_with(SqliteConnectOptions::new().in_memory(true)).await?;
        SqliteStorage::migrations().run(&pool).await.map_err(QueueError::of)?;
        periods::prepare(&mut *pool.acquire().await?).await?;
        suspects::prepare(&mut *pool.acquire().await?).await?;
        Ok(Self { pool, bell: Bell::default() })
    }

    /// Hands jobs over, all of them or none; those it has already are ignored. They are on the disk when this returns.
    ///
    /// # Errors
    /// If they cannot be written.
    pub(crate) async fn push(&self, jobs: Vec<NewJob>) -> Result<(), QueueError> {
        let tasks: Result<Vec<_>, _> = jobs.into_iter().map(|job| row(&Message::first(job), Duration::ZERO)).collect();
        self.insert(&tasks?).await
    }

    /// What was begun last of something regular; none if nothing ever was.
    pub(crate) async fn last_period(&self, name: &str) -> Result<Option<Begun>, QueueError> {
        periods::last(&self.pool, name).await
    }

    /// Notes a period as begun and hands its jobs over, in one commit, unless somebody else has begun one since that was seen.
    /// Whether it was begun here.
    pub(crate) async fn begin_period(
        &self,
        name: &str,
        seen: Option<Date>,
        begun: Begun,
        jobs: Vec<NewJob>,
    ) -> Result<bool, QueueError> {
        let tasks: Result<Vec<_>, _> = jobs.into_iter().map(|job| row(&Message::first(job), Duration::ZERO)).collect();
        let ours = periods::begin(&self.pool, name, seen, begun, &tasks?).await?;
        self.bell.ring();
        Ok(ours)
    }

    async fn insert(&self, tasks: &[SqliteTask]) -> Result<(), QueueError> {
        let mut transaction = self.pool.begin().await?;
        queries::push_tasks(&mut *transaction, NAME, tasks).await.map_err(QueueError::of)?;
        transaction.commit().await?;
        self.bell.ring();
        Ok(())
    }

    /// Puts a job back for later, if the row it was taken from is still that worker's. That row ends in the same commit: a worker
    /// that dies after it leaves one job behind, not two. Whether it was that worker's.
    async fn put_back(&self, message: &Message, wait: Duration, from: &str, worker: &str) -> Result<bool, QueueError> {
        let task = row(message, wait)?;
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        if !rows::end(&mut transaction, from, worker).await? {
            return Ok(false);
        }
        queries::push_tasks(&mut *transaction, NAME, &[task]).await.map_err(QueueError::of)?;
        transaction.commit().await?;
        Ok(true)
    }

    /// How much is in the queue.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn stock(&self) -> Result<Stock, QueueError> {
        rows::stock(&self.pool).await
    }

    /// The jobs that run, those longest at it first.
    pub(crate) async fn running(&self, limit: u32) -> Result<Vec<Running>, QueueError> {
        rows::running(&self.pool, limit).await
    }

    /// The jobs that were given up, latest first.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn dead_letters(&self, limit: u32) -> Result<Vec<DeadLetter>, QueueError> {
        self.dead_letters_after(limit, None).await
    }

    /// Those after one of them.
    pub(crate) async fn dead_letters_after(&self, limit: u32, after: Option<Uuid>) -> Result<Vec<DeadLetter>, QueueError> {
        rows::dead_letters(&self.pool, limit, after).await
    }

    /// One of them.
    pub(crate) async fn dead_letter(&self, id: Uuid) -> Result<Option<DeadLetter>, QueueError> {
        rows::one_dead_letter(&mut *self.pool.acquire().await?, id).await
    }

    /// Pushes a job that was given up again, as one that never failed; whether it was there. What is no job stays where it is.
    pub(crate) async fn revive(&self, id: Uuid) -> Result<bool, QueueError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let Some(message) = rows::carried(&mut transaction, id).await? else { return Ok(false) };
        rows::bury(&mut transaction, id).await?;
        queries::push_tasks(&mut *transaction, NAME, &[row(&message.anew(), Duration::ZERO)?]).await.map_err(QueueError::of)?;
        transaction.commit().await?;
        self.bell.ring();
        Ok(true)
    }

    /// Ends a job that was given up for good; whether it was there.
    pub(crate) async fn bury(&self, id: Uuid) -> Result<bool, QueueError> {
        rows::bury(&mut *self.pool.acquire().await?, id).await
    }

    /// Forgets jobs that were done a week ago, dead letters of a quarter of a year, workers that are long gone.
    pub(crate) async fn sweep(&self) -> Result<u64, QueueError> {
        rows::sweep(&self.pool).await
    }

    /// A worker of apalis's over this queue, to be polled until it ends.
    fn worker<W: Work>(&self, context: &WorkerContext, hands: Hands<W>) -> Life {
        let settings = hands.settings;
        let config = Config::default()
            .queue(NAME)
            .batch_size(1)
            .heartbeat_interval(settings.heartbeat.max(Duration::from_secs(1)))
            .missed_heartbeats(2)
            // Its lock, set after the fact, would take a row from whoever has it by then.
            .lock_tasks(false);
        let polling = Polling { bell: self.bell.clone(), interval: IntervalStrategy::new(settings.poll) };
        let worker = WorkerBuilder::new(context)
            .backend(SqliteStorage::<Value>::new(&self.pool).with_config(config).poll_with_strategy(polling))
            .concurrency(settings.at_once.max(1))
            .build(move |body: Value, attempt: Attempt, id: TaskId| {
                let hands = hands.clone();
                async move { hands.take_up(body, attempt.current(), &id.to_string()).await }
            });
        Box::pin(worker.run())
    }

    /// Runs jobs until the end begins, then lets those that run finish for as long as the settings allow.
    pub(crate) async fn work<W: Work>(&self, told: Arc<W>, settings: QueueSettings, stop: &Stop) {
        let suspects = Arc::<Turn<()>>::default();
        while !stop.has_begun() {
            let context = WorkerContext::new(&unique_name());
            let (name, undone) = (context.name().into(), Arc::new(Notify::new()));
            let (queue, work) = (self.clone(), told.clone());
            let hands = Hands { queue, work, settings, name, undone: undone.clone(), suspects: suspects.clone() };
            let mut running = self.worker(&context, hands);
            let ended = tokio::select! {
                ended = &mut running => Some(ended.map_err(|error| error.to_string())),
                () = undone.notified() => Some(Err("it cannot go on under its name".to_owned())),
                () = stop.begun() => None,
            };
            match ended {
                None => {
                    // One that had not begun has nothing to finish.
                    if context.stop().is_ok() && tokio::time::timeout(settings.stop_within, running).await.is_err() {
                        tracing::warn!("jobs that had not ended in time are handed back; they will run again");
                    }
                    return;
                }
                Some(ended) => {
                    let why = ended.err().unwrap_or_else(|| "it ended by itself".to_owned());
                    tracing::error!(why = ?why, "the queue's worker ended; it is started again");
                    told.restarted();
                }
            }
            stop.unless_begun(tokio::time::sleep(PAUSE)).await;
        }
    }
}

/// A worker while it runs.
type Life = Pin<Box<dyn Future<Output = Result<(), WorkerError>> + Send>>;

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

/// A worker's name, never used before.
fn unique_name() -> String {
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{}-{}-{}", host.trim(), std::process::id(), Uuid::now_v7())
}

/// The row that carries a message.
fn row(message: &Message, wait: Duration) -> Result<SqliteTask, QueueError> {
    let task = TaskBuilder::new(message.written().map_err(QueueError::of)?).idempotency_key(message.row_key()).max_attempts(1);
    Ok(if wait.is_zero() { task } else { task.run_after(wait) }.build())
}

/// Wakes the worker of this process when something was pushed.
#[derive(Clone, Debug, Default)]
struct Bell(Arc<Mutex<Option<Waker>>>);

impl Bell {
    fn ring(&self) {
        if let Some(waker) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            waker.wake();
        }
    }
}

/// When the queue is looked at: when something was pushed here, and now and then.
struct Polling {
    bell: Bell,
    interval: IntervalStrategy,
}

impl PollStrategy for Polling {
    fn poll_drive(&mut self, cx: &mut Context<'_>, snapshot: &PollSnapshot) -> Poll<Option<()>> {
        *self.bell.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(cx.waker().clone());
        self.interval.poll_drive(cx, snapshot)
    }
}
