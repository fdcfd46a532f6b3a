//! Rows in PostgreSQL on their way to or from another queue.

use super::{Tables, take, within};
use crate::queue::{QueueError, held::Held};
use iescp_core::store::PostgresLease;
use sqlx::{Row, postgres::PgRow};
use std::sync::Arc;

/// What a transaction sees that sees one moment, on a connection that is closed after.
pub(in crate::queue) struct Moment {
    lease: PostgresLease,
    name: Arc<str>,
}

impl Moment {
    pub(in crate::queue) async fn held(&mut self, after: &str, limit: u32) -> Result<Vec<Held>, QueueError> {
        within(async {
            let rows = sqlx::query(
                "SELECT id, idempotency_key, job, CASE WHEN status IN ('Queued', 'Running') THEN 'Pending' ELSE status END, \
                 attempts, floor(extract(epoch FROM run_at))::bigint, last_result::text, \
                 floor(extract(epoch FROM done_at))::bigint \
                 FROM apalis.jobs WHERE job_type = $1 AND id > $2 ORDER BY id LIMIT $3",
            );
            let rows = rows.bind(&*self.name).bind(after).bind(i64::from(limit)).fetch_all(&mut *self.lease).await?;
            rows.iter().map(read).collect()
        })
        .await
    }
}

impl Tables {
    pub(in crate::queue) async fn moment(&self) -> Result<Moment, QueueError> {
        within(async {
            let mut lease = take(&self.pool).await?;
            sqlx::query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").execute(&mut *lease).await?;
            Ok(Moment { lease, name: self.name.clone() })
        })
        .await
    }

    pub(in crate::queue) async fn take_over(&self, held: &[Held]) -> Result<(), QueueError> {
        if held.is_empty() {
            return Ok(());
        }
        within(async {
            let mut lease = take(&self.pool).await?;
            let writing = sqlx::query(
                "INSERT INTO apalis.jobs (id, job_type, idempotency_key, job, status, attempts, max_attempts, run_at, last_result, \
                 done_at, priority) SELECT id, $1, key, job, status, attempts, 1, to_timestamp(run_at), result::jsonb, \
                 to_timestamp(done_at), 0 FROM UNNEST($2::text[], $3::text[], $4::bytea[], $5::text[], $6::int4[], $7::int8[], \
                 $8::text[], $9::int8[]) AS held (id, key, job, status, attempts, run_at, result, done_at) ON CONFLICT DO NOTHING",
            );
            let writing = writing
                .bind(&*self.name)
                .bind(held.iter().map(|held| held.id.as_str()).collect::<Vec<_>>())
                .bind(held.iter().map(|held| held.key.as_deref()).collect::<Vec<_>>())
                .bind(held.iter().map(|held| held.job.as_slice()).collect::<Vec<_>>())
                .bind(held.iter().map(|held| held.status.as_str()).collect::<Vec<_>>())
                .bind(held.iter().map(|held| held.attempts).collect::<Vec<_>>())
                .bind(held.iter().map(|held| held.run_at).collect::<Vec<_>>())
                .bind(held.iter().map(|held| held.result.as_deref()).collect::<Vec<_>>())
                .bind(held.iter().map(|held| held.done_at).collect::<Vec<_>>());
            writing.execute(&mut *lease).await?;
            lease.give_back();
            Ok(())
        })
        .await
    }
}

fn read(row: &PgRow) -> Result<Held, QueueError> {
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
