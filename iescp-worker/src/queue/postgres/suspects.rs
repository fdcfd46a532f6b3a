//! How often a job has begun that may take workers down, in PostgreSQL.

use super::{Tables, take, within};
use crate::queue::QueueError;
use sqlx::Row;

impl Tables {
    pub(in crate::queue) async fn begin_suspect(&self, key: &str) -> Result<u32, QueueError> {
        within(async {
            let mut lease = take(&self.pool).await?;
            let noting = sqlx::query(
                "INSERT INTO iescp_suspect (key, begun) VALUES ($1, 1) \
                 ON CONFLICT (key) DO UPDATE SET begun = iescp_suspect.begun + 1 RETURNING begun",
            );
            let begun: i64 = noting.bind(key).fetch_one(&mut *lease).await?.try_get(0)?;
            lease.give_back();
            u32::try_from(begun).map_err(QueueError::of)
        })
        .await
    }

    pub(in crate::queue) async fn clear_suspect(&self, key: &str) -> Result<(), QueueError> {
        within(async {
            let mut lease = take(&self.pool).await?;
            sqlx::query("DELETE FROM iescp_suspect WHERE key = $1").bind(key).execute(&mut *lease).await?;
            lease.give_back();
            Ok(())
        })
        .await
    }
}
