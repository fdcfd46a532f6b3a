//! What a row of the queue carries: a job, its name for ever, and how often it has failed.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A job that is handed to the queue.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NewJob {
    /// Its name for ever: a second job with the same name is ignored.
    pub key: String,
    /// What is to be done, for the one who does it.
    pub body: Value,
    /// How often it may fail, if not as often as any other job.
    pub tries: Option<u32>,
}

/// A job as a row carries it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Message {
    pub key: String,
    /// How often it failed before it was put into this row.
    pub failed: u32,
    pub body: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tries: Option<u32>,
}

impl Message {
    pub(super) fn first(job: NewJob) -> Self {
        Self { key: job.key, failed: 0, body: job.body, tries: job.tries }
    }

    /// The same after so many failed attempts.
    pub(super) fn again(self, failed: u32) -> Self {
        Self { failed, ..self }
    }

    /// The name of the row, which differs for each attempt.
    pub(super) fn row_key(&self) -> String {
        match self.failed {
            0 => self.key.clone(),
            failed => format!("{}#{failed}", self.key),
        }
    }
}
