//! One campaign and a page of a search over HTTP with 64 connections, beside a bare poem handler that gives the same bytes
//! with the same headers.
//!
//! `cargo bench -p benches --bench http`; with `-- --hold` it prints what to ask with another tool, and waits.

use benches::{
    account, admin, campaign,
    load::{Answer, Connection, answered, get, sign_in},
    platform,
    program::{Program, part},
};
use iescp_core::store::{SledOptions, SledStore, Store};
use std::{error::Error, path::Path, process::ExitCode, sync::Arc, time::Duration};

const CONNECTIONS: usize = 64;
const ROUNDS: usize = 5;
const TIME: Duration = Duration::from_secs(2);
/// Sponsors, and campaigns of each.
const MARKET: (usize, usize) = (10, 20);

fn main() -> Result<ExitCode, Box<dyn Error>> {
    match part() {
        Some(code) => Ok(code),
        None => tokio::runtime::Runtime::new()?.block_on(measure()),
    }
}

async fn measure() -> Result<ExitCode, Box<dyn Error>> {
    let directory = tempfile::tempdir()?;
    let store = directory.path().join("store");
    let campaign = fill(&store).await?;
    let ours = Program::serve(&store)?;
    let token = sign_in(&ours.address, READER).await?;
    let one = format!("/api/v1/campaigns/{campaign}");
    let cases = [("one campaign", one.as_str(), 0.5), ("a page of a search", "/api/v1/campaigns?niche=travel", 0.3)];
    if std::env::args().any(|argument| argument == "--hold") {
        let mut bares = Vec::new();
        for (name, path, _) in cases {
            println!("{name}: wrk -c{CONNECTIONS} -t2 -d5 -H 'Authorization: Bearer {token}' 'http://{}{path}'", ours.address);
            let bare = bare(&ours, path, &token, directory.path()).await?;
            println!("  bare: wrk -c{CONNECTIONS} -t2 -d5 'http://{}/'", bare.address);
            bares.push(bare);
        }
        println!("any line ends this");
        std::io::stdin().read_line(&mut String::new())?;
        return Ok(ExitCode::SUCCESS);
    }
    for (name, path, wanted) in cases {
        let bare = bare(&ours, path, &token, directory.path()).await?;
        for (who, token) in [("signed in", Some(token.as_str())), ("anybody", None)] {
            compare(&format!("{name}, {who}"), &ours, &bare, &get(path, token), wanted).await?;
        }
    }
    println!("memory of the server: {} MiB", ours.resident());
    Ok(ExitCode::SUCCESS)
}

/// A handler that gives what ours gives.
async fn bare(ours: &Program, path: &str, token: &str, directory: &Path) -> Result<Program, Box<dyn Error>> {
    let mut connection = Connection::open(&ours.address).await?;
    let answer = Answer(connection.ask(&get(path, Some(token))).await?.to_vec());
    println!("{path}: {} bytes of which {} body", answer.0.len(), answer.body().len());
    Program::bare(&answer, directory)
}

/// By turns, so that whatever else the machine does meets both.
async fn compare(name: &str, ours: &Program, bare: &Program, request: &Arc<[u8]>, wanted: f64) -> Result<(), Box<dyn Error>> {
    let mut ratios = Vec::new();
    let (mut here, mut there) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        let one = answered(&ours.address, request, CONNECTIONS, TIME).await?;
        let other = answered(&bare.address, request, CONNECTIONS, TIME).await?;
        ratios.push(one / other);
        (here, there) = (here + one / ROUNDS as f64, there + other / ROUNDS as f64);
    }
    ratios.sort_by(f64::total_cmp);
    let middle = ratios.get(ROUNDS / 2).copied().unwrap_or_default();
    println!("{name}: {here:.0}/s, bare {there:.0}/s; ratios {ratios:.2?}, median {middle:.2} (at least {wanted:.2} is wanted)");
    Ok(())
}

/// A market in a store; answers one of its campaigns.
async fn fill(store: &Path) -> Result<String, Box<dyn Error>> {
    let store: Arc<dyn Store> = Arc::new(SledStore::open(store, SledOptions::default())?);
    let platform = platform(store)?;
    let admin = admin(&platform).await?;
    account(&platform, admin, "influencer", READER).await?;
    let mut last = None;
    for sponsor in 0..MARKET.0 {
        let sponsor = account(&platform, admin, "sponsor", &format!("sponsor-{sponsor}")).await?;
        for number in 0..MARKET.1 {
            last = Some(campaign(&platform, sponsor, &format!("Quiet shoes, part {number}")).await?);
        }
    }
    Ok(last.ok_or("no campaign was made")?.to_string())
}

/// Who asks.
const READER: &str = "reader";
