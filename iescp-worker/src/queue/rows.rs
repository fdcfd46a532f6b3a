//! What a row of the queue is made of, and what is told of those that are there.
//!
//! **Not here**: the statements (`sqlite`, `postgres`).

use super::{QueueError, message::Message};
use jiff::Timestamp;
use serde_json::Value;
use std::time::Duration;
use ulid::Ulid;
use uuid::Uuid;

/// Jobs that are done are forgotten after so many seconds: a week, in which no relay hands the same letter over again.
pub(super) const DONE_FOR: i64 = 7 * 86_400;

/// Dead letters are forgotten after so many seconds: ninety days.
pub(super) const DEAD_FOR: i64 = 90 * 86_400;

/// Workers that were not heard of for so many seconds, and hold no job, are forgotten: a day.
pub(super) const SILENT_FOR: i64 = 86_400;

/// A row that is to be written.
#[derive(Clone, Debug)]
pub(super) struct NewRow {
    /// Its name: a second row with the same is ignored.
    pub key: String,
    /// The message it carries.
    pub job: Vec<u8>,
    /// How long it waits before it may be taken.
    pub wait: Duration,
}

impl NewRow {
    /// The row that carries a message.
    pub(super) fn of(message: &Message, wait: Duration) -> Result<Self, QueueError> {
        Ok(Self { key: message.row_key(), job: message.written().map_err(QueueError::of)?, wait })
    }
}

/// What is in the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    /// Jobs that wait, also those that wait to be tried again.
    pub waiting: u64,
    /// Those of them whose time has not come.
    pub later: u64,
    /// Jobs that a worker has taken.
    pub running: u64,
    /// Jobs that were given up.
    pub dead: u64,
}

impl Stock {
    /// Counts rows in, of which there are so many with a status; `later` of them for later.
    pub(super) fn count(&mut self, status: &str, rows: i64, later: i64) {
        let place = match status {
            "Pending" => {
                self.later += u64::try_from(later).unwrap_or(0);
                &mut self.waiting
            }
            "Queued" | "Running" => &mut self.running,
            _ => &mut self.dead,
        };
        *place += u64::try_from(rows).unwrap_or(0);
    }
}

/// A job that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// Its name.
    pub key: String,
    /// Since when.
    pub since: Timestamp,
}

impl Running {
    pub(super) fn read(job: &[u8], since: Option<i64>) -> Self {
        let key = serde_json::from_slice::<Message>(job).map(|message| message.key).unwrap_or_default();
        Self { key, since: moment(since) }
    }
}

/// A job that was given up.
#[derive(Clone, Debug, PartialEq)]
pub struct DeadLetter {
    /// By what it is named when something is decided about it.
    pub id: Uuid,
    /// Its name.
    pub key: String,
    /// What was to be done.
    pub body: Value,
    /// Why it was given up.
    pub reason: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When.
    pub at: Timestamp,
}

impl DeadLetter {
    pub(super) fn read(id: &str, job: &[u8], result: Option<&str>, at: Option<i64>) -> Result<Self, QueueError> {
        let (key, body, attempts) = match serde_json::from_slice::<Message>(job) {
            Ok(message) => {
                let tried = message.tried().saturating_add(1);
                (message.key, message.body, tried)
            }
            Err(_) => (String::new(), serde_json::from_slice(job).unwrap_or_default(), 0),
        };
        let result: Value = result.and_then(|result| serde_json::from_str(result).ok()).unwrap_or_default();
        let reason = result.get("Err").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Self { id: uuid_of(id)?, key, body, reason, attempts, at: moment(at) })
    }
}

/// The row that takes the place of a dead letter when it is tried anew; none if what it carries is no job, or is damaged.
pub(super) fn anew(job: &[u8]) -> Result<Option<NewRow>, QueueError> {
    let message = serde_json::from_slice::<Message>(job).ok().filter(Message::is_as_written);
    message.map(|message| NewRow::of(&message.anew(), Duration::ZERO)).transpose()
}

/// The id of a row, which apalis writes in letters of its own.
fn uuid_of(row: &str) -> Result<Uuid, QueueError> {
    Ok(Uuid::from_u128(Ulid::from_string(row).map_err(QueueError::of)?.0))
}

pub(super) fn row_of(id: Uuid) -> String {
    Ulid(id.as_u128()).to_string()
}

fn moment(seconds: Option<i64>) -> Timestamp {
    Timestamp::from_second(seconds.unwrap_or(0)).unwrap_or_default()
}
