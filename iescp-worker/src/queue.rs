//! The queue: jobs in a SQL database, run by apalis. Only what is below names it.
//!
//! The database is a SQLite file, for one machine, or PostgreSQL, for any number of them. What a job is, when it is tried again and
//! when it is given up is the same on both; `sqlite` and `postgres` have only their statements.
//!
//! What is promised here, and how it is kept around apalis 1.0:
//! - *None lost.* A pushed job is on the disk before [`Queue::push`] returns (SQLite: WAL, `synchronous=FULL`; PostgreSQL: its
//!   commit, which `synchronous_commit` may not be switched off for).
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
//! - *A worker that loses its database* says so once, waits until it answers, gives back what it held and goes on. An answer is not
//!   waited for without end: a worker that was not heard by ourselves for long is started again as well.
//!
//! A job may thus run twice, also when it ends after the time that stopping allows. Its effect must not: whoever does jobs names
//! each effect by the job's key.
//!
//! - `message` is what a row carries, `rows` what is told of it, `held` a row on its way to another queue;
//! - `life` is the worker's: start, end and start again; `hands` take up a job, `backoff` says when it is tried again, `waking`
//!   when it is looked for jobs and whether the worker lives.
//!
//! **Not here**: what jobs there are (`jobs`), when they are pushed (`schedule`, `relay`).

mod backoff;
mod hands;
mod held;
mod life;
mod message;
mod periods;
mod postgres;
mod rows;
mod sqlite;
#[cfg(test)]
mod tests;
mod waking;
mod work;

pub(crate) use message::NewJob;
pub(crate) use periods::Begun;
pub use rows::{DeadLetter, Running, Stock};
pub(crate) use sqlite::{QueueCopy, Undone};
pub(crate) use work::{Failure, Outcome, Work};
pub use work::{QueueError, QueueSettings};

use jiff::civil::Date;
use message::Message;
use rows::NewRow;
use std::{fmt, path::PathBuf, time::Duration};
use uuid::Uuid;
use waking::Bell;

/// What rows of ours are called in the queue's tables.
const NAME: &str = "iescp";

/// A queue of jobs in a database. Cheap to clone.
#[derive(Clone)]
pub struct Queue {
    tables: Tables,
    bell: Bell,
}

/// Where its tables are. Both answer the same questions.
#[derive(Clone)]
enum Tables {
    Sqlite(sqlite::Tables),
    Postgres(postgres::Tables),
}

