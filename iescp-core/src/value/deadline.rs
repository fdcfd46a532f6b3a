//! Days and the moments they end.

use crate::{Error, Result};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

/// The moment a day is over, in a zone: the first of the next day.
///
/// # Errors
/// If the day is beyond what calendars reach.
pub fn end_of(day: Date, zone: &TimeZone) -> Result<Timestamp> {
    let beyond = |_| Error::invalid("date", "date", "This date is too far away.");
    let next = day.tomorrow().map_err(beyond)?;
    Ok(next.to_zoned(zone.clone()).map_err(beyond)?.timestamp())
}

/// The day it is at a moment, in a zone.
#[must_use]
pub fn day_of(moment: Timestamp, zone: &TimeZone) -> Date {
    moment.to_zoned(zone.clone()).date()
}

/// A moment later; far beyond any calendar it is the last moment there is.
#[must_use]
pub fn later(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// How many seconds a day still has, in a zone; at least one.
#[must_use]
pub fn seconds_until_tomorrow(now: Timestamp, zone: &TimeZone) -> u64 {
    let left = end_of(day_of(now, zone), zone).map_or(3600, |end| end.duration_since(now).as_secs());
    u64::try_from(left).unwrap_or(1).max(1)
}
