//! Which period of what is regular was begun last: noted in the commit that pushes its jobs, so that it is begun once, whoever
//! restarts and however many try.

use super::{NAME, QueueError};
use apalis_sqlite::{SqliteTask, queries};
use jiff::{Timestamp, civil::Date};
use sqlx::{Row, SqliteConnection, SqlitePool};

/// What was begun last of something regular.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Begun {
    /// The period; of a month, its first day.
    pub period: Date,
    /// When it was begun.
    pub at: Timestamp,
    /// How many jobs that was; none if nothing was owed.
    pub jobs: u32,
}

pub(super) async fn prepare(connection: &mut SqliteConnection) -> Result<(), QueueError> {
    sqlx::query("CREATE TABLE IF NOT EXISTS Periods (name TEXT PRIMARY KEY, last TEXT NOT NULL, at INTEGER NOT NULL, jobs INTEGER NOT NULL) STRICT")
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn last(pool: &SqlitePool, name: &str) -> Result<Option<Begun>, QueueError> {
    let found = sqlx::query("SELECT last, at, jobs FROM Periods WHERE name = ?1").bind(name).fetch_optional(pool).await?;
    let Some(row) = found else { return Ok(None) };
    let (last, at, jobs): (String, i64, u32) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let period = last.parse().map_err(QueueError::of)?;
    Ok(Some(Begun { period, at: Timestamp::from_second(at).map_err(QueueError::of)?, jobs }))
}

/// Notes a period as begun and pushes its jobs, if the last one is still the one that was seen; whether it was.
pub(super) async fn begin(
    pool: &SqlitePool,
    name: &str,
    seen: Option<Date>,
    begun: Begun,
    tasks: &[SqliteTask],
) -> Result<bool, QueueError> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let noting = sqlx::query(
        "INSERT INTO Periods (name, last, at, jobs) VALUES (?1, ?2, ?3, ?5) \
         ON CONFLICT (name) DO UPDATE SET last = excluded.last, at = excluded.at, jobs = excluded.jobs WHERE last = ?4",
    );
    let noting =
        noting.bind(name).bind(begun.period.to_string()).bind(begun.at.as_second()).bind(seen.map(|seen| seen.to_string()));
    let noting = noting.bind(begun.jobs);
    if noting.execute(&mut *transaction).await?.rows_affected() == 0 {
        return Ok(false);
    }
    if !tasks.is_empty() {
        queries::push_tasks(&mut *transaction, NAME, tasks).await.map_err(QueueError::of)?;
    }
    transaction.commit().await?;
    Ok(true)
}
