//! What a row of the queue carries: a job, its name for ever, how often it has failed, and a sum by which damage is noticed.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

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
    /// How often it was given up and taken up again by somebody who supervises.
    #[serde(default, skip_serializing_if = "is_none")]
    pub revived: u32,
    /// How often it failed before it was put into this row.
    pub failed: u32,
    /// How often its worker went down, by itself or by another of its jobs.
    #[serde(default, skip_serializing_if = "is_none")]
    pub crashed: u32,
    /// How often it was put back since then because its turn had not come.
    #[serde(default, skip_serializing_if = "is_none")]
    pub waited: u32,
    pub body: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tries: Option<u32>,
    /// What the rest comes to; rows of early versions have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sum: Option<u64>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_none(count: &u32) -> bool {
    *count == 0
}

impl Message {
    pub(super) fn first(job: NewJob) -> Self {
        Self { key: job.key, revived: 0, failed: 0, crashed: 0, waited: 0, body: job.body, tries: job.tries, sum: None }
    }

    /// As a row carries it.
    pub(super) fn written(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&Self { sum: Some(self.sum()?), ..self.clone() })
    }

    /// Whether it is as it was written.
    pub(super) fn is_as_written(&self) -> bool {
        self.sum.is_none_or(|said| self.sum().is_ok_and(|sum| sum == said))
    }

    /// The first bytes of the SHA-256 of the rest.
    fn sum(&self) -> serde_json::Result<u64> {
        let digest = Sha256::digest(serde_json::to_vec(&Self { sum: None, ..self.clone() })?);
        Ok(digest.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes)))
    }

    /// The same after so many failed attempts.
    pub(super) fn again(self, failed: u32) -> Self {
        Self { failed, waited: 0, ..self }
    }

    /// The same as if it had never failed.
    pub(super) fn anew(self) -> Self {
        Self { revived: self.revived.saturating_add(1), failed: 0, crashed: 0, waited: 0, ..self }
    }

    /// The same, when its turn has not come.
    pub(super) fn later(self) -> Self {
        Self { waited: self.waited.saturating_add(1), ..self }
    }

    /// The same after its worker went down so often more.
    pub(super) fn after_crashes(self, crashes: u32) -> Self {
        Self { crashed: self.crashed.saturating_add(crashes), waited: 0, ..self }
    }

    /// So often its worker may go down before the job is suspected of it.
    pub(super) const UNSUSPECTED: u32 = 2;

    /// Whether it may be what takes workers down: such run one at a time, so that the one at fault is found.
    pub(super) fn is_suspected(&self) -> bool {
        self.crashed >= Self::UNSUSPECTED
    }

    /// How often it was tried and did not end well.
    pub(super) fn tried(&self) -> u32 {
        self.failed.saturating_add(self.crashed)
    }

    /// The name of the row, which differs for each attempt.
    pub(super) fn row_key(&self) -> String {
        let key = match self.revived {
            0 => self.key.clone(),
            revived => format!("{}~{revived}", self.key),
        };
        match (self.tried(), self.waited) {
            (0, 0) => key,
            (tried, 0) => format!("{key}#{tried}"),
            (tried, waited) => format!("{key}#{tried}.{waited}"),
        }
    }
}
