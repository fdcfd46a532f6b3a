//! Copies a queue while others work on it, and takes out of the copy what does not belong to its moment.

use super::BUSY;
use crate::queue::{NAME, QueueError, message::Message};
use serde_json::Value;
use sqlx::{
    ConnectOptions, Connection, Row, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteSynchronous},
};
use std::path::Path;

/// How many jobs are looked at together.
const PAGE: i64 = 1_000;

/// A copy of a queue, in a file of its own. Nobody works on it.
pub(crate) struct QueueCopy(SqliteConnection);

/// A job of the copy that is not done.
pub(crate) struct Undone {
    row: i64,
    /// What is to be done.
    pub body: Value,
}

impl QueueCopy {
    /// Copies the queue in a file, as it is at one moment, into a file that is not there yet.
    pub async fn make(from: &Path, to: &Path) -> Result<Self, QueueError> {
        let options = |file: &Path| SqliteConnectOptions::new().filename(file).busy_timeout(BUSY);
        let mut queue = options(from).create_if_missing(false).connect().await?;
        sqlx::query("VACUUM INTO ?1").bind(to.to_string_lossy()).execute(&mut queue).await?;
        queue.close().await?;
        // It is read once more and thrown away.
        let copy = options(to).create_if_missing(false).synchronous(SqliteSynchronous::Off).connect().await?;
        Ok(Self(copy))
    }

    /// Some of the jobs that are not done, after one of them; none when there are no more.
    pub async fn undone(&mut self, after: Option<&Undone>) -> Result<Vec<Undone>, QueueError> {
        let after = after.map_or(0, |after| after.row);
        let asking = sqlx::query(
            "SELECT rowid, job FROM Jobs WHERE job_type = ?1 AND status != 'Done' AND rowid > ?2 ORDER BY rowid LIMIT ?3",
        );
        let rows = asking.bind(NAME).bind(after).bind(PAGE).fetch_all(&mut self.0).await?;
        let undone = |row: &sqlx::sqlite::SqliteRow| {
            let (row, job): (i64, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
            let body = serde_json::from_slice::<Message>(&job).map(|message| message.body).unwrap_or_default();
            Ok(Undone { row, body })
        };
        rows.iter().map(undone).collect()
    }

    /// Takes jobs out.
    pub async fn remove(&mut self, jobs: &[&Undone]) -> Result<(), QueueError> {
        let mut transaction = self.0.begin().await?;
        for job in jobs {
            sqlx::query("DELETE FROM Jobs WHERE rowid = ?1").bind(job.row).execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Lets go of the file: all of the copy stands in it then.
    pub async fn close(self) -> Result<(), QueueError> {
        Ok(self.0.close().await?)
    }
}
