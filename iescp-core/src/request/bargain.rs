//! Going on with a negotiation: countering, amending, confirming.

use super::{Offer, OfferInput, Request, RequestView, Side, about};
use crate::{
    Error, Operation, Result, Tx,
    campaign::Campaign,
    id::RequestId,
    message::{self, SystemLine},
    notification::Notice,
    policy::Action,
    value::later,
};
use serde_json::json;

/// Answers the offer on the table with another; the turn passes to the other side.
#[derive(Clone, Debug)]
pub struct CounterOffer {
    /// In which negotiation.
    pub request: RequestId,
    /// The number of the offer that is answered.
    pub offer: u64,
    /// On which terms.
    pub terms: OfferInput,
}

impl Operation for CounterOffer {
    type Output = RequestView;
    const ACTION: Action = Action::CounterOffer;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<RequestView> {
        let (mut request, campaign, side) = Request::fetch_mine(tx, self.request).await?;
        request.require_open(tx.now(), &campaign)?;
        request.require_turn(side)?;
        // One that was brought over has no offer on the table: then this is the first.
        if request.offer > 0 && request.require_offer(tx, self.offer).await?.is_final {
            return Err(Error::not_now("final_offer", "This is the other side's last offer: accept or reject it."));
        }
        request.note_answer(side, tx.now());
        lay(tx, &mut request, &campaign, side, &self.terms, SystemLine::OfferCountered).await?;
        RequestView::of(tx, request, Some(campaign)).await
    }
}

/// Replaces one's own offer on the table; the other side must look again.
#[derive(Clone, Debug)]
pub struct AmendOffer {
    /// In which negotiation.
    pub request: RequestId,
    /// The number of the offer that is replaced, if the maker wants to be sure.
    pub offer: Option<u64>,
    /// On which terms.
    pub terms: OfferInput,
}

impl Operation for AmendOffer {
    type Output = RequestView;
    const ACTION: Action = Action::AmendOffer;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<RequestView> {
        let (mut request, campaign, side) = Request::fetch_mine(tx, self.request).await?;
        request.require_open(tx.now(), &campaign)?;
        request.require_maker(side)?;
        if request.offer > 0 {
            request.require_offer(tx, self.offer.unwrap_or(request.offer)).await?;
        }
        lay(tx, &mut request, &campaign, side, &self.terms, SystemLine::OfferAmended).await?;
        RequestView::of(tx, request, Some(campaign)).await
    }
}

/// The most offers one negotiation takes; a person who has made fifty has other ways to talk.
const MOST_OFFERS: u64 = 100;

/// Lays a new offer on the table.
async fn lay(
    tx: &mut Tx<'_>,
    request: &mut Request,
    campaign: &Campaign,
    side: Side,
    terms: &OfferInput,
    how: SystemLine,
) -> Result<()> {
    if request.offer >= MOST_OFFERS {
        return Err(Error::not_now("too_many_offers", "There were a hundred offers already. Please accept, reject or withdraw."));
    }
    message::require_not_blocked(tx, request.sponsor, request.influencer).await?;
    let number = request.offer + 1;
    let offer: Offer = terms.parse(tx, campaign, request.id, number, side).await?;
    request.offer = number;
    request.offered_by = side;
    request.offered_at = tx.now();
    request.is_final = offer.is_final;
    request.expires_at = offer.expires_at;
    request.wording = campaign.wording;
    tx.put(&offer)?;
    tx.put(request)?;
    let detail = json!({ "offer": number, "amount": offer.amount });
    message::line(tx, request.pair(), how, about(request.id), detail.clone()).await?;
    tx.tell(request.party(side.other()), Notice::OfferMade, about(request.id), detail.clone());
    tx.happened([about(request.id)], detail);
    Ok(())
}

/// Confirms one's own offer after the campaign's words changed; it stands again, and its time begins anew.
#[derive(Clone, Debug)]
pub struct ConfirmOffer {
    /// In which negotiation.
    pub request: RequestId,
    /// The number of the offer.
    pub offer: u64,
}

impl Operation for ConfirmOffer {
    type Output = RequestView;
    const ACTION: Action = Action::ConfirmOffer;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<RequestView> {
        let (mut request, campaign, side) = Request::fetch_mine(tx, self.request).await?;
        request.require_open(tx.now(), &campaign)?;
        request.require_maker(side)?;
        request.require_offer(tx, self.offer).await?;
        if request.wording == campaign.wording {
            return Err(Error::not_now("not_voided", "This offer stands; there is nothing to confirm."));
        }
        request.wording = campaign.wording;
        request.offered_at = tx.now();
        let expires_at = later(tx.now(), tx.settings().timers.offer);
        request.expires_at = campaign.ends_at.map_or(expires_at, |end| end.min(expires_at));
        tx.put(&request)?;
        let detail = json!({ "offer": request.offer });
        message::line(tx, request.pair(), SystemLine::OfferConfirmed, about(request.id), detail).await?;
        tx.tell(request.party(side.other()), Notice::OfferConfirmed, about(request.id), json!({ "offer": request.offer }));
        tx.happened([about(request.id)], json!({ "offer": request.offer, "wording": request.wording }));
        RequestView::of(tx, request, Some(campaign)).await
    }
}
