//! What is so of a queue in a file alone.

use super::*;
use std::os::unix::fs::PermissionsExt;

#[tokio::test]
async fn a_queue_in_memory_runs_jobs_too() {
    let queue = Queue::in_memory().await.unwrap();
    let jobs = (0..20).map(|number| job(&number.to_string(), "nothing")).collect();
    assert_eq!(play(&queue, jobs).await.outcomes().len(), 20);
}

#[tokio::test]
async fn what_is_in_memory_outlives_the_connection_it_was_written_by() {
    let queue = Queue::in_memory().await.unwrap();
    queue.push(vec![job("one", "nothing")]).await.unwrap();
    let Tables::Sqlite(tables) = &queue.tables else { panic!() };
    tables.pool.acquire().await.unwrap().close().await.unwrap();
    assert_eq!(play(&queue, vec![job("two", "nothing")]).await.outcomes().len(), 2);
}

#[tokio::test]
async fn every_connection_syncs_fully_and_waits_for_others_and_only_the_owner_reads_the_file() {
    let place = Place::file();
    let queue = place.open().await;
    let Tables::Sqlite(tables) = &queue.tables else { panic!() };
    let mut connections = Vec::new();
    for _ in 0..8 {
        connections.push(tables.pool.acquire().await.unwrap());
    }
    for connection in &mut connections {
        let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut **connection).await.unwrap();
        let sync: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut **connection).await.unwrap();
        let busy: i64 = sqlx::query_scalar("PRAGMA busy_timeout").fetch_one(&mut **connection).await.unwrap();
        assert_eq!((mode.as_str(), sync, busy), ("wal", 2, 10_000));
    }
    drop(connections);
    play(&queue, vec![job("one", "nothing")]).await;
    for file in std::fs::read_dir(place.folder()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", file.file_name());
    }
}
