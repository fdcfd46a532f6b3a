//! What is offered: numbered, one record each, never changed.

use super::Side;
use crate::{
    Error, Result, Tx,
    campaign::{Campaign, parse_day},
    id::RequestId,
    store::{Key, keys::Table, record::Record},
    value::{Form, Format, Line, Money, Prose, SocialPlatform, later},
};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

/// One piece of work that is offered or agreed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deliverable {
    /// What form it takes.
    pub format: Format,
    /// Where it is published.
    pub platform: SocialPlatform,
    /// How many of it.
    pub count: u32,
    /// By which day.
    pub due: Date,
}

/// An offer: the terms one side proposes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// In which negotiation.
    pub request: RequestId,
    /// Its number there, from 1.
    pub number: u64,
    /// Who made it.
    pub by: Side,
    /// What the influencer would be paid.
    pub amount: Money,
    /// What the influencer would deliver.
    pub deliverables: Vec<Deliverable>,
    /// By which day all of it is due.
    pub due: Date,
    /// What the sponsor may do with the work.
    pub usage_rights: Prose<2000>,
    /// A word to the other side.
    pub note: Prose<2000>,
    /// Whether its maker said that it is their last.
    pub is_final: bool,
    /// The name its maker signs with.
    pub signed: Line<120>,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
}

impl Offer {
    /// Where an offer is kept.
    #[must_use]
    pub fn at(request: RequestId, number: u64) -> Key {
        Table::Offer.start().id(request).number(number).key()
    }
}

impl Record for Offer {
    const TABLE: Table = Table::Offer;

    fn key(&self) -> Key {
        Self::at(self.request, self.number)
    }
}

/// What somebody says of a piece of work.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliverableInput {
    /// `post`, `reel`, `story`, `video`, `short`, `live`, `article` or `other`.
    pub format: String,
    /// Such as `instagram`.
    pub platform: String,
    /// 1 to 100.
    pub count: i64,
    /// `YYYY-MM-DD`; the offer's day if none is given.
    #[serde(default)]
    pub due: Option<String>,
}

/// What somebody offers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OfferInput {
    /// What the influencer would be paid, in minor units; at least 1.
    pub amount: i64,
    /// 1 to 20 pieces of work.
    pub deliverables: Vec<DeliverableInput>,
    /// By which day all of it is due, `YYYY-MM-DD`; at most 30 days after the campaign's last.
    pub due: String,
    /// What the sponsor may do with the work: at most 2,000 characters.
    pub usage_rights: String,
    /// A word to the other side: at most 2,000 characters.
    pub note: String,
    /// Whether this is the last offer its maker will make.
    pub is_final: bool,
    /// The name its maker signs with; that of the profile if none is given.
    pub signed: Option<String>,
    /// When it expires, as RFC 3339 says moments; within 30 days, and after 7 days if nothing is said.
    pub expires_at: Option<String>,
}

impl OfferInput {
    /// Parses an offer in a campaign.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every wrong field.
    pub(super) async fn parse(
        &self,
        tx: &mut Tx<'_>,
        campaign: &Campaign,
        request: RequestId,
        number: u64,
        by: Side,
    ) -> Result<Offer> {
        let (now, timers) = (tx.now(), tx.settings().timers);
        let today = tx.settings().day_of(now);
        let name = crate::account::name_of(tx, tx.my_id()?).await?;
        let mut form = Form::default();
        let amount = form.money("amount", self.amount, 1);
        let due = parse_due(&mut form, "due", &self.due, campaign, today);
        let deliverables = self.parse_deliverables(&mut form, campaign, today, due);
        let signed = match form.line_if("signed", self.signed.as_deref()) {
            Some(signed) => signed,
            None => Line::parse(&name).unwrap_or_default(),
        };
        let usual = later(now, timers.offer);
        let expires_at = self.expires_at.as_deref().map_or(usual, |said| parse_expiry(&mut form, said, now, usual));
        let offer = Offer {
            request,
            number,
            by,
            amount,
            deliverables,
            due: due.unwrap_or(today),
            usage_rights: form.prose("usage_rights", &self.usage_rights),
            note: form.prose("note", &self.note),
            is_final: self.is_final,
            signed,
            made_at: now,
            expires_at: campaign.ends_at.map_or(expires_at, |end| end.min(expires_at)),
        };
        form.finish()?;
        Ok(offer)
    }

    fn parse_deliverables(&self, form: &mut Form, campaign: &Campaign, today: Date, due: Option<Date>) -> Vec<Deliverable> {
        form.length("deliverables", &self.deliverables, 1, 20);
        let mut parsed = Vec::new();
        for (at, said) in self.deliverables.iter().take(20).enumerate() {
            form.inside(format!("deliverables/{at}/"));
            let own_due = said.due.as_deref().map_or(due, |said| parse_due(form, "due", said, campaign, today));
            if let (Some(own), Some(all)) = (own_due, due)
                && own > all
            {
                form.wrong("due", "after_offer", "A piece of work cannot be due after the offer as a whole.");
            }
            if !(1..=100).contains(&said.count) {
                form.wrong("count", "count", "Please give a number from 1 to 100.");
            }
            parsed.push(Deliverable {
                format: form.take("format", Format::parse(&said.format)),
                platform: form.take("platform", SocialPlatform::parse(&said.platform)),
                count: u32::try_from(said.count.clamp(1, 100)).unwrap_or(1),
                due: own_due.unwrap_or(today),
            });
        }
        form.inside("");
        parsed
    }
}

fn parse_due(form: &mut Form, field: &str, said: &str, campaign: &Campaign, today: Date) -> Option<Date> {
    if said.trim().is_empty() {
        form.wrong(field, "required", "Please say by which day.");
        return None;
    }
    let due = parse_day(form, field, said)?;
    if due < today {
        form.wrong(field, "past", "This day is past.");
    }
    let latest = campaign.end.and_then(|end| end.checked_add(30.days()).ok());
    if latest.is_some_and(|latest| due > latest) {
        form.wrong(field, "too_late", "Work is due at most 30 days after the campaign's last day.");
    }
    Some(due)
}

fn parse_expiry(form: &mut Form, said: &str, now: Timestamp, usual: Timestamp) -> Timestamp {
    let latest = later(now, SignedDuration::from_hours(30 * 24));
    match said.trim().parse::<Timestamp>() {
        Ok(moment) if moment > now && moment <= latest => Timestamp::from_millisecond(moment.as_millisecond()).unwrap_or(moment),
        Ok(_) => {
            form.wrong("expires_at", "expires_at", "An offer expires after now and within 30 days.");
            usual
        }
        Err(_) => {
            form.wrong("expires_at", "moment", "Please give a moment like 2026-11-23T18:00:00Z.");
            usual
        }
    }
}

/// Refuses an offer whose work would be due already.
pub(super) fn require_due_ahead(offer: &Offer, today: Date) -> Result<()> {
    if offer.deliverables.iter().all(|work| work.due >= today) && offer.due >= today {
        return Ok(());
    }
    Err(Error::not_now("due_past", "The work in this offer would be due already. Please make another offer."))
}
