//! The admins' queue of abuse reports.

use super::{AbuseKind, AbuseReport, AbuseState, Outcome, Resolution, accounts};
use crate::{
    Error, Likely, Operation, Page, PageRequest, Result,
    account::{Account, AccountState},
    campaign::{self, Campaign},
    event::thing,
    id::{AbuseReportId, AccountId, CampaignId},
    notification::Notice,
    policy::{Action, Subject},
    store::{
        Read,
        keys::{KeyParts, list},
    },
    tx::Tx,
    value::{Form, Prose},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Lists abuse reports, the newest first.
#[derive(Clone, Debug, Default)]
pub struct ListAbuseReports {
    /// Only those in this state; all of them without.
    pub state: Option<AbuseState>,
    /// Which page.
    pub page: PageRequest,
}

impl Operation for ListAbuseReports {
    type Output = Page<AbuseReport>;
    const ACTION: Action = Action::ListAbuseReports;

    fn foresees(&self, _: Likely) -> Vec<Read> {
        self.page.ahead(self.of())
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Page<AbuseReport>> {
        tx.allow(&Subject::PLATFORM)?;
        let page = tx.page_of::<AbuseReport>(self.of(), &self.page, |id| AbuseReport::at(AbuseReportId(id))).await?;
        // What people report is private: that it was looked at is kept (S-66).
        tx.happened(page.items.iter().map(|report| thing("abuse_report", report.id)).collect::<Vec<_>>(), json!({}));
        Ok(page)
    }
}

impl ListAbuseReports {
    fn of(&self) -> KeyParts {
        match self.state {
            Some(state) => list("abuse-reports-in-state").word(state.word()),
            None => list("abuse-reports"),
        }
    }
}

/// Decides on an abuse report.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolveAbuseReport {
    /// Which.
    pub report: AbuseReportId,
    /// `flag`, `suspend` or `dismiss`.
    pub outcome: String,
    /// Why: 1 to 1,000 characters.
    pub reason: String,
}

impl Operation for ResolveAbuseReport {
    type Output = AbuseReport;
    const ACTION: Action = Action::ResolveAbuseReport;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<AbuseReport> {
        tx.allow(&Subject::PLATFORM)?;
        let mut report: AbuseReport = tx.fetch_at(AbuseReport::at(self.report)).await?;
        let mut form = Form::default();
        let reason: Prose<1000> = form.prose_said("reason", &self.reason);
        let outcome = Outcome::named(&self.outcome);
        if outcome.is_none() {
            form.wrong("outcome", "unknown", "Please choose flag, suspend or dismiss.");
        }
        form.finish()?;
        let Some(outcome) = outcome else { return Err(Error::NotFound) };
        if report.state != AbuseState::Open {
            return Err(Error::not_now("resolved", "Somebody has decided on this report already."));
        }
        match (outcome, report.kind) {
            (Outcome::Dismiss, _) => {}
            (Outcome::Suspend, _) => suspend(tx, report.accused, &reason).await?,
            (Outcome::Flag, AbuseKind::Campaign) => flag_campaign(tx, report.target.into(), &reason).await?,
            (Outcome::Flag, AbuseKind::Account | AbuseKind::Message) => put_under_review(tx, report.accused).await?,
        }
        report.state = outcome.into();
        report.resolution = Some(Resolution { by: tx.my_id()?, at: tx.now(), reason });
        tx.put(&report)?;
        let about = thing("abuse_report", report.id);
        tx.happened([about.clone(), thing(report.kind.word(), report.target)], json!({"outcome": outcome.word()}));
        tx.tell(report.reporter, Notice::AbuseResolved, about, json!({"outcome": outcome.word()}));
        Ok(report)
    }
}

/// Suspends the account behind a report, unless it is suspended or closed already.
async fn suspend(tx: &mut Tx<'_>, accused: AccountId, reason: &str) -> Result<()> {
    let account: Account = tx.fetch_at(Account::at(accused)).await?;
    match account.state {
        AccountState::Suspended | AccountState::Closed => Ok(()),
        _ => accounts::suspend(tx, account, reason.to_owned()).await.map(drop),
    }
}

/// Flags the campaign a report is about, unless it is flagged already.
async fn flag_campaign(tx: &mut Tx<'_>, id: CampaignId, reason: &str) -> Result<()> {
    let campaign: Campaign = tx.fetch_at(Campaign::at(id)).await?;
    if campaign.flagged.is_none() {
        campaign::flag(tx, campaign, reason)?;
    }
    Ok(())
}

/// Puts the account behind a report under review; only admins see that.
async fn put_under_review(tx: &mut Tx<'_>, accused: AccountId) -> Result<()> {
    let mut account: Account = tx.fetch_at(Account::at(accused)).await?;
    account.under_review = true;
    tx.put(&account)
}
