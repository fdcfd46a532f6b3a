//! What stands in the queue's tables, read and swept in plain SQL.

use super::{NAME, QueueError, message::Message};
use jiff::Timestamp;
use serde_json::Value;
use sqlx::{Row, SqliteConnection, SqlitePool, sqlite::SqliteRow};
use ulid::Ulid;
use uuid::Uuid;

/// Jobs that are done are forgotten after so many seconds: a week, in which no relay hands the same letter over again.
const DONE_FOR: i64 = 7 * 86_400;

/// Dead letters are forgotten after so many seconds: ninety days.
const DEAD_FOR: i64 = 90 * 86_400;

/// Workers that were not heard of for so many seconds, and hold no job, are forgotten: a day.
const SILENT_FOR: i64 = 86_400;

/// What is in the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    /// Jobs that wait, also those that wait to be tried again.
    pub waiting: u64,
    /// Those of them whose time has not come.
    pub later: u64,
    /// Jobs that a worker has taken.
    pub running: u64,
    /// Jobs that were given up.
    pub dead: u64,
}

/// A job that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// Its name.
    pub key: String,
    /// Since when.
    pub since: Timestamp,
}

/// A job that was given up.
#[derive(Clone, Debug, PartialEq)]
pub struct DeadLetter {
    /// By what it is named when something is decided about it.
    pub id: Uuid,
    /// Its name.
    pub key: String,
    /// What was to be done.
    pub body: Value,
    /// Why it was given up.
    pub reason: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When.
    pub at: Timestamp,
}

/// Whether the file's structure is whole.
pub(super) async fn look_through(pool: &SqlitePool) -> Result<(), QueueError> {
    let found: String = sqlx::query("PRAGMA quick_check(1)").fetch_one(pool).await?.try_get(0)?;
    if found == "ok" { Ok(()) } else { Err(QueueError::of(format_args!("its file is damaged: {found}"))) }
}

pub(super) async fn stock(pool: &SqlitePool) -> Result<Stock, QueueError> {
    let rows = sqlx::query(
        "SELECT status, COUNT(*), SUM(run_at > unixepoch()) FROM Jobs WHERE job_type = ?1 AND status != 'Done' GROUP BY status",
    )
    .bind(NAME)
    .fetch_all(pool)
    .await?;
    let mut stock = Stock::default();
    for row in rows {
        let (status, count, later): (String, i64, Option<i64>) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let place = match status.as_str() {
            "Pending" => {
                stock.later = u64::try_from(later.unwrap_or(0)).unwrap_or(0);
                &mut stock.waiting
            }
            "Queued" | "Running" => &mut stock.running,
            _ => &mut stock.dead,
        };
        *place += u64::try_from(count).unwrap_or(0);
    }
    Ok(stock)
}

pub(super) async fn running(pool: &SqlitePool, limit: u32) -> Result<Vec<Running>, QueueError> {
    let rows = sqlx::query(
        "SELECT job, lock_at FROM Jobs WHERE job_type = ?1 AND status IN ('Queued', 'Running') ORDER BY lock_at, id LIMIT ?2",
    );
    let rows = rows.bind(NAME).bind(limit).fetch_all(pool).await?;
    let running = |row: &SqliteRow| {
        let (job, since): (Vec<u8>, Option<i64>) = (row.try_get(0)?, row.try_get(1)?);
        let key = serde_json::from_slice::<Message>(&job).map(|message| message.key).unwrap_or_default();
        Ok(Running { key, since: moment(since) })
    };
    rows.iter().map(running).collect()
}

/// The latest dead letters, or those after one of them.
pub(super) async fn dead_letters(pool: &SqlitePool, limit: u32, after: Option<Uuid>) -> Result<Vec<DeadLetter>, QueueError> {
    let rows = sqlx::query(
        "SELECT id, job, last_result, done_at FROM Jobs WHERE job_type = ?1 AND status IN ('Failed', 'Killed') \
         AND (?3 IS NULL OR (done_at, id) < (SELECT done_at, id FROM Jobs WHERE id = ?3)) \
         ORDER BY done_at DESC, id DESC LIMIT ?2",
    );
    let rows = rows.bind(NAME).bind(limit).bind(after.map(row_of)).fetch_all(pool).await?;
    rows.iter().map(dead_letter).collect()
}

/// One dead letter.
pub(super) async fn one_dead_letter(connection: &mut SqliteConnection, id: Uuid) -> Result<Option<DeadLetter>, QueueError> {
    let row = sqlx::query(
        "SELECT id, job, last_result, done_at FROM Jobs WHERE job_type = ?1 AND status IN ('Failed', 'Killed') AND id = ?2",
    );
    let row = row.bind(NAME).bind(row_of(id)).fetch_optional(connection).await?;
    row.as_ref().map(dead_letter).transpose()
}

