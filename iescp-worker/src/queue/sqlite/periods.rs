//! Periods in SQLite.

use super::{Tables, rows};
use crate::queue::{Begun, QueueError, rows::NewRow};
use jiff::civil::Date;
use sqlx::{Row, SqliteConnection};

pub(super) async fn prepare(connection: &mut SqliteConnection) -> Result<(), QueueError> {
    sqlx::query("CREATE TABLE IF NOT EXISTS Periods (name TEXT PRIMARY KEY, last TEXT NOT NULL, at INTEGER NOT NULL, jobs INTEGER NOT NULL) STRICT")
        .execute(connection)
        .await?;
    Ok(())
}

impl Tables {
    pub(in crate::queue) async fn last_period(&self, name: &str) -> Result<Option<Begun>, QueueError> {
        let found =
            sqlx::query("SELECT last, at, jobs FROM Periods WHERE name = ?1").bind(name).fetch_optional(&self.pool).await?;
        found.map(|row| Begun::read(row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)).transpose()
    }

    /// Notes a period as begun and writes its rows, if the last one is still the one that was seen; whether it was.
    pub(in crate::queue) async fn begin_period(
        &self,
        name: &str,
        seen: Option<Date>,
        begun: Begun,
        jobs: &[NewRow],
    ) -> Result<bool, QueueError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let noting = sqlx::query(
            "INSERT INTO Periods (name, last, at, jobs) VALUES (?1, ?2, ?3, ?5) \
             ON CONFLICT (name) DO UPDATE SET last = excluded.last, at = excluded.at, jobs = excluded.jobs WHERE last = ?4",
        );
        let noting =
            noting.bind(name).bind(begun.period.to_string()).bind(begun.at.as_second()).bind(seen.map(|seen| seen.to_string()));
        let noting = noting.bind(begun.jobs);
        if noting.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(false);
        }
        rows::insert(&mut transaction, jobs).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// All that was ever begun.
    pub(in crate::queue) async fn periods(&self) -> Result<Vec<(String, Begun)>, QueueError> {
        let rows = sqlx::query("SELECT name, last, at, jobs FROM Periods ORDER BY name").fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, Begun::read(row.try_get(1)?, row.try_get(2)?, row.try_get(3)?)?))).collect()
    }

    /// Notes what was begun elsewhere, unless a later period was begun here.
    pub(in crate::queue) async fn note_period(&self, name: &str, begun: Begun) -> Result<(), QueueError> {
        let noting = sqlx::query(
            "INSERT INTO Periods (name, last, at, jobs) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (name) \
             DO UPDATE SET last = excluded.last, at = excluded.at, jobs = excluded.jobs WHERE last < excluded.last",
        );
        let noting = noting.bind(name).bind(begun.period.to_string()).bind(begun.at.as_second()).bind(begun.jobs);
        noting.execute(&self.pool).await?;
        Ok(())
    }
}
