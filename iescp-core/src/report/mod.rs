//! Figures: how the platform stands (for admins), and how somebody's own affairs stand.
//!
//! Figures are read from tallies, which change in the commit of what they count; a picture of them is kept each day.
//!
//! **Not here**: the monthly report as a mail or file (the worker's), what a tally counts (each record's `derive`).

mod brief;
mod glance;
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
pub use names::ViewNames;
pub use own::{CampaignFigures, InfluencerFigures, Month, OwnStatistics, ViewOwnStatistics};
pub use standing::{Standing, ViewStanding};
pub use statement::{Entry, Statement, ViewStatement};
pub use statistics::{DailyFigures, Figures, SnapshotStatistics, Statistics, ViewStatistics};
pub use waiting::reminders::{FindReminders, MarkReminded, Reminded, Reminder, Reminders};
pub use waiting::{Home, Task, ViewHome, ViewWaiting, Waiting, What};
