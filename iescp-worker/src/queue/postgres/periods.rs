//! Periods in PostgreSQL.

use super::{Tables, rows, take, within};
use crate::queue::{Begun, QueueError, rows::NewRow};
use jiff::civil::Date;
use sqlx::{Connection, Row};

impl Tables {
    pub(in crate::queue) async fn last_period(&self, name: &str) -> Result<Option<Begun>, QueueError> {
        within(async {
            let mut lease = take(&self.pool).await?;
            let found = sqlx::query("SELECT last, at, jobs FROM iescp_period WHERE name = $1").bind(name);
            let found = found.fetch_optional(&mut *lease).await?;
            lease.give_back();
            found.map(|row| Begun::read(row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)).transpose()
        })
        .await
    }

    /// Notes a period as begun and writes its rows, if the last one is still the one that was seen; whether it was. Of two who do
    /// so at once, the second waits for the first and finds that it is not.
    pub(in crate::queue) async fn begin_period(
        &self,
        name: &str,
        seen: Option<Date>,
        begun: Begun,
        jobs: &[NewRow],
    ) -> Result<bool, QueueError> {
        within(async {
            let mut lease = take(&self.pool).await?;
            let mut transaction = lease.begin().await?;
            let noting = sqlx::query(
                "INSERT INTO iescp_period (name, last, at, jobs) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO UPDATE \
                 SET last = excluded.last, at = excluded.at, jobs = excluded.jobs WHERE iescp_period.last = $5",
            );
            let noting = noting.bind(name).bind(begun.period.to_string()).bind(begun.at.as_second());
            let noting = noting.bind(i64::from(begun.jobs)).bind(seen.map(|seen| seen.to_string()));
            let ours = noting.execute(&mut *transaction).await?.rows_affected() == 1;
            if ours {
                rows::insert(&mut transaction, &self.name, jobs).await?;
            }
            transaction.commit().await?;
            lease.give_back();
            Ok(ours)
        })
        .await
    }

    /// All that was ever begun.
    pub(in crate::queue) async fn periods(&self) -> Result<Vec<(String, Begun)>, QueueError> {
        within(async {
            let mut lease = take(&self.pool).await?;
            let rows = sqlx::query("SELECT name, last, at, jobs FROM iescp_period ORDER BY name").fetch_all(&mut *lease).await?;
            lease.give_back();
            rows.iter()
                .map(|row| Ok((row.try_get(0)?, Begun::read(row.try_get(1)?, row.try_get(2)?, row.try_get(3)?)?)))
                .collect()
        })
        .await
    }

    /// Notes what was begun elsewhere, unless a later period was begun here.
    pub(in crate::queue) async fn note_period(&self, name: &str, begun: Begun) -> Result<(), QueueError> {
        within(async {
            let mut lease = take(&self.pool).await?;
            let noting = sqlx::query(
                "INSERT INTO iescp_period (name, last, at, jobs) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO UPDATE \
                 SET last = excluded.last, at = excluded.at, jobs = excluded.jobs WHERE iescp_period.last < excluded.last",
            );
            let noting = noting.bind(name).bind(begun.period.to_string()).bind(begun.at.as_second());
            noting.bind(i64::from(begun.jobs)).execute(&mut *lease).await?;
            lease.give_back();
            Ok(())
        })
        .await
    }
}
