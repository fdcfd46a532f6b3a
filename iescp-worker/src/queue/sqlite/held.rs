//! Rows in SQLite on their way to or from another queue.

use super::Tables;
use crate::queue::{NAME, QueueError, held::Held};
use sqlx::{Row, sqlite::SqliteRow};

impl Tables {
    pub(in crate::queue) async fn held(&self, after: &str, limit: u32) -> Result<Vec<Held>, QueueError> {
        let rows = sqlx::query(
            "SELECT id, idempotency_key, job, CASE WHEN status IN ('Queued', 'Running') THEN 'Pending' ELSE status END, \
             attempts, run_at, last_result, done_at FROM Jobs WHERE job_type = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
        );
        rows.bind(NAME).bind(after).bind(limit).fetch_all(&self.pool).await?.iter().map(read).collect()
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
