//! What other processes commit, and whether the database answers at all.
//!
//! Both are asked for on one connection of its own, so that many readers are not taken for silence, and silence is noticed on the
//! connection on which commits are told.
//!
//! **Not here**: this process's own commits (`committer`).

use super::{Shared, address::LET_IN, failure::Failure, patience::WELL, pool, reading};
use crate::store::StoreError;
use sqlx::postgres::PgListener;
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
}

impl News {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, line: None, hears: true }
    }

    pub(super) async fn follow(mut self) {
        loop {
            match self.ask().await {
                Ok(latest) => {
                    self.shared.reached(latest);
                    self.shared.patience.set_trouble(None);
                    self.hear().await;
                }
                Err(why) => {
                    self.line = None;
                    self.look_elsewhere(why.into()).await;
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
        let mut line = PgListener::connect_with(&pool(&self.shared.addresses, 1)).await?;
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
                self.line = None;
            }
            // Nothing new, which the head confirms.
            Err(_) => {}
        }
    }

    /// Where there is no answer, another host may have taken over.
    async fn look_elsewhere(&self, why: StoreError) {
        self.shared.patience.set_trouble(Some(why));
        if self.shared.addresses.connect().await.is_ok() {
            for pool in [&self.shared.pool, &self.shared.beside] {
                pool.set_connect_options(self.shared.addresses.current());
            }
        }
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
