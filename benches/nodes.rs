//! Two web nodes beside one, on one PostgreSQL: how many more requests a second are answered.
//!
//! `cargo bench -p benches --bench nodes`, as root on Linux. Nodes on one machine would share its processors, so each gets the same
//! small share of one (a control group); the database, and who asks, have what is left. How much of that nobody used is printed:
//! as long as it is not little, the nodes' processors are the limit.

#[allow(dead_code, clippy::unwrap_used, clippy::panic, reason = "it is the tests' server")]
#[path = "../iescp-core/tests/postgres/cluster.rs"]
mod cluster;

use benches::{
    account, admin, campaign,
    load::{answered, get, post, sign_in},
    platform,
    program::{Program, part},
    share::{Share, idle, taken},
};
use cluster::Cluster;
use iescp_core::store::{PostgresOptions, PostgresStore};
use serde_json::json;
use std::{
    error::Error,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

const SHARE: f64 = 0.2;
const CONNECTIONS: usize = 32;
const ROUNDS: usize = 5;
const TIME: Duration = Duration::from_secs(3);
const WANTED: f64 = 1.6;
const SPONSOR: &str = "sponsor";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    match part() {
        Some(code) => Ok(code),
        None => tokio::runtime::Runtime::new()?.block_on(measure()),
    }
}

async fn measure() -> Result<ExitCode, Box<dyn Error>> {
    let cluster = Cluster::start();
    let campaign = fill(&cluster.url()).await?;
    let nodes = [Node::start(&cluster.url())?, Node::start(&cluster.url())?];
    let token = sign_in(&nodes[0].program.address, SPONSOR).await?;
    let draft = json!({ "title": "Quiet shoes, once more" });
    let cases = [
        ("one campaign, signed in", get(&format!("/api/v1/campaigns/{campaign}"), Some(&token))),
        ("a page of campaigns, signed in", get("/api/v1/me/campaigns?limit=20", Some(&token))),
        ("the page of a campaign", get(&format!("/campaigns/{campaign}"), None)),
        ("a campaign drafted", post("/api/v1/campaigns", Some(&token), &draft)),
    ];
    for (name, request) in cases {
        let (one, two) = nodes.split_at(1);
        let mut ratios = Vec::new();
        let (mut alone, mut together) = (Load::default(), Load::default());
        for round in 0..ROUNDS {
            // By turns, and each node alone as often.
            let lone = if round % 2 == 0 { one } else { two };
            let (first, second) = (ask(lone, &request).await?, ask(&nodes, &request).await?);
            ratios.push(second.answers / first.answers);
            (alone, together) = (alone.and(first), together.and(second));
        }
        ratios.sort_by(f64::total_cmp);
        let middle = ratios.get(ROUNDS / 2).copied().unwrap_or_default();
        println!("{name}: one node {alone}, two {together}");
        println!("  ratios {ratios:.2?}, median {middle:.2} (at least {WANTED} is wanted)");
    }
    Ok(ExitCode::SUCCESS)
}

/// A market in the database; answers one of its campaigns.
async fn fill(url: &str) -> Result<String, Box<dyn Error>> {
    let platform = platform(Arc::new(PostgresStore::connect(url, PostgresOptions::default()).await?))?;
    let admin = admin(&platform).await?;
    let sponsor = account(&platform, admin, "sponsor", SPONSOR).await?;
    let mut last = None;
    for number in 0..40 {
        last = Some(campaign(&platform, sponsor, &format!("Quiet shoes, part {number}")).await?);
    }
    Ok(last.ok_or("no campaign was made")?.to_string())
}

/// A web node with its share. Its process ends before its group.
struct Node {
    program: Program,
    share: Share,
}

impl Node {
    fn start(url: &str) -> Result<Self, Box<dyn Error>> {
        let program = Program::node(url)?;
        let share = Share::give(program.id(), SHARE).map_err(|why| format!("a node gets no share of a processor: {why}"))?;
        Ok(Self { program, share })
    }
}

/// What came of asking, per second of all rounds.
#[derive(Clone, Copy, Default)]
struct Load {
    rounds: f64,
    answers: f64,
    /// How much of their share the nodes took, and how much of the machine nobody took.
    used: f64,
    idle: f64,
}

impl Load {
    fn and(self, other: Self) -> Self {
        Self {
            rounds: self.rounds + other.rounds,
            answers: self.answers + other.answers,
            used: self.used + other.used,
            idle: self.idle + other.idle,
        }
    }
}

impl std::fmt::Display for Load {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let each = |sum: f64| sum / self.rounds.max(1.0);
        let (answers, used, idle) = (each(self.answers), each(self.used) * 100.0, each(self.idle) * 100.0);
        write!(f, "{answers:.0}/s ({used:.0} % of its share used, {idle:.0} % of the machine idle)")
    }
}

/// Asks all of these nodes the same over as many connections each.
async fn ask(nodes: &[Node], request: &Arc<[u8]>) -> Result<Load, Box<dyn Error>> {
    let processors = std::thread::available_parallelism()?.get() as f64;
    let took = || nodes.iter().map(|node| taken(node.program.id())).sum::<f64>();
    let (begun, took_before, idle_before) = (Instant::now(), took(), idle());
    let asked = nodes.iter().map(|node| answered(&node.program.address, request, CONNECTIONS, TIME));
    let answers = futures_util::future::try_join_all(asked).await?.into_iter().sum();
    let seconds = begun.elapsed().as_secs_f64();
    let shares: f64 = nodes.iter().map(|node| node.share.of_one).sum();
    Ok(Load {
        rounds: 1.0,
        answers,
        used: (took() - took_before) / seconds / shares,
        idle: (idle() - idle_before) / seconds / processors,
    })
}
