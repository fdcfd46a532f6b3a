//! Asks a running server.

use super::{Command, Line, NAME, Tell, request};
use std::io;
use std::path::Path;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;

/// Longest line of an answer, in bytes: a check's report has a thousand findings at most.
const LONGEST: u64 = 4 * 1024 * 1024;

/// A server that listens.
pub struct Connection(UnixStream);

/// Connects to the server that has this data directory, if one runs.
///
/// # Errors
/// When there is a socket that may not be used.
pub async fn connect(directory: &Path) -> io::Result<Option<Connection>> {
    match UnixStream::connect(directory.join(NAME)).await {
        Ok(stream) => Ok(Some(Connection(stream))),
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => Ok(None),
        // A directory too deep for a socket's name has none.
        Err(e) if e.kind() == io::ErrorKind::InvalidInput => Ok(None),
        Err(e) => Err(e),
    }
}

impl Connection {
    /// Has a command done.
    ///
    /// # Errors
    /// What the command says, or that the server went away.
    pub async fn ask<C: Command>(self, command: &C, tell: Tell<'_>) -> Result<C::Done, String> {
        let gone = |e: io::Error| format!("the running server cannot be asked: {e}");
        let (reading, mut writing) = self.0.into_split();
        writing.write_all(&request(command)?).await.map_err(gone)?;
        let mut reading = BufReader::new(reading);
        loop {
            let mut line = Vec::new();
            (&mut reading).take(LONGEST).read_until(b'\n', &mut line).await.map_err(gone)?;
            if !line.ends_with(b"\n") {
                return Err("the running server stopped before this was done".to_owned());
            }
            match serde_json::from_slice(&line).map_err(|e| format!("the running server speaks another language: {e}"))? {
                Line::Progress(progress) => tell(progress),
                Line::Done(done) => return serde_json::from_value(done).map_err(|e| e.to_string()),
                Line::Failed(why) => return Err(why),
            }
        }
    }
}
