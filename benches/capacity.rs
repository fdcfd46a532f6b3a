//! How far one database carries, and what gives way first: what each operation costs is counted, what a commit costs is measured
//! on a PostgreSQL of its own, a model says what follows from both, and a simulation of the queue of commits checks the model.
//!
//! `cargo bench -p benches --bench capacity`. Fails where model and simulation differ.

#[allow(dead_code, clippy::unwrap_used, clippy::panic, reason = "it is the tests' server")]
#[path = "../iescp-core/tests/postgres/cluster.rs"]
mod cluster;
#[path = "capacity/costs.rs"]
mod costs;
#[path = "capacity/head.rs"]
mod head;
#[path = "capacity/model.rs"]
mod model;
#[path = "capacity/simulation.rs"]
mod simulation;

use model::Model;
use std::{error::Error, process::ExitCode};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    tokio::runtime::Runtime::new()?.block_on(measure())
}

async fn measure() -> Result<ExitCode, Box<dyn Error>> {
    let costs = costs::counted().await?;
    println!(
        "{:<20}{:>9}{:>7}{:>7}{:>8}{:>9}{:>7}{:>8}",
        "operation", "a day", "trips", "found", "bytes", "commits", "rows", "bytes"
    );
    for cost in &costs {
        println!(
            "{:<20}{:>9}{:>7}{:>7}{:>8}{:>9}{:>7}{:>8}",
            cost.name, cost.a_day, cost.trips, cost.found, cost.found_bytes, cost.commits, cost.rows, cost.bytes
        );
    }
    let head = head::measured().await?;
    println!("\na commit alone takes {:.0} µs; each further one in its group {:.0} µs", head.first * 1e6, head.further * 1e6);
    println!("so one head lands at most {:.0} commits a second\n", head.most());

    let model = Model { costs, head };
    println!(
        "{:>12}{:>10}{:>11}{:>11}{:>8}{:>12}{:>11}{:>9}{:>9}  first to give way",
        "accounts", "pages/s", "trips/s", "commits/s", "head", "p99 commit", "written", "index", "start"
    );
    let mut sound = true;
    for size in [1.0, 10.0, 100.0, 1000.0] {
        let load = model.load(size);
        let heads = model.heads_for(&load);
        let seen = simulation::run(head, load.commits, heads);
        println!(
            "{:>12.0}{:>10.0}{:>11.0}{:>11.0}{:>7.0}%{:>9.1} ms{:>6.0} GB/y{:>6.1} GB{:>7.0} s  {}",
            load.accounts,
            load.pages,
            load.trips,
            load.commits,
            100.0 * load.commits / head.most(),
            seen.p99 * 1e3,
            load.gigabytes_a_year,
            load.index_gigabytes,
            load.start_seconds,
            load.first_limit(&model)
        );
        if heads > 1 {
            println!(
                "{:>12}with {heads} heads, by the sponsor: the fullest does {:.0} % of its time, {:.0} % of commits touch two",
                "",
                100.0 * seen.fullest,
                100.0 * seen.across
            );
        }
    }
    println!("\nthe queue of one head, simulated beside the model:");
    for share in [0.1, 0.5, 0.8, 0.95, 1.1] {
        let commits = share * head.most();
        let (told, seen) = (head.waited(commits), simulation::run(head, commits, 1));
        let agrees = match told {
            Some(told) => !seen.grows && (0.5..2.0).contains(&(seen.mean / told)),
            None => seen.grows,
        };
        sound &= agrees;
        let told = told.map_or_else(|| "grows".to_owned(), |told| format!("{:.2} ms", told * 1e3));
        let saw = if seen.grows { "grows".to_owned() } else { format!("{:.2} ms", seen.mean * 1e3) };
        println!("  {:>4.0} %: model {told:>9}, simulation {saw:>9}{}", 100.0 * share, if agrees { "" } else { "  THEY DIFFER" });
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
