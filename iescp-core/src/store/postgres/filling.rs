//! A schema that is being filled with all of a store: until that is done, nobody opens it as one.
//!
//! The head says so, by a layout that there is not. Whoever is killed meanwhile leaves that behind, and whoever fills it again begins
//! with nothing. Two cannot fill one schema at a time: a lock goes with the connection (relatives of PostgreSQL that know no such locks
//! let two, and the second one throws away what the first one wrote).
//!
//! **Not here**: what it is filled with (`backup`).

use super::{PostgresBeside, PostgresOptions, PostgresStore, failure::Failure, patience::answered, schema};
use crate::store::StoreError;
use sqlx::{Connection, PgConnection, Row};
use std::sync::Arc;

/// The lock's name among the database's: “iescp” in letters' numbers.
const LOCK: i64 = 0x69_6573_6370;

/// A schema that is being filled.
pub struct PostgresFilling {
    store: Arc<PostgresStore>,
    /// Holds the lock.
    guard: PgConnection,
    schema: String,
}

impl PostgresStore {
    /// Takes a schema that holds no store, or what is left of one whose filling broke off; that is thrown away. Its first commit
    /// has the number after `numbered_after`.
    ///
    /// # Errors
    /// [`StoreError::Failed`] if there is a store, if somebody else is filling it, or as [`connect`](Self::connect).
    pub async fn fill(url: &str, options: PostgresOptions, numbered_after: u64) -> Result<PostgresFilling, StoreError> {
        let addresses = super::Addresses::read(url, &options.schema)?;
        let mut guard = addresses.connect().await?;
        lock(&mut guard).await?;
        answered(async { Ok(schema::empty(&mut guard, &options.schema, numbered_after).await?) }).await?;
        let first = addresses.connect().await?;
        let name = options.schema.clone();
        let store = Arc::new(Self::over(addresses, first, numbered_after, options));
        Ok(PostgresFilling { store, guard, schema: name })
    }
}

async fn lock(guard: &mut PgConnection) -> Result<(), StoreError> {
    let locked = async {
        let row = sqlx::query("SELECT pg_try_advisory_lock($1)").bind(LOCK).fetch_one(guard).await?;
        Ok::<bool, Failure>(row.try_get(0)?)
    };
    match answered(locked).await? {
        true => Ok(()),
        false => Err(StoreError::Failed("somebody else is filling this database at the moment".into())),
    }
}

impl PostgresFilling {
    /// The store, empty at first.
    #[must_use]
    pub fn store(&self) -> Arc<PostgresStore> {
        self.store.clone()
    }

    /// The way to the same schema for what stands beside.
    #[must_use]
    pub fn beside(&self) -> PostgresBeside {
        self.store.beside()
    }

    /// Says that all of it is there: from now on it is a store like any other.
    ///
    /// # Errors
    /// [`StoreError::Failed`] if the database does not answer, or somebody else began to fill it.
    pub async fn finish(mut self) -> Result<(), StoreError> {
        answered(async { Ok(schema::open(&mut self.guard).await?) }).await?;
        let _closed_anyway = self.guard.close().await;
        Ok(())
    }

    /// Throws the whole schema away, with everything that anybody keeps in it: for one that was made to rehearse.
    ///
    /// # Errors
    /// [`StoreError::Failed`] if the database does not answer.
    pub async fn discard(mut self) -> Result<(), StoreError> {
        answered(async { Ok(schema::discard(&mut self.guard, &self.schema).await?) }).await?;
        let _closed_anyway = self.guard.close().await;
        Ok(())
    }
}