fn dead_letter(row: &SqliteRow) -> Result<DeadLetter, QueueError> {
    let (id, job, result): (String, Vec<u8>, Option<String>) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let (key, body, attempts) = match serde_json::from_slice::<Message>(&job) {
        Ok(message) => {
            let tried = message.tried().saturating_add(1);
            (message.key, message.body, tried)
        }
        Err(_) => (String::new(), serde_json::from_slice(&job).unwrap_or_default(), 0),
    };
    let result: Value = result.and_then(|result| serde_json::from_str(&result).ok()).unwrap_or_default();
    let reason = result.get("Err").and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(DeadLetter { id: uuid_of(&id)?, key, body, reason, attempts, at: moment(row.try_get(3)?) })
}

/// The id of a row, which apalis writes in letters of its own.
fn uuid_of(row: &str) -> Result<Uuid, QueueError> {
    Ok(Uuid::from_u128(Ulid::from_string(row).map_err(QueueError::of)?.0))
}

fn row_of(id: Uuid) -> String {
    Ulid(id.as_u128()).to_string()
}

fn moment(seconds: Option<i64>) -> Timestamp {
    Timestamp::from_second(seconds.unwrap_or(0)).unwrap_or_default()
}

/// What a dead letter carries; none if it is gone, is no job, or is damaged.
pub(super) async fn carried(connection: &mut SqliteConnection, id: Uuid) -> Result<Option<Message>, QueueError> {
    let row = sqlx::query("SELECT job FROM Jobs WHERE job_type = ?1 AND status IN ('Failed', 'Killed') AND id = ?2");
    let row = row.bind(NAME).bind(row_of(id)).fetch_optional(connection).await?;
    let job: Option<Vec<u8>> = row.map(|row| row.try_get(0)).transpose()?;
    let message = job.and_then(|job| serde_json::from_slice::<Message>(&job).ok());
    Ok(message.filter(Message::is_as_written))
}

/// Ends a dead letter as done, whose name stays known; whether it was there.
pub(super) async fn bury(connection: &mut SqliteConnection, id: Uuid) -> Result<bool, QueueError> {
    let burying = sqlx::query(
        "UPDATE Jobs SET status = 'Done', done_at = unixepoch() WHERE job_type = ?1 AND status IN ('Failed', 'Killed') AND id = ?2",
    );
    Ok(burying.bind(NAME).bind(row_of(id)).execute(connection).await?.rows_affected() == 1)
}

/// Ends a row as done, if it is locked by this worker; whether it was.
pub(super) async fn end(connection: &mut SqliteConnection, id: &str, worker: &str) -> Result<bool, QueueError> {
    let ending = sqlx::query(
        "UPDATE Jobs SET status = 'Done', done_at = unixepoch(), last_result = '{\"Ok\":null}' \
         WHERE id = ?1 AND lock_by = ?2 AND status IN ('Queued', 'Running')",
    );
    Ok(ending.bind(id).bind(worker).execute(connection).await?.rows_affected() == 1)
}

/// Forgets what is long over.
pub(super) async fn sweep(pool: &SqlitePool) -> Result<u64, QueueError> {
    let sweeps = [
        ("DELETE FROM Jobs WHERE status = 'Done' AND done_at < unixepoch() - ?1", DONE_FOR),
        ("DELETE FROM Jobs WHERE status IN ('Failed', 'Killed') AND done_at < unixepoch() - ?1", DEAD_FOR),
        (
            "DELETE FROM Workers WHERE last_seen < unixepoch() - ?1 \
             AND NOT EXISTS (SELECT 1 FROM Jobs WHERE Jobs.lock_by = Workers.id)",
            SILENT_FOR,
        ),
    ];
    let mut swept = 0;
    for (statement, older) in sweeps {
        swept += sqlx::query(statement).bind(older).execute(pool).await?.rows_affected();
    }
    Ok(swept)
}

#[cfg(test)]
mod tests {
    /// S-42: what is asked of SQLite is written down here whole, and what is asked about is bound to it.
    #[test]
    fn s_42_no_statement_is_put_together_from_parts() {
        for (file, source) in [
            ("rows.rs", include_str!("rows.rs")),
            ("periods.rs", include_str!("periods.rs")),
            ("copying.rs", include_str!("copying.rs")),
            ("queue.rs", include_str!("../queue.rs")),
        ] {
            let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap();
            let asked =
                source.split("sqlx::query").skip(1).map(|after| after.trim_start_matches(|c| c != '(').get(1..40).unwrap());
            for statement in asked {
                let words = statement.trim_start();
                let whole = words.starts_with('"') || words.starts_with("statement)");
                assert!(whole, "{file}: {statement}");
            }
            let verbs = ["SELECT ", "INSERT ", "UPDATE ", "DELETE "];
            let put_together =
                source.lines().filter(|line| line.contains("format!") && verbs.iter().any(|verb| line.contains(verb)));
            assert_eq!(put_together.collect::<Vec<_>>(), Vec::<&str>::new(), "{file}");
        }
    }
}
