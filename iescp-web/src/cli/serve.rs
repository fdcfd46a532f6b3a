//! `iescp-web serve`: opens, listens, serves, and stops when asked to.

use super::Ended;
use crate::access_token::AccessTokens;
use crate::admin_socket::AdminSocket;
use crate::api;
use crate::app::{self, House};
use crate::demo::{self, SignIn, Size};
use crate::health::Check;
use crate::metrics::Metrics;
use crate::middleware::tell_each_other;
use crate::server::{self, Limits, Shutdown};
use crate::settings::Settings;
use crate::unclean::Mark;
use iescp_core::account::{MakeSetupLink, ViewSetUp};
use iescp_core::import::ViewImports;
use iescp_core::store::StoreError;
use iescp_core::{Actor, Platform};
use iescp_worker::installation::{self, Installation, log, runtime};
use iescp_worker::{Destination, Worker};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// How often it is asked whether the store still writes.
const GLANCE: Duration = Duration::from_millis(500);

/// How long an open connection may bring another request when the server stops.
const LEAVING: Duration = Duration::from_secs(1);

/// How often keys are read again that another process may have replaced: well within the time for which those are accepted that
/// were replaced.
const KEYS: Duration = Duration::from_secs(60);

/// How often figures that nobody reads are folded.
const UPKEEP: Duration = Duration::from_secs(5);

pub(super) fn run(settings: Settings) -> Result<(), Ended> {
    log::start(&settings.installation.log, settings.installation.log_format)?;
    let runtime = runtime()?;
    let mut mark = None;
    let served = runtime.block_on(serve(settings, &mut mark));
    // Everything that holds the store ends with its tasks; the last of it flushes and gives up the lock.
    drop(runtime);
    if let Some(mark) = mark {
        mark.clear();
    }
    tracing::info!("stopped");
    Ok(served?)
}

async fn serve(settings: Settings, mark: &mut Option<Mark>) -> Result<(), String> {
    let installation = settings.open().await?;
    let unclean = mark_running(&installation, mark);
    require_whole(&installation.platform).await?;
    let sign_ins = if settings.demo { Some(demonstrate(&installation, &settings).await?) } else { None };
    let platform = installation.platform.clone();
    let metrics = Metrics::install().map_err(|e| format!("figures cannot be kept: {e}"))?;
    let listener =
        TcpListener::bind(settings.listen).await.map_err(|e| format!("{} cannot be listened on: {e}", settings.listen))?;
    let bound = listener.local_addr().map_err(|e| e.to_string())?;
    let public_url = settings.public_url(bound);
    warn_of_plain_http(&public_url, bound);
    if installation.shared.is_some() && settings.installation.public_url.is_none() {
        tracing::warn!("--public-url is missing: nodes that say different ones refuse each other's tokens");
    }

    let files = installation.files().await?;
    let shutdown = Shutdown::new();
    stop_when_told(&shutdown)?;
    let mut beside: JoinSet<Result<(), String>> = JoinSet::new();
    beside.spawn(stop_with_the_store(platform.clone(), shutdown.clone()));
    let (mut desk, mut mails) = (None, Destination::Elsewhere);
    // What waits in a database, and what was written, every node can tell.
    if !settings.no_worker || installation.shared.is_some() {
        let said = &settings.installation;
        mails = installation.destination(said).await?;
        let mailer = installation::mailer(said, &mails)?;
        let how = iescp_worker::Settings { check_first: unclean, ..installation.work(said, files.clone()).await? };
        let worker = Worker::new(platform.clone(), installation.queue().await?, mailer, &public_url, how);
        desk = Some(worker.desk());
        if !settings.no_worker {
            let working = work(worker, platform.clone(), shutdown.clone());
            beside.spawn(async move {
                working.await;
                Ok(())
            });
        }
    }
    // Where several processes may have the store open, a command opens it too.
    if let Some(directory) = installation.alone_in() {
        match AdminSocket::bind(directory) {
            Ok(socket) => {
                let serving = socket.serve(platform.clone(), shutdown.clone());
                beside.spawn(async move {
                    serving.await;
                    Ok(())
                });
            }
            Err(why) => {
                tracing::warn!(why = ?why, "there is no admin socket: `admin create`, `backup` and `check` will not work while serving")
            }
        }
    }
    let limits = limits(&settings);
    let mut house =
        House::new(platform.clone(), settings, public_url.clone(), &installation.secrets, metrics.clone(), shutdown.clone());
    if let Some(shared) = &installation.shared {
        house.tokens = house.tokens.with_ring(installation.keyring.clone());
        tokio::spawn(renew_now_and_then(house.tokens.clone()));
        tokio::spawn(tell_each_other(house.rates.clone(), shared.clone()));
    }
    house.checks = readiness(&platform);
    house.files = Some(files);
    house.desk = desk;
    house.mails = mails;
    let app = app::build(house, api::shipped());

    say(&format!("listening on http://{bound}"));
    if let Some(Err(why)) = sign_ins.map(|sign_ins| super::demo::print(&sign_ins)) {
        tracing::warn!(why = ?why, "nothing can be printed");
    }
    if let Some(link) = setup_link(&platform, &public_url, installation.shared.is_some()).await? {
        say(&format!("there is no admin yet; make the first one within an hour at {link}"));
    }
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            metrics.upkeep();
        }
    });
    let mut served = server::serve(listener, app, limits, shutdown.clone()).await.map_err(|e| format!("serving ended: {e}"));
    shutdown.begin();
    while let Some(ended) = beside.join_next().await {
        match ended {
            Ok(ended) => served = served.and(ended),
            Err(why) => tracing::error!(why = ?why, "something beside the server ended early"),
        }
    }
    served
}