/// Asks whichever tables there are.
macro_rules! ask {
    ($queue:expr, $tables:ident => $question:expr) => {
        match &$queue.tables {
            Tables::Sqlite($tables) => $question,
            Tables::Postgres($tables) => $question,
        }
    };
}
use ask;

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
        Ok(Self::over(Tables::Sqlite(sqlite::Tables::open(file.into()).await?)))
    }

    /// A queue that ends with the process, for a store that does too.
    ///
    /// # Errors
    /// If SQLite gives no memory.
    pub async fn in_memory() -> Result<Self, QueueError> {
        Ok(Self::over(Tables::Sqlite(sqlite::Tables::in_memory().await?)))
    }

    /// The queue in a PostgreSQL database, whose tables are made if there are none: apalis's in the schema `apalis`, ours where the
    /// pool's connections make theirs. Any number of processes may have it open. Each schema of ours has a queue of its own.
    ///
    /// # Errors
    /// If the database does not answer, the tables cannot be made, or a newer version of this program made them. What its owner has
    /// to do is in the error.
    pub async fn on_postgres(pool: sqlx::PgPool) -> Result<Self, QueueError> {
        Ok(Self::over(Tables::Postgres(postgres::Tables::open(pool).await?)))
    }

    fn over(tables: Tables) -> Self {
        Self { tables, bell: Bell::default() }
    }

    /// Hands jobs over, all of them or none; those it has already are ignored. They are on the disk when this returns.
    ///
    /// # Errors
    /// If they cannot be written.
    pub(crate) async fn push(&self, jobs: Vec<NewJob>) -> Result<(), QueueError> {
        self.insert(first_rows(jobs)?).await
    }

    /// Hands jobs over on a connection of somebody else's, in whose transaction they are there or not; nowhere but in PostgreSQL.
    pub(crate) async fn push_on(&self, connection: &mut sqlx::PgConnection, jobs: Vec<NewJob>) -> Result<(), QueueError> {
        match &self.tables {
            Tables::Sqlite(_) => Err(QueueError::of("its tables are in a file")),
            Tables::Postgres(tables) => tables.push_on(connection, &first_rows(jobs)?).await,
        }
    }

    /// Whether it is in a PostgreSQL database.
    pub(crate) fn is_on_postgres(&self) -> bool {
        matches!(self.tables, Tables::Postgres(_))
    }

    async fn insert(&self, rows: Vec<NewRow>) -> Result<(), QueueError> {
        ask!(self, tables => tables.push(&rows).await)?;
        self.bell.ring();
        Ok(())
    }

    /// What was begun last of something regular; none if nothing ever was.
    pub(crate) async fn last_period(&self, name: &str) -> Result<Option<Begun>, QueueError> {
        ask!(self, tables => tables.last_period(name).await)
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
        let rows = first_rows(jobs)?;
        let ours = ask!(self, tables => tables.begin_period(name, seen, begun, &rows).await)?;
        self.bell.ring();
        Ok(ours)
    }

    /// Puts a job back for later, if the row it was taken from is still that worker's. That row ends in the same commit: a worker
    /// that dies after it leaves one job behind, not two. Whether it was that worker's.
    async fn put_back(&self, message: &Message, wait: Duration, from: &str, worker: &str) -> Result<bool, QueueError> {
        let row = NewRow::of(message, wait)?;
        ask!(self, tables => tables.put_back(&row, from, worker).await)
    }

    /// Gives back the rows that a worker of ours held which has ended: others take them at once, and nobody counts a crash.
    async fn hand_back(&self, worker: &str) -> Result<(), QueueError> {
        ask!(self, tables => tables.hand_back(worker).await)
    }

    /// Notes that a job begins which may take its worker down; the how manieth time that is. What stands there after its worker went
    /// down is what it did alone.
    async fn begin_suspect(&self, key: &str) -> Result<u32, QueueError> {
        ask!(self, tables => tables.begin_suspect(key).await)
    }

    /// Forgets that: it ended, and its worker lives.
    async fn clear_suspect(&self, key: &str) -> Result<(), QueueError> {
        ask!(self, tables => tables.clear_suspect(key).await)
    }

    /// How much is in the queue.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn stock(&self) -> Result<Stock, QueueError> {
        ask!(self, tables => tables.stock().await)
    }

    /// The jobs that run, those longest at it first.
    pub(crate) async fn running(&self, limit: u32) -> Result<Vec<Running>, QueueError> {
        ask!(self, tables => tables.running(limit).await)
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
        ask!(self, tables => tables.dead_letters(limit, after).await)
    }

    /// One of them.
    pub(crate) async fn dead_letter(&self, id: Uuid) -> Result<Option<DeadLetter>, QueueError> {
        ask!(self, tables => tables.dead_letter(id).await)
    }

    /// Pushes a job that was given up again, as one that never failed; whether it was there. What is no job stays where it is.
    pub(crate) async fn revive(&self, id: Uuid) -> Result<bool, QueueError> {
        let revived = ask!(self, tables => tables.revive(id).await)?;
        self.bell.ring();
        Ok(revived)
    }

    /// Ends a job that was given up for good; whether it was there.
    pub(crate) async fn bury(&self, id: Uuid) -> Result<bool, QueueError> {
        ask!(self, tables => tables.bury(id).await)
    }

    /// Forgets jobs that were done a week ago, dead letters of a quarter of a year, workers that are long gone.
    pub(crate) async fn sweep(&self) -> Result<u64, QueueError> {
        ask!(self, tables => tables.sweep().await)
    }
}

/// The rows of jobs that were never tried.
fn first_rows(jobs: Vec<NewJob>) -> Result<Vec<NewRow>, QueueError> {
    jobs.into_iter().map(|job| NewRow::of(&Message::first(job), Duration::ZERO)).collect()
}
