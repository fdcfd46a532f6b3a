//! Serves the socket.

use super::{Line, NAME, line, obey};
use crate::server::Shutdown;
use iescp_core::Platform;
use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Commands at once; more wait.
const AT_ONCE: usize = 4;

/// Longest request, in bytes.
const LONGEST: u64 = 64 * 1024;

/// How long a client may take to send its request, or to take a line of the answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long to wait when the system refuses another connection.
const PAUSE: Duration = Duration::from_millis(100);

/// The socket, taken but not served yet.
pub struct AdminSocket {
    listener: UnixListener,
    path: PathBuf,
    owner: u32,
}

impl AdminSocket {
    /// Takes the socket of a data directory whose store this process has open: what stands there is a stale one.
    ///
    /// It is made inside of a directory that nobody else can enter and moved when its permissions are right, so that there is
    /// no moment at which others could connect.
    ///
    /// # Errors
    /// When the directory cannot be written, or is too deep for a socket's name.
    pub fn bind(directory: &Path) -> io::Result<Self> {
        let (making, path) = (directory.join(".sock"), directory.join(NAME));
        let made = making.join("s");
        let _left_by_a_crash = fs::remove_dir_all(&making);
        DirBuilder::new().mode(0o700).create(&making)?;
        let listener = UnixListener::bind(&made);
        let moved = listener.and_then(|listener| {
            fs::set_permissions(&made, Permissions::from_mode(0o600))?;
            fs::rename(&made, &path)?;
            Ok(listener)
        });
        fs::remove_dir_all(&making)?;
        let listener = moved?;
        let owner = fs::metadata(&path)?.uid();
        Ok(Self { listener, path, owner })
    }

    /// Serves it until `shutdown` begins; commands that still run then are cut off, and have done each of their steps whole or not.
    pub async fn serve(self, platform: Platform, shutdown: Shutdown) {
        let mut clients = JoinSet::new();
        loop {
            while clients.len() >= AT_ONCE {
                tokio::select! {
                    () = shutdown.begun() => break,
                    _ended = clients.join_next() => {}
                }
            }
            let accepted = tokio::select! {
                biased;
                () = shutdown.begun() => break,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((client, _)) if self.is_ours(&client) => {
                    let platform = platform.clone();
                    clients.spawn(async move {
                        if let Err(why) = attend(&platform, client).await {
                            tracing::debug!(why = ?why, "a client of the admin socket went away");
                        }
                    });
                }
                Ok(_) => tracing::warn!("somebody else tried the admin socket and was turned away"),
                Err(why) => {
                    tracing::warn!(why = ?why, "the admin socket took no connection");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
        clients.shutdown().await;
        let _gone_already = fs::remove_file(&self.path);
    }

    fn is_ours(&self, client: &UnixStream) -> bool {
        client.peer_cred().is_ok_and(|peer| peer.uid() == self.owner || peer.uid() == 0)
    }
}

async fn attend(platform: &Platform, client: UnixStream) -> io::Result<()> {
    let (reading, mut writing) = client.into_split();
    let mut reading = BufReader::new(reading);
    let request = timeout(PATIENCE, read(&mut reading)).await??;
    let (said, mut heard) = mpsc::channel(16);
    let mut tell = |progress| {
        // Whoever reads slowly is told less.
        let _full = said.try_send(Line::Progress(progress));
    };
    let work = obey(platform, &request, &mut tell);
    tokio::pin!(work);
    let outcome = loop {
        tokio::select! {
            biased;
            Some(told) = heard.recv() => write(&mut writing, &told).await?,
            outcome = &mut work => break outcome,
        }
    };
    while let Ok(told) = heard.try_recv() {
        write(&mut writing, &told).await?;
    }
    write(&mut writing, &outcome.map_or_else(Line::Failed, Line::Done)).await
}

async fn read(reading: &mut BufReader<OwnedReadHalf>) -> io::Result<Vec<u8>> {
    let mut request = Vec::new();
    reading.take(LONGEST).read_until(b'\n', &mut request).await?;
    if request.ends_with(b"\n") { Ok(request) } else { Err(io::ErrorKind::InvalidData.into()) }
}

async fn write(writing: &mut OwnedWriteHalf, said: &Line) -> io::Result<()> {
    let bytes = line(said).map_err(io::Error::other)?;
    timeout(PATIENCE, writing.write_all(&bytes)).await?
}
