//! What the worker has done since it started, as plain numbers for whoever exports them.
//!
//! **Not here**: what waits in the queue; that is [`Queue::stock`](crate::Queue::stock).

use jiff::Timestamp;
use std::sync::{Mutex, PoisonError};

/// How jobs of one kind ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Jobs that were done.
    pub done: u64,
    /// Attempts that failed, those after which the job was tried again included.
    pub failed: u64,
    /// Jobs that were given up and kept as dead letters.
    pub dead: u64,
}

/// What was done since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Runs of the minute's timers.
    pub timers: Ended,
    /// Exports.
    pub exports: Ended,
    /// Monthly reports, a job for each month.
    pub reports: Ended,
    /// Letters.
    pub letters: Ended,
    /// Messages to people's chats.
    pub chats: Ended,
    /// Pages of the daily reminder.
    pub reminders: Ended,
    /// Daily checks of the store.
    pub checks: Ended,
    /// Backups.
    pub backups: Ended,
    /// Jobs that this program does not know.
    pub unknown: Ended,
    /// Things that fell due and were done.
    pub due_done: u64,
    /// Things that fell due and could not be done; they are tried again each minute.
    pub due_failed: u64,
    /// Letters handed from the outbox to the queue.
    pub relayed: u64,
    /// Letters in the outbox that this program cannot read, as of the last look.
    pub unreadable: u64,
    /// Events sealed into the audit trail.
    pub sealed: u64,
    /// People whom a daily reminder was sent.
    pub reminded: u64,
    /// How much the last check of the store found wrong.
    pub wrong: u64,
    /// When it was checked last.
    pub checked_at: Option<Timestamp>,
    /// When a backup was made last.
    pub backed_up_at: Option<Timestamp>,
    /// How many bytes that one has.
    pub backup_bytes: u64,
    /// How often the queue's worker had to be started again after an error.
    pub restarts: u64,
}

/// Counts while the worker runs.
#[derive(Debug, Default)]
pub struct Figures(Mutex<Counts>);

impl Figures {
    /// The numbers as they are now.
    #[must_use]
    pub fn counts(&self) -> Counts {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
