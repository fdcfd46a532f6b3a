//! What other processes commit, and whether the database answers at all.
//!
//! Both are asked for on one connection of its own, so that many readers are not taken for silence, and silence is noticed on the
//! connection on which commits are told.
//!
//! **Not here**: this process's own commits (`committer`).

use super::{Shared, address::LET_IN, failure::Failure, patience::WELL, pool, reading};
use crate::store::StoreError;
use sqlx::{Connection, postgres::PgListener};
use std::{sync::Arc, time::Duration};
use tokio::time::{sleep, timeout};

/// How often the head is asked for while commits are told by `NOTIFY`, and while they are not.
const HEARING: Duration = Duration::from_secs(1);
const DEAF: Duration = Duration::from_millis(100);

/// Follows the head for as long as the store is open.
pub(super) struct News {
    shared: Arc<Shared>,
    line: Option<PgListener>,
    /// Whether commits are told on it: a database that does not know `LISTEN` is not asked twice.
    hears: bool,
    /// Whether whoever answered until now may be gone. A pool waits for hosts that are: one that writes is found first.
    lost: bool,
}

impl News {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, line: None, hears: true, lost: false }
    }

    pub(super) async fn follow(mut self) {
        loop {
            let found = if self.lost { self.find().await } else { Ok(()) };
            let latest = match found {
                Ok(()) => self.ask().await.map_err(StoreError::from),
                Err(why) => Err(why),
            };
            match latest {
                Ok(latest) => {
                    self.shared.reached(latest);
                    self.shared.patience.set_trouble(None);
                    self.hear().await;
                }
                Err(why) => {
                    self.shared.patience.set_trouble(Some(why));
                    (self.line, self.lost) = (None, true);
                    sleep(DEAF).await;
                }
            }
        }
    }

    /// Asks for the latest commit.
    async fn ask(&mut self) -> Result<u64, Failure> {
        let line = match self.line.take() {
            Some(line) => line,
            None => within(LET_IN, self.call()).await?,
        };
        within(WELL, reading::latest(self.line.insert(line))).await
    }

    /// A new line.
    async fn call(&mut self) -> Result<PgListener, Failure> {
        let mut line = PgListener::connect_with(&pool(&self.shared.addresses, 1, Duration::ZERO)).await?;
        line.eager_reconnect(false);
        self.hears = self.hears && listen(&mut line, &self.shared.channel).await?;
        Ok(line)
    }

    /// Waits until a commit is told of, or it is time to ask.
    async fn hear(&mut self) {
        let Some(line) = self.line.as_mut().filter(|_| self.hears) else { return sleep(DEAF).await };
        match timeout(HEARING, line.try_recv()).await {
            Ok(Ok(Some(news))) => self.shared.reached(news.payload().parse().unwrap_or_default()),
            Ok(lost) => {
                tracing::debug!(error = ?lost.err(), "the database stopped telling of commits");
                (self.line, self.lost) = (None, true);
            }
            // Nothing new, which the head confirms.
            Err(_) => {}
        }
    }

    /// Finds a host that writes, another perhaps, and shows it to the pools.
    async fn find(&mut self) -> Result<(), StoreError> {
        let found = self.shared.addresses.connect().await?;
        for pool in [&self.shared.pool, &self.shared.beside] {
            pool.set_connect_options(self.shared.addresses.current());
        }
        self.lost = false;
        // It was to see whether somebody is there.
        drop(found.close().await);
        Ok(())
    }
}

/// Whether the database tells of commits.
async fn listen(line: &mut PgListener, channel: &str) -> Result<bool, sqlx::Error> {
    match line.listen(channel).await {
        Ok(()) => Ok(true),
        Err(sqlx::Error::Database(error)) if matches!(error.code().as_deref(), Some("0A000" | "42601")) => Ok(false),
        Err(error) => Err(error),
    }
}

async fn within<T>(time: Duration, answer: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    timeout(time, answer).await.unwrap_or_else(|_| Err(Failure::late()))
}
