//! Serves an endpoint with limits on everything that a client could stretch (S-71).
//!
//! poem's own server has no header-read timeout, no limit on HTTP/1 headers or connections, and takes HTTP/2 without TLS;
//! so hyper is driven here directly, HTTP/1.1 only, and poem's endpoint is called for each request.
//!
//! Not here: limits on requests (`middleware/`), TLS (a proxy's work).

mod connection;
mod shutdown;

pub use connection::Limits;
pub use shutdown::{Shutdown, signalled};

use connection::Connections;
use poem::Endpoint;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

/// How many connections the system keeps for us before they are accepted, at most (Linux: `net.core.somaxconn`).
const MOST_WAITING: usize = 4096;

/// How long to wait when the system refuses another connection (too many open files).
const OUT_OF_FILES: Duration = Duration::from_millis(100);

/// Serves until `shutdown` begins, then lets what is in flight finish for `limits.stopping`. Whoever was connected by then,
/// and be it only by the system, is answered once more.
///
/// # Errors
/// When the system does not give the listening socket back; its other refusals are waited out.
pub async fn serve(
    listener: TcpListener,
    endpoint: impl Endpoint + 'static,
    limits: Limits,
    shutdown: Shutdown,
) -> io::Result<()> {
    let stopping = limits.stopping;
    let places = Arc::new(Semaphore::new(limits.connections));
    let connections = Connections::new(endpoint, limits, listener.local_addr()?, shutdown.clone());
    loop {
        let place = tokio::select! {
            biased;
            () = shutdown.begun() => break,
            place = Arc::clone(&places).acquire_owned() => place.map_err(io::Error::other)?,
        };
        let accepted = tokio::select! {
            biased;
            () = shutdown.begun() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((socket, peer)) => {
                let serving = connections.serve(socket, peer);
                tokio::spawn(async move {
                    serving.await;
                    drop(place);
                });
            }
            Err(refused) => {
                tracing::warn!(why = ?refused, "a connection was not accepted");
                sleep(OUT_OF_FILES).await;
            }
        }
    }
    for (socket, peer) in close(listener)? {
        tokio::spawn(connections.serve(socket, peer));
    }
    if timeout(stopping, connections.finished()).await.is_err() {
        tracing::warn!("some requests did not finish in time and were cut off");
    }
    Ok(())
}

/// Closes the listener. Answers whom the system has connected by then without anybody serving them.
fn close(listener: TcpListener) -> io::Result<Vec<(TcpStream, SocketAddr)>> {
    let listener = listener.into_std()?;
    let mut waiting = Vec::new();
    while let Ok((socket, peer)) = listener.accept() {
        socket.set_nonblocking(true)?;
        waiting.push((TcpStream::from_std(socket)?, peer));
        if waiting.len() == MOST_WAITING {
            break;
        }
    }
    Ok(waiting)
}
