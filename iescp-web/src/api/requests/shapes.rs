//! Negotiations and offers as the API writes and reads them.

use crate::api::amount::{Amount, Currency};
use crate::api::words::{WorkFormat, WorkPlatform};
use crate::api::{Date, Failure, Money, Timestamp};
use iescp_core::request::{self, DeliverableInput, OfferInput, RequestView, Side};
use poem_openapi::Object;
use uuid::Uuid;

/// A negotiation between a sponsor and an influencer about one campaign.
#[derive(Object, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct AdRequest {
    /// Its id.
    pub id: Uuid,
    /// In which campaign.
    pub campaign_id: Uuid,
    /// What the campaign is called.
    pub campaign_title: String,
    /// Whose campaign it is.
    pub sponsor_id: Uuid,
    /// What the sponsor is called.
    pub sponsor_name: String,
    /// Who would publish.
    pub influencer_id: Uuid,
    /// What the influencer is called.
    pub influencer_name: String,
    /// `application` (the influencer asks) or `invitation` (the sponsor asks).
    pub direction: String,
    /// `open`, `accepted`, `rejected`, `withdrawn` or `expired`.
    pub state: String,
    /// Whose turn it is while it is open: `sponsor` or `influencer`.
    pub turn: Option<String>,
    /// Whether it is the asker's turn.
    pub your_turn: bool,
    /// Whether the campaign's words changed since the offer on the table was made: its maker must confirm it first.
    pub voided: bool,
    /// The offer on the table.
    pub offer: Option<Offer>,
    /// Every offer, oldest first; in lists and after actions only the one on the table.
    pub offers: Vec<Offer>,
    /// When the offer on the table expires.
    pub expires_at: Timestamp,
    /// What follows from it, once it is accepted.
    pub collaboration_id: Option<Uuid>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Who ended it: `sponsor` or `influencer`.
    pub ended_by: Option<String>,
    /// Why, in the words of who ended it.
    pub reason: Option<String>,
}

