//! A month, as people name it: `2026-10`.

use crate::{Error, Result, Settings};
use jiff::{Timestamp, ToSpan, civil::Date};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A month of the calendar.
///
/// ```
/// use iescp_core::report::ReportMonth;
///
/// let month = ReportMonth::parse("2026-01").unwrap();
/// assert_eq!((month.to_string(), month.before().to_string()), ("2026-01".to_owned(), "2025-12".to_owned()));
/// assert!(ReportMonth::parse("2026-13").is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReportMonth(Date);

impl ReportMonth {
    /// The month that a text such as `2026-10` names.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.len() == 7 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        format!("{text}-01").parse().ok().filter(|_| plain).map(Self)
    }

    /// The month that a day is in.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self(day.first_of_month())
    }

    /// The month before.
    #[must_use]
    pub fn before(self) -> Self {
        Self(self.0.saturating_sub(1.month()))
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> Date {
        self.0
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> Date {
        self.0.last_of_month()
    }

    /// The year it is in.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The moments at which it begins and is over, where this installation is.
    ///
    /// # Errors
    /// If it is beyond what calendars reach.
    pub fn span(self, settings: &Settings) -> Result<(Timestamp, Timestamp)> {
        let before = self.0.yesterday().map_err(|_| Error::invalid("month", "range", "Please name a month of this era."))?;
        Ok((settings.end_of(before)?, settings.end_of(self.last_day())?))
    }
}

impl fmt::Display for ReportMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl From<ReportMonth> for String {
    fn from(month: ReportMonth) -> Self {
        month.to_string()
    }
}

impl TryFrom<String> for ReportMonth {
    type Error = String;

    fn try_from(text: String) -> std::result::Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text} is no month"))
    }
}
