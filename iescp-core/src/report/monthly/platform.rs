//! What a month came to for the platform: the last figures that were kept in it, beside the last of the month before.

use super::ReportMonth;
use crate::{
    Result, Tx,
    report::{DailyFigures, Figures},
    store::{Scan, keys::Table, record::decode},
    value::Money,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How the platform stood at the end of a month, and of the month before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformReport {
    /// The day of the last figures of the month, if any were kept.
    pub day: Option<Date>,
    /// Those.
    pub figures: Option<PlatformFigures>,
    /// The last of the month before.
    pub before: Option<PlatformFigures>,
}

/// How the platform stood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformFigures {
    /// Sponsors who are active.
    pub sponsors: i64,
    /// Influencers who are active.
    pub influencers: i64,
    /// Sponsors who wait for approval.
    pub waiting: i64,
    /// Accounts that are suspended.
    pub suspended: i64,
    /// Campaigns that are active.
    pub campaigns_active: i64,
    /// Campaigns that were completed, ever.
    pub campaigns_completed: i64,
    /// Requests that are open.
    pub requests_open: i64,
    /// Requests that were accepted, ever.
    pub requests_accepted: i64,
    /// Collaborations that were completed, ever.
    pub collaborations_completed: i64,
    /// Collaborations in dispute.
    pub disputes: i64,
    /// Campaigns that are flagged.
    pub flagged: i64,
    /// Held for agreed work.
    pub money_held: Money,
    /// Paid to influencers, ever.
    pub money_paid: Money,
}

impl From<&Figures> for PlatformFigures {
    fn from(figures: &Figures) -> Self {
        let account =
            |role: &str, state: &str| figures.accounts.get(role).and_then(|of| of.get(state)).copied().unwrap_or_default();
        let suspended = figures.accounts.values().filter_map(|of| of.get("suspended")).sum();
        let state = |of: &std::collections::BTreeMap<String, i64>, state: &str| of.get(state).copied().unwrap_or_default();
        Self {
            sponsors: account("sponsor", "active"),
            influencers: account("influencer", "active"),
            waiting: account("sponsor", "pending"),
            suspended,
            campaigns_active: state(&figures.campaigns, "active"),
            campaigns_completed: state(&figures.campaigns, "completed"),
            requests_open: state(&figures.requests, "open"),
            requests_accepted: state(&figures.requests, "accepted"),
            collaborations_completed: state(&figures.collaborations, "completed"),
            disputes: state(&figures.collaborations, "disputed"),
            flagged: figures.campaigns_flagged,
            money_held: figures.money_held,
            money_paid: figures.money_paid,
        }
    }
}

impl PlatformReport {
    /// Reads that of a month.
    pub(super) async fn of(tx: &mut Tx<'_>, month: ReportMonth) -> Result<Self> {
        let kept = last_of(tx, month).await?;
        let before = last_of(tx, month.before()).await?;
        let figures = |kept: &DailyFigures| PlatformFigures::from(&kept.figures);
        Ok(Self {
            day: kept.as_ref().map(|kept| kept.day),
            figures: kept.as_ref().map(figures),
            before: before.as_ref().map(figures),
        })
    }
}

/// The last figures that were kept in a month.
async fn last_of(tx: &mut Tx<'_>, month: ReportMonth) -> Result<Option<DailyFigures>> {
    let day = |day: Date| Table::Figures.start().word(&day.to_string());
    let (from, to) = (day(month.first_day()).key(), day(month.last_day()).range().to);
    let found = tx.scan(Scan { from, to, descending: true, limit: 1 }).await?;
    found.first().map(|(_, stored)| decode(&stored.bytes)).transpose()
}
