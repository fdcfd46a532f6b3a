//! Campaigns as the API writes and reads them.

use crate::api::amount::{Amount, Currency};
use crate::api::pictures::Picture;
use crate::api::words::{CampaignVisibility, WorkPlatform};
use crate::api::{Date, Failure, Money, Timestamp};
use iescp_core::campaign::{CampaignChanges, CampaignInput, CampaignView};
use iescp_core::ledger::{self, PaymentState};
use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use uuid::Uuid;

/// A campaign: what a sponsor wants done, by when, for how much.
#[derive(Object, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct Campaign {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub sponsor_id: Uuid,
    /// What it is called.
    pub title: String,
    /// What it is to achieve.
    pub goals: String,
    /// What to do.
    pub dos: String,
    /// What not to do.
    pub donts: String,
    /// Hashtags to use, without the `#`.
    pub hashtags: Vec<String>,
    /// Handles to mention, without the `@`.
    pub mentions: Vec<String>,
    /// What it is about.
    pub niches: Vec<String>,
    /// Where it is to be published; empty means anywhere.
    pub platforms: Vec<String>,
    /// Its first day.
    pub start: Option<Date>,
    /// Its last day.
    pub end: Option<Date>,
    /// The moment its last day is over.
    pub ends_at: Option<Timestamp>,
    /// What may be committed in all.
    pub budget: Money,
    /// `public` or `private`.
    pub visibility: String,
    /// What every advertisement must show.
    pub label: String,
    /// Its picture, if there is one.
    pub picture: Option<Picture>,
    /// `draft`, `active`, `paused`, `closing`, `completed` or `cancelled`.
    pub state: String,
    /// What a closing campaign becomes: `completed` or `cancelled`.
    pub ending: Option<String>,
    /// Whether an admin flagged it: it takes no requests or agreements for now.
    pub flagged: bool,
    /// Why it is flagged; for its sponsor and admins.
    pub flag_reason: Option<String>,
    /// Its money; for its sponsor and admins.
    pub money: Option<CampaignMoney>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was first published.
    pub published_at: Option<Timestamp>,
    /// When it began to end.
    pub closed_at: Option<Timestamp>,
}

/// A campaign's money.
#[derive(Object, Clone)]
pub struct CampaignMoney {
    /// What may be committed in all.
    pub budget: Money,
    /// Paid in (or planned) and not sent back.
    pub funded: Money,
    /// Held for collaborations that have not ended.
    pub held: Money,
    /// Paid to influencers.
    pub paid: Money,
    /// Can still be promised: the lesser of budget and funds, less what is held and paid.
    pub available: Money,
}

impl Campaign {
    /// As the asker sees it.
    #[must_use]
    pub fn new(view: CampaignView, currency: Currency) -> Self {
        let campaign = view.campaign;
        let words = |lines: Vec<_>| lines.iter().map(ToString::to_string).collect();
        Self {
            id: campaign.id.into(),
            sponsor_id: campaign.sponsor.into(),
            title: campaign.title.to_string(),
            goals: campaign.brief.goals.to_string(),
            dos: campaign.brief.dos.to_string(),
            donts: campaign.brief.donts.to_string(),
            hashtags: words(campaign.brief.hashtags),
            mentions: words(campaign.brief.mentions),
            niches: campaign.niches,
            platforms: campaign.platforms.iter().map(|platform| platform.word().to_owned()).collect(),
            start: campaign.start.map(Date),
            end: campaign.end.map(Date),
            ends_at: campaign.ends_at.map(Timestamp),
            picture: campaign.picture.map(Picture::cover),
            budget: currency.money(campaign.budget),
            visibility: campaign.visibility.word().to_owned(),
            label: campaign.label.to_string(),
            state: campaign.state.word().to_owned(),
            ending: campaign.ending.map(|state| state.word().to_owned()),
            flagged: campaign.flagged.is_some(),
            flag_reason: campaign.flagged.filter(|reason| !reason.is_empty()).map(|reason| reason.to_string()),
            money: view.money.map(|money| CampaignMoney::new(money, currency)),
            created_at: Timestamp(campaign.created_at),
            published_at: campaign.published_at.map(Timestamp),
            closed_at: campaign.closed_at.map(Timestamp),
        }
    }
}

impl CampaignMoney {
    fn new(money: iescp_core::campaign::CampaignMoney, currency: Currency) -> Self {
        Self {
            budget: currency.money(money.budget),
            funded: currency.money(money.funded),
            held: currency.money(money.held),
            paid: currency.money(money.paid),
            available: currency.money(money.available),
        }
    }
}

/// What a sponsor says of a new campaign. Only the title is needed for a draft.
#[derive(Object)]
pub struct NewCampaign {
    /// What it is called.
    #[oai(validator(min_length = 1, max_length = 120))]
    pub title: String,
    /// What it is to achieve.
    #[oai(validator(max_length = 5000))]
    pub goals: Option<String>,
    /// What to do.
    #[oai(validator(max_length = 2000))]
    pub dos: Option<String>,
    /// What not to do.
    #[oai(validator(max_length = 2000))]
    pub donts: Option<String>,
    /// Hashtags to use.
    #[oai(validator(max_items = 20, max_length = 60))]
    pub hashtags: Option<Vec<String>>,
    /// Handles to mention.
    #[oai(validator(max_items = 20, max_length = 60))]
    pub mentions: Option<Vec<String>>,
    /// What it is about: of the managed list.
    #[oai(validator(max_items = 5, max_length = 60))]
    pub niches: Option<Vec<String>>,
    /// Where it is to be published; empty means anywhere.
    #[oai(validator(max_items = 14))]
    pub platforms: Option<Vec<WorkPlatform>>,
    /// Its first day.
    pub start: Option<Date>,
    /// Its last day.
    pub end: Option<Date>,
    /// What may be committed in all.
    pub budget: Option<Amount>,
    /// Who may know of it; everyone when nothing is said.
    pub visibility: Option<CampaignVisibility>,
    /// What every advertisement must show; `Ad` when nothing is said.
    #[oai(validator(min_length = 1, max_length = 60))]
    pub label: Option<String>,
}

