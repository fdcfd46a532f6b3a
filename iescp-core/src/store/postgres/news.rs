//! What other processes commit, and whether the database answers at all.
//!
//! **Not here**: this process's own commits (`committer`).

use super::{Shared, answered, reading};
use crate::store::StoreError;
use sqlx::{Connection, postgres::PgListener};
use std::{sync::Arc, time::Duration};
use tokio::time::{sleep, timeout};

/// How often the head is asked for while commits are told by `NOTIFY`, and while they are not.
const HEARING: Duration = Duration::from_secs(1);
const DEAF: Duration = Duration::from_millis(100);

/// How long the database may take to be thought well.
const WELL: Duration = Duration::from_secs(2);

/// Follows the head for as long as the store is open.
pub(super) struct News {
    shared: Arc<Shared>,
    listener: Option<PgListener>,
    /// Whether whoever answered until now may be gone.
    lost: bool,
}

impl News {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, listener: None, lost: false }
    }

    pub(super) async fn follow(mut self) {
        let mut hears = true;
        loop {
            // A pool waits for hosts that are gone: it is not asked for a connection before there is one to be had.
            if !self.lost || self.find().await {
                if self.listener.is_none() && hears {
                    hears = self.listen().await;
                }
                self.ask().await;
            }
            match &mut self.listener {
                Some(listener) => match timeout(HEARING, listener.try_recv()).await {
                    Ok(Ok(Some(news))) => self.shared.reached(news.payload().parse().unwrap_or_default()),
                    Ok(ended) => {
                        tracing::debug!(error = ?ended.err(), "the database stopped telling of commits");
                        (self.listener, self.lost) = (None, true);
                        sleep(DEAF).await;
                    }
                    // Nothing new, which the head confirms.
                    Err(_) => {}
                },
                None => sleep(DEAF).await,
            }
        }
    }

    /// Whether it is worth trying again later: a database that does not know `LISTEN` is not asked twice.
    async fn listen(&mut self) -> bool {
        let listening = async {
            let mut listener = PgListener::connect_with(&self.shared.pool).await?;
            // Where to connect to again is not the pool's to say.
            listener.eager_reconnect(false);
            listener.listen(&self.shared.channel).await?;
            Ok::<_, sqlx::Error>(listener)
        };
        match timeout(WELL, listening).await {
            Ok(Ok(listener)) => self.listener = Some(listener),
            Ok(Err(sqlx::Error::Database(error))) if matches!(error.code().as_deref(), Some("0A000" | "42601")) => return false,
            Ok(Err(error)) => tracing::debug!(%error, "commits of others are asked for, not told"),
            Err(_) => {}
        }
        true
    }

    /// Asks for the latest commit.
    async fn ask(&mut self) {
        let outcome = match timeout(WELL, answered(reading::latest(&self.shared.pool))).await {
            Ok(outcome) => outcome,
            Err(_) => Err(StoreError::Failed("the database does not answer".into())),
        };
        match outcome {
            Ok(latest) => {
                self.shared.reached(latest);
                self.shared.set_trouble(None);
            }
            Err(error) => {
                self.shared.set_trouble(Some(error));
                self.lost = true;
            }
        }
    }

    /// Finds a host that writes, another perhaps, and shows it to the pools; whether there is one.
    async fn find(&mut self) -> bool {
        match self.shared.addresses.connect().await {
            Ok(connection) => {
                for pool in [&self.shared.pool, &self.shared.beside] {
                    pool.set_connect_options(self.shared.addresses.current());
                }
                self.lost = false;
                let _closed_anyway = connection.close().await;
            }
            Err(error) => self.shared.set_trouble(Some(error)),
        }
        !self.lost
    }
}
