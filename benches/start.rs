//! From starting `serve` on a store with 100,000 accounts to the first answer of a server that is ready, and its memory then.
//!
//! `cargo bench -p benches --bench start`. The store is made once, through the platform's own operations, and kept beside what
//! cargo builds.

use benches::{
    account, admin, campaign,
    load::{Connection, get},
    platform,
    program::{Program, part},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use iescp_core::{
    Actor, Platform,
    outbox::{ListOutbox, OutboxItem, RemoveFromOutbox},
    store::{SledOptions, SledStore, Store},
};
use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

const ACCOUNTS: usize = 100_000;
/// One in so many is a sponsor, who has published a campaign.
const SPONSORS: usize = 20;
const AT_ONCE: usize = 64;
const ROUNDS: usize = 5;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    match part() {
        Some(code) => Ok(code),
        None => tokio::runtime::Runtime::new()?.block_on(measure()),
    }
}

async fn measure() -> Result<ExitCode, Box<dyn Error>> {
    let store = made().await?;
    for round in 1..=ROUNDS {
        let begun = Instant::now();
        let server = Program::serve(&store)?;
        let listening = begun.elapsed();
        while !is_ready(&server).await {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let ready = begun.elapsed();
        let found = Connection::open(&server.address).await?.ask(&get("/api/v1/influencers?niche=travel", None)).await?.len();
        let resident = server.resident();
        println!(
            "start {round}: listening after {listening:.2?}, ready after {ready:.2?} (at most 2 s is wanted), \
             {resident} MiB resident after a first search of {found} bytes"
        );
    }
    Ok(ExitCode::SUCCESS)
}

async fn is_ready(server: &Program) -> bool {
    let Ok(mut connection) = Connection::open(&server.address).await else { return false };
    connection.ask(&get("/readyz", None)).await.is_ok()
}

/// The store, made if it is not there.
async fn made() -> Result<PathBuf, Box<dyn Error>> {
    let program = std::env::current_exe()?;
    let release = program.parent().and_then(Path::parent).ok_or("cargo builds nowhere")?;
    let (store, unfinished) = (release.join("store-of-100000"), release.join("store-of-100000-unfinished"));
    if !store.is_dir() {
        if unfinished.is_dir() {
            fs::remove_dir_all(&unfinished)?;
        }
        let begun = Instant::now();
        fill(&unfinished).await?;
        fs::rename(&unfinished, &store)?;
        println!("{ACCOUNTS} accounts were made in {:.0?}", begun.elapsed());
    }
    Ok(store)
}

async fn fill(directory: &Path) -> Result<(), Box<dyn Error>> {
    let store: Arc<dyn Store> = Arc::new(SledStore::open(directory, SledOptions::default())?);
    let platform = platform(store)?;
    let admin = admin(&platform).await?;
    let one = |number: usize| {
        let platform = platform.clone();
        let making = async move {
            if !number.is_multiple_of(SPONSORS) {
                return account(&platform, admin, "influencer", &format!("influencer-{number}")).await.map(drop);
            }
            let sponsor = account(&platform, admin, "sponsor", &format!("sponsor-{number}")).await?;
            campaign(&platform, sponsor, &format!("Quiet shoes, part {number}")).await.map(drop)
        };
        async move { tokio::spawn(making).await?.map_err(Box::<dyn Error>::from) }
    };
    stream::iter((1..ACCOUNTS).map(one)).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    deliver(&platform).await
}

/// Lets the letters go that so many registrations ask for: a server that has lived with its accounts has sent them long ago.
async fn deliver(platform: &Platform) -> Result<(), Box<dyn Error>> {
    let worker = Actor::system("start");
    loop {
        let waiting = platform.run(&worker, ListOutbox { limit: usize::MAX, after: None }).await?.letters;
        if waiting.is_empty() {
            return Ok(());
        }
        platform.run(&worker, RemoveFromOutbox { letters: waiting.iter().map(OutboxItem::place).collect() }).await?;
    }
}