/// Reads the keys again that another process may have replaced.
async fn renew_now_and_then(tokens: AccessTokens) {
    loop {
        tokio::time::sleep(KEYS).await;
        tokens.renew().await;
    }
}

/// Ends the server when the store has stopped writing: what its files hold is only known once they are opened afresh.
async fn stop_with_the_store(platform: Platform, shutdown: Shutdown) -> Result<(), String> {
    loop {
        tokio::select! {
            () = shutdown.begun() => return Ok(()),
            () = tokio::time::sleep(GLANCE) => {}
        }
        if let Err(StoreError::Stopped(why)) = platform.store().health() {
            shutdown.begin();
            return Err(format!(
                "the store has stopped writing: {why}. Nothing that was acknowledged is lost. See to the disk, start again, and \
                 look with `iescp-web check`"
            ));
        }
    }
}

/// From now on, a signal begins the end.
fn stop_when_told(shutdown: &Shutdown) -> Result<(), String> {
    let told = server::signalled().map_err(|e| format!("signals cannot be heard: {e}"))?;
    let stop = shutdown.clone();
    tokio::spawn(async move {
        told.await;
        tracing::info!("stopping: no new requests, those in flight may finish");
        stop.begin();
    });
    Ok(())
}

/// Refuses to serve the half of what is being brought over.
async fn require_whole(platform: &Platform) -> Result<(), String> {
    let imports = platform.run(&Actor::terminal(), ViewImports).await.map_err(|e| e.to_string())?;
    match imports.unfinished() {
        Some(source) => Err(format!(
            "bringing over “{source}” broke off, so that only a part of it is here. Run the same `iescp-web import` again: it goes on \
             where it stopped"
        )),
        None => Ok(()),
    }
}

/// Fills an empty store with a demonstration; one that is there already stays as it is, and any other store is refused.
async fn demonstrate(installation: &Installation, settings: &Settings) -> Result<[SignIn; 3], String> {
    if !demo::is_filled(&installation.platform).await? {
        super::demo::fill(installation, settings, &Size::SMALL).await.map_err(|why| format!("--demo: {why}"))?;
    }
    Ok(demo::sign_ins(&installation.secret()))
}

/// Says a line to the person at the terminal. If nobody listens any more, that is no reason not to serve.
fn say(line: &str) {
    if let Err(why) = writeln!(io::stdout(), "{line}") {
        tracing::warn!(why = ?why, "nothing can be printed");
    }
}

/// A new one-time link for making the first admin; none if there is an admin. Other nodes' links stay good.
async fn setup_link(platform: &Platform, public_url: &str, shared: bool) -> Result<Option<String>, String> {
    let terminal = Actor::terminal();
    if platform.run(&terminal, ViewSetUp).await.map_err(|e| e.to_string())? {
        return Ok(None);
    }
    let token = platform.run(&terminal, MakeSetupLink { others_stay: shared }).await.map_err(|e| e.to_string())?;
    Ok(Some(format!("{public_url}/setup?token={}", token.reveal())))
}

/// Marks the store as open; whether it was not closed the last time.
fn mark_running(installation: &Installation, mark: &mut Option<Mark>) -> bool {
    let Some(directory) = installation.alone_in() else { return false };
    match Mark::set(directory) {
        Ok((set, was_there)) => {
            *mark = Some(set);
            if was_there {
                tracing::warn!("the store was not closed the last time: what it holds is checked in the background");
            }
            was_there
        }
        Err(why) => {
            tracing::warn!(why = ?why, "it cannot be noted that the store is open");
            false
        }
    }
}

/// Lets a worker work, once the search indexes are built: people wait for them, and letters can.
async fn work(worker: Worker, platform: Platform, shutdown: Shutdown) {
    if let Err(why) = platform.warm().await {
        tracing::error!(why = ?why, "the search indexes could not be built");
    }
    worker.run(async move { shutdown.begun().await }).await;
}

/// What must be so for requests to be sent here: a store that writes, and search indexes that are built.
fn readiness(platform: &Platform) -> Vec<Check> {
    let warm = Arc::new(AtomicBool::new(false));
    let (searched, warming) = (platform.clone(), warm.clone());
    tokio::spawn(async move {
        match searched.warm().await {
            Ok(()) => warming.store(true, Ordering::Relaxed),
            Err(why) => tracing::error!(why = ?why, "the search indexes could not be built"),
        }
    });
    let store = platform.store().clone();
    vec![
        Check::new("store", move || {
            let health = store.health().map_err(|e| e.to_string());
            async move { health }
        }),
        Check::new("search", move || {
            let warm = warm.load(Ordering::Relaxed);
            async move { if warm { Ok(()) } else { Err("the search indexes are being built".to_owned()) } }
        }),
    ]
}

fn limits(settings: &Settings) -> Limits {
    let seconds = |number: u32| Duration::from_secs(number.into());
    Limits {
        connections: settings.max_connections as usize,
        headers: seconds(settings.header_timeout),
        idle: seconds(settings.idle_timeout),
        stopping: seconds(settings.stop_timeout),
        leaving: LEAVING,
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
