//! Where the queue of a test is: in a file, or on a PostgreSQL server of its own. It goes with the test.

use super::{Queue, Tables};
use crate::cluster::Cluster;
use sqlx::{Row, postgres::PgPoolOptions};
use std::{path::PathBuf, time::Duration};
use tempfile::TempDir;

pub(super) struct Place {
    folder: TempDir,
    pub cluster: Option<Cluster>,
}

impl Place {
    pub fn file() -> Self {
        Self { folder: TempDir::new().unwrap(), cluster: None }
    }

    pub fn server() -> Self {
        Self { folder: TempDir::new().unwrap(), cluster: Some(Cluster::start()) }
    }

    /// A file of the test's.
    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// As another process is told where the queue is.
    pub fn name(&self) -> String {
        match &self.cluster {
            Some(cluster) => cluster.url(),
            None => self.at("queue.sqlite").to_string_lossy().into_owned(),
        }
    }

    pub async fn open(&self) -> Queue {
        open(&self.name()).await
    }
}

pub(super) async fn open(name: &str) -> Queue {
    if !name.starts_with("postgres://") {
        return Queue::open(name).await.unwrap();
    }
    Queue::on_postgres(pool(name)).await.unwrap()
}

pub(super) fn pool(url: &str) -> sqlx::PgPool {
    PgPoolOptions::new().max_connections(8).acquire_timeout(Duration::from_secs(10)).connect_lazy(url).unwrap()
}

impl Queue {
    /// Runs a statement beside the queue, as it is written for each kind of database; the texts in the first column of its answer.
    pub(super) async fn sql(&self, on_file: &'static str, on_server: &'static str) -> Vec<String> {
        match &self.tables {
            Tables::Sqlite(tables) => {
                let rows = sqlx::query(on_file).fetch_all(&tables.pool).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
            Tables::Postgres(tables) => {
                let rows = sqlx::query(on_server).fetch_all(&tables.pool).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
        }
    }
}
