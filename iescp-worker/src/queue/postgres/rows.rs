//! Jobs in PostgreSQL: handed over, put back, counted, given up, swept.

use super::{Tables, take, within};
use crate::queue::{
    QueueError,
    rows::{DEAD_FOR, DONE_FOR, DeadLetter, NewRow, Running, SILENT_FOR, Stock, anew, row_of},
};
use sqlx::{Connection, PgConnection, Row, postgres::PgRow};
use ulid::Ulid;
use uuid::Uuid;

/// How many rows are forgotten in one statement, and how many statements there are at most: what is left goes the next time.
const AT_ONCE: i64 = 5_000;
const SWEEPS: usize = 200;

impl Tables {
    /// Writes rows, all of them or none.
    pub(in crate::queue) async fn push(&self, rows: &[NewRow]) -> Result<(), QueueError> {
        within(async {
            let mut lease = take(&self.pool).await?;
            insert(&mut lease, &self.name, rows).await?;
            lease.give_back();
            Ok(())
        })
        .await
    }

    /// Writes rows in a transaction of somebody else's.
    pub(in crate::queue) async fn push_on(&self, connection: &mut PgConnection, rows: &[NewRow]) -> Result<(), QueueError> {
        insert(connection, &self.name, rows).await
    }

    /// Ends a row and writes the one that takes its place, if it is this worker's; whether it was.
    pub(in crate::queue) async fn put_back(&self, row: &NewRow, from: &str, worker: &str) -> Result<bool, QueueError> {
        within(async {
            let mut lease = take(&self.pool).await?;
            let mut transaction = lease.begin().await?;
            let ending = sqlx::query(
                "UPDATE apalis.jobs SET status = 'Done', done_at = now(), last_result = '{\"Ok\":null}' \
                 WHERE id = $1 AND lock_by = $2 AND status IN ('Queued', 'Running')",
            );
            let ours = ending.bind(from).bind(worker).execute(&mut *transaction).await?.rows_affected() == 1;
            if ours {
                insert(&mut transaction, &self.name, std::slice::from_ref(row)).await?;
            }
            transaction.commit().await?;
            lease.give_back();
            Ok(ours)
        })
        .await
    }

    /// Lets go of all rows of a worker. A host that only reads refuses it.
    pub(in crate::queue) async fn hand_back(&self, worker: &str) -> Result<(), QueueError> {
        within(async {
            let mut lease = take(&self.pool).await?;
            let handing = sqlx::query(
                "UPDATE apalis.jobs SET status = 'Pending', lock_by = NULL, lock_at = NULL \
                 WHERE lock_by = $1 AND status IN ('Queued', 'Running')",
            );
            handing.bind(worker).execute(&mut *lease).await?;
            lease.give_back();
            Ok(())
        })
        .await
    }

