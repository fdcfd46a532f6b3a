//! Rows in SQLite on their way to or from another queue.

use super::Tables;
use crate::queue::{NAME, QueueError, held::Held};
use sqlx::{Row, Sqlite, Transaction, sqlite::SqliteRow};

/// What a transaction sees that has read something.
pub(in crate::queue) struct Moment(Transaction<'static, Sqlite>);

impl Moment {
    pub(in crate::queue) async fn held(&mut self, after: &str, limit: u32) -> Result<Vec<Held>, QueueError> {
        let rows = sqlx::query(
            "SELECT id, idempotency_key, job, CASE WHEN status IN ('Queued', 'Running') THEN 'Pending' ELSE status END, \
             attempts, run_at, last_result, done_at FROM Jobs WHERE job_type = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
        );
        rows.bind(NAME).bind(after).bind(limit).fetch_all(&mut *self.0).await?.iter().map(read).collect()
    }
}

impl Tables {
    pub(in crate::queue) async fn moment(&self) -> Result<Moment, QueueError> {
        Ok(Moment(self.pool.begin().await?))
    }

    pub(in crate::queue) async fn take_over(&self, held: &[Held]) -> Result<(), QueueError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        for held in held {
            let writing = sqlx::query(
                "INSERT INTO Jobs (id, job_type, idempotency_key, job, status, attempts, max_attempts, run_at, last_result, done_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
            );
            let writing = writing.bind(&held.id).bind(NAME).bind(&held.key).bind(&held.job).bind(&held.status);
            let writing = writing.bind(held.attempts).bind(held.run_at).bind(&held.result).bind(held.done_at);
            writing.execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }
}

fn read(row: &SqliteRow) -> Result<Held, QueueError> {
    Ok(Held {
        id: row.try_get(0)?,
        key: row.try_get(1)?,
        job: row.try_get(2)?,
        status: row.try_get(3)?,
        attempts: row.try_get(4)?,
        run_at: row.try_get(5)?,
        result: row.try_get(6)?,
        done_at: row.try_get(7)?,
    })
}
