//! A primary dies under load and its synchronous standby takes over, again and again: what was acknowledged is there, what was
//! not is there once or not at all, and the store goes on by itself.
//!
//! Three times; `IESCP_FAILOVERS=10` for so many.
#![cfg(all(feature = "postgres", unix))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code, reason = "this needs less of it than the other tests")]
#[path = "postgres/cluster.rs"]
mod cluster;

use cluster::Cluster;
use iescp_core::store::{Add, Batch, Expect, Found, Key, PostgresOptions, PostgresStore, Read, Scan, Store, StoreError, Write};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use uuid::Uuid;

/// As long after the promotion the store may refuse.
const BACK_WITHIN: Duration = Duration::from_secs(10);

/// Whoever is refused tries again after this.
const AGAIN: Duration = Duration::from_millis(100);

/// What one of those who write has seen.
#[derive(Default)]
struct Seen {
    acknowledged: Mutex<Vec<String>>,
    /// How often a commit was refused or its outcome was not known at first.
    refused: AtomicU64,
    /// When the last one was acknowledged.
    last: Mutex<Option<Instant>>,
}

/// Writes one thing after the other, each with a count of all; what was refused is done again under the same id, as somebody
/// who sends a request again does.
async fn write(node: Arc<PostgresStore>, writer: usize, seen: Arc<Seen>, ended: Arc<AtomicBool>) {
    for number in 0_u32.. {
        if ended.load(Ordering::Relaxed) {
            return;
        }
        let name = format!("w/{writer}/{number}");
        let key = Key(name.clone().into());
        let batch = Batch {
            id: Some(Uuid::now_v7()),
            expect: vec![Expect::Absent(key.clone())],
            writes: vec![
                Write::Put(key.clone(), name.clone().into()),
                Write::Add(Add { key: Key(b"total".to_vec()), by: 1, floor: None }),
            ],
        };
        loop {
            match node.commit(batch.clone()).await {
                Ok(_) => break,
                // It had landed when its outcome was not known.
                Err(StoreError::Conflict(at)) if at == key => break,
                Err(StoreError::Failed(_)) => {
                    seen.refused.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(AGAIN).await;
                }
                Err(other) => panic!("{other}"),
            }
        }
        *seen.last.lock().unwrap() = Some(Instant::now());
        seen.acknowledged.lock().unwrap().push(name);
    }
}

async fn connect(one: &Cluster, other: &Cluster) -> Arc<PostgresStore> {
    let url = format!("postgres://iescp@127.0.0.1:{},127.0.0.1:{}/postgres", one.port(), other.port());
    Arc::new(PostgresStore::connect(&url, PostgresOptions::default()).await.unwrap())
}

/// All that was written, and what was counted.
async fn held(node: &PostgresStore) -> (Vec<String>, i64) {
    let (mut names, mut from) = (Vec::new(), Key(b"w/".to_vec()));
    loop {
        let scan = Scan { from: from.clone(), to: Key(b"w0".to_vec()), descending: false, limit: 5_000 };
        let Found::Many(rows) = node.read(vec![Read::Scan(scan)]).await.unwrap().remove(0) else { panic!() };
        let Some((last, _)) = rows.last() else { break };
        from = Key([last.0.as_slice(), &[0]].concat());
        names.extend(rows.into_iter().map(|(key, _)| String::from_utf8(key.0).unwrap()));
    }
    let Found::One(total) = node.read(vec![Read::Get(Key(b"total".to_vec()))]).await.unwrap().remove(0) else { panic!() };
    (names, total.map_or(0, |total| i64::from_be_bytes(total.bytes.try_into().unwrap())))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r_07_nothing_acknowledged_is_lost_when_a_standby_takes_over() {
    let rounds = std::env::var("IESCP_FAILOVERS").ok().and_then(|times| times.parse().ok()).unwrap_or(3);
    let mut primary = Cluster::start();
    let mut standby = primary.standby();
    let nodes = [connect(&primary, &standby).await, connect(&primary, &standby).await];
    let (seen, ended) = (Arc::new(Seen::default()), Arc::new(AtomicBool::new(false)));
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..8 {
        writers.spawn(write(nodes[writer % 2].clone(), writer, seen.clone(), ended.clone()));
    }
    for round in 0..rounds {
        tokio::time::sleep(Duration::from_millis(700 + 90 * round)).await;
        let before = seen.acknowledged.lock().unwrap().len();
        assert!(before > 0, "nobody writes");
        primary.kill();
        standby.promote();
        let promoted = Instant::now();
        while seen.last.lock().unwrap().is_none_or(|last| last < promoted) {
            assert!(promoted.elapsed() < BACK_WITHIN, "round {round}: nothing is written yet");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        println!("round {round}: {before} acknowledged, written again {:.1?} after the promotion", promoted.elapsed());
        // The one that died comes back as the other's standby.
        std::mem::swap(&mut primary, &mut standby);
        let (leader, mut follower) = (primary, standby);
        (primary, standby) = tokio::task::spawn_blocking(move || {
            follower.follow(&leader);
            (leader, follower)
        })
        .await
        .unwrap();
    }
    ended.store(true, Ordering::Relaxed);
    writers.join_all().await;
    let (mut names, total) = held(&nodes[1]).await;
    let mut acknowledged = std::mem::take(&mut *seen.acknowledged.lock().unwrap());
    println!("{} acknowledged, {} tried again", acknowledged.len(), seen.refused.load(Ordering::Relaxed));
    assert!(seen.refused.load(Ordering::Relaxed) > 0, "nobody noticed anything");
    acknowledged.sort_unstable();
    names.sort_unstable();
    assert_eq!(names.len(), acknowledged.len());
    assert_eq!(names, acknowledged);
    assert_eq!(total, i64::try_from(names.len()).unwrap(), "each was counted once");
}
