//! How long answers are waited for: not for ever, and not for long where the database is known not to answer.
//!
//! **Not here**: who finds out that it does not answer (`news`).

use super::failure::Failure;
use crate::store::StoreError;
use std::time::Duration;
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

/// No answer of the database is waited for longer.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// How long the database may take to be thought well, and an answer where it is not.
pub(super) const WELL: Duration = Duration::from_secs(2);

/// How long is waited, and why the database cannot be used now, if so. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Patience(watch::Sender<Option<StoreError>>);

impl Patience {
    pub(super) fn set_trouble(&self, trouble: Option<StoreError>) {
        self.0.send_replace(trouble);
    }

    pub(super) fn trouble(&self) -> Option<StoreError> {
        self.0.borrow().clone()
    }

    /// Waits for an answer.
    pub(super) async fn answered<T>(&self, question: impl Future<Output = Result<T, Failure>>) -> Result<T, StoreError> {
        self.within(question).await.map_err(StoreError::from)
    }

    /// The same, for whoever makes more of the failure.
    pub(super) async fn within<T>(&self, question: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        tokio::select! {
            biased;
            answer = timeout(PATIENCE, question) => answer.unwrap_or_else(|_| Err(Failure::late())),
            () = self.lasts(WELL) => Err(Failure::late()),
        }
    }

    /// Ends when so much time has passed and the database did not answer meanwhile, or does not.
    pub(super) async fn lasts(&self, time: Duration) {
        let mut trouble = self.0.subscribe();
        let not_answered = async { trouble.wait_for(Option::is_some).await.is_ok() };
        tokio::join!(sleep(time), not_answered);
    }
}

/// Waits for an answer where nobody looks whether there is trouble.
pub(super) async fn answered<T>(question: impl Future<Output = Result<T, Failure>>) -> Result<T, StoreError> {
    timeout(PATIENCE, question).await.unwrap_or_else(|_| Err(Failure::late())).map_err(StoreError::from)
}
