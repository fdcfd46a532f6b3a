//! SIGKILL while eight clients write over HTTP. What was acknowledged is there after a restart, what was not is there
//! wholly or not at all, the same keys give the same answers, and `check` finds nothing.
//!
//! Six rounds; `IESCP_KILL_ROUNDS=50` runs more.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod chain;
#[path = "../../../iescp-core/tests/postgres/cluster.rs"]
#[allow(dead_code, reason = "others stop it and ask it beside")]
mod cluster;
mod failover;
mod house;
mod nodes;
mod rolling;
mod rush;
mod server;
mod stopping;
mod trouble;
mod worker;

use chain::{Chain, Went};
use house::{House, Pair};
use server::{Line, Server};
use std::hash::{BuildHasher, RandomState};
use std::path::Path;
use std::thread;
use std::time::Duration;

const CLIENTS: usize = 8;
/// More than any client gets to in half a second.
const MOST_CHAINS: usize = 40;

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_loses_nothing_that_was_acknowledged_over_http() {
    let rounds: usize = std::env::var("IESCP_KILL_ROUNDS").map_or(6, |rounds| rounds.parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let mut all: Vec<Chain> = Vec::new();
    let mut pairs = between_lives(directory.path(), 0).await;
    for round in 0..rounds {
        let server = Server::start(directory.path());
        // Chance chooses the moment; the assertions hold for every moment.
        let moment = Duration::from_millis(50 + RandomState::new().hash_one(round) % 451);
        let mut chains = write_until_killed(server, round, pairs, moment);
        pairs = between_lives(directory.path(), round + 1).await;

        let server = Server::start(directory.path());
        let acknowledged: usize = chains.iter().map(Chain::acknowledged).sum();
        for chain in &mut chains {
            chain.prove(&server.line());
        }
        eprintln!("round {round}: killed after {moment:?}, {acknowledged} acknowledged writes in {} chains", chains.len());
        all.append(&mut chains);
        if round + 1 == rounds {
            let lost = all.iter().filter(|chain| !chain.stands(&server.line())).count();
            assert_eq!(lost, 0, "of {} chains", all.len());
        }
        server.kill();
    }
    let _ = between_lives(directory.path(), rounds + 1).await;
}

/// Checks the store that a killed server left, and lets new people in.
async fn between_lives(directory: &Path, round: usize) -> Vec<Pair> {
    let house = House::open(directory);
    house.check().await;
    house.pairs(round, CLIENTS).await
}

fn write_until_killed(server: Server, round: usize, pairs: Vec<Pair>, moment: Duration) -> Vec<Chain> {
    let clients: Vec<_> = pairs
        .into_iter()
        .enumerate()
        .map(|(client, pair)| {
            let line = server.line();
            thread::spawn(move || write(&line, &pair, &format!("tea-{round}-{client}")))
        })
        .collect();
    thread::sleep(moment);
    server.kill();
    clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
}

/// Writes until nobody answers any more.
fn write(line: &Line, pair: &Pair, name: &str) -> Vec<Chain> {
    let mut chains = Vec::new();
    for number in 0..MOST_CHAINS {
        let mut chain = Chain::new(pair.clone(), format!("{name}-{number}"));
        let mut went = Went::On;
        while went == Went::On && !chain.is_over() {
            went = chain.go_on(line);
        }
        chains.push(chain);
        if went != Went::On {
            break;
        }
    }
    chains
}
