//! Both engines keep the store's contract.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use iescp_core::store::{MemoryStore, SledOptions, SledStore, Store, conformance};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_memory_store_conforms() {
    let make = || async { Arc::new(MemoryStore::keeping(conformance::KEPT_COMMITS)) as Arc<dyn Store> };
    conformance::run_all(make).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_sled_store_conforms() {
    let directory = tempfile::tempdir().unwrap();
    let made = AtomicU32::new(0);
    let make = || async {
        let number = made.fetch_add(1, Ordering::Relaxed);
        let options = SledOptions { kept_commits: conformance::KEPT_COMMITS, ..SledOptions::default() };
        Arc::new(SledStore::open(directory.path().join(number.to_string()), options).unwrap()) as Arc<dyn Store>
    };
    conformance::run_all(make).await.unwrap();
}
