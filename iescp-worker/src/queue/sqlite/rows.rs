//! Jobs in SQLite: handed over, put back, counted, given up, swept.

use super::Tables;
use crate::queue::{
    NAME, QueueError,
    rows::{DEAD_FOR, DONE_FOR, DeadLetter, NewRow, Running, SILENT_FOR, Stock, anew, row_of},
};
use apalis::prelude::TaskBuilder;
use apalis_sqlite::{SqliteTask, queries};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

/// How a transaction begins that reads before it writes: what it read stays so.
const WRITING: &str = "BEGIN IMMEDIATE";

impl Tables {
    /// Writes rows, all of them or none.
    pub(in crate::queue) async fn push(&self, rows: &[NewRow]) -> Result<(), QueueError> {
        let mut transaction = self.pool.begin().await?;
        insert(&mut transaction, rows).await?;
        Ok(transaction.commit().await?)
    }

    /// Ends a row and writes the one that takes its place, if it is this worker's; whether it was.
    pub(in crate::queue) async fn put_back(&self, row: &NewRow, from: &str, worker: &str) -> Result<bool, QueueError> {
        let mut transaction = self.pool.begin_with(WRITING).await?;
        let ending = sqlx::query(
            "UPDATE Jobs SET status = 'Done', done_at = unixepoch(), last_result = '{\"Ok\":null}' \
             WHERE id = ?1 AND lock_by = ?2 AND status IN ('Queued', 'Running')",
        );
        if ending.bind(from).bind(worker).execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(false);
        }
        insert(&mut transaction, std::slice::from_ref(row)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Lets go of all rows of a worker.
    pub(in crate::queue) async fn hand_back(&self, worker: &str) -> Result<(), QueueError> {
        let handing = sqlx::query(
            "UPDATE Jobs SET status = 'Pending', lock_by = NULL, lock_at = NULL \
             WHERE lock_by = ?1 AND status IN ('Queued', 'Running')",
        );
        handing.bind(worker).execute(&self.pool).await?;
        Ok(())
    }

    pub(in crate::queue) async fn stock(&self) -> Result<Stock, QueueError> {
        let rows = sqlx::query(
            "SELECT status, COUNT(*), SUM(run_at > unixepoch()) FROM Jobs WHERE job_type = ?1 AND status != 'Done' GROUP BY status",
        );
        let mut stock = Stock::default();
        for row in rows.bind(NAME).fetch_all(&self.pool).await? {
            let (status, count, later): (String, i64, Option<i64>) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            stock.count(&status, count, later.unwrap_or(0));
        }
        Ok(stock)
    }

    pub(in crate::queue) async fn running(&self, limit: u32) -> Result<Vec<Running>, QueueError> {
        let rows = sqlx::query(
            "SELECT job, lock_at FROM Jobs WHERE job_type = ?1 AND status IN ('Queued', 'Running') ORDER BY lock_at, id LIMIT ?2",
        );
        let rows = rows.bind(NAME).bind(limit).fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok(Running::read(row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// The latest dead letters, or those after one of them.
    pub(in crate::queue) async fn dead_letters(&self, limit: u32, after: Option<Uuid>) -> Result<Vec<DeadLetter>, QueueError> {
        let rows = sqlx::query(
            "SELECT id, job, last_result, done_at FROM Jobs WHERE job_type = ?1 AND status IN ('Failed', 'Killed') \
             AND (?3 IS NULL OR (done_at, id) < (SELECT done_at, id FROM Jobs WHERE id = ?3)) \
             ORDER BY done_at DESC, id DESC LIMIT ?2",
        );
        let rows = rows.bind(NAME).bind(limit).bind(after.map(row_of)).fetch_all(&self.pool).await?;
        rows.iter().map(dead_letter).collect()
    }

    pub(in crate::queue) async fn dead_letter(&self, id: Uuid) -> Result<Option<DeadLetter>, QueueError> {
        let row = sqlx::query(
            "SELECT id, job, last_result, done_at FROM Jobs WHERE job_type = ?1 AND status IN ('Failed', 'Killed') AND id = ?2",
        );
        let row = row.bind(NAME).bind(row_of(id)).fetch_optional(&self.pool).await?;
        row.as_ref().map(dead_letter).transpose()
    }

    /// Buries a dead letter and writes the row that takes its place; whether there was one that carries a job.
    pub(in crate::queue) async fn revive(&self, id: Uuid) -> Result<bool, QueueError> {
        let mut transaction = self.pool.begin_with(WRITING).await?;
        let row = sqlx::query("SELECT job FROM Jobs WHERE job_type = ?1 AND status IN ('Failed', 'Killed') AND id = ?2");
        let Some(row) = row.bind(NAME).bind(row_of(id)).fetch_optional(&mut *transaction).await? else { return Ok(false) };
        let Some(row) = anew(row.try_get(0)?)? else { return Ok(false) };
        bury(&mut transaction, id).await?;
        insert(&mut transaction, &[row]).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Ends a dead letter as done, whose name stays known; whether it was there.
    pub(in crate::queue) async fn bury(&self, id: Uuid) -> Result<bool, QueueError> {
        bury(&mut *self.pool.acquire().await?, id).await
    }

    /// Forgets what is long over.
    pub(in crate::queue) async fn sweep(&self) -> Result<u64, QueueError> {
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
            swept += sqlx::query(statement).bind(older).execute(&self.pool).await?.rows_affected();
        }
        Ok(swept)
    }
}

/// Writes rows; those whose names are there already are left out.
pub(super) async fn insert(connection: &mut SqliteConnection, rows: &[NewRow]) -> Result<(), QueueError> {
    let tasks: Vec<SqliteTask> = rows.iter().map(task).collect();
    queries::push_tasks(connection, NAME, &tasks).await.map_err(QueueError::of)
}

fn task(row: &NewRow) -> SqliteTask {
    let task = TaskBuilder::new(row.job.clone()).idempotency_key(row.key.clone()).max_attempts(1);
    if row.wait.is_zero() { task.build() } else { task.run_after(row.wait).build() }
}

async fn bury(connection: &mut SqliteConnection, id: Uuid) -> Result<bool, QueueError> {
    let burying = sqlx::query(
        "UPDATE Jobs SET status = 'Done', done_at = unixepoch() WHERE job_type = ?1 AND status IN ('Failed', 'Killed') AND id = ?2",
    );
    Ok(burying.bind(NAME).bind(row_of(id)).execute(connection).await?.rows_affected() == 1)
}

fn dead_letter(row: &SqliteRow) -> Result<DeadLetter, QueueError> {
    let (id, job, result): (&str, &[u8], Option<&str>) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    DeadLetter::read(id, job, result, row.try_get(3)?)
}
