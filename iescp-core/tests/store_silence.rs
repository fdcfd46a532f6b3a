//! A host goes dark under readers and writers: its connections neither answer nor break, as when it lost its power. Once it can be
//! reached again everything goes on by itself, what was acknowledged is there, and what was not is there once or not at all.
#![cfg(all(feature = "postgres", unix))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "postgres/cluster.rs"]
mod cluster;
#[path = "postgres/wire.rs"]
#[allow(dead_code, reason = "other tests need more of it")]
mod wire;

use cluster::Cluster;
use iescp_core::{
    blob::{BlobName, Blobs, PostgresBlobs},
    store::{Add, Batch, Expect, Found, Key, PostgresOptions, PostgresStore, Read, Scan, Store, StoreError, Write},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;
use uuid::Uuid;
use wire::Wire;

/// Few, so that few questions without an answer would use them up.
const READERS: u32 = 4;

fn total() -> Read {
    Read::Get(Key(b"total".to_vec()))
}

/// Waits until something is so, at most a minute and a half.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < Duration::from_secs(90), "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What those who read and write have seen.
#[derive(Default)]
struct Seen {
    ended: AtomicBool,
    read: AtomicUsize,
    unread: AtomicUsize,
    written: AtomicUsize,
    unwritten: AtomicUsize,
}

async fn read(node: Arc<PostgresStore>, seen: Arc<Seen>) {
    while !seen.ended.load(Ordering::Relaxed) {
        match node.read(vec![total()]).await {
            Ok(_) => seen.read.fetch_add(1, Ordering::Relaxed),
            Err(StoreError::Failed(_)) => seen.unread.fetch_add(1, Ordering::Relaxed),
            Err(other) => panic!("{other}"),
        };
    }
}

/// Writes one thing after the other and counts them; what was refused is done again under the same id.
async fn write(node: Arc<PostgresStore>, writer: usize, seen: Arc<Seen>) -> Vec<String> {
    let mut acknowledged = Vec::new();
    while !seen.ended.load(Ordering::Relaxed) {
        let name = format!("w/{writer}/{:06}", acknowledged.len());
        let key = Key(name.clone().into());
        let counted = Write::Add(Add { key: Key(b"total".to_vec()), by: 1, floor: None });
        let batch = Batch {
            id: Some(Uuid::now_v7()),
            expect: vec![Expect::Absent(key.clone())],
            writes: vec![Write::Put(key.clone(), name.clone().into()), counted],
        };
        loop {
            match node.commit(batch.clone()).await {
                Ok(_) => break,
                // It had landed when its outcome was not known.
                Err(StoreError::Conflict(at)) if at == key => break,
                Err(StoreError::Failed(_)) => seen.unwritten.fetch_add(1, Ordering::Relaxed),
                Err(other) => panic!("{other}"),
            };
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        seen.written.fetch_add(1, Ordering::Relaxed);
        acknowledged.push(name);
    }
    acknowledged
}

/// Waits until each of these has grown by some.
async fn grown(what: &str, by: usize, counts: &[&AtomicUsize]) {
    let before: Vec<_> = counts.iter().map(|count| count.load(Ordering::Relaxed)).collect();
    until(what, async || counts.iter().zip(&before).all(|(count, before)| count.load(Ordering::Relaxed) >= before + by)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r_07_a_store_goes_on_by_itself_when_its_host_was_silent_and_loses_nothing_acknowledged() {
    let cluster = Cluster::start();
    let wire = Wire::to(&cluster.url());
    let options = PostgresOptions { readers: READERS, ..PostgresOptions::default() };
    let node = Arc::new(PostgresStore::connect(&wire.name(), options).await.unwrap());
    let seen = Arc::new(Seen::default());
    let mut readers = JoinSet::new();
    (0..3 * READERS).for_each(|_| drop(readers.spawn(read(node.clone(), seen.clone()))));
    let mut writers = JoinSet::new();
    (0..4).for_each(|writer| drop(writers.spawn(write(node.clone(), writer, seen.clone()))));
    for round in 0..2 {
        grown("everything works", 50, &[&seen.read, &seen.written]).await;
        wire.go_dark();
        grown("questions are given up", 3 * READERS as usize, &[&seen.unread]).await;
        grown("commits are given up", 1, &[&seen.unwritten]).await;
        assert!(node.health().is_err());
        wire.mend();
        let mended = Instant::now();
        grown("it works again", 50, &[&seen.read, &seen.written]).await;
        until("it is well again", async || node.health().is_ok()).await;
        println!("round {round}: well {:.1?} after it could be reached again", mended.elapsed());

        // Another host answers at once in its place.
        wire.fall_silent();
        let silent = Instant::now();
        grown("it works again over new connections", 50, &[&seen.read, &seen.written]).await;
        println!("round {round}: works {:.1?} after its connections fell silent", silent.elapsed());
    }
    seen.ended.store(true, Ordering::Relaxed);
    readers.join_all().await;
    let mut acknowledged = writers.join_all().await.concat();
    acknowledged.sort_unstable();

    let scan = Scan { from: Key(b"w/".to_vec()), to: Key(b"w0".to_vec()), descending: false, limit: 1_000_000 };
    let mut found = node.read(vec![Read::Scan(scan), total()]).await.unwrap();
    let (Some(Found::One(Some(total))), Some(Found::Many(rows))) = (found.pop(), found.pop()) else { panic!() };
    let names: Vec<_> = rows.into_iter().map(|(key, _)| String::from_utf8(key.0).unwrap()).collect();
    assert_eq!(names, acknowledged);
    assert_eq!(i64::from_be_bytes(total.bytes.try_into().unwrap()), names.len() as i64, "each was counted once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pictures_are_found_again_when_the_host_was_silent() {
    let cluster = Cluster::start();
    let wire = Wire::to(&cluster.url());
    let store = PostgresStore::connect(&wire.name(), PostgresOptions::default()).await.unwrap();
    let blobs = PostgresBlobs::open(store.beside()).await.unwrap();
    let name: BlobName = format!("{}.small", Uuid::now_v7()).parse().unwrap();
    blobs.put(name, b"a picture".to_vec()).await.unwrap();
    let seen = Arc::new(Seen::default());
    let mut readers = JoinSet::new();
    for _ in 0..24 {
        let (blobs, seen) = (blobs.clone(), seen.clone());
        readers.spawn(async move {
            while !seen.ended.load(Ordering::Relaxed) {
                match blobs.get(name).await {
                    Ok(found) => seen.read.fetch_add(usize::from(found.unwrap() == b"a picture"), Ordering::Relaxed),
                    Err(StoreError::Failed(_)) => seen.unread.fetch_add(1, Ordering::Relaxed),
                    Err(other) => panic!("{other}"),
                };
            }
        });
    }
    for _ in 0..2 {
        grown("pictures are found", 100, &[&seen.read]).await;
        wire.go_dark();
        grown("questions are given up", 24, &[&seen.unread]).await;
        wire.mend();
        grown("pictures are found again", 100, &[&seen.read]).await;
        wire.fall_silent();
        grown("pictures are found over new connections", 100, &[&seen.read]).await;
    }
    seen.ended.store(true, Ordering::Relaxed);
    readers.join_all().await;
}