/// What changes of a campaign: what is absent stays, what is null is emptied.
#[derive(Object)]
pub struct CampaignPatch {
    /// What it is called.
    #[oai(validator(min_length = 1, max_length = 120))]
    pub title: Option<String>,
    /// What it is to achieve.
    #[oai(nullable, validator(max_length = 5000))]
    pub goals: MaybeUndefined<String>,
    /// What to do.
    #[oai(nullable, validator(max_length = 2000))]
    pub dos: MaybeUndefined<String>,
    /// What not to do.
    #[oai(nullable, validator(max_length = 2000))]
    pub donts: MaybeUndefined<String>,
    /// Hashtags to use.
    #[oai(nullable, validator(max_items = 20, max_length = 60))]
    pub hashtags: MaybeUndefined<Vec<String>>,
    /// Handles to mention.
    #[oai(nullable, validator(max_items = 20, max_length = 60))]
    pub mentions: MaybeUndefined<Vec<String>>,
    /// What it is about: of the managed list.
    #[oai(nullable, validator(max_items = 5, max_length = 60))]
    pub niches: MaybeUndefined<Vec<String>>,
    /// Where it is to be published; empty means anywhere.
    #[oai(nullable, validator(max_items = 14))]
    pub platforms: MaybeUndefined<Vec<WorkPlatform>>,
    /// Its first day.
    #[oai(nullable)]
    pub start: MaybeUndefined<Date>,
    /// Its last day.
    #[oai(nullable)]
    pub end: MaybeUndefined<Date>,
    /// What may be committed in all; never less than what is committed.
    pub budget: Option<Amount>,
    /// Who may know of it.
    pub visibility: Option<CampaignVisibility>,
    /// What every advertisement must show.
    #[oai(validator(min_length = 1, max_length = 60))]
    pub label: Option<String>,
}

fn platforms(words: Vec<WorkPlatform>) -> Vec<String> {
    words.into_iter().map(WorkPlatform::word).collect()
}

/// What changes: what is null becomes empty.
fn change<T: Default>(said: MaybeUndefined<T>) -> Option<T> {
    match said {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(T::default()),
        MaybeUndefined::Value(value) => Some(value),
    }
}

fn day(said: MaybeUndefined<Date>) -> Option<String> {
    match said {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(String::new()),
        MaybeUndefined::Value(day) => Some(day.0.to_string()),
    }
}

impl NewCampaign {
    pub(super) fn input(self, currency: Currency) -> Result<CampaignInput, Failure> {
        let rest = CampaignChanges {
            title: None,
            goals: self.goals,
            dos: self.dos,
            donts: self.donts,
            hashtags: self.hashtags,
            mentions: self.mentions,
            niches: self.niches,
            platforms: self.platforms.map(platforms),
            start: self.start.map(|day| day.0.to_string()),
            end: self.end.map(|day| day.0.to_string()),
            budget: self.budget.map(|budget| currency.minor("budget", &budget)).transpose()?,
            visibility: self.visibility.map(CampaignVisibility::word),
            label: self.label,
        };
        Ok(CampaignInput { title: self.title, rest })
    }
}

impl CampaignPatch {
    pub(super) fn changes(self, currency: Currency) -> Result<CampaignChanges, Failure> {
        Ok(CampaignChanges {
            title: self.title,
            goals: change(self.goals),
            dos: change(self.dos),
            donts: change(self.donts),
            hashtags: change(self.hashtags),
            mentions: change(self.mentions),
            niches: change(self.niches),
            platforms: change(self.platforms).map(platforms),
            start: day(self.start),
            end: day(self.end),
            budget: self.budget.map(|budget| currency.minor("budget", &budget)).transpose()?,
            visibility: self.visibility.map(CampaignVisibility::word),
            label: self.label,
        })
    }
}

/// How much is paid in.
#[derive(Object)]
pub struct Funding {
    /// The amount; at least one minor unit.
    pub amount: Amount,
}

/// A sponsor's payment into a campaign.
#[derive(Object)]
pub struct Payment {
    /// Its id, which the payment provider knows it by.
    pub id: Uuid,
    /// Into which campaign.
    pub campaign_id: Uuid,
    /// How much.
    pub amount: Money,
    /// `pending`, `settled` or `declined`.
    pub state: String,
    /// When it was begun.
    pub created_at: Timestamp,
}

impl Payment {
    pub(super) fn new(payment: &ledger::Payment, currency: Currency) -> Self {
        let state = match payment.state {
            PaymentState::Pending => "pending",
            PaymentState::Settled => "settled",
            PaymentState::Declined { .. } => "declined",
        };
        Self {
            id: payment.id,
            campaign_id: payment.campaign.into(),
            amount: currency.money(payment.amount),
            state: state.to_owned(),
            created_at: Timestamp(payment.at),
        }
    }
}

/// Why an admin flags a campaign.
#[derive(Object)]
pub struct FlagReason {
    /// In words that its sponsor reads.
    #[oai(validator(min_length = 1, max_length = 1000))]
    pub reason: String,
}
