//! How often a job that may take workers down has begun: noted before it runs, forgotten when it ends. What stands here after its
//! worker went down is what it did alone.
//!
//! **Not here**: who is suspected (`message`), that suspects run one at a time (`queue`).

use super::QueueError;
use sqlx::{Row, SqliteConnection, SqlitePool};

pub(super) async fn prepare(connection: &mut SqliteConnection) -> Result<(), QueueError> {
    sqlx::query("CREATE TABLE IF NOT EXISTS Suspects (key TEXT PRIMARY KEY, begun INTEGER NOT NULL) STRICT")
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes that it begins; the how manieth time that is.
pub(super) async fn begin(pool: &SqlitePool, key: &str) -> Result<u32, QueueError> {
    let noting = sqlx::query(
        "INSERT INTO Suspects (key, begun) VALUES (?1, 1) ON CONFLICT (key) DO UPDATE SET begun = begun + 1 RETURNING begun",
    );
    Ok(noting.bind(key).fetch_one(pool).await?.try_get(0)?)
}

/// Forgets it: it ended, and its worker lives.
pub(super) async fn clear(pool: &SqlitePool, key: &str) -> Result<(), QueueError> {
    sqlx::query("DELETE FROM Suspects WHERE key = ?1").bind(key).execute(pool).await?;
    Ok(())
}
