//! `iescp-web serve`: listens, serves, and stops when asked to.

use crate::app::{self, House};
use crate::installation::Installation;
use crate::metrics::Metrics;
use crate::server::{self, Limits, Shutdown};
use crate::settings::Settings;
use crate::{api, log};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;

/// How often figures that nobody reads are folded.
const UPKEEP: Duration = Duration::from_secs(5);

pub(super) fn run(settings: Settings) -> Result<(), String> {
    log::start(&settings.log, settings.log_format)?;
    let runtime = tokio::runtime::Runtime::new().map_err(|e| format!("no threads to work with: {e}"))?;
    runtime.block_on(serve(settings))
}

async fn serve(settings: Settings) -> Result<(), String> {
    let Installation { platform, secrets, .. } = Installation::open(&settings)?;
    let metrics = Metrics::install().map_err(|e| format!("figures cannot be kept: {e}"))?;
    let listener =
        TcpListener::bind(settings.listen).await.map_err(|e| format!("{} cannot be listened on: {e}", settings.listen))?;
    let bound = listener.local_addr().map_err(|e| e.to_string())?;
    let public_url = settings.public_url(bound);
    warn_of_plain_http(&public_url, bound);

    let shutdown = Shutdown::new();
    let limits = limits(&settings);
    let house = House::new(platform, settings, public_url, &secrets, metrics.clone(), shutdown.clone());
    let app = app::build(house, api::shipped());

    writeln!(io::stdout(), "listening on http://{bound}").map_err(|e| format!("nothing can be printed: {e}"))?;
    let stop = shutdown.clone();
    tokio::spawn(async move {
        if let Err(why) = server::signalled().await {
            tracing::error!(why = ?why, "signals cannot be heard; stopping");
        }
        tracing::info!("stopping: no new requests, those in flight may finish");
        stop.begin();
    });
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            metrics.upkeep();
        }
    });
    server::serve(listener, app, limits, shutdown).await.map_err(|e| format!("serving ended: {e}"))
}

fn limits(settings: &Settings) -> Limits {
    let seconds = |number: u32| Duration::from_secs(number.into());
    Limits {
        connections: settings.max_connections as usize,
        headers: seconds(settings.header_timeout),
        idle: seconds(settings.idle_timeout),
        stopping: seconds(settings.stop_timeout),
    }
}

fn warn_of_plain_http(public_url: &str, bound: SocketAddr) {
    if public_url.starts_with("http://") && !bound.ip().is_loopback() {
        tracing::warn!(
            public_url,
            "people come over plain http: passwords and sessions can be read on the way. Put a TLS proxy in front and set --public-url https://…"
        );
    }
}
