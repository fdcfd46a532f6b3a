//! What admins do about the worker's jobs that were given up: leave to look, and what is kept of what they decide.
//!
//! **Not here**: the jobs themselves (the worker's).

use crate::{
    Operation, Result,
    event::thing,
    policy::{Action, Subject},
    tx::Tx,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

/// Leave to look at the worker's jobs.
#[derive(Clone, Copy, Debug, Default)]
pub struct ViewJobs;

impl Operation for ViewJobs {
    type Output = ();
    const ACTION: Action = Action::ViewJobs;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)
    }
}

/// A job that was given up, as it is named in the audit trail.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GivenUp {
    /// Its place in the queue.
    pub id: Uuid,
    /// Its name.
    pub key: String,
}

impl GivenUp {
    fn keep(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        tx.happened([thing("job", self.id)], json!({ "job": self.key }));
        Ok(())
    }
}

/// An admin lets a job that was given up be tried anew. Whoever runs this then tells the queue.
#[derive(Clone, Debug)]
pub struct RetryJob(pub GivenUp);

impl Operation for RetryJob {
    type Output = ();
    const ACTION: Action = Action::RetryJob;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        self.0.keep(tx)
    }
}

/// An admin discards a job that was given up. Whoever runs this then tells the queue.
#[derive(Clone, Debug)]
pub struct DiscardJob(pub GivenUp);

impl Operation for DiscardJob {
    type Output = ();
    const ACTION: Action = Action::DiscardJob;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        self.0.keep(tx)
    }
}
