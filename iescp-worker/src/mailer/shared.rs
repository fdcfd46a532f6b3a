//! Mails that nobody gets, in the database that several processes share: the latest of them.
//!
//! **Not here**: how they are read (`kept`).

use super::{MailError, Mailer, Sending};
use crate::mail::Mail;
use iescp_core::store::{PostgresBeside, StoreError};
use sqlx::{Row, postgres::PgRow};
use std::io;

/// How many mails are kept.
const MOST: i64 = 1000;

const PROBE: &str = "SELECT 1 FROM iescp_mail LIMIT 1";

const TABLE: &str = "
CREATE TABLE IF NOT EXISTS iescp_mail (name TEXT PRIMARY KEY, written_at TIMESTAMPTZ NOT NULL, bytes BYTEA NOT NULL);
CREATE INDEX IF NOT EXISTS iescp_mail_written ON iescp_mail (written_at)";

const PUT: &str = "\
INSERT INTO iescp_mail (name, written_at, bytes) VALUES ($1, clock_timestamp(), $2) ON CONFLICT (name) DO UPDATE SET bytes = EXCLUDED.bytes";

const FORGET: &str = "\
DELETE FROM iescp_mail WHERE written_at < (SELECT written_at FROM iescp_mail ORDER BY written_at DESC LIMIT 1 OFFSET $1)";

/// Keeps the latest thousand mails in the database: for a platform that is tried out on several machines.
#[derive(Clone, Debug)]
pub struct SharedMailer(PostgresBeside);

/// A mail by its name.
pub(super) type Named = (String, Vec<u8>);

impl SharedMailer {
    /// Mails beside a store; makes their table if there is none.
    ///
    /// # Errors
    /// If it cannot be made or nobody answers.
    pub async fn open(beside: PostgresBeside) -> Result<Self, StoreError> {
        beside.make(PROBE, TABLE).await?;
        Ok(Self(beside))
    }

    /// The latest, and how many there are.
    pub(super) async fn latest(&self, limit: usize) -> io::Result<(Vec<Named>, usize)> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let list = sqlx::query("SELECT name, bytes FROM iescp_mail ORDER BY written_at DESC LIMIT $1").bind(limit);
        let rows = self.0.rows(list).await.map_err(io::Error::other)?;
        let count = self.0.row(sqlx::query("SELECT count(*) FROM iescp_mail")).await.map_err(io::Error::other)?;
        let count: i64 = count.map_or(Ok(0), |row| row.try_get(0)).map_err(io::Error::other)?;
        Ok((rows.iter().map(named).collect::<Result<_, _>>()?, usize::try_from(count).unwrap_or_default()))
    }

    pub(super) async fn find(&self, name: &str) -> io::Result<Option<Named>> {
        let get = sqlx::query("SELECT name, bytes FROM iescp_mail WHERE name = $1").bind(name);
        self.0.row(get).await.map_err(io::Error::other)?.as_ref().map(named).transpose()
    }
}

fn named(row: &PgRow) -> io::Result<Named> {
    Ok((row.try_get(0).map_err(io::Error::other)?, row.try_get(1).map_err(io::Error::other)?))
}

impl Mailer for SharedMailer {
    fn send(&self, mail: Mail) -> Sending<'_> {
        Box::pin(async move {
            let sending = async {
                let put = sqlx::query(PUT).bind(mail.file_name()).bind(mail.message().formatted());
                self.0.change(put).await?;
                self.0.change(sqlx::query(FORGET).bind(MOST - 1)).await
            };
            sending.await.map(drop).map_err(|error: StoreError| MailError::failed(error.to_string()))
        })
    }
}
