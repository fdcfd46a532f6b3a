//! The tables: made when they are not there, and known by the number of their layout.
//!
//! **Not here**: what is in the values (`frame` of the embedded engines' layout, records above).

use super::failure::Failure;
use crate::store::StoreError;
use sqlx::{AssertSqlSafe, PgConnection, Row};

/// The layout of these tables.
const LAYOUT: i64 = 1;

/// How often making the tables is tried: of several who make them at once, all but one are refused at first.
const TRIES: usize = 5;

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS iescp_head (
    one BOOLEAN PRIMARY KEY CHECK (one), layout BIGINT NOT NULL, latest BIGINT NOT NULL, forgotten BIGINT NOT NULL
);
CREATE TABLE IF NOT EXISTS iescp_record (k BYTEA PRIMARY KEY, v BYTEA NOT NULL);
CREATE TABLE IF NOT EXISTS iescp_change (number BIGINT PRIMARY KEY, id BYTEA NOT NULL, writes BYTEA NOT NULL);
INSERT INTO iescp_head (one, layout, latest, forgotten) VALUES (true, 1, 0, 0) ON CONFLICT (one) DO NOTHING;
";

/// Makes the schema and its tables unless they are there; answers the latest commit.
pub(super) async fn ensure(connection: &mut PgConnection, schema: &str) -> Result<u64, StoreError> {
    if let Some(latest) = found(connection).await? {
        return Ok(latest);
    }
    let mut tried = 0;
    loop {
        tried += 1;
        // The name was checked: small letters, digits and _.
        let made = sqlx::raw_sql(AssertSqlSafe(format!("CREATE SCHEMA IF NOT EXISTS {schema};{TABLES}")))
            .execute(&mut *connection)
            .await;
        match made {
            Ok(_) => break,
            Err(error) if tried == TRIES => return Err(Failure::from(error).into()),
            Err(error) => tracing::debug!(%error, "the tables were not made at once"),
        }
    }
    found(connection).await?.ok_or_else(|| StoreError::Failed("the tables were made and are not there".into()))
}

/// The latest commit, if the tables are there.
pub(super) async fn found(connection: &mut PgConnection) -> Result<Option<u64>, StoreError> {
    let row = match sqlx::query("SELECT layout, latest FROM iescp_head").fetch_optional(connection).await {
        Ok(row) => row,
        Err(sqlx::Error::Database(error)) if matches!(error.code().as_deref(), Some("42P01" | "3F000")) => return Ok(None),
        Err(error) => return Err(Failure::from(error).into()),
    };
    let Some(row) = row else { return Ok(None) };
    let read = |column| row.try_get::<i64, _>(column).map_err(Failure::from);
    match read(0)? {
        LAYOUT => Ok(Some(number(read(1)?)?)),
        newer if newer > LAYOUT => {
            Err(StoreError::Newer(format!("its tables have layout {newer}, this program knows layouts up to {LAYOUT}")))
        }
        other => Err(StoreError::Corrupt(format!("there is no layout {other}"))),
    }
}

/// A commit's number as the database keeps it.
pub(super) fn number(kept: i64) -> Result<u64, StoreError> {
    u64::try_from(kept).map_err(|_| StoreError::Corrupt(format!("{kept} is no number of a commit")))
}

/// A commit's number as the database keeps it.
pub(super) fn kept(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Failed("there are no more numbers for commits".into()))
}
