//! An empty store for a story: in memory, or in a schema of its own in the PostgreSQL database that `IESCP_TEST_POSTGRES` names, so
//! that every story can be told on it with nothing changed but the URL (`.ci/on-postgres`).

use iescp_core::store::{MemoryStore, PostgresOptions, PostgresStore, Store};
use std::sync::{Arc, OnceLock};
use tokio::runtime::Runtime;
use uuid::Uuid;

/// The database's connections live here: the story's own runtime may have one thread only.
static BESIDE: OnceLock<Runtime> = OnceLock::new();

pub fn empty() -> Arc<dyn Store> {
    let Ok(url) = std::env::var("IESCP_TEST_POSTGRES") else { return Arc::new(MemoryStore::new()) };
    let options =
        PostgresOptions { schema: format!("story_{}", Uuid::now_v7().simple()), readers: 4, ..PostgresOptions::default() };
    let beside = BESIDE.get_or_init(|| Runtime::new().unwrap());
    let connected =
        std::thread::scope(|threads| threads.spawn(|| beside.block_on(PostgresStore::connect(&url, options))).join().unwrap());
    Arc::new(connected.unwrap())
}
