//! Monthly reports: what a month came to, frozen when it was over.
//!
//! - `sponsor` says what stands in a sponsor's, `platform` what in the admins'; each formula stands at its figure;
//! - `operations` makes, lists and shows them, `layout` puts them into words, `month` is the month itself.
//!
//! A figure that nobody knows is none, never nought. A report that was made is never changed: what is told later of a month
//! stands in the report of a later one.
//!
//! **Not here**: how reports look as pages, mails and documents; when they are made (the worker's).

mod layout;
mod month;
mod operations;
mod platform;
mod sponsor;
#[cfg(test)]
mod tests;

pub use layout::{ReportBar, ReportChart, ReportFigure, ReportLayout, ReportPart, ReportTable, UNKNOWN};
pub use month::ReportMonth;
pub use operations::{
    ListMonthlyReports, ListReportReaders, MakeMonthlyReport, MakePlatformReport, ReportInBrief, ViewMonthlyReport,
};
pub use platform::{PlatformFigures, PlatformReport};
pub use sponsor::{CampaignLine, MonthFigures, ReportedResults, SponsorReport, WorkLine};

use crate::{
    id::AccountId,
    store::{
        Key,
        keys::{KeyParts, Table},
        record::Record,
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A report about a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthlyReport {
    /// Whose it is; the admins' is nobody's in particular.
    pub account: AccountId,
    /// About which month, in the installation's zone.
    pub month: ReportMonth,
    /// When it was made: budgets are as they stood then.
    pub made_at: Timestamp,
    /// What its owner was called.
    pub whose: String,
    /// What it says.
    pub content: ReportContent,
}

/// What a report says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum ReportContent {
    /// About a sponsor's campaigns.
    Sponsor(SponsorReport),
    /// About the platform, for admins.
    Platform(PlatformReport),
}

impl MonthlyReport {
    /// Where the report of an account about a month is kept.
    #[must_use]
    pub fn at(account: AccountId, month: ReportMonth) -> Key {
        Self::of(account).word(&month.to_string()).key()
    }

    /// Begins the keys of all reports of an account.
    fn of(account: AccountId) -> KeyParts {
        Table::Report.start().id(account)
    }

    /// Whose the admins' reports are.
    #[must_use]
    pub const fn platform() -> AccountId {
        AccountId(Uuid::nil())
    }
}

impl Record for MonthlyReport {
    const TABLE: Table = Table::Report;

    fn key(&self) -> Key {
        Self::at(self.account, self.month)
    }
}
