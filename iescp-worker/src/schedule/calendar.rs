//! Days and months as the installation's zone counts them: which have come, which is next, which are owed after a silence.
//!
//! A period's moment is the first at which a clock on the wall there shows its time: where summer time leaves that time out, as much
//! later as was left out; where it comes twice, the first. A day that a zone leaves out altogether has no turn of its own.
//!
//! **Not here**: who does what then (`schedule`), how it is kept that a period was begun (`queue`).

#[cfg(test)]
mod tests;

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time},
    tz::TimeZone,
};

/// How many months are made up for at most.
const MOST_OWED: usize = 36;

/// How often something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// Once a day, at this time. After a silence, once for the last day of it.
    Daily(Time),
    /// Once a month, for the month before, on its first day at this time. After a silence, once for each month of it.
    Monthly(Time),
}

impl Rhythm {
    /// The moment a period's turn comes. A month goes by its first day.
    pub(crate) fn moment(self, period: Date, zone: &TimeZone) -> Option<Timestamp> {
        let on = match self {
            Self::Daily(time) => period.to_datetime(time),
            Self::Monthly(time) => period.checked_add(1.month()).ok()?.to_datetime(time),
        };
        Some(on.to_zoned(zone.clone()).ok()?.timestamp())
    }

    /// The last period whose turn has come.
    pub(crate) fn latest(self, now: Timestamp, zone: &TimeZone) -> Option<Date> {
        let mut period = self.of(now.to_zoned(zone.clone()).date())?;
        // Today's turn may be to come, and the day before may have been left out.
        for _ in 0..4 {
            if self.moment(period, zone)? <= now {
                return Some(period);
            }
            period = self.before(period)?;
        }
        None
    }

    /// The next period whose turn is to come, and when.
    #[must_use]
    pub fn next(self, now: Timestamp, zone: &TimeZone) -> Option<(Date, Timestamp)> {
        let mut period = self.latest(now, zone)?;
        for _ in 0..4 {
            period = self.after(period)?;
            let moment = self.moment(period, zone)?;
            if moment > now {
                return Some((period, moment));
            }
        }
        None
    }

    /// What is to be done now if this was the last that was begun.
    pub(crate) fn owed(self, last: Date, now: Timestamp, zone: &TimeZone) -> Vec<Date> {
        let Some(latest) = self.latest(now, zone).filter(|latest| *latest > last) else { return Vec::new() };
        if let Self::Daily(_) = self {
            return vec![latest];
        }
        let mut owed = vec![latest];
        while let Some(earlier) = owed.last().and_then(|month| self.before(*month)).filter(|month| *month > last) {
            if owed.len() == MOST_OWED {
                break;
            }
            owed.push(earlier);
        }
        owed.reverse();
        owed
    }

    /// What a period is called: `2026-03-29`, `2026-03`.
    pub(crate) fn called(self, period: Date) -> String {
        match self {
            Self::Daily(_) => period.to_string(),
            Self::Monthly(_) => format!("{:04}-{:02}", period.year(), period.month()),
        }
    }

    /// The period that is begun on this day, if its time has come.
    fn of(self, day: Date) -> Option<Date> {
        match self {
            Self::Daily(_) => Some(day),
            Self::Monthly(_) => self.before(day.first_of_month()),
        }
    }

    fn before(self, period: Date) -> Option<Date> {
        match self {
            Self::Daily(_) => period.yesterday().ok(),
            Self::Monthly(_) => period.checked_sub(1.month()).ok(),
        }
    }

    fn after(self, period: Date) -> Option<Date> {
        match self {
            Self::Daily(_) => period.tomorrow().ok(),
            Self::Monthly(_) => period.checked_add(1.month()).ok(),
        }
    }
}
