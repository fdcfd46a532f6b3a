//! Ending a negotiation without an agreement.

use super::{Request, RequestState, RequestView, about};
use crate::{
    Operation, Result, Tx,
    campaign::Campaign,
    id::RequestId,
    message::{self, SystemLine},
    notification::Notice,
    policy::{Action, Subject},
    value::Form,
};
use serde_json::json;

/// Says no to the offer on the table.
#[derive(Clone, Debug)]
pub struct RejectRequest {
    /// Which negotiation.
    pub request: RequestId,
    /// The number of the offer that is rejected.
    pub offer: u64,
    /// Why: 1 to 1,000 characters.
    pub reason: String,
}

impl Operation for RejectRequest {
    type Output = RequestView;
    const ACTION: Action = Action::RejectRequest;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<RequestView> {
        let (mut request, campaign, side) = Request::fetch_mine(tx, self.request).await?;
        request.require_open(tx.now(), &campaign)?;
        request.require_turn(side)?;
        // One that was brought over has no offer on the table, and can be rejected all the same.
        if request.offer > 0 {
            request.require_offer(tx, self.offer).await?;
        }
        let mut form = Form::default();
        let reason = form.prose_said("reason", &self.reason);
        form.finish()?;
        request.note_answer(side, tx.now());
        request.end(RequestState::Rejected, tx.now(), Some(side), reason);
        tx.put(&request)?;
        message::line(tx, request.pair(), SystemLine::RequestRejected, about(request.id), json!({ "offer": self.offer })).await?;
        tx.tell(request.party(side.other()), Notice::RequestRejected, about(request.id), json!({ "offer": self.offer }));
        tx.happened([about(request.id)], json!({ "offer": self.offer }));
        RequestView::of(tx, request, Some(campaign)).await
    }
}

/// Takes back the request, by whoever made the offer on the table.
#[derive(Clone, Debug)]
pub struct WithdrawRequest {
    /// Which negotiation.
    pub request: RequestId,
    /// Why, if one wants to say: at most 1,000 characters.
    pub reason: String,
}

impl Operation for WithdrawRequest {
    type Output = RequestView;
    const ACTION: Action = Action::WithdrawRequest;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<RequestView> {
        let (mut request, campaign, side) = Request::fetch_mine(tx, self.request).await?;
        request.require_open(tx.now(), &campaign)?;
        request.require_maker(side)?;
        let mut form = Form::default();
        let reason = form.prose("reason", &self.reason);
        form.finish()?;
        request.end(RequestState::Withdrawn, tx.now(), Some(side), reason);
        tx.put(&request)?;
        message::line(tx, request.pair(), SystemLine::RequestWithdrawn, about(request.id), json!({})).await?;
        tx.tell(request.party(side.other()), Notice::RequestWithdrawn, about(request.id), json!({}));
        tx.happened([about(request.id)], json!({}));
        RequestView::of(tx, request, Some(campaign)).await
    }
}

/// Writes that a request has expired: the worker's.
#[derive(Clone, Debug)]
pub struct ExpireRequest {
    /// Which negotiation.
    pub request: RequestId,
}

impl Operation for ExpireRequest {
    type Output = ();
    const ACTION: Action = Action::ExpireRequest;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        let mut request: Request = tx.fetch_at(Request::at(self.request)).await?;
        let campaign: Campaign = tx.fetch_at(Campaign::at(request.campaign)).await?;
        if request.state == RequestState::Open && !request.is_open_for(tx.now(), &campaign) {
            let why = if campaign.is_over(tx.now()) { "campaign ended" } else { "nobody answered in time" };
            request.write_off(tx, why).await?;
            tx.happened([about(request.id)], json!({ "why": why }));
        }
        Ok(())
    }
}
