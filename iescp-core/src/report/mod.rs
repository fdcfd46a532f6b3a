//! Figures: how the platform stands (for admins), and how somebody's own affairs stand.
//!
//! Figures are read from tallies, which change in the commit of what they count; a picture of them is kept each day.
//!
//! A month that is over is frozen in a report of its own: `monthly`.
//!
//! **Not here**: monthly reports as mails or documents (the worker's), what a tally counts (each record's `derive`).

mod brief;
mod glance;
mod monthly;
mod names;
mod own;
mod standing;
mod statement;
mod statistics;
#[cfg(test)]
mod tests;
mod waiting;

pub use brief::SponsorBrief;
pub use glance::{Glance, ViewGlance};
pub use monthly::{
    CampaignLine, ListMonthlyReports, ListReportReaders, MakeMonthlyReport, MakePlatformReport, MonthFigures, MonthlyReport,
    PlatformFigures, PlatformReport, ReportBar, ReportChart, ReportContent, ReportFigure, ReportInBrief, ReportLayout,
    ReportMonth, ReportPart, ReportTable, ReportedResults, SponsorReport, UNKNOWN, ViewMonthlyReport, WorkLine,
};
pub use names::ViewNames;
pub use own::{CampaignFigures, InfluencerFigures, Month, OwnStatistics, ViewOwnStatistics};
pub use standing::{Standing, ViewStanding};
pub use statement::{Entry, Statement, ViewStatement};
pub use statistics::{DailyFigures, Figures, SnapshotStatistics, Statistics, ViewStatistics};
pub use waiting::reminders::{FindReminders, MarkReminded, Reminded, Reminder, Reminders};
pub use waiting::{Home, Task, ViewHome, ViewWaiting, Waiting, What};
