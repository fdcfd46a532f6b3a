//! What landing commits takes, in one queue for all nodes.

use super::cluster::Cluster;
use benches::per_second;
use iescp_core::store::{Batch, Expect, Key, PostgresOptions, PostgresStore, Store, Write};
use std::{error::Error, sync::Arc, time::Duration};
use uuid::Uuid;

/// How long each side is measured.
const TIME: Duration = Duration::from_secs(5);
const MANY: usize = 256;
/// What the usual operation writes.
const ROWS: u32 = 13;
const VALUE: usize = 120;

/// What the commits of one head cost, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// A group of one.
    pub first: f64,
    /// Each further commit of a group.
    pub further: f64,
}

impl Head {
    /// How many commits a second it lands at most, in large groups.
    pub fn most(self) -> f64 {
        1.0 / self.further
    }

    /// What a group of so many takes.
    pub fn group(self, commits: f64) -> f64 {
        self.first + self.further * (commits - 1.0).max(0.0)
    }

    /// How long a commit waits on average, until it has landed, if so many come in a second; none if they are too many.
    ///
    /// While a group lands the next one gathers, so that groups have n = λ·(first + (n − 1)·further), and whoever comes waits
    /// for half a group and for their own.
    pub fn waited(self, commits: f64) -> Option<f64> {
        let left = 1.0 - commits * self.further;
        if left <= 0.0 {
            return None;
        }
        let gathered = commits * (self.first - self.further) / left;
        let group = self.group(gathered.max(1.0));
        let busy = (commits * group / gathered.max(1.0)).min(1.0);
        Some(group * (1.0 + 0.5 * busy))
    }
}

/// Measures it: by one who commits alone, and by many.
pub async fn measured() -> Result<Head, Box<dyn Error>> {
    let cluster = Cluster::start();
    let store: Arc<dyn Store> = Arc::new(PostgresStore::connect(&cluster.url(), PostgresOptions::default()).await?);
    let commit = |_, _| {
        let store = Arc::clone(&store);
        async move {
            if let Err(error) = store.commit(usual()).await {
                eprintln!("refused: {error}");
            }
        }
    };
    let alone = per_second(1, TIME, commit).await;
    let many = per_second(MANY, TIME, commit).await;
    let first = 1.0 / alone;
    // MANY land in a group, all but the first as further ones.
    let group = MANY as f64 / many;
    let further = (group - first) / (MANY as f64 - 1.0);
    if further <= 0.0 {
        return Err("the machine was not quiet enough to tell what a further commit costs".into());
    }
    Ok(Head { first, further })
}

fn usual() -> Batch {
    let unique = Uuid::now_v7();
    let mut batch = Batch { id: Some(unique), ..Batch::default() };
    for number in 0..ROWS {
        let key = Key([b"capacity/".as_slice(), unique.as_bytes(), &number.to_be_bytes()].concat());
        batch.expect.push(Expect::Absent(key.clone()));
        batch.writes.push(Write::Put(key, vec![7; VALUE]));
    }
    batch
}
