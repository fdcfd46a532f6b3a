//! Files in the database that several processes share: in pieces, so that no process ever holds a whole one.
//!
//! **Not here**: how a file is written before it is kept (`files`).

use super::Pieces;
use bytes::Bytes;
use futures_util::stream;
use iescp_core::store::{PostgresBeside, StoreError};
use sqlx::Row;
use std::{fs::File, io};
use tokio::io::{AsyncReadExt, AsyncSeekExt};

/// How many bytes a piece has; the last of a file has fewer.
const PIECE: u64 = 256 * 1024;

/// How many names are read at once.
const MOST_NAMES: i64 = 10_000;

const PROBE: &str = "SELECT 1 FROM iescp_file LIMIT 1";

const TABLE: &str = "
CREATE TABLE IF NOT EXISTS iescp_file (name TEXT NOT NULL, piece BIGINT NOT NULL, bytes BYTEA NOT NULL, PRIMARY KEY (name, piece))";

const PUT: &str = "\
INSERT INTO iescp_file (name, piece, bytes) VALUES ($1, $2, $3) ON CONFLICT (name, piece) DO UPDATE SET bytes = EXCLUDED.bytes";

/// The table of files.
#[derive(Clone, Debug)]
pub(super) struct SharedFiles(PostgresBeside);

impl SharedFiles {
    pub(super) async fn open(beside: PostgresBeside) -> Result<Self, StoreError> {
        beside.make(PROBE, TABLE).await?;
        Ok(Self(beside))
    }

    /// Brings a file over from the disk; of one that does not arrive, nothing stays.
    pub(super) async fn put(&self, name: &str, file: File) -> io::Result<()> {
        let sent = self.send(name, tokio::fs::File::from_std(file)).await;
        if sent.is_err()
            && let Err(error) = self.remove(name).await
        {
            tracing::debug!(file = ?name, %error, "a part of a file stays until files are cleared");
        }
        sent
    }

    async fn send(&self, name: &str, mut file: tokio::fs::File) -> io::Result<()> {
        file.rewind().await?;
        for number in 0_i64.. {
            let mut piece = Vec::new();
            (&mut file).take(PIECE).read_to_end(&mut piece).await?;
            let last = (piece.len() as u64) < PIECE;
            let put = sqlx::query(PUT).bind(name).bind(number).bind(piece);
            self.0.change(put).await.map_err(io::Error::other)?;
            if last {
                break;
            }
        }
        Ok(())
    }

    /// Some bytes of a file, from one of them on.
    pub(super) async fn read(&self, name: &str, from: u64, bytes: u64) -> io::Result<Pieces> {
        let number = i64::try_from(from / PIECE).map_err(io::Error::other)?;
        let first = self.piece(name, number).await?;
        let begin = usize::try_from(from % PIECE).map_err(io::Error::other)?;
        let reading = Reading { files: self.clone(), name: name.to_owned(), next: number + 1, left: bytes };
        let rest = stream::try_unfold(
            (Some(first.get(begin..).unwrap_or_default().to_vec()), reading),
            |(first, mut reading)| async move { Ok(reading.next(first).await?.map(|piece| (piece, (None, reading)))) },
        );
        Ok(Box::pin(rest))
    }

    async fn piece(&self, name: &str, number: i64) -> io::Result<Vec<u8>> {
        let get = sqlx::query("SELECT bytes FROM iescp_file WHERE name = $1 AND piece = $2").bind(name).bind(number);
        let found = self.0.row(get).await.map_err(io::Error::other)?;
        let missing = || io::Error::new(io::ErrorKind::NotFound, format!("there is no piece {number} of the file {name}"));
        found.ok_or_else(missing)?.try_get(0).map_err(io::Error::other)
    }

    pub(super) async fn names(&self) -> io::Result<Vec<String>> {
        let list = sqlx::query("SELECT name FROM iescp_file WHERE piece = 0 LIMIT $1").bind(MOST_NAMES);
        let rows = self.0.rows(list).await.map_err(io::Error::other)?;
        rows.iter().map(|row| row.try_get(0).map_err(io::Error::other)).collect()
    }

    pub(super) async fn remove(&self, name: &str) -> io::Result<()> {
        let remove = sqlx::query("DELETE FROM iescp_file WHERE name = $1").bind(name);
        self.0.change(remove).await.map_err(io::Error::other)?;
        Ok(())
    }
}

/// How far a file was read.
struct Reading {
    files: SharedFiles,
    name: String,
    next: i64,
    left: u64,
}

impl Reading {
    /// The next bytes: those that were read already, or else of the next piece; none when all that were asked for are out.
    async fn next(&mut self, ready: Option<Vec<u8>>) -> io::Result<Option<Bytes>> {
        if self.left == 0 {
            return Ok(None);
        }
        let mut piece = match ready {
            Some(ready) => ready,
            None => {
                let piece = self.files.piece(&self.name, self.next).await?;
                self.next += 1;
                piece
            }
        };
        if piece.is_empty() {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, format!("the file {} ends too early", self.name)));
        }
        piece.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
        self.left -= piece.len() as u64;
        Ok(Some(Bytes::from(piece)))
    }
}
