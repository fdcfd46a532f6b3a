//! What stands beside the store in the same database: tables of others, on connections of their own, which follow the database
//! when another host takes over for as long as the store is open.
//!
//! **Not here**: what those tables hold (pictures in `blob`; keys, files and jobs with whoever keeps them).

use super::{GoesAlong, PostgresStore, address::PROGRAM, answered, failure::Failure};
use crate::{store::StoreError, upgrade};
use sqlx::PgPool;
use std::sync::{Arc, OnceLock};

/// How many connections there are at most for what stands beside.
pub(super) const CONNECTIONS: u32 = 8;

/// How often making tables is tried: of several who make them at once, all but one are refused at first.
const TRIES: usize = 5;

/// The way to the database for what stands beside the store. Cheap to clone.
#[derive(Clone)]
pub struct PostgresBeside {
    pool: PgPool,
    pub(super) along: Arc<OnceLock<Arc<dyn GoesAlong>>>,
}

impl std::fmt::Debug for PostgresBeside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PostgresBeside")
    }
}

impl PostgresStore {
    /// The way to the same database and schema for tables of one's own.
    #[must_use]
    pub fn beside(&self) -> PostgresBeside {
        PostgresBeside { pool: self.shared.beside.clone(), along: self.shared.along.clone() }
    }
}

impl PostgresBeside {
    /// Connections that only reach hosts which write. Statements end by themselves after ten seconds; names without a schema are
    /// those of the store's.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Makes tables unless they are there, which `probe` finds out: a statement that fails where they are not. `tables` must do no
    /// harm where some of them are there already.
    ///
    /// # Errors
    /// [`StoreError::Failed`] if they cannot be made or nobody answers.
    pub async fn make(&self, probe: &'static str, tables: &'static str) -> Result<(), StoreError> {
        let mut tried = 0;
        loop {
            let there = answered(async { Ok(sqlx::query(probe).fetch_optional(&self.pool).await?) }).await;
            let Err(missing) = there else { return Ok(()) };
            if tried == TRIES {
                return Err(missing);
            }
            tried += 1;
            if let Err(error) = answered(async { Ok(sqlx::raw_sql(tables).execute(&self.pool).await?) }).await {
                tracing::debug!(%error, "tables beside the store were not made at once");
            }
        }
    }

    /// How many connections there are of programs that know only layouts before this one's. A database that does not list
    /// connections (CockroachDB's `pg_stat_activity` is empty) says none.
    ///
    /// # Errors
    /// [`StoreError::Failed`] if nobody answers.
    pub async fn older_programs(&self) -> Result<u64, StoreError> {
        let listed = sqlx::query_scalar::<_, String>(
            "SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE $1",
        );
        let names = self.answer(listed.bind(format!("{PROGRAM}%")).fetch_all(&self.pool)).await?;
        let known = names.iter().map(|name| name.strip_prefix(PROGRAM).and_then(|layout| layout.parse::<u32>().ok()));
        Ok(known.filter(|layout| layout.is_none_or(|layout| layout < upgrade::LAYOUT)).fold(0, |count, _| count + 1))
    }

    /// Waits for an answer of the database, but not for ever.
    ///
    /// # Errors
    /// What the answer says, as the store would say it; [`StoreError::Failed`] if there is none within ten seconds.
    pub async fn answer<T>(&self, question: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, StoreError> {
        answered(async { question.await.map_err(Failure::from) }).await
    }
}
