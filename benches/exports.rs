//! A spreadsheet of a million movements of money while the API is asked: memory before and after, and how long answers take beside an
//! idle server.
//!
//! `cargo bench -p benches --bench exports` (`-- 100000` for so many rows). The store is made once, through the platform's own
//! operations, which takes minutes and gigabytes, and is kept beside what cargo builds.

use benches::{
    account, admin, campaign,
    load::{Connection, get, post, sign_in, told},
    many, platform,
    program::{Program, part},
};
use futures_util::future::join_all;
use iescp_core::{
    Actor, Platform,
    campaign::{CampaignChanges, EditCampaign},
    id::{AccountId, CampaignId},
    store::{SledOptions, SledStore, Store},
};
use serde_json::{Value, json};
use std::{
    error::Error,
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

const ROWS: usize = 1_000_000;
/// Campaigns whose planned budgets are raised again and again: each time money moves.
const CAMPAIGNS: usize = 64;
const PAYER: &str = "payer";
const CONNECTIONS: usize = 4;
const IDLE: Duration = Duration::from_secs(10);
/// The longest an export may take.
const PATIENCE: Duration = Duration::from_secs(1200);

fn main() -> Result<ExitCode, Box<dyn Error>> {
    match part() {
        Some(code) => Ok(code),
        None => tokio::runtime::Runtime::new()?.block_on(measure()),
    }
}

async fn measure() -> Result<ExitCode, Box<dyn Error>> {
    let rows = many(ROWS);
    let store = made(rows).await?;
    let server = Program::serve(&store)?;
    let token = sign_in(&server.address, PAYER).await?;
    server.settle();
    // Once round first: what is read for the first time is not what is measured.
    latencies(&server.address, &token, || async { false }, Duration::from_secs(3)).await?;
    let idle = latencies(&server.address, &token, || async { false }, IDLE).await?;
    server.forget_peak();
    let before = server.peak();
    let begun = Instant::now();
    let export = ask(&server.address, &token).await?;
    let done = || async {
        state(&server.address, &token, &export)
            .await
            .is_ok_and(|state| !["running", "queued"].iter().any(|open| state.get("state").is_some_and(|state| state == open)))
    };
    let during = latencies(&server.address, &token, done, PATIENCE).await?;
    let (took, after) = (begun.elapsed(), server.peak());
    let ended = state(&server.address, &token, &export).await?;
    println!(
        "export: {} {} rows in {took:.1?}, {} bytes; peak memory {before} MiB before, {after} MiB after (at most 32 MiB more is wanted)",
        said(&ended, "/state"),
        said(&ended, "/rows"),
        said(&ended, "/file/bytes")
    );
    println!(
        "answers: idle p50 {:.2?}, p99 {:.2?}; while it is made p50 {:.2?}, p99 {:.2?}: {:.2} of idle (at most 2 is wanted)",
        share(&idle, 0.5),
        share(&idle, 0.99),
        share(&during, 0.5),
        share(&during, 0.99),
        share(&during, 0.99).as_secs_f64() / share(&idle, 0.99).as_secs_f64()
    );
    Ok(ExitCode::SUCCESS)
}

/// What an answer says at a place.
fn said<'a>(answer: &'a Value, place: &str) -> &'a Value {
    answer.pointer(place).unwrap_or(&Value::Null)
}

fn share(sorted: &[Duration], share: f64) -> Duration {
    sorted.get(((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// How long answers take, sorted, until the time is over or it is done.
async fn latencies<F: Future<Output = bool>>(
    address: &str,
    token: &str,
    done: impl Fn() -> F,
    time: Duration,
) -> Result<Vec<Duration>, Box<dyn Error>> {
    let request = get("/api/v1/me/campaigns?limit=20", Some(token));
    let begun = Instant::now();
    let over = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let runs: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (address, request, over) = (address.to_owned(), Arc::clone(&request), Arc::clone(&over));
            tokio::spawn(async move {
                let mut connection = Connection::open(&address).await?;
                let mut times = Vec::new();
                while !over.load(std::sync::atomic::Ordering::Relaxed) {
                    let asked = Instant::now();
                    connection.ask(&request).await?;
                    times.push(asked.elapsed());
                    tokio::time::sleep(Duration::from_millis(4)).await;
                }
                io::Result::Ok(times)
            })
        })
        .collect();
    while begun.elapsed() < time && !done().await {
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    over.store(true, std::sync::atomic::Ordering::Relaxed);
    let mut times = Vec::new();
    for run in join_all(runs).await {
        times.extend(run??);
    }
    times.sort();
    Ok(times)
}

async fn ask(address: &str, token: &str) -> Result<String, Box<dyn Error>> {
    let asked = told(address, &post("/api/v1/exports", Some(token), &json!({ "kind": "ledger" }))).await?;
    Ok(said(&asked, "/id").as_str().ok_or("no export came")?.to_owned())
}

async fn state(address: &str, token: &str, export: &str) -> io::Result<Value> {
    told(address, &get(&format!("/api/v1/exports/{export}"), Some(token))).await
}

/// The store, made if it is not there.
async fn made(rows: usize) -> Result<PathBuf, Box<dyn Error>> {
    let program = std::env::current_exe()?;
    let release = program.parent().and_then(Path::parent).ok_or("cargo builds nowhere")?;
    let store = release.join(format!("store-of-{rows}-rows"));
    let unfinished = release.join("store-of-rows-unfinished");
    if !store.is_dir() {
        if unfinished.is_dir() {
            fs::remove_dir_all(&unfinished)?;
        }
        let begun = Instant::now();
        fill(&unfinished, rows).await?;
        fs::rename(&unfinished, &store)?;
        println!("{rows} movements were made in {:.0?}", begun.elapsed());
    }
    Ok(store)
}

async fn fill(directory: &Path, rows: usize) -> Result<(), Box<dyn Error>> {
    let store: Arc<dyn Store> = Arc::new(SledStore::open(directory, SledOptions::default())?);
    let platform = platform(store)?;
    let admin = admin(&platform).await?;
    let payer = account(&platform, admin, "sponsor", PAYER).await?;
    let mut campaigns = Vec::new();
    for number in 0..CAMPAIGNS.min(rows) {
        campaigns.push(campaign(&platform, payer, &format!("Shoes, number {number}")).await?);
    }
    let each = rows / CAMPAIGNS.min(rows).max(1);
    let raising = campaigns.into_iter().map(|campaign| tokio::spawn(raise(platform.clone(), payer, campaign, each)));
    for raised in join_all(raising.collect::<Vec<_>>()).await {
        raised??;
    }
    Ok(())
}

/// Plans a little more again and again.
async fn raise(platform: Platform, payer: AccountId, campaign: CampaignId, times: usize) -> iescp_core::Result<()> {
    for time in 1..times {
        let budget = Some(500_000_000 + i64::try_from(time).unwrap_or_default());
        let changes = CampaignChanges { budget, ..CampaignChanges::default() };
        platform.run(&Actor::account(payer), EditCampaign { campaign, changes, version: None }).await?;
    }
    Ok(())
}