/// An offer: the terms that one side proposes. It never changes.
#[derive(Object, Clone)]
pub struct Offer {
    /// Its number in the negotiation, from 1; actions name it by this.
    pub number: u64,
    /// Who made it: `sponsor` or `influencer`.
    pub by: String,
    /// What the influencer would be paid.
    pub amount: Money,
    /// What the influencer would deliver.
    pub deliverables: Vec<Deliverable>,
    /// By which day all of it is due.
    pub due: Date,
    /// What the sponsor may do with the work.
    pub usage_rights: String,
    /// A word to the other side.
    pub note: String,
    /// Whether its maker said that it is their last.
    pub is_final: bool,
    /// The name its maker signs with.
    pub name: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// One piece of work that is offered or agreed.
#[derive(Object, Clone)]
pub struct Deliverable {
    /// What form it takes, such as `reel`.
    pub format: String,
    /// Where it is published, such as `instagram`.
    pub platform: String,
    /// How many of it.
    pub count: u32,
    /// By which day.
    pub due: Date,
}

pub(in crate::api) fn side(side: Side) -> String {
    side.word().to_owned()
}

/// Text that says something.
pub(in crate::api) fn said(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

impl AdRequest {
    /// As the asker sees it.
    #[must_use]
    pub fn new(view: RequestView, currency: Currency) -> Self {
        let request = view.request;
        let offers: Vec<Offer> = view.offers.into_iter().map(|offer| Offer::new(offer, currency)).collect();
        let direction = match request.direction {
            request::Direction::Application => "application",
            request::Direction::Invitation => "invitation",
        };
        Self {
            id: request.id.into(),
            campaign_id: request.campaign.into(),
            campaign_title: view.campaign_title,
            sponsor_id: request.sponsor.into(),
            sponsor_name: view.sponsor_name,
            influencer_id: request.influencer.into(),
            influencer_name: view.influencer_name,
            direction: direction.to_owned(),
            state: view.state.word().to_owned(),
            turn: (view.state == request::RequestState::Open).then(|| side(request.turn())),
            your_turn: view.your_turn,
            voided: view.voided,
            offer: offers.iter().find(|offer| offer.number == request.offer).cloned(),
            offers,
            expires_at: Timestamp(request.expires_at),
            collaboration_id: view.collaboration.map(Into::into),
            created_at: Timestamp(request.created_at),
            ended_at: request.ended_at.map(Timestamp),
            ended_by: request.ended_by.map(side),
            reason: said(&request.reason),
        }
    }
}

impl Offer {
    /// As both sides see it.
    #[must_use]
    pub fn new(offer: request::Offer, currency: Currency) -> Self {
        Self {
            number: offer.number,
            by: side(offer.by),
            amount: currency.money(offer.amount),
            deliverables: offer.deliverables.iter().map(Deliverable::new).collect(),
            due: Date(offer.due),
            usage_rights: offer.usage_rights.to_string(),
            note: offer.note.to_string(),
            is_final: offer.is_final,
            name: offer.signed.to_string(),
            made_at: Timestamp(offer.made_at),
            expires_at: Timestamp(offer.expires_at),
        }
    }
}

impl Deliverable {
    /// As both sides see it.
    #[must_use]
    pub fn new(work: &request::Deliverable) -> Self {
        Self {
            format: work.format.word().to_owned(),
            platform: work.platform.word().to_owned(),
            count: work.count,
            due: Date(work.due),
        }
    }
}

/// The terms that somebody offers.
#[derive(Object)]
pub struct NewOffer {
    /// What the influencer would be paid; at least one minor unit.
    pub amount: Amount,
    /// What the influencer would deliver.
    #[oai(validator(min_items = 1, max_items = 20))]
    pub deliverables: Vec<NewDeliverable>,
    /// By which day all of it is due; at most 30 days after the campaign's last.
    pub due: Date,
    /// What the sponsor may do with the work.
    #[oai(validator(max_length = 2000))]
    pub usage_rights: Option<String>,
    /// A word to the other side.
    #[oai(validator(max_length = 2000))]
    pub note: Option<String>,
    /// Whether this is the last offer its maker will make.
    pub is_final: Option<bool>,
    /// The name its maker signs with; that of the profile when none is given.
    #[oai(validator(max_length = 120))]
    pub name: Option<String>,
    /// When it expires: after now and within 30 days; after 7 days when nothing is said.
    pub expires_at: Option<Timestamp>,
}

/// One piece of work that somebody offers.
#[derive(Object)]
pub struct NewDeliverable {
    /// What form it takes.
    pub format: WorkFormat,
    /// Where it is published.
    pub platform: WorkPlatform,
    /// How many of it.
    #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
    pub count: i64,
    /// By which day; that of the offer when none is given.
    pub due: Option<Date>,
}

impl NewOffer {
    pub(super) fn input(self, currency: Currency) -> Result<OfferInput, Failure> {
        Ok(OfferInput {
            amount: currency.minor("amount", &self.amount)?,
            deliverables: self.deliverables.into_iter().map(NewDeliverable::input).collect(),
            due: self.due.0.to_string(),
            usage_rights: self.usage_rights.unwrap_or_default(),
            note: self.note.unwrap_or_default(),
            is_final: self.is_final.unwrap_or_default(),
            signed: self.name,
            expires_at: self.expires_at.map(|moment| moment.0.to_string()),
        })
    }
}

impl NewDeliverable {
    fn input(self) -> DeliverableInput {
        DeliverableInput {
            format: self.format.word(),
            platform: self.platform.word(),
            count: self.count,
            due: self.due.map(|due| due.0.to_string()),
        }
    }
}

/// An application or an invitation, with its first offer.
#[derive(Object)]
pub struct Ask {
    /// Whom a sponsor invites; an influencer who applies leaves it out.
    pub influencer_id: Option<Uuid>,
    /// The first offer.
    #[oai(flatten)]
    pub terms: NewOffer,
}

/// An offer against the one on the table.
#[derive(Object)]
pub struct Counter {
    /// The number of the offer that is answered.
    #[oai(validator(minimum(value = "1")))]
    pub offer: u64,
    /// The new offer.
    #[oai(flatten)]
    pub terms: NewOffer,
}

/// An offer in place of one's own on the table.
#[derive(Object)]
pub struct Amendment {
    /// The number of the offer that is replaced, to be sure that it is still that.
    #[oai(validator(minimum(value = "1")))]
    pub offer: Option<u64>,
    /// The new offer.
    #[oai(flatten)]
    pub terms: NewOffer,
}

/// Yes to the offer on the table.
#[derive(Object)]
pub struct Acceptance {
    /// The number of the offer that is accepted.
    #[oai(validator(minimum(value = "1")))]
    pub offer: u64,
    /// The name that the accepting person signs with.
    #[oai(validator(min_length = 1, max_length = 120))]
    pub name: String,
}

/// No to the offer on the table.
#[derive(Object)]
pub struct Rejection {
    /// The number of the offer that is rejected.
    #[oai(validator(minimum(value = "1")))]
    pub offer: u64,
    /// Why.
    #[oai(validator(min_length = 1, max_length = 1000))]
    pub reason: String,
}

/// The offer that stands again.
#[derive(Object)]
pub struct Confirmation {
    /// Its number.
    #[oai(validator(minimum(value = "1")))]
    pub offer: u64,
}

/// Taking a request back.
#[derive(Object)]
pub struct Withdrawal {
    /// Why, if one wants to say.
    #[oai(validator(max_length = 1000))]
    pub reason: Option<String>,
}
