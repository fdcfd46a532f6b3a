//! Keys in the database that several processes share: one row, made by whoever comes first.
//!
//! **Not here**: what the keys are (`secrets`).

use super::{OLDEST, Secrets};
use iescp_core::store::{PostgresBeside, StoreError};
use jiff::Timestamp;
use sqlx::Row;
use std::io;

const PROBE: &str = "SELECT 1 FROM iescp_key LIMIT 1";

const TABLE: &str = "CREATE TABLE IF NOT EXISTS iescp_key (one BOOLEAN PRIMARY KEY CHECK (one), keys TEXT NOT NULL)";

/// How often keys are replaced that others replace at the same time.
const TRIES: usize = 5;

/// Those in the database, made when there are none; a signing key that has grown old is replaced. Of several processes that do
/// so at once, all have the same keys in the end.
///
/// # Errors
/// When the database or the keys cannot be used.
pub(super) async fn load(beside: &PostgresBeside, now: Timestamp) -> io::Result<Secrets> {
    beside.make(PROBE, TABLE).await.map_err(io::Error::other)?;
    for _ in 0..TRIES {
        let Some((kept, text)) = find(beside).await? else {
            let made = Secrets::random(now)?.written()?;
            put(beside, &made).await.map_err(io::Error::other)?;
            continue;
        };
        if now.duration_since(kept.signing.made_at) <= OLDEST {
            return Ok(kept);
        }
        let rotated = kept.rotate(now)?.written()?;
        replace(beside, &text, &rotated).await.map_err(io::Error::other)?;
    }
    Err(io::Error::other("others change them all the time"))
}

/// Those in the database now, as they stand there.
///
/// # Errors
/// When there are none, or the database cannot be used.
pub(super) async fn text(beside: &PostgresBeside) -> io::Result<String> {
    let found = get(beside).await?;
    found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "there are none in the database"))
}

/// Puts keys there that came from elsewhere.
///
/// # Errors
/// When the database cannot be used.
pub(super) async fn bring(beside: &PostgresBeside, secrets: &Secrets) -> io::Result<()> {
    beside.make(PROBE, TABLE).await.map_err(io::Error::other)?;
    put(beside, &secrets.written()?).await.map_err(io::Error::other)
}

async fn get(beside: &PostgresBeside) -> io::Result<Option<String>> {
    let row = beside.row(sqlx::query("SELECT keys FROM iescp_key")).await.map_err(io::Error::other)?;
    row.map(|row| row.try_get(0).map_err(io::Error::other)).transpose()
}

async fn find(beside: &PostgresBeside) -> io::Result<Option<(Secrets, String)>> {
    let Some(text) = get(beside).await? else { return Ok(None) };
    let (kept, _) = Secrets::read(text.as_bytes()).map_err(damaged)?;
    Ok(Some((kept, text)))
}

async fn put(beside: &PostgresBeside, text: &str) -> Result<(), StoreError> {
    let put = sqlx::query("INSERT INTO iescp_key (one, keys) VALUES (true, $1) ON CONFLICT (one) DO NOTHING").bind(text);
    beside.change(put).await.map(drop)
}

/// Replaces keys, unless others did.
async fn replace(beside: &PostgresBeside, old: &str, new: &str) -> Result<(), StoreError> {
    let replace = sqlx::query("UPDATE iescp_key SET keys = $2 WHERE keys = $1").bind(old).bind(new);
    beside.change(replace).await.map(drop)
}

fn damaged(why: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("those in the database are damaged: {why}"))
}
