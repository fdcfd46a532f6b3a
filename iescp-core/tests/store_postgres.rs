//! The PostgreSQL store keeps the store's contract, alone and beside others, and lives through the database's trouble.
//!
//! Each test starts a server of its own in a temporary directory: it needs Debian's `postgresql` (or `initdb` and `postgres`
//! where `IESCP_POSTGRES_BIN` says), not a running service.
#![cfg(all(feature = "postgres", unix))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "postgres/cluster.rs"]
mod cluster;

use cluster::Cluster;
use iescp_core::store::{Add, Batch, Found, Key, PostgresOptions, PostgresStore, Read, Store, StoreError, Write, conformance};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

fn key(name: &str) -> Key {
    Key(name.into())
}

fn put(name: &str, value: &str) -> Batch {
    Batch { writes: vec![Write::Put(key(name), value.into())], ..Batch::default() }
}

async fn open(cluster: &Cluster) -> PostgresStore {
    PostgresStore::connect(&cluster.url(), PostgresOptions::default()).await.unwrap()
}

async fn value(store: &PostgresStore, name: &str) -> Option<String> {
    let Found::One(found) = store.read(vec![Read::Get(key(name))]).await.unwrap().remove(0) else { panic!() };
    found.map(|stored| String::from_utf8(stored.bytes).unwrap())
}

/// Waits until something is so, at most half a minute.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < Duration::from_secs(30), "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_postgres_store_conforms() {
    let cluster = Cluster::start();
    let made = AtomicU32::new(0);
    let make = || async {
        let schema = format!("store_{}", made.fetch_add(1, Ordering::Relaxed));
        let options = PostgresOptions { schema, kept_commits: conformance::KEPT_COMMITS, readers: 4 };
        Arc::new(PostgresStore::connect(&cluster.url(), options).await.unwrap()) as Arc<dyn Store>
    };
    conformance::run_all(make).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_on_two_nodes_exactly_ten_fit_a_budget_for_ten() {
    let cluster = Cluster::start();
    let nodes = [Arc::new(open(&cluster).await), Arc::new(open(&cluster).await)];
    for round in 0..20 {
        let budget = key(&format!("budget-{round}"));
        let granted = Batch { writes: vec![Write::Add(Add { key: budget.clone(), by: 10, floor: None })], ..Batch::default() };
        nodes[0].commit(granted).await.unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        for task in 0..64 {
            let (node, budget) = (nodes[task % 2].clone(), budget.clone());
            tasks.spawn(async move {
                let taken = Batch {
                    writes: vec![Write::Add(Add { key: budget.clone(), by: -1, floor: Some(0) })],
                    ..put(&format!("taken-{round}-{task}"), "")
                };
                let taken = Batch { writes: [taken.writes, put(&format!("taken-{round}-{task}"), "").writes].concat(), ..taken };
                match node.commit(taken).await {
                    Ok(_) => true,
                    Err(StoreError::Guard(at)) if at == budget => false,
                    Err(error) => panic!("{error}"),
                }
            });
        }
        let landed = tasks.join_all().await.into_iter().filter(|landed| *landed).count();
        assert_eq!(landed, 10);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_node_commits_another_hears_of_within_a_second() {
    let cluster = Cluster::start();
    let (one, other) = (open(&cluster).await, open(&cluster).await);
    let mut watch = other.watch();
    let number = one.commit(put("a", "1")).await.unwrap();
    tokio::time::timeout(Duration::from_secs(5), watch.wait_for(|latest| *latest >= number)).await.unwrap().unwrap();
    assert_eq!(other.changes(0, 9).await.unwrap().len(), 1);
    assert_eq!(value(&other, "a").await.as_deref(), Some("1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_away_is_said_and_used_again_when_it_is_back() {
    let mut cluster = Cluster::start();
    let store = open(&cluster).await;
    store.commit(put("a", "1")).await.unwrap();
    cluster.stop();
    assert!(store.commit(put("a", "2")).await.is_err());
    until("it is not well", async || store.health().is_err()).await;
    cluster.start_again();
    until("it writes again", async || store.commit(put("a", "3")).await.is_ok()).await;
    assert_eq!(value(&store, "a").await.as_deref(), Some("3"));
    until("it is well again", async || store.health().is_ok()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_broke_since_it_was_used_is_no_reason_to_refuse_a_reader() {
    let cluster = Cluster::start();
    let store = Arc::new(open(&cluster).await);
    store.commit(put("a", "1")).await.unwrap();
    for _ in 0..5 {
        let mut readers = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let store = store.clone();
            readers.spawn(async move { value(&store, "a").await });
        }
        assert!(readers.join_all().await.iter().all(|found| found.as_deref() == Some("1")));
        cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'iescp %'");
    }
    assert_eq!(store.newest().await.unwrap(), 1);
    assert_eq!(store.changes(0, 9).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_acknowledged_is_lost_when_the_database_is_killed_under_load() {
    let mut cluster = Cluster::start();
    let store = Arc::new(open(&cluster).await);
    for round in 0..5 {
        let mut tasks = tokio::task::JoinSet::new();
        for writer in 0..8 {
            let store = store.clone();
            tasks.spawn(async move {
                let mut acknowledged = Vec::new();
                for index in 0..400 {
                    let name = format!("{round}-{writer}-{index}");
                    let counted = Write::Add(Add { key: key("total"), by: 1, floor: None });
                    let batch = Batch { writes: [put(&name, &name).writes, vec![counted]].concat(), ..Batch::default() };
                    match store.commit(batch).await {
                        Ok(number) => acknowledged.push((name, number)),
                        Err(_) => break,
                    }
                }
                acknowledged
            });
        }
        tokio::time::sleep(Duration::from_millis(200 + 37 * round)).await;
        cluster.kill();
        let acknowledged: Vec<_> = tokio::join!(tasks.join_all(), async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            cluster.start_again();
        })
        .0
        .into_iter()
        .flatten()
        .collect();
        assert!(!acknowledged.is_empty());
        until("it answers again", async || store.read(vec![Read::Get(key("total"))]).await.is_ok()).await;
        for (name, number) in &acknowledged {
            let Found::One(Some(stored)) = store.read(vec![Read::Get(key(name))]).await.unwrap().remove(0) else {
                panic!("{name} was acknowledged as {number} and is gone")
            };
            assert_eq!(stored.version, *number);
        }
    }
    let told: Vec<u64> = store.changes(0, usize::MAX).await.unwrap().iter().map(|change| change.number).collect();
    assert_eq!(told, (1..=told.len() as u64).collect::<Vec<_>>(), "numbers have no gaps");
    let Found::One(Some(total)) = store.read(vec![Read::Get(key("total"))]).await.unwrap().remove(0) else { panic!() };
    assert_eq!(total.bytes, (told.len() as i64).to_be_bytes());
}

#[tokio::test]
async fn tables_of_a_newer_version_are_refused() {
    let cluster = Cluster::start();
    drop(open(&cluster).await);
    cluster.sql("UPDATE iescp_head SET layout = 2");
    let refused = PostgresStore::connect(&cluster.url(), PostgresOptions::default()).await;
    assert!(matches!(refused, Err(StoreError::Newer(_))), "{refused:?}");
}

#[tokio::test]
async fn a_value_that_was_changed_beside_the_store_is_not_believed() {
    let cluster = Cluster::start();
    let store = open(&cluster).await;
    store.commit(put("a", "1")).await.unwrap();
    cluster.sql("UPDATE iescp_record SET v = set_byte(v, 12, 50)");
    assert!(matches!(store.read(vec![Read::Get(key("a"))]).await, Err(StoreError::Corrupt(_))));
}
