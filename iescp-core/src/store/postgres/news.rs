//! What other processes commit, and whether the database answers at all.
//!
//! **Not here**: this process's own commits (`committer`).

use super::{Shared, answered, reading};
use crate::store::StoreError;
use sqlx::postgres::PgListener;
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
}

impl News {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, listener: None }
    }

    pub(super) async fn follow(mut self) {
        let mut hears = true;
        loop {
            if self.listener.is_none() && hears {
                hears = self.listen().await;
            }
            self.ask().await;
            match &mut self.listener {
                Some(listener) => match timeout(HEARING, listener.recv()).await {
                    Ok(Ok(news)) => self.shared.reached(news.payload().parse().unwrap_or_default()),
                    Ok(Err(error)) => {
                        tracing::debug!(%error, "the database stopped telling of commits");
                        self.listener = None;
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

    /// Asks for the latest commit. Where there is no answer, another host may have taken over.
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
                if self.shared.addresses.connect().await.is_ok() {
                    for pool in [&self.shared.pool, &self.shared.beside] {
                        pool.set_connect_options(self.shared.addresses.current());
                    }
                }
            }
        }
    }
}
