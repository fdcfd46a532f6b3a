//! How often a job has begun that may take workers down, in SQLite.

use super::Tables;
use crate::queue::QueueError;
use sqlx::{Row, SqliteConnection};

pub(super) async fn prepare(connection: &mut SqliteConnection) -> Result<(), QueueError> {
    sqlx::query("CREATE TABLE IF NOT EXISTS Suspects (key TEXT PRIMARY KEY, begun INTEGER NOT NULL) STRICT")
        .execute(connection)
        .await?;
    Ok(())
}

impl Tables {
    pub(in crate::queue) async fn begin_suspect(&self, key: &str) -> Result<u32, QueueError> {
        let noting = sqlx::query(
            "INSERT INTO Suspects (key, begun) VALUES (?1, 1) ON CONFLICT (key) DO UPDATE SET begun = begun + 1 RETURNING begun",
        );
        Ok(noting.bind(key).fetch_one(&self.pool).await?.try_get(0)?)
    }

    pub(in crate::queue) async fn clear_suspect(&self, key: &str) -> Result<(), QueueError> {
        sqlx::query("DELETE FROM Suspects WHERE key = ?1").bind(key).execute(&self.pool).await?;
        Ok(())
    }
}