    pub(in crate::queue) async fn stock(&self) -> Result<Stock, QueueError> {
        within(async {
            let mut lease = take(&self.pool).await?;
            let rows = sqlx::query(
                "SELECT status, COUNT(*), COUNT(*) FILTER (WHERE run_at > now()) FROM apalis.jobs \
                 WHERE job_type = $1 AND status <> 'Done' GROUP BY status",
            );
            let mut stock = Stock::default();
            for row in rows.bind(&*self.name).fetch_all(&mut *lease).await? {
                stock.count(row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            }
            lease.give_back();
            Ok(stock)
        })
        .await
    }

    pub(in crate::queue) async fn running(&self, limit: u32) -> Result<Vec<Running>, QueueError> {
        within(async {
            let mut lease = take(&self.pool).await?;
            let rows = sqlx::query(
                "SELECT job, floor(extract(epoch FROM lock_at))::bigint FROM apalis.jobs \
                 WHERE job_type = $1 AND status IN ('Queued', 'Running') ORDER BY lock_at, id LIMIT $2",
            );
            let rows = rows.bind(&*self.name).bind(i64::from(limit)).fetch_all(&mut *lease).await?;
            lease.give_back();
            rows.iter().map(|row| Ok(Running::read(row.try_get(0)?, row.try_get(1)?))).collect()
        })
        .await
    }

    /// The latest dead letters, or those after one of them.
    pub(in crate::queue) async fn dead_letters(&self, limit: u32, after: Option<Uuid>) -> Result<Vec<DeadLetter>, QueueError> {
        within(async {
            let mut lease = take(&self.pool).await?;
            let rows = sqlx::query(
                "SELECT id, job, last_result::text, floor(extract(epoch FROM done_at))::bigint FROM apalis.jobs \
                 WHERE job_type = $1 AND status IN ('Failed', 'Killed') \
                 AND ($3::text IS NULL OR (done_at, id) < (SELECT done_at, id FROM apalis.jobs WHERE id = $3)) \
                 ORDER BY done_at DESC, id DESC LIMIT $2",
            );
            let rows = rows.bind(&*self.name).bind(i64::from(limit)).bind(after.map(row_of)).fetch_all(&mut *lease).await?;
            lease.give_back();
            rows.iter().map(dead_letter).collect()
        })
        .await
    }

    pub(in crate::queue) async fn dead_letter(&self, id: Uuid) -> Result<Option<DeadLetter>, QueueError> {
        within(async {
            let mut lease = take(&self.pool).await?;
            let row = sqlx::query(
                "SELECT id, job, last_result::text, floor(extract(epoch FROM done_at))::bigint FROM apalis.jobs \
                 WHERE job_type = $1 AND status IN ('Failed', 'Killed') AND id = $2",
            );
            let row = row.bind(&*self.name).bind(row_of(id)).fetch_optional(&mut *lease).await?;
            lease.give_back();
            row.as_ref().map(dead_letter).transpose()
        })
        .await
    }

    /// Buries a dead letter and writes the row that takes its place; whether there was one that carries a job.
    pub(in crate::queue) async fn revive(&self, id: Uuid) -> Result<bool, QueueError> {
        within(async {
            let mut lease = take(&self.pool).await?;
            let mut transaction = lease.begin().await?;
            let row = sqlx::query(
                "SELECT job FROM apalis.jobs WHERE job_type = $1 AND status IN ('Failed', 'Killed') AND id = $2 FOR UPDATE",
            );
            let row = row.bind(&*self.name).bind(row_of(id)).fetch_optional(&mut *transaction).await?;
            let row = row.map(|row| anew(row.try_get(0)?)).transpose()?.flatten();
            if let Some(row) = &row {
                bury(&mut transaction, &self.name, id).await?;
                insert(&mut transaction, &self.name, std::slice::from_ref(row)).await?;
            }
            transaction.commit().await?;
            lease.give_back();
            Ok(row.is_some())
        })
        .await
    }

    /// Ends a dead letter as done, whose name stays known; whether it was there.
    pub(in crate::queue) async fn bury(&self, id: Uuid) -> Result<bool, QueueError> {
        within(async {
            let mut lease = take(&self.pool).await?;
            let buried = bury(&mut lease, &self.name, id).await?;
            lease.give_back();
            Ok(buried)
        })
        .await
    }

    /// Forgets what is long over, some rows at a time.
    pub(in crate::queue) async fn sweep(&self) -> Result<u64, QueueError> {
        let sweeps = [
            (
                "DELETE FROM apalis.jobs WHERE id IN (SELECT id FROM apalis.jobs WHERE job_type = $1 AND status = 'Done' \
                 AND done_at < now() - make_interval(secs => $2) LIMIT $3)",
                DONE_FOR,
            ),
            (
                "DELETE FROM apalis.jobs WHERE id IN (SELECT id FROM apalis.jobs WHERE job_type = $1 \
                 AND status IN ('Failed', 'Killed') AND done_at < now() - make_interval(secs => $2) LIMIT $3)",
                DEAD_FOR,
            ),
            (
                "DELETE FROM apalis.workers WHERE id IN (SELECT id FROM apalis.workers w WHERE worker_type = $1 \
                 AND last_seen < now() - make_interval(secs => $2) \
                 AND NOT EXISTS (SELECT 1 FROM apalis.jobs WHERE lock_by = w.id) LIMIT $3)",
                SILENT_FOR,
            ),
        ];
        let mut swept = 0;
        for (statement, older) in sweeps {
            for _ in 0..SWEEPS {
                let gone = within(async {
                    let mut lease = take(&self.pool).await?;
                    let sweeping = sqlx::query(statement).bind(&*self.name).bind(older as f64).bind(AT_ONCE);
                    let gone = sweeping.execute(&mut *lease).await?.rows_affected();
                    lease.give_back();
                    Ok(gone)
                })
                .await?;
                swept += gone;
                if gone == 0 {
                    break;
                }
            }
        }
        Ok(swept)
    }
}

/// Writes rows; those whose names are there already are left out. They are written in the order of their names, so that two who
/// write the same do not wait for each other.
pub(super) async fn insert(connection: &mut PgConnection, name: &str, rows: &[NewRow]) -> Result<(), QueueError> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut rows: Vec<&NewRow> = rows.iter().collect();
    rows.sort_by(|one, other| one.key.cmp(&other.key));
    let ids: Vec<String> = rows.iter().map(|_| Ulid::generate().to_string()).collect();
    let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
    let jobs: Vec<&[u8]> = rows.iter().map(|row| row.job.as_slice()).collect();
    let waits: Vec<f64> = rows.iter().map(|row| row.wait.as_secs_f64()).collect();
    let inserting = sqlx::query(
        "INSERT INTO apalis.jobs (id, job_type, job, status, attempts, max_attempts, run_at, priority, idempotency_key) \
         SELECT id, $1, job, 'Pending', 0, 1, now() + make_interval(secs => wait), 0, key \
         FROM UNNEST($2::text[], $3::bytea[], $4::float8[], $5::text[]) AS new (id, job, wait, key) \
         ON CONFLICT (job_type, idempotency_key) DO NOTHING",
    );
    inserting.bind(name).bind(ids).bind(jobs).bind(waits).bind(keys).execute(connection).await?;
    Ok(())
}

async fn bury(connection: &mut PgConnection, name: &str, id: Uuid) -> Result<bool, QueueError> {
    let burying = sqlx::query(
        "UPDATE apalis.jobs SET status = 'Done', done_at = now() \
         WHERE job_type = $1 AND status IN ('Failed', 'Killed') AND id = $2",
    );
    Ok(burying.bind(name).bind(row_of(id)).execute(connection).await?.rows_affected() == 1)
}

fn dead_letter(row: &PgRow) -> Result<DeadLetter, QueueError> {
    let (id, job, result): (&str, &[u8], Option<&str>) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    DeadLetter::read(id, job, result, row.try_get(3)?)
}
