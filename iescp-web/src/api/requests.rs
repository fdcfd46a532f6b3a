//! Negotiations over HTTP: `/campaigns/{id}/requests` and `/requests`.
//!
//! `POST /requests/{id}/counter` and its like name the offer they answer; when another one is on the table, they fail with 409
//! and show it.
//!
//! Not here: what follows from an acceptance (`collaborations`).

mod shapes;

pub use shapes::{
    Acceptance, AdRequest, Amendment, Ask, Confirmation, Counter, Deliverable, NewDeliverable, NewOffer, Offer, Rejection,
    Withdrawal,
};
pub(super) use shapes::{said, side};

use super::amount::Currency;
use super::listing::{list, wanted};
use super::words::RequestStage;
use super::{Body, Chapter, Cursor, Done, Failure, IfNoneMatch, Limit, Listed, Made, Once, OnceRequired, Shown};
use crate::identity::{Asker, SignedIn};
use iescp_core::account::{Role, ViewOwnAccount};
use iescp_core::request::{
    self, AcceptOffer, AmendOffer, Apply, ConfirmOffer, CounterOffer, Invite, ListCampaignRequests, ListRequests, RejectRequest,
    RequestView, ViewRequest, WithdrawRequest,
};
use iescp_core::{Error, FieldError, IdempotencyKey, Operation, Refusal};
use poem::Request;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::types::ToJSON;
use uuid::Uuid;

/// The operations.
pub struct Requests;

/// A negotiation after something was done, and whether that was done before.
async fn run<O>(who: &Asker, key: Option<IdempotencyKey>, operation: O) -> Result<(AdRequest, bool), Failure>
where
    O: Operation<Output = RequestView>,
{
    let currency = Currency::of(who);
    let done = who.platform.run_once(&who.actor, key, operation).await.map_err(|error| told(error, currency))?;
    Ok((AdRequest::new(done.output, currency), done.replayed))
}

/// Does something to a negotiation, and shows what became of it.
async fn act<O>(who: &Asker, key: Option<IdempotencyKey>, operation: O) -> Result<Done<AdRequest>, Failure>
where
    O: Operation<Output = RequestView>,
{
    let (request, replayed) = run(who, key, operation).await?;
    Ok(Done::new(request).replayed(replayed))
}

/// What the core refuses, with offers and fields as the API writes them.
fn told(error: Error, currency: Currency) -> Failure {
    let api_field = |field: FieldError| match field.field.as_str() {
        "signed" => FieldError { field: "name".to_owned(), ..field },
        _ => field,
    };
    match error {
        Error::NotNow(refusal) if refusal.code == "offer_changed" => {
            let offer = refusal.current.and_then(|offer| serde_json::from_value::<request::Offer>(offer).ok());
            let current = offer.and_then(|offer| Offer::new(offer, currency).to_json());
            Error::NotNow(Refusal { current, ..refusal }).into()
        }
        Error::Invalid(fields) => Error::Invalid(fields.into_iter().map(api_field).collect()).into(),
        error => error.into(),
    }
}

