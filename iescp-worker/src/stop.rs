//! The one signal by which everything in the worker learns that it is to end.

use std::future::Future;
use tokio::sync::watch;

/// Whether the worker is stopping. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Sender<bool>);

impl Stop {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    pub(crate) fn begin(&self) {
        self.0.send_replace(true);
    }

    pub(crate) fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    pub(crate) async fn begun(&self) {
        let mut watching = self.0.subscribe();
        let _closed = watching.wait_for(|begun| *begun).await;
    }

    /// Waits for something, or until the end begins; whether there is to be more.
    pub(crate) async fn unless_begun(&self, waiting: impl Future<Output = ()>) -> bool {
        tokio::select! {
            biased;
            () = self.begun() => false,
            () = waiting => true,
        }
    }
}
