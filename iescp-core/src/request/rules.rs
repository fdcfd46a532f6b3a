//! What a request's state, turn and offer allow, and how it is written off.
//!
//! **Not here**: what each action does once it is allowed (`ask`, `bargain`, `accept`, `end`).

use super::{Offer, Request, RequestState, Side, about};
use crate::{
    Error, Refusal, Result, Tx,
    campaign::Campaign,
    id::{AccountId, RequestId},
    message::{self, SystemLine},
    notification::Notice,
    value::Prose,
};
use jiff::Timestamp;
use serde_json::json;

impl Request {
    /// Whether there is an open request between the campaign and this influencer, whoever asked.
    pub(crate) async fn is_open_between(tx: &mut Tx<'_>, campaign: &Campaign, influencer: AccountId) -> Result<bool> {
        let Some(id) = tx.led_to::<RequestId>(Self::open_for(campaign.id, influencer)).await? else { return Ok(false) };
        let request: Self = tx.fetch_at(Self::at(id)).await?;
        Ok(request.is_open_for(tx.now(), campaign))
    }

    /// The request and its campaign, after the policy has been asked; and the side the actor is on.
    pub(crate) async fn fetch_mine(tx: &mut Tx<'_>, id: RequestId) -> Result<(Self, Campaign, Side)> {
        let request: Option<Self> = tx.get_at(Self::at(id)).await?;
        let Some(request) = request else { return tx.allow_missing() };
        tx.allow(&request.subject())?;
        let campaign: Campaign = tx.fetch_at(Campaign::at(request.campaign)).await?;
        let side = request.side_of(tx.my_id()?).ok_or(Error::NotFound)?;
        Ok((request, campaign, side))
    }

    /// Refuses unless it is open.
    pub(crate) fn require_open(&self, now: Timestamp, campaign: &Campaign) -> Result<()> {
        let state = self.state_at(now, campaign);
        match state {
            RequestState::Open => Ok(()),
            RequestState::Expired if campaign.is_over(now) => {
                Err(Error::not_now("campaign_ended", "This request has expired: its campaign has ended."))
            }
            RequestState::Expired => Err(Error::not_now("expired", "This request has expired: nobody answered in time.")),
            _ => Err(Error::not_now("request_state", format!("This request is {} already.", state.word()))),
        }
    }

    /// Refuses unless it is this side's turn.
    pub(crate) fn require_turn(&self, side: Side) -> Result<()> {
        if self.turn() == side {
            return Ok(());
        }
        Err(Error::not_now("not_your_turn", "The offer on the table is yours: it is the other side's turn."))
    }

    /// Refuses unless the offer on the table is this side's.
    pub(crate) fn require_maker(&self, side: Side) -> Result<()> {
        if self.offered_by == side {
            return Ok(());
        }
        Err(Error::not_now("your_turn", "The offer on the table is the other side's: it is your turn to answer it."))
    }

    /// Refuses unless the actor names the offer that is on the table; if not, says which one is.
    pub(crate) async fn require_offer(&self, tx: &mut Tx<'_>, named: u64) -> Result<Offer> {
        if self.offer == 0 {
            return Err(Error::not_now("no_offer", "Nobody has named terms in this request yet. Make an offer first."));
        }
        let offer: Offer = tx.fetch_at(Offer::at(self.id, self.offer)).await?;
        if named == self.offer {
            return Ok(offer);
        }
        let current = serde_json::to_value(&offer).map_err(|error| Error::Corrupt(error.to_string()))?;
        let why = format!("Another offer is on the table: number {}. Please look at it first.", self.offer);
        Err(Error::NotNow(Refusal { code: "offer_changed", why, current: Some(current) }))
    }

    /// Notes that a side answered the offer on the table.
    pub(crate) fn note_answer(&mut self, side: Side, now: Timestamp) {
        let seconds = now.duration_since(self.offered_at).as_secs().max(0);
        let answers = match side {
            Side::Sponsor => &mut self.sponsor_answers,
            Side::Influencer => &mut self.influencer_answers,
        };
        answers.count = answers.count.saturating_add(1);
        answers.seconds = answers.seconds.saturating_add(seconds);
    }

    /// Ends it, in the words of who ends it.
    pub(crate) fn end(&mut self, state: RequestState, now: Timestamp, by: Option<Side>, reason: Prose<1000>) {
        self.state = state;
        self.ended_at = Some(now);
        self.ended_by = by;
        self.reason = reason;
    }

    /// Writes that it has expired, and tells both.
    pub(crate) async fn write_off(&mut self, tx: &mut Tx<'_>, why: &str) -> Result<()> {
        if self.state != RequestState::Open {
            return Ok(());
        }
        self.end(RequestState::Expired, tx.now(), None, Prose::parse(why).unwrap_or_default());
        tx.put(self)?;
        message::line(tx, self.pair(), SystemLine::RequestExpired, about(self.id), json!({ "why": why })).await?;
        for party in [self.sponsor, self.influencer] {
            tx.tell(party, Notice::RequestExpired, about(self.id), json!({ "why": why }));
        }
        Ok(())
    }
}
