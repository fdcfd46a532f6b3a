//! Makes the tables: apalis's by its own migrations, ours after them. Of several processes that come at once, one makes them.
//!
//! All that apalis needs stands in the schema `apalis`, its extensions too where they are not there already. A process that finds
//! everything there changes nothing, and needs no right to.

use super::{take, within};
use crate::queue::QueueError;
use apalis_postgres::PostgresStorage;
use iescp_core::store::PostgresLease;
use sqlx::{PgConnection, PgPool, Row, migrate::Migrator};
use std::time::Duration;
use tokio::time::timeout;

/// Who makes the tables holds this lock of the database's.
const MAKING: i64 = i64::from_be_bytes(*b"iescp q1");

/// Making them takes no longer, waiting for whoever makes them already included.
const AT_MOST: Duration = Duration::from_secs(60);

/// Ours. The index is for counting, and for finding what silent workers hold, in a table that is mostly of jobs that are done.
const OURS: &str = "
CREATE TABLE IF NOT EXISTS iescp_period (name TEXT PRIMARY KEY, last TEXT NOT NULL, at BIGINT NOT NULL, jobs BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS iescp_suspect (key TEXT PRIMARY KEY, begun BIGINT NOT NULL);
CREATE INDEX IF NOT EXISTS iescp_undone ON apalis.jobs (job_type, status, run_at) WHERE status <> 'Done';
";

/// Makes what is not there.
pub(super) async fn ensure(pool: &PgPool) -> Result<(), QueueError> {
    let migrations = PostgresStorage::<()>::migrations();
    let mut lease = within(take(pool)).await?;
    let found = within(found(&mut lease, &migrations)).await?;
    lease.give_back();
    if found {
        return Ok(());
    }
    let lease = within(take(pool)).await?;
    let late = |_| QueueError::of("making its tables takes too long: somebody else may be at it, or the database is too busy");
    timeout(AT_MOST, make(lease, &migrations)).await.unwrap_or_else(|elapsed| Err(late(elapsed)))
}

/// Whether everything is there.
async fn found(connection: &mut PgConnection, migrations: &Migrator) -> Result<bool, QueueError> {
    let row = sqlx::query(
        "SELECT to_regclass('apalis._sqlx_migrations') IS NOT NULL, to_regclass('apalis.iescp_undone') IS NOT NULL \
         AND to_regclass('iescp_period') IS NOT NULL AND to_regclass('iescp_suspect') IS NOT NULL",
    );
    let row = row.fetch_one(&mut *connection).await?;
    let (theirs, ours): (bool, bool) = (row.try_get(0)?, row.try_get(1)?);
    if !theirs {
        return Ok(false);
    }
    let row = sqlx::query("SELECT MAX(version) FROM apalis._sqlx_migrations WHERE success").fetch_one(connection).await?;
    let (made, known) = (row.try_get::<Option<i64>, _>(0)?, migrations.iter().map(|migration| migration.version).max());
    if made > known {
        return Err(QueueError::of("its tables were made by a newer version of this program, or of apalis-postgres"));
    }
    Ok(ours && made == known)
}

/// Makes them on a connection that is closed after, with its lock and its search path.
async fn make(mut lease: PostgresLease, migrations: &Migrator) -> Result<(), QueueError> {
    let connection = &mut *lease;
    sqlx::query("SELECT pg_advisory_lock($1)").bind(MAKING).execute(&mut *connection).await.map_err(unmade)?;
    let ours: String = sqlx::query("SELECT current_setting('search_path')").fetch_one(&mut *connection).await?.try_get(0)?;
    sqlx::query("CREATE SCHEMA IF NOT EXISTS apalis").execute(&mut *connection).await.map_err(unmade)?;
    for (extension, statement) in [
        ("hstore", "CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA apalis"),
        ("pgcrypto", "CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA apalis"),
    ] {
        let made = sqlx::query(statement).execute(&mut *connection).await;
        made.map_err(|error| {
            QueueError::of(format_args!(
                "it needs the extension {extension}, which could not be made ({error}); the database's owner has to run, once and \
                 in this database: CREATE EXTENSION {extension}"
            ))
        })?;
    }
    // apalis names a type of an extension's without its schema.
    let paths = sqlx::query(
        "SELECT set_config('search_path', 'apalis, ' || string_agg(DISTINCT quote_ident(n.nspname), ', '), false) \
         FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname IN ('hstore', 'pgcrypto')",
    );
    paths.execute(&mut *connection).await?;
    // `run` is the same, and cannot be spawned.
    migrations.run_direct(None, &mut *connection, false).await.map_err(unmade)?;
    sqlx::query("SELECT set_config('search_path', $1, false)").bind(ours).execute(&mut *connection).await?;
    sqlx::raw_sql(OURS).execute(connection).await.map_err(unmade)?;
    Ok(())
}

fn unmade(error: impl std::fmt::Display) -> QueueError {
    QueueError::of(format_args!(
        "its tables could not be made ({error}); the user of the URL must own the database, or be allowed to create schemas in it"
    ))
}