#[OpenApi(tag = "Chapter::Requests")]
impl Requests {
    /// List the negotiations in a campaign
    ///
    /// For its sponsor and admins; newest first.
    #[oai(path = "/campaigns/:id/requests", method = "get", operation_id = "list_campaign_requests")]
    #[allow(clippy::too_many_arguments, reason = "the parameters of the operation")]
    async fn list_in(
        &self,
        who: SignedIn,
        request: &Request,
        id: Path<Uuid>,
        /// Only those that have come so far.
        state: Query<Option<RequestStage>>,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<AdRequest>, Failure> {
        let currency = Currency::of(&who.0);
        let (state, page) = (state.0.map(Into::into), wanted(limit.0, cursor.0));
        let operation = ListCampaignRequests { campaign: id.0.into(), state, page };
        list(&who.0, request, operation, |view| AdRequest::new(view, currency)).await
    }

    /// Apply to a campaign, or invite to it
    ///
    /// An influencer applies; the campaign's sponsor invites, with `influencer_id`. Either begins a negotiation with a first
    /// offer. There is at most one open negotiation for each campaign and influencer.
    #[oai(path = "/campaigns/:id/requests", method = "post", operation_id = "ask_in_campaign")]
    async fn ask(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<Ask>,
    ) -> Result<Made<AdRequest>, Failure> {
        let (who, key, campaign) = (&who.0, idempotency_key.0, id.0.into());
        let offer = body.0.terms.input(Currency::of(who))?;
        let invites = who.run(ViewOwnAccount).await?.role != Role::Influencer;
        let (made, replayed) = match (invites, body.0.influencer_id) {
            (true, Some(influencer)) => run(who, key, Invite { campaign, influencer: influencer.into(), offer }).await?,
            (false, None) => run(who, key, Apply { campaign, offer }).await?,
            (true, None) => return Err(Error::invalid("influencer_id", "required", "Please say whom you invite.").into()),
            (false, Some(_)) => {
                return Err(
                    Error::invalid("influencer_id", "not_yours", "Influencers apply for themselves: leave this out.").into()
                );
            }
        };
        Ok(Made::at(format!("/requests/{}", made.id), made).replayed(replayed))
    }

    /// List one's own negotiations
    ///
    /// In every state or in one, newest first.
    #[oai(path = "/requests", method = "get", operation_id = "list_requests")]
    async fn list(
        &self,
        who: SignedIn,
        request: &Request,
        /// Only those that have come so far.
        state: Query<Option<RequestStage>>,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<AdRequest>, Failure> {
        let currency = Currency::of(&who.0);
        let operation = ListRequests { state: state.0.map(Into::into), page: wanted(limit.0, cursor.0) };
        list(&who.0, request, operation, |view| AdRequest::new(view, currency)).await
    }

    /// Show a negotiation
    ///
    /// With every offer, oldest first; for its parties and admins.
    #[oai(path = "/requests/:id", method = "get", operation_id = "show_request")]
    async fn show(&self, who: SignedIn, id: Path<Uuid>, if_none_match: IfNoneMatch) -> Result<Shown<AdRequest>, Failure> {
        let view = who.0.run(ViewRequest { request: id.0.into() }).await?;
        let version = view.version;
        Ok(Shown::as_seen(AdRequest::new(view, Currency::of(&who.0)), version, &if_none_match))
    }

    /// Accept the offer on the table
    ///
    /// Names the offer by its number; when another one is on the table, 409 with it. Nobody can accept their own offer. Freezes
    /// an agreement, begins a collaboration and holds the amount, all or nothing.
    #[oai(path = "/requests/:id/accept", method = "post", operation_id = "accept_offer")]
    async fn accept(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: OnceRequired,
        body: Body<Acceptance>,
    ) -> Result<Done<AdRequest>, Failure> {
        let operation = AcceptOffer { request: id.0.into(), offer: body.0.offer, signed: body.0.name };
        act(&who.0, Some(idempotency_key.0), operation).await
    }

    /// Reject the offer on the table
    ///
    /// Ends the negotiation, with a reason. The same side may ask again after 7 days.
    #[oai(path = "/requests/:id/reject", method = "post", operation_id = "reject_request")]
    async fn reject(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<Rejection>,
    ) -> Result<Done<AdRequest>, Failure> {
        let operation = RejectRequest { request: id.0.into(), offer: body.0.offer, reason: body.0.reason };
        act(&who.0, idempotency_key.0, operation).await
    }

    /// Answer the offer on the table with another
    ///
    /// By whose turn it is, unless the offer is final; the turn passes to the other side.
    #[oai(path = "/requests/:id/counter", method = "post", operation_id = "counter_offer")]
    async fn counter(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<Counter>,
    ) -> Result<Done<AdRequest>, Failure> {
        let terms = body.0.terms.input(Currency::of(&who.0))?;
        act(&who.0, idempotency_key.0, CounterOffer { request: id.0.into(), offer: body.0.offer, terms }).await
    }

    /// Replace one's own offer on the table
    ///
    /// By its maker; the other side must look again.
    #[oai(path = "/requests/:id/amend", method = "post", operation_id = "amend_offer")]
    async fn amend(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<Amendment>,
    ) -> Result<Done<AdRequest>, Failure> {
        let terms = body.0.terms.input(Currency::of(&who.0))?;
        act(&who.0, idempotency_key.0, AmendOffer { request: id.0.into(), offer: body.0.offer, terms }).await
    }

    /// Confirm one's own offer
    ///
    /// After the campaign's words changed, an offer is void until its maker has looked at them and confirms it; its time then
    /// begins anew.
    #[oai(path = "/requests/:id/confirm", method = "post", operation_id = "confirm_offer")]
    async fn confirm(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<Confirmation>,
    ) -> Result<Done<AdRequest>, Failure> {
        act(&who.0, idempotency_key.0, ConfirmOffer { request: id.0.into(), offer: body.0.offer }).await
    }

    /// Take a request back
    ///
    /// By who made the offer on the table; ends the negotiation.
    #[oai(path = "/requests/:id/withdraw", method = "post", operation_id = "withdraw_request")]
    async fn withdraw(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<Option<Withdrawal>>,
    ) -> Result<Done<AdRequest>, Failure> {
        let reason = body.0.and_then(|said| said.reason).unwrap_or_default();
        act(&who.0, idempotency_key.0, WithdrawRequest { request: id.0.into(), reason }).await
    }
}
