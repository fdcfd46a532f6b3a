//! Anyone signed in can report what they can see.

use super::{AbuseKind, AbuseReport, AbuseState, Category};
use crate::{
    Error, Operation, Result,
    account::Account,
    allowance::{self, Bounded},
    campaign::Campaign,
    event::thing,
    id::{AccountId, CampaignId, MessageId},
    message::{Message, Pair, Said, Thread},
    notification::{Notice, tell_admins},
    policy::{Action, SeenBy, Subject},
    tx::Tx,
    value::{Form, Prose},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

/// Reports a campaign, an account or a message to the admins.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReportAbuse {
    /// `campaign`, `account` or `message`.
    pub kind: String,
    /// The id of that.
    pub id: String,
    /// For a message: the account with whom the reporter shares its thread.
    pub with: Option<String>,
    /// `spam`, `fraud`, `harassment`, `illegal`, `impersonation` or `other`.
    pub category: String,
    /// In the reporter's words: 1 to 2,000 characters.
    pub text: String,
}

/// What is reported, once it was found that the reporter can see it.
struct Reported {
    accused: AccountId,
    quote: Option<Prose<4000>>,
}

impl Operation for ReportAbuse {
    type Output = AbuseReport;
    const ACTION: Action = Action::ReportAbuse;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<AbuseReport> {
        tx.allow(&Subject::PLATFORM)?;
        let me = tx.me()?.clone();
        let mut form = Form::default();
        let kind = AbuseKind::named(&self.kind);
        if kind.is_none() {
            form.wrong("kind", "unknown", "Please report a campaign, an account or a message.");
        }
        let category = Category::named(&self.category);
        if category.is_none() {
            let all: Vec<&str> = Category::ALL.iter().map(|category| category.word()).collect();
            form.wrong("category", "unknown", format!("Please choose a category among: {}.", all.join(", ")));
        }
        let target = parse_id(&mut form, "id", &self.id);
        let with = match (kind, &self.with) {
            (Some(AbuseKind::Message), None) => {
                form.wrong("with", "required", "Please say with whom you share the thread.");
                Uuid::nil()
            }
            (_, Some(with)) => parse_id(&mut form, "with", with),
            (_, None) => Uuid::nil(),
        };
        let text = form.prose_said("text", &self.text);
        form.finish()?;
        let (Some(kind), Some(category)) = (kind, category) else { return Err(Error::NotFound) };
        let reported = match kind {
            AbuseKind::Campaign => campaign(tx, target.into()).await?,
            AbuseKind::Account => account(tx, &me, target.into()).await?,
            AbuseKind::Message => message(tx, &me, with.into(), target.into()).await?,
        };
        if reported.accused == me.id {
            return Err(Error::invalid("id", "oneself", "You cannot report what is your own."));
        }
        allowance::use_today(tx, me.id, Bounded::AbuseReports, tx.settings().caps.abuse_reports).await?;
        let report = AbuseReport {
            id: tx.new_id(),
            reporter: me.id,
            kind,
            target,
            accused: reported.accused,
            category,
            text,
            quote: reported.quote,
            at: tx.now(),
            state: AbuseState::Open,
            resolution: None,
        };
        tx.put(&report)?;
        let about = thing("abuse_report", report.id);
        tx.happened([about.clone()], json!({"kind": kind.word(), "category": category.word()}));
        tell_admins(tx, Notice::AbuseReported, &about, &json!({"kind": kind.word()})).await?;
        Ok(report)
    }
}

fn parse_id(form: &mut Form, field: &str, text: &str) -> Uuid {
    Uuid::parse_str(text.trim()).unwrap_or_else(|_| {
        form.wrong(field, "id", "This is no id.");
        Uuid::nil()
    })
}

async fn campaign(tx: &mut Tx<'_>, id: CampaignId) -> Result<Reported> {
    let campaign = Campaign::fetch_seen_as(tx, id, Action::ViewCampaign).await?;
    Ok(Reported { accused: campaign.sponsor, quote: None })
}

async fn account(tx: &mut Tx<'_>, me: &Account, id: AccountId) -> Result<Reported> {
    let account: Account = tx.peek_at(Account::at(id)).await?.ok_or(Error::NotFound)?;
    let thread = match Pair::of(me, &account) {
        Some(pair) => tx.peek_at::<Thread>(Thread::at(pair)).await?,
        None => None,
    };
    if account.profile_subject().seen_by != SeenBy::Everyone && thread.is_none() && account.id != me.id {
        return Err(Error::NotFound);
    }
    Ok(Reported { accused: account.id, quote: None })
}

async fn message(tx: &mut Tx<'_>, me: &Account, with: AccountId, id: MessageId) -> Result<Reported> {
    let other: Account = tx.peek_at(Account::at(with)).await?.ok_or(Error::NotFound)?;
    let pair = Pair::of(me, &other).ok_or(Error::NotFound)?;
    let message: Message = tx.peek_at(Message::at(pair, id)).await?.ok_or(Error::NotFound)?;
    match message.said {
        Said::Written { by, text } => Ok(Reported { accused: by, quote: Some(text) }),
        Said::Imported { .. } | Said::Line { .. } => {
            Err(Error::invalid("id", "nobody", "Nobody is known to have written this message."))
        }
    }
}
