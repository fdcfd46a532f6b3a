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
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

/// How long to wait when the system refuses another connection (too many open files).
const OUT_OF_FILES: Duration = Duration::from_millis(100);

/// Serves until `shutdown` begins, then lets what is in flight finish for `limits.stopping`.
///
/// # Errors
/// Never by itself today; the system's refusals are waited out.
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
    drop(listener);
    if timeout(stopping, connections.finished()).await.is_err() {
        tracing::warn!("some requests did not finish in time and were cut off");
    }
    Ok(())
}
