//! Blobs in the database of a [`PostgresStore`](crate::store::PostgresStore), in one table beside it: every process that has the
//! store open finds them. A second one says who holds them, and until when.
//!
//! **Not here**: how the database is reached (`store::postgres`).

use super::{BlobName, Blobs, Kept};
use crate::store::{Pending, PostgresBeside, StoreError};
use sqlx::{Row, postgres::PgRow};
use std::time::Duration;
use uuid::Uuid;

const PROBE: &str = "SELECT 1 FROM iescp_blob, iescp_blob_hold LIMIT 1";

const TABLE: &str = "
CREATE TABLE IF NOT EXISTS iescp_blob (
    id BYTEA NOT NULL, part TEXT NOT NULL, written_at TIMESTAMPTZ NOT NULL, bytes BYTEA NOT NULL, PRIMARY KEY (id, part)
);
CREATE TABLE IF NOT EXISTS iescp_blob_hold (holder BYTEA PRIMARY KEY, held_until TIMESTAMPTZ NOT NULL)";

const PUT: &str = "\
INSERT INTO iescp_blob (id, part, written_at, bytes) VALUES ($1, $2, clock_timestamp(), $3) \
ON CONFLICT (id, part) DO UPDATE SET written_at = EXCLUDED.written_at, bytes = EXCLUDED.bytes";

const DELETE: &str = "\
DELETE FROM iescp_blob WHERE id = $1 AND part = $2 \
AND NOT EXISTS (SELECT 1 FROM iescp_blob_hold WHERE held_until > clock_timestamp())";

const HOLD: &str = "\
WITH over AS (DELETE FROM iescp_blob_hold WHERE held_until < clock_timestamp() AND holder <> $1) \
INSERT INTO iescp_blob_hold (holder, held_until) VALUES ($1, clock_timestamp() + $2 * INTERVAL '1 second') \
ON CONFLICT (holder) DO UPDATE SET held_until = EXCLUDED.held_until";

const LIST: &str = "\
SELECT id, part, extract(epoch FROM clock_timestamp() - written_at)::FLOAT8 FROM iescp_blob \
WHERE (id, part) > ($1, $2) ORDER BY id, part LIMIT $3";

/// [`Blobs`] in a database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PostgresBlobs {
    beside: PostgresBeside,
}

impl PostgresBlobs {
    /// Blobs beside a store; makes their table, `iescp_blob`, if there is none.
    ///
    /// # Errors
    /// [`StoreError::Failed`] if it cannot be made or nobody answers.
    pub async fn open(beside: PostgresBeside) -> Result<Self, StoreError> {
        beside.make(PROBE, TABLE).await?;
        Ok(Self { beside })
    }
}

impl Blobs for PostgresBlobs {
    fn put(&self, name: BlobName, bytes: Vec<u8>) -> Pending<'_, ()> {
        let put = sqlx::query(PUT).bind(id(name)).bind(name.part).bind(bytes);
        Box::pin(async move { self.beside.change(put).await.map(drop) })
    }

    fn get(&self, name: BlobName) -> Pending<'_, Option<Vec<u8>>> {
        let get = sqlx::query("SELECT bytes FROM iescp_blob WHERE id = $1 AND part = $2").bind(id(name)).bind(name.part);
        Box::pin(async move {
            let found = self.beside.row(get).await?;
            found.map(|row| row.try_get(0).map_err(unread)).transpose()
        })
    }

    fn delete(&self, name: BlobName) -> Pending<'_, ()> {
        let delete = sqlx::query(DELETE).bind(id(name)).bind(name.part);
        Box::pin(async move { self.beside.change(delete).await.map(drop) })
    }

    fn list(&self, after: Option<BlobName>, limit: usize) -> Pending<'_, Vec<Kept>> {
        let (id, part) = after.map_or_else(|| (Vec::new(), ""), |after| (id(after), after.part));
        let list = sqlx::query(LIST).bind(id).bind(part).bind(i64::try_from(limit).unwrap_or(i64::MAX));
        Box::pin(async move { self.beside.rows(list).await?.iter().map(kept).collect() })
    }

    fn hold(&self, holder: Uuid, time: Duration) -> Pending<'_, ()> {
        let hold = sqlx::query(HOLD).bind(holder.as_bytes().to_vec()).bind(time.as_secs_f64());
        Box::pin(async move { self.beside.change(hold).await.map(drop) })
    }
}

fn id(name: BlobName) -> Vec<u8> {
    name.id.as_bytes().to_vec()
}

/// What a row says.
fn kept(row: &PgRow) -> Result<Kept, StoreError> {
    let columns =
        || Ok::<_, sqlx::Error>((row.try_get::<Vec<u8>, _>(0)?, row.try_get::<String, _>(1)?, row.try_get::<f64, _>(2)?));
    let (id, part, seconds) = columns().map_err(unread)?;
    let id = Uuid::from_slice(&id).unwrap_or_default();
    let name = format!("{}.{part}", id.as_hyphenated()).parse();
    let name = name.map_err(|_| StoreError::Corrupt(format!("a picture in the database is called {part:?}")))?;
    Ok(Kept { name, age: Duration::try_from_secs_f64(seconds).unwrap_or_default() })
}

fn unread(error: sqlx::Error) -> StoreError {
    StoreError::Failed(format!("a blob: {error}"))
}
