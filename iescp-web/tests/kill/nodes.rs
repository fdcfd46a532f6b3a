//! Two web nodes and two workers on one database, all under load, and any of them killed at any moment: nothing that was
//! acknowledged is lost, nothing is done twice, and `check` finds nothing.
//!
//! Fifteen seconds; `IESCP_NODES_SECONDS=300` for so many. The worker's program must have been built beside the server's.

use crate::chain::Chain;
use crate::cluster::Cluster;
use crate::house::{House, Pair};
use crate::server::{Line, Server};
use crate::worker::{Alone, all_is_done};
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

const CLIENTS: usize = 8;
const PAIRS: usize = 8;
/// An influencer may apply fifty times a day, so each client has several pairs.
const DEALS: usize = 45;
/// So often a deed is asked for again before somebody wonders: more than a minute.
const TRIES: usize = 1200;

/// Where the nodes are now.
pub type Lines = Arc<RwLock<Vec<Line>>>;

/// The nodes by turns, wherever they are by then.
pub fn by_turns(lines: &Lines, first: usize) -> impl Iterator<Item = Line> + use<> {
    let lines = lines.clone();
    (first..first + TRIES).map(move |turn| {
        let lines = lines.read().unwrap();
        lines[turn % lines.len()].clone()
    })
}

/// Clients that deal with each other's influencers, until they are told to end.
pub struct Dealing {
    over: Arc<AtomicBool>,
    clients: Vec<JoinHandle<Vec<Chain>>>,
}

impl Dealing {
    /// Begins; each client has so many of the pairs.
    pub fn begin(lines: &Lines, pairs: &[Pair], each: usize) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let clients = pairs.chunks(each).enumerate().map(|(client, pairs)| {
            let (lines, over, pairs) = (lines.clone(), over.clone(), pairs.to_vec());
            thread::spawn(move || deal(&lines, &pairs, &format!("tea-{client}"), &over))
        });
        Self { clients: clients.collect(), over }
    }

    /// Ends; what was done.
    pub fn end(self) -> Vec<Chain> {
        self.over.store(true, Ordering::Relaxed);
        let clients = self.clients.len();
        let chains: Vec<Chain> = self.clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
        eprintln!("{} whole deals", chains.len());
        assert!(chains.len() >= clients, "too few to prove anything");
        chains
    }
}

/// One chain after the other until it is over; each step is asked for until it is answered.
fn deal(lines: &Lines, pairs: &[Pair], name: &str, over: &AtomicBool) -> Vec<Chain> {
    let (mut chains, mut turn) = (Vec::new(), 0);
    for pair in pairs.iter().flat_map(|pair| std::iter::repeat_n(pair, DEALS)) {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let mut chain = Chain::new(pair.clone(), format!("{name}-{}", chains.len()));
        while !chain.is_over() {
            chain.go_on_at_any(by_turns(lines, turn));
            turn += 1;
        }
        chains.push(chain);
    }
    chains
}

/// Refuses to go on unless all that was acknowledged is there, as one node or the other shows it.
pub fn all_stand(chains: &[Chain], nodes: &[Server; 2]) {
    let lines = nodes.each_ref().map(Server::line);
    let lost: usize = thread::scope(|threads| {
        let lost = |chains: &[Chain], line: &Line| chains.iter().filter(|chain| !chain.stands(line)).count();
        let parts = chains.chunks(chains.len().div_ceil(8)).zip(lines.iter().cycle());
        let looking: Vec<_> = parts.map(|(chains, line)| threads.spawn(move || lost(chains, line))).collect();
        looking.into_iter().map(|part| part.join().unwrap()).sum()
    });
    assert_eq!(lost, 0, "of {}", chains.len());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs iescp-worker, which .ci/test builds"]
async fn any_process_of_four_may_be_killed_and_nothing_is_lost_or_doubled() {
    let seconds = std::env::var("IESCP_NODES_SECONDS").map_or(15, |seconds| seconds.parse().unwrap());
    let cluster = Cluster::start();
    let (place, store) = (tempfile::tempdir().unwrap(), cluster.url());
    let directory = place.path();
    let (house, desk) = House::on(&store).await;
    let pairs = house.pairs(0, CLIENTS * PAIRS).await;
    let mut nodes = [Server::node(directory, &store), Server::node(directory, &store)];
    let mut workers = [Alone::start(directory, &store), Alone::start(directory, &store)];
    let lines: Lines = Arc::new(RwLock::new(nodes.iter().map(Server::line).collect()));
    let dealing = Dealing::begin(&lines, &pairs, PAIRS);

    let (began, mut kills) = (Instant::now(), [0; 4]);
    while began.elapsed() < Duration::from_secs(seconds) {
        let chance = RandomState::new().hash_one(kills);
        thread::sleep(Duration::from_millis(200 + chance % 900));
        let which = usize::try_from(chance / 1000 % 4).unwrap();
        kills[which] += 1;
        if which < 2 {
            let listening = Server::node(directory, &store);
            std::mem::replace(&mut nodes[which], listening).kill();
            lines.write().unwrap()[which] = nodes[which].line();
        } else {
            workers[which - 2] = Alone::start(directory, &store);
        }
    }
    eprintln!("killed {kills:?} times");
    let chains = dealing.end();
    all_stand(&chains, &nodes);
    all_is_done(&desk).await;
    house.check().await;
}
