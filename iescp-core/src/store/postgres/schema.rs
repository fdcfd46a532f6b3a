//! The tables: made when they are not there, and known by the number of their layout.
//!
//! **Not here**: what is in the values (`frame` of the embedded engines' layout, records above).

use super::failure::Failure;
use crate::store::StoreError;
use sqlx::{AssertSqlSafe, PgConnection, Row};

/// The layout of these tables. A higher one is refused, so it grows only by what programs of the version before cannot live with,
/// and while none of them runs; tables and columns that they do not look at need no number.
const LAYOUT: i64 = 1;

/// The layout of tables that are being filled: nobody opens them.
const FILLING: i64 = 0;

/// How often making the tables is tried: of several who make them at once, all but one are refused at first.
const TRIES: usize = 5;

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS iescp_head (
    one BOOLEAN PRIMARY KEY CHECK (one), layout BIGINT NOT NULL, latest BIGINT NOT NULL, forgotten BIGINT NOT NULL
);
CREATE TABLE IF NOT EXISTS iescp_record (k BYTEA PRIMARY KEY, v BYTEA NOT NULL);
CREATE TABLE IF NOT EXISTS iescp_change (number BIGINT PRIMARY KEY, id BYTEA NOT NULL, writes BYTEA NOT NULL);
";

/// Makes a schema, its tables and their head in one transaction. The name was checked: small letters, digits and _.
fn making(schema: &str, layout: i64, latest: i64) -> String {
    format!(
        "CREATE SCHEMA IF NOT EXISTS {schema};{TABLES}\
         INSERT INTO iescp_head (one, layout, latest, forgotten) VALUES (true, {layout}, {latest}, {latest}) ON CONFLICT (one) DO NOTHING"
    )
}

/// Makes the schema and its tables unless they are there; answers the latest commit.
pub(super) async fn ensure(connection: &mut PgConnection, schema: &str) -> Result<u64, StoreError> {
    if let Some(latest) = found(connection).await? {
        return Ok(latest);
    }
    let mut tried = 0;
    loop {
        tried += 1;
        let made = sqlx::raw_sql(AssertSqlSafe(making(schema, LAYOUT, 0))).execute(&mut *connection).await;
        match made {
            Ok(_) => break,
            Err(error) if tried == TRIES => return Err(Failure::from(error).into()),
            Err(error) => tracing::debug!(%error, "the tables were not made at once"),
        }
    }
    found(connection).await?.ok_or_else(|| StoreError::Failed("the tables were made and are not there".into()))
}

/// Makes empty tables that are marked as being filled, in place of none, of empty ones, or of those whose filling broke off.
pub(super) async fn empty(connection: &mut PgConnection, schema: &str, numbered_after: u64) -> Result<(), StoreError> {
    let layout = sqlx::query("SELECT layout FROM iescp_head").fetch_optional(&mut *connection).await;
    let filled = match layout {
        Ok(Some(row)) if row.try_get::<i64, _>(0).map_err(Failure::from)? != FILLING => {
            let first = sqlx::query("SELECT 1 FROM iescp_record LIMIT 1").fetch_optional(&mut *connection).await;
            first.map_err(Failure::from)?.is_some()
        }
        Ok(_) => false,
        Err(sqlx::Error::Database(error)) if is_missing(error.code().as_deref()) => false,
        Err(error) => return Err(Failure::from(error).into()),
    };
    if filled {
        return Err(StoreError::Failed("there is a store in it already; only into an empty one".into()));
    }
    let anew = "DROP TABLE IF EXISTS iescp_head, iescp_record, iescp_change, iescp_blob, iescp_blob_hold;";
    let make = format!("{anew}{}", making(schema, FILLING, kept(numbered_after)?));
    sqlx::raw_sql(AssertSqlSafe(make)).execute(&mut *connection).await.map_err(Failure::from)?;
    Ok(())
}

/// Opens tables that are filled.
pub(super) async fn open(connection: &mut PgConnection) -> Result<(), StoreError> {
    let opened = sqlx::query("UPDATE iescp_head SET layout = $1 WHERE layout = $2").bind(LAYOUT).bind(FILLING);
    match opened.execute(connection).await.map_err(Failure::from)?.rows_affected() {
        1 => Ok(()),
        _ => Err(StoreError::Failed("somebody else has begun to fill it".into())),
    }
}

/// Throws a schema away with everything in it. Its name was checked.
pub(super) async fn discard(connection: &mut PgConnection, schema: &str) -> Result<(), StoreError> {
    let discard = AssertSqlSafe(format!("DROP SCHEMA IF EXISTS {schema} CASCADE"));
    sqlx::raw_sql(discard).execute(connection).await.map_err(Failure::from)?;
    Ok(())
}

fn is_missing(code: Option<&str>) -> bool {
    matches!(code, Some("42P01" | "3F000"))
}

/// The latest commit, if the tables are there.
pub(super) async fn found(connection: &mut PgConnection) -> Result<Option<u64>, StoreError> {
    let row = match sqlx::query("SELECT layout, latest FROM iescp_head").fetch_optional(connection).await {
        Ok(row) => row,
        Err(sqlx::Error::Database(error)) if is_missing(error.code().as_deref()) => return Ok(None),
        Err(error) => return Err(Failure::from(error).into()),
    };
    let Some(row) = row else { return Ok(None) };
    let read = |column| row.try_get::<i64, _>(column).map_err(Failure::from);
    match read(0)? {
        LAYOUT => Ok(Some(number(read(1)?)?)),
        FILLING => Err(StoreError::Failed(
            "something is being brought into it, or was and broke off: there is no store yet. If nobody is at it any more, do it again"
                .into(),
        )),
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
