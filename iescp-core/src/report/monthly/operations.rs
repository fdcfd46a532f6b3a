//! Makes, lists and shows monthly reports.

use super::{MonthlyReport, PlatformReport, ReportContent, ReportMonth, SponsorReport};
use crate::{
    Error, Operation, Result, Tx,
    account::{Account, AccountState, Role, name_of},
    event::Thing,
    id::AccountId,
    notification::{Notice, tell_admins},
    policy::{Action, Subject},
    store::{Key, Scan, keys::list, record::decode},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How many readers are listed at once.
const AT_ONCE: usize = 200;

/// Lists the sponsors who get a report, the oldest account first: for the worker, two hundred at a time.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListReportReaders {
    /// Only those behind this one.
    pub after: Option<AccountId>,
}

impl Operation for ListReportReaders {
    type Output = Vec<AccountId>;
    const ACTION: Action = Action::ListReportReaders;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<AccountId>> {
        tx.allow(&Subject::PLATFORM)?;
        let of = list("accounts-of-role-in-state").word(Role::Sponsor.word()).word(AccountState::Active.word());
        let all = of.clone().range();
        let from = self.after.map_or(all.from, |after| Key([of.id(after).key().0, vec![0]].concat()));
        let found = tx.scan(Scan { from, to: all.to, descending: false, limit: AT_ONCE }).await?;
        Ok(found.iter().filter_map(|(key, _)| key.last_id()).map(AccountId).collect())
    }
}

/// Makes the report of a sponsor about a month that is over, once, and tells the sponsor. None if it was made before, or if the
/// sponsor is not active or came after that month.
#[derive(Clone, Copy, Debug)]
pub struct MakeMonthlyReport {
    /// Whose.
    pub account: AccountId,
    /// About which month.
    pub month: ReportMonth,
}

impl Operation for MakeMonthlyReport {
    type Output = Option<MonthlyReport>;
    const ACTION: Action = Action::MakeMonthlyReport;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<MonthlyReport>> {
        tx.allow(&Subject::PLATFORM)?;
        let over = require_over(tx, self.month)?;
        let made: Option<MonthlyReport> = tx.get_at(MonthlyReport::at(self.account, self.month)).await?;
        let account: Option<Account> = tx.peek_at(Account::at(self.account)).await?;
        let reads = |account: &Account| {
            account.role == Role::Sponsor && account.state == AccountState::Active && account.created_at < over
        };
        if made.is_some() || !account.is_some_and(|account| reads(&account)) {
            return Ok(None);
        }
        let content = ReportContent::Sponsor(SponsorReport::of(tx, self.account, self.month).await?);
        let (made_at, whose) = (tx.now(), name_of(tx, self.account).await?);
        let report = MonthlyReport { account: self.account, month: self.month, made_at, whose, content };
        tx.put(&report)?;
        let (about, detail) = (about(self.account), json!({ "month": self.month }));
        tx.tell(self.account, Notice::ReportReady, about.clone(), detail.clone());
        tx.happened([about], detail);
        Ok(Some(report))
    }
}

/// Makes the admins' report about a month that is over, once, and tells them. None if it was made before.
#[derive(Clone, Copy, Debug)]
pub struct MakePlatformReport {
    /// About which month.
    pub month: ReportMonth,
}

impl Operation for MakePlatformReport {
    type Output = Option<MonthlyReport>;
    const ACTION: Action = Action::MakePlatformReport;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<MonthlyReport>> {
        tx.allow(&Subject::PLATFORM)?;
        require_over(tx, self.month)?;
        let account = MonthlyReport::platform();
        let made: Option<MonthlyReport> = tx.get_at(MonthlyReport::at(account, self.month)).await?;
        if made.is_some() {
            return Ok(None);
        }
        let content = ReportContent::Platform(PlatformReport::of(tx, self.month).await?);
        let (made_at, whose) = (tx.now(), tx.settings().site_name.clone());
        let report = MonthlyReport { account, month: self.month, made_at, whose, content };
        tx.put(&report)?;
        let (about, detail) = (about(account), json!({ "month": self.month }));
        tell_admins(tx, Notice::ReportReady, &about, &detail).await?;
        tx.happened([about], detail);
        Ok(Some(report))
    }
}

/// The moment a month is over, which it must be.
fn require_over(tx: &Tx<'_>, month: ReportMonth) -> Result<Timestamp> {
    let (_, over) = month.span(tx.settings())?;
    if tx.now() < over {
        return Err(Error::not_now("not_over", "A report is made when its month is over."));
    }
    Ok(over)
}

fn about(account: AccountId) -> Thing {
    Thing { kind: "report".to_owned(), id: account.0 }
}

/// A report in the list of reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportInBrief {
    /// About which month.
    pub month: ReportMonth,
    /// When it was made.
    pub made_at: Timestamp,
    /// What it says.
    pub content: ReportContent,
}

/// Lists the reports of a year, the last month first: a sponsor's own; an admin's are the platform's.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListMonthlyReports {
    /// Which year; the one of the last report if nobody says.
    pub year: Option<i16>,
}

impl Operation for ListMonthlyReports {
    type Output = Vec<ReportInBrief>;
    const ACTION: Action = Action::ListMonthlyReports;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<ReportInBrief>> {
        tx.allow(&Subject::PLATFORM)?;
        let of = MonthlyReport::of(whose(tx)?);
        let all = of.clone().range();
        let before = |year: i16| of.clone().word(&format!("{year:04}-")).key();
        let (from, to) = match self.year.filter(|year| (0..9999).contains(year)) {
            Some(year) => (before(year), before(year + 1)),
            None => (all.from, all.to),
        };
        let found = tx.scan(Scan { from, to, descending: true, limit: 12 }).await?;
        let brief =
            |report: MonthlyReport| ReportInBrief { month: report.month, made_at: report.made_at, content: report.content };
        found.iter().map(|(_, stored)| decode(&stored.bytes).map(brief)).collect()
    }
}

/// Shows the report about a month: a sponsor's own; an admin's is the platform's.
#[derive(Clone, Copy, Debug)]
pub struct ViewMonthlyReport {
    /// About which month.
    pub month: ReportMonth,
}

impl Operation for ViewMonthlyReport {
    type Output = MonthlyReport;
    const ACTION: Action = Action::ViewMonthlyReport;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<MonthlyReport> {
        tx.allow(&Subject::PLATFORM)?;
        let report: Option<MonthlyReport> = tx.peek_at(MonthlyReport::at(whose(tx)?, self.month)).await?;
        report.ok_or(Error::NotFound)
    }
}

/// Whose reports the asker reads.
fn whose(tx: &Tx<'_>) -> Result<AccountId> {
    let me = tx.me()?;
    Ok(if me.role == Role::Admin { MonthlyReport::platform() } else { me.id })
}
