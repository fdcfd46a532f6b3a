//! What the queue and those who do its jobs say to each other.

use serde_json::Value;
use std::{fmt, future::Future, time::Duration};

/// How jobs are run.
#[derive(Clone, Copy, Debug)]
pub struct QueueSettings {
    /// How many jobs run at once.
    pub at_once: usize,
    /// How often a job is tried.
    pub attempts: u32,
    /// How long the first failure is waited after; each further one twice as long, at most an hour.
    pub backoff: Duration,
    /// No attempt may take longer.
    pub longest: Duration,
    /// How often a worker says that it lives; twice unheard, it is taken for dead. Whole seconds.
    pub heartbeat: Duration,
    /// How often the queue is looked at when nothing is pushed in this process.
    pub poll: Duration,
    /// How long stopping waits for jobs that run; what has not ended by then is handed back.
    pub stop_within: Duration,
}

impl Default for QueueSettings {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            at_once: 4,
            attempts: 10,
            backoff: seconds(5),
            longest: seconds(15 * 60),
            heartbeat: seconds(3),
            poll: seconds(1),
            stop_within: seconds(19),
        }
    }
}

/// Why an attempt did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Trying again may help.
    Again(String),
    /// Its turn has not come; so long it should wait. That is no failure, and not counted as one.
    Later(Duration),
    /// Trying again will not help: it becomes a dead letter at once.
    Never(String),
    /// Nothing needs to be tried again: a later job does the same.
    Superseded(String),
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    Failed,
    Dead,
}

/// Does what jobs ask for.
pub(crate) trait Work: Send + Sync + 'static {
    /// Does one.
    fn perform(&self, body: Value) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Hears how an attempt ended.
    fn ended(&self, body: &Value, outcome: Outcome);

    /// Hears that the worker had to be started again.
    fn restarted(&self);
}

/// Why the queue did not do what it was asked.
#[derive(Debug)]
pub struct QueueError(String);

impl fmt::Display for QueueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the queue failed: {}", self.0)
    }
}

impl std::error::Error for QueueError {}

impl QueueError {
    pub(crate) fn of(error: impl fmt::Display) -> Self {
        Self(error.to_string())
    }
}

impl From<sqlx::Error> for QueueError {
    fn from(error: sqlx::Error) -> Self {
        Self::of(error)
    }
}
