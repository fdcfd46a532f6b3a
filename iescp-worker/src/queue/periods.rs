//! Which period of what is regular was begun last: noted in the commit that pushes its jobs, so that it is begun once, whoever
//! restarts and however many try.
//!
//! **Not here**: how it is noted (`sqlite`, `postgres`).

use super::QueueError;
use jiff::{Timestamp, civil::Date};

/// What was begun last of something regular.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Begun {
    /// The period; of a month, its first day.
    pub period: Date,
    /// When it was begun.
    pub at: Timestamp,
    /// How many jobs that was; none if nothing was owed.
    pub jobs: u32,
}

impl Begun {
    /// As it is written down.
    pub(super) fn read(period: &str, at: i64, jobs: i64) -> Result<Self, QueueError> {
        let period = period.parse().map_err(QueueError::of)?;
        let at = Timestamp::from_second(at).map_err(QueueError::of)?;
        Ok(Self { period, at, jobs: u32::try_from(jobs).map_err(QueueError::of)? })
    }
}
