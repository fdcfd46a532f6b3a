//! What is seen of the worker from outside, and done about jobs that were given up: for whoever supervises it.
//!
//! **Not here**: who may look and decide (`iescp_core`), how it is shown.

use crate::{Counts, DeadLetter, Figures, Queue, QueueError, Running, Stock, schedule::Regular};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::sync::Arc;
use uuid::Uuid;

/// Something regular, with its last turn and its next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// What it is called: `daily-check`.
    pub name: &'static str,
    /// The day or month that was begun last, as `2026-03-29` or `2026-03`, and when; none if none ever was.
    pub last: Option<(String, Timestamp)>,
    /// The one whose turn is next, and when that is.
    pub next: Option<(String, Timestamp)>,
}

/// A worker as it is looked at. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Desk {
    queue: Queue,
    figures: Arc<Figures>,
    zone: TimeZone,
    regulars: Arc<Vec<Regular>>,
}

impl Desk {
    pub(crate) fn new(queue: Queue, figures: Arc<Figures>, zone: TimeZone, regulars: Vec<Regular>) -> Self {
        Self { queue, figures, zone, regulars: Arc::new(regulars) }
    }

    /// How much is in the queue.
    ///
    /// # Errors
    /// If it cannot be read; so with all of these.
    pub async fn stock(&self) -> Result<Stock, QueueError> {
        self.queue.stock().await
    }

    /// What was done since the start.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.figures.counts()
    }

    /// The jobs that run, those longest at it first.
    ///
    /// # Errors
    /// As [`stock`](Self::stock).
    pub async fn running(&self, limit: u32) -> Result<Vec<Running>, QueueError> {
        self.queue.running(limit).await
    }

    /// The jobs that were given up, latest first; those after one that was shown.
    ///
    /// # Errors
    /// As [`stock`](Self::stock).
    pub async fn given_up(&self, limit: u32, after: Option<Uuid>) -> Result<Vec<DeadLetter>, QueueError> {
        self.queue.dead_letters_after(limit, after).await
    }

    /// One job that was given up.
    ///
    /// # Errors
    /// As [`stock`](Self::stock).
    pub async fn one_given_up(&self, id: Uuid) -> Result<Option<DeadLetter>, QueueError> {
        self.queue.dead_letter(id).await
    }

    /// Lets a job that was given up be tried anew; whether it was there.
    ///
    /// # Errors
    /// As [`stock`](Self::stock).
    pub async fn retry(&self, id: Uuid) -> Result<bool, QueueError> {
        self.queue.revive(id).await
    }

    /// Forgets a job that was given up; whether it was there.
    ///
    /// # Errors
    /// As [`stock`](Self::stock).
    pub async fn discard(&self, id: Uuid) -> Result<bool, QueueError> {
        self.queue.bury(id).await
    }

    /// The zone in which what is regular is regular.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// What is regular.
    ///
    /// # Errors
    /// As [`stock`](Self::stock).
    pub async fn regular(&self, now: Timestamp) -> Result<Vec<Turn>, QueueError> {
        let mut turns = Vec::with_capacity(self.regulars.len());
        for regular in self.regulars.iter() {
            let called = |period: Date| regular.rhythm.called(period);
            // What was noted when nothing was owed yet was not begun.
            let last = self.queue.last_period(regular.name).await?;
            turns.push(Turn {
                name: regular.name,
                last: last.filter(|last| last.jobs > 0).map(|last| (called(last.period), last.at)),
                next: regular.rhythm.next(now, &self.zone).map(|(period, at)| (called(period), at)),
            });
        }
        Ok(turns)
    }
}
