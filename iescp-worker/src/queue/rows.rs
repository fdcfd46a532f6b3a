//! What stands in the queue's tables, read and swept in plain SQL.

use super::{NAME, QueueError, message::Message};
use jiff::Timestamp;
use serde_json::Value;
use sqlx::{Row, SqliteConnection, SqlitePool, sqlite::SqliteRow};

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
    /// Jobs that a worker has taken.
    pub running: u64,
    /// Jobs that were given up.
    pub dead: u64,
}

/// A job that was given up.
#[derive(Clone, Debug, PartialEq)]
pub struct DeadLetter {
    /// Its name.
    pub key: String,
    /// What was to be done.
    pub body: Value,
    /// Why it was given up.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

pub(super) async fn stock(pool: &SqlitePool) -> Result<Stock, QueueError> {
    let rows = sqlx::query("SELECT status, COUNT(*) FROM Jobs WHERE job_type = ?1 AND status != 'Done' GROUP BY status")
        .bind(NAME)
        .fetch_all(pool)
        .await?;
    let mut stock = Stock::default();
    for row in rows {
        let (status, count): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
        let place = match status.as_str() {
            "Pending" => &mut stock.waiting,
            "Queued" | "Running" => &mut stock.running,
            _ => &mut stock.dead,
        };
        *place += u64::try_from(count).unwrap_or(0);
    }
    Ok(stock)
}

pub(super) async fn dead_letters(pool: &SqlitePool, limit: u32) -> Result<Vec<DeadLetter>, QueueError> {
    let rows = sqlx::query(
        "SELECT job, last_result, done_at FROM Jobs WHERE job_type = ?1 AND status IN ('Failed', 'Killed') \
         ORDER BY done_at DESC, id DESC LIMIT ?2",
    )
    .bind(NAME)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter().map(dead_letter).collect()
}

fn dead_letter(row: &SqliteRow) -> Result<DeadLetter, QueueError> {
    let (job, result, at): (Vec<u8>, Option<String>, Option<i64>) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let (key, body) = match serde_json::from_slice::<Message>(&job) {
        Ok(message) => (message.key, message.body),
        Err(_) => (String::new(), serde_json::from_slice(&job).unwrap_or_default()),
    };
    let result: Value = result.and_then(|result| serde_json::from_str(&result).ok()).unwrap_or_default();
    let reason = result.get("Err").and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(DeadLetter { key, body, reason, at: Timestamp::from_second(at.unwrap_or(0)).unwrap_or_default() })
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
        for (file, source) in [("rows.rs", include_str!("rows.rs")), ("queue.rs", include_str!("../queue.rs"))] {
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
