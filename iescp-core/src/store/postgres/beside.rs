//! What stands beside the store in the same database: tables of others, on connections of their own, which follow the database
//! when another host takes over for as long as the store is open.
//!
//! **Not here**: what those tables hold (pictures in `blob`; keys, files and jobs with whoever keeps them).

use super::{GoesAlong, PostgresLease, PostgresStore, address::PROGRAM, failure::Failure, patience::Patience};
use crate::{store::StoreError, upgrade};
use sqlx::{
    PgPool, Postgres, Row,
    postgres::{PgArguments, PgListener, PgRow},
    query::Query,
};
use std::sync::{Arc, OnceLock};

/// How many connections there are at most for what stands beside.
pub(super) const CONNECTIONS: u32 = 8;

/// How often making tables is tried: of several who make them at once, all but one are refused at first.
const TRIES: usize = 5;

/// The way to the database for what stands beside the store. Cheap to clone.
#[derive(Clone)]
pub struct PostgresBeside {
    pool: PgPool,
    patience: Patience,
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
        let shared = &self.shared;
        PostgresBeside { pool: shared.beside.clone(), patience: shared.patience.clone(), along: shared.along.clone() }
    }
}

impl PostgresBeside {
    /// Connections that only reach hosts which write, to be taken as [`PostgresLease`]s. Statements end by themselves after ten
    /// seconds; names without a schema are those of the store's.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// The rows that a statement answers.
    ///
    /// # Errors
    /// What the database says, as the store would say it; [`StoreError::Failed`] if it does not answer within ten seconds, or
    /// within two where it is known not to answer.
    pub async fn rows(&self, query: Query<'_, Postgres, PgArguments>) -> Result<Vec<PgRow>, StoreError> {
        let asked = async {
            let mut lease = PostgresLease::of(&self.pool).await?;
            let rows = query.fetch_all(&mut *lease).await?;
            lease.give_back();
            Ok::<_, Failure>(rows)
        };
        self.patience.answered(asked).await
    }

    /// The first row that a statement answers, if there is one.
    ///
    /// # Errors
    /// As [`rows`](Self::rows).
    pub async fn row(&self, query: Query<'_, Postgres, PgArguments>) -> Result<Option<PgRow>, StoreError> {
        Ok(self.rows(query).await?.into_iter().next())
    }

    /// How many rows a statement changed.
    ///
    /// # Errors
    /// As [`rows`](Self::rows).
    pub async fn change(&self, query: Query<'_, Postgres, PgArguments>) -> Result<u64, StoreError> {
        let asked = async {
            let mut lease = PostgresLease::of(&self.pool).await?;
            let changed = query.execute(&mut *lease).await?.rows_affected();
            lease.give_back();
            Ok::<_, Failure>(changed)
        };
        self.patience.answered(asked).await
    }

    /// A connection of its own on which notifications are heard; it takes no place among the others. Whoever hears nothing on it
    /// should ask something now and then: a host that fell silent does not say so.
    ///
    /// # Errors
    /// [`StoreError::Failed`] if nobody answers.
    pub async fn listener(&self) -> Result<PgListener, StoreError> {
        let alone = self.pool.options().clone().max_connections(1).connect_lazy_with((*self.pool.connect_options()).clone());
        let mut listener = self.patience.answered(async { Ok(PgListener::connect_with(&alone).await?) }).await?;
        listener.eager_reconnect(false);
        Ok(listener)
    }

    /// Makes tables unless they are there, which `probe` finds out: a statement that fails where they are not. `tables` must do no
    /// harm where some of them are there already.
    ///
    /// # Errors
    /// [`StoreError::Failed`] if they cannot be made or nobody answers.
    pub async fn make(&self, probe: &'static str, tables: &'static str) -> Result<(), StoreError> {
        let mut tried = 0;
        loop {
            let Err(missing) = self.row(sqlx::query(probe)).await else { return Ok(()) };
            if tried == TRIES {
                return Err(missing);
            }
            tried += 1;
            let making = async {
                let mut lease = PostgresLease::of(&self.pool).await?;
                sqlx::raw_sql(tables).execute(&mut *lease).await?;
                lease.give_back();
                Ok(())
            };
            if let Err(error) = self.patience.answered(making).await {
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
        let listed = sqlx::query(
            "SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE $1",
        );
        let rows = self.rows(listed.bind(format!("{PROGRAM}%"))).await?;
        let is_older = |row: &&PgRow| {
            let name = row.try_get::<String, _>(0).unwrap_or_default();
            let layout = name.strip_prefix(PROGRAM).and_then(|layout| layout.parse::<u32>().ok());
            layout.is_none_or(|layout| layout < upgrade::LAYOUT)
        };
        Ok(rows.iter().filter(is_older).fold(0, |count, _| count + 1))
    }
}
