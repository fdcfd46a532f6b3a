//! R-07 over HTTP: the database's primary dies under load and its synchronous standby takes over, again and again. What nobody
//! answered, or what was answered with 503, is asked for again with the same key until it is answered: each counts once, what was
//! acknowledged is there, and nodes and jobs go on by themselves.
//!
//! Once; `IESCP_FAILOVERS=10` for so many times.

use crate::cluster::Cluster;
use crate::house::House;
use crate::nodes::{Dealing, Lines, all_stand};
use crate::server::Server;
use crate::worker::all_is_done;
use serde_json::json;
use std::sync::{Arc, RwLock};
use std::thread;
use std::time::{Duration, Instant};

const CLIENTS: usize = 8;
/// Each deals with that many, one after the other.
const PAIRS: usize = 4;
/// So long after the promotion the platform may refuse. R-07 says ten seconds; a machine that is busy with other tests gets more.
const BACK_WITHIN: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn r_07_what_was_acknowledged_over_http_survives_its_database() {
    let rounds = std::env::var("IESCP_FAILOVERS").map_or(1, |rounds| rounds.parse().unwrap());
    let mut primary = Cluster::start();
    let mut standby = primary.standby();
    let store = format!("postgres://iescp@127.0.0.1:{},127.0.0.1:{}/postgres", primary.port(), standby.port());
    let place = tempfile::tempdir().unwrap();
    let (house, desk) = House::on(&store).await;
    let pairs = house.pairs(0, CLIENTS * PAIRS + 1).await;
    let (watcher, pairs) = (&pairs[0].sponsor, &pairs[1..]);
    let nodes = [Server::node(place.path(), &store), Server::node_that_works(place.path(), &store)];
    let lines: Lines = Arc::new(RwLock::new(nodes.iter().map(Server::line).collect()));
    let dealing = Dealing::begin(&lines, pairs, PAIRS);
    for round in 0..rounds {
        thread::sleep(Duration::from_millis(1500 + 130 * round));
        primary.kill();
        standby.promote();
        let promoted = Instant::now();
        let back = nodes.each_ref().map(|node| {
            let (line, title) = (node.line(), json!({ "title": "so that somebody writes" }));
            let is_back = || line.post(&watcher.token(), "/campaigns", &format!("back-{round}"), &title);
            while !is_back().is_ok_and(|answer| answer.status == 201) {
                assert!(promoted.elapsed() < BACK_WITHIN, "round {round}: nothing is written yet");
                thread::sleep(Duration::from_millis(20));
            }
            promoted.elapsed()
        });
        eprintln!("round {round}: written again {back:.1?} after the promotion");
        // The one that died comes back as the other's standby.
        std::mem::swap(&mut primary, &mut standby);
        standby.follow(&primary);
    }
    all_stand(&dealing.end(), &nodes);
    all_is_done(&desk).await;
    house.check().await;
}
