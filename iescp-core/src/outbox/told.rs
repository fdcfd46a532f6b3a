//! What a mail about a notification needs to know, beyond the notification.
//!
//! **Not here**: whether it goes out at all (`address`), its words (the worker's).

use crate::{
    Result, Tx,
    account::{Account, Role},
    campaign::Campaign,
    collaboration::{Collaboration, Submission},
    ledger::{Payout, PayoutState},
    notification::{Notice, Notification, called},
    report::{MonthlyReport, ReportMonth},
    request::{self, Request},
};
use serde_json::Value;

/// A notification, as a mail about it needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The notification.
    pub notification: Notification,
    /// Who or what is behind it, if that may be told.
    pub called: Option<String>,
    /// What the campaign is called in which it happened, where the one who is told may know of it.
    pub campaign: Option<String>,
    /// What somebody said about it, in their words.
    pub said: Option<String>,
    /// What the person is who is told.
    pub role: Role,
    /// The report it is about, if it is about one that they may read.
    pub report: Option<Box<MonthlyReport>>,
}

impl Told {
    pub(crate) async fn of(tx: &mut Tx<'_>, account: &Account, notification: Notification) -> Result<Self> {
        let called = called(tx, account.id, std::slice::from_ref(&notification)).await?.remove(&notification.about.id);
        let (campaign, said) = match notification.about.kind.as_str() {
            "request" => of_request(tx, account, &notification).await?,
            "collaboration" => of_collaboration(tx, &notification).await?,
            "campaign" => of_campaign(tx, account, &notification).await?,
            "payout" => (None, of_payout(tx, &notification).await?),
            "account" if notification.notice == Notice::NotApproved => (None, account.state_reason.clone()),
            _ => (None, None),
        };
        let [campaign, said] = [campaign, said].map(|text| text.filter(|text| !text.is_empty()));
        let report = of_report(tx, account, &notification).await?.map(Box::new);
        Ok(Self { notification, called, campaign, said, role: account.role, report })
    }
}

/// The campaign's title, and what somebody said.
type Words = (Option<String>, Option<String>);

async fn of_request(tx: &mut Tx<'_>, account: &Account, told: &Notification) -> Result<Words> {
    let request: Option<Request> = tx.peek_at(Request::at(told.about.id.into())).await?;
    let Some(request) = request else { return Ok((None, None)) };
    let campaign: Option<Campaign> = tx.peek_at(Campaign::at(request.campaign)).await?;
    let title = match campaign {
        Some(campaign) => {
            let state = request.state_at(tx.now(), &campaign);
            Some(request::title_for(tx, &campaign, &request, state, Some(account.id)).await?)
        }
        None => None,
    };
    let said = (told.notice == Notice::RequestRejected).then(|| request.reason.to_string());
    Ok((title, said))
}

async fn of_collaboration(tx: &mut Tx<'_>, told: &Notification) -> Result<Words> {
    let collaboration: Option<Collaboration> = tx.peek_at(Collaboration::at(told.about.id.into())).await?;
    let Some(collaboration) = collaboration else { return Ok((None, None)) };
    let campaign: Option<Campaign> = tx.peek_at(Campaign::at(collaboration.campaign)).await?;
    let said = match told.notice {
        Notice::ChangesRequested => {
            let place = Submission::at(collaboration.id, collaboration.submissions);
            tx.peek_at::<Submission>(place).await?.and_then(|submission| submission.changes).map(|changes| changes.to_string())
        }
        _ => None,
    };
    Ok((campaign.map(|campaign| campaign.title.to_string()), said))
}

async fn of_campaign(tx: &mut Tx<'_>, account: &Account, told: &Notification) -> Result<Words> {
    let campaign: Option<Campaign> = tx.peek_at(Campaign::at(told.about.id.into())).await?;
    let Some(campaign) = campaign.filter(|campaign| campaign.sponsor == account.id) else { return Ok((None, None)) };
    let flagged = campaign.flagged.filter(|_| told.notice == Notice::CampaignFlagged);
    Ok((Some(campaign.title.to_string()), flagged.map(|why| why.to_string())))
}

async fn of_report(tx: &mut Tx<'_>, account: &Account, told: &Notification) -> Result<Option<MonthlyReport>> {
    let month = told.detail.get("month").and_then(Value::as_str).and_then(ReportMonth::parse);
    let whose = if account.role == Role::Admin { MonthlyReport::platform() } else { account.id };
    match month.filter(|_| told.notice == Notice::ReportReady && told.about.id == whose.0) {
        Some(month) => tx.peek_at(MonthlyReport::at(whose, month)).await,
        None => Ok(None),
    }
}

async fn of_payout(tx: &mut Tx<'_>, told: &Notification) -> Result<Option<String>> {
    let payout: Option<Payout> = tx.peek_at(Payout::at(told.about.id.into())).await?;
    Ok(payout.and_then(|payout| match payout.state {
        PayoutState::Failed { why } => Some(why),
        _ => None,
    }))
}
