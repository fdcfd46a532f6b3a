//! Campaigns over HTTP: `/campaigns`, `/me/campaigns`, and what admins do to them.
//!
//! Not here: finding other people's campaigns (`GET /campaigns`), and the negotiations in one (`requests`).

mod shapes;

pub use shapes::{Campaign, CampaignMoney, CampaignPatch, FlagReason, Funding, NewCampaign, Payment};

use super::amount::Currency;
use super::listing::{list, wanted};
use super::words::CampaignStage;
use super::{
    Body, Chapter, Cursor, Done, Failure, IfMatch, IfNoneMatch, Limit, Listed, Made, Nothing, Once, OnceRequired, Patch, Shown,
};
use crate::identity::{Anyone, Asker, SignedIn};
use iescp_core::campaign::{
    CampaignView, CancelCampaign, CompleteCampaign, DraftCampaign, EditCampaign, FlagCampaign, ListOwnCampaigns, PauseCampaign,
    PublishCampaign, RemoveCampaign, ResumeCampaign, UnflagCampaign, ViewCampaign,
};
use iescp_core::id::CampaignId;
use iescp_core::{Operation, ledger};
use poem::Request;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

/// The operations.
pub struct Campaigns;

/// Does something to a campaign, and shows what became of it.
async fn act<O>(who: &Asker, key: Once, operation: O) -> Result<Done<Campaign>, Failure>
where
    O: Operation<Output = CampaignView>,
{
    let done = who.run_once(key.0, operation).await?;
    Ok(Done::new(Campaign::new(done.output, Currency::of(who))).replayed(done.replayed))
}

/// A campaign as it is now, and its version.
async fn now(who: &Asker, campaign: CampaignId) -> Result<(Campaign, u64), Failure> {
    let view = who.run(ViewCampaign { campaign }).await?;
    let version = view.version;
    Ok((Campaign::new(view, Currency::of(who)), version))
}

#[OpenApi(tag = "Chapter::Campaigns")]
impl Campaigns {
    /// Draft a campaign
    ///
    /// Only the title is needed. Until it is published, its sponsor and admins alone know of it. A sponsor who waits for
    /// approval can prepare drafts.
    #[oai(path = "/campaigns", method = "post", operation_id = "draft_campaign")]
    async fn draft(&self, who: SignedIn, idempotency_key: Once, body: Body<NewCampaign>) -> Result<Made<Campaign>, Failure> {
        let currency = Currency::of(&who.0);
        let made = who.0.run_once(idempotency_key.0, DraftCampaign { input: body.0.input(currency)? }).await?;
        let id = made.output.campaign.id;
        let location = format!("/campaigns/{id}");
        if made.replayed {
            return Ok(Made::at(location, Campaign::new(made.output, currency)).replayed(true));
        }
        let (campaign, version) = now(&who.0, id).await?;
        Ok(Made::at(location, campaign).version(version))
    }

    /// Show a campaign
    ///
    /// A listed campaign is there for everyone; another for its sponsor, for influencers who are invited or work in it, and for
    /// admins. To all others it does not exist.
    #[oai(path = "/campaigns/:id", method = "get", operation_id = "show_campaign")]
    async fn show(&self, who: Anyone, id: Path<Uuid>, if_none_match: IfNoneMatch) -> Result<Shown<Campaign>, Failure> {
        let (campaign, version) = now(&who.0, id.0.into()).await?;
        Ok(Shown::as_seen(campaign, version, &if_none_match))
    }

    /// Change a campaign
    ///
    /// A merge patch: what is absent stays, what is null is emptied. The budget can be lowered to what is committed, never below.
    /// When title, brief, label or days of a published campaign change, open offers are void until their makers confirm them.
    #[oai(path = "/campaigns/:id", method = "patch", operation_id = "change_campaign")]
    async fn change(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        if_match: IfMatch,
        patch: Patch<CampaignPatch>,
    ) -> Result<Done<Campaign>, Failure> {
        let (campaign, changes) = (CampaignId(id.0), patch.0.changes(Currency::of(&who.0))?);
        who.0.run(EditCampaign { campaign, changes, version: if_match.expected()? }).await?;
        let (campaign, version) = now(&who.0, campaign).await?;
        Ok(Done::new(campaign).version(version))
    }

    /// Remove a draft
    ///
    /// Only a draft can be removed; one that money was paid into is cancelled instead, and the money goes back.
    #[oai(path = "/campaigns/:id", method = "delete", operation_id = "remove_campaign")]
    async fn remove(&self, who: SignedIn, id: Path<Uuid>, if_match: IfMatch) -> Result<Nothing, Failure> {
        who.0.run(RemoveCampaign { campaign: id.0.into(), version: if_match.expected()? }).await?;
        Ok(Nothing)
    }

    /// Publish a draft
    ///
    /// It needs goals, a niche, its days and a budget. A public one is listed from now on.
    #[oai(path = "/campaigns/:id/publish", method = "post", operation_id = "publish_campaign")]
    async fn publish(&self, who: SignedIn, id: Path<Uuid>, idempotency_key: Once) -> Result<Done<Campaign>, Failure> {
        act(&who.0, idempotency_key, PublishCampaign { campaign: id.0.into() }).await
    }

    /// Pause a campaign
    ///
    /// It takes no new requests, and open ones cannot be accepted; collaborations go on.
    #[oai(path = "/campaigns/:id/pause", method = "post", operation_id = "pause_campaign")]
    async fn pause(&self, who: SignedIn, id: Path<Uuid>, idempotency_key: Once) -> Result<Done<Campaign>, Failure> {
        act(&who.0, idempotency_key, PauseCampaign { campaign: id.0.into() }).await
    }

    /// Resume a paused campaign
    ///
    /// It takes requests again.
    #[oai(path = "/campaigns/:id/resume", method = "post", operation_id = "resume_campaign")]
    async fn resume(&self, who: SignedIn, id: Path<Uuid>, idempotency_key: Once) -> Result<Done<Campaign>, Failure> {
        act(&who.0, idempotency_key, ResumeCampaign { campaign: id.0.into() }).await
    }

    /// Complete a campaign
    ///
    /// It takes nothing new from now on, its open requests expire, and it is completed with its last collaboration. What money is
    /// left then goes back.
    #[oai(path = "/campaigns/:id/complete", method = "post", operation_id = "complete_campaign")]
    async fn complete(&self, who: SignedIn, id: Path<Uuid>, idempotency_key: Once) -> Result<Done<Campaign>, Failure> {
        act(&who.0, idempotency_key, CompleteCampaign { campaign: id.0.into() }).await
    }

    /// Cancel a campaign
    ///
    /// As completing it, but it ends as cancelled. Collaborations that were agreed go on to their end.
    #[oai(path = "/campaigns/:id/cancel", method = "post", operation_id = "cancel_campaign")]
    async fn cancel(&self, who: SignedIn, id: Path<Uuid>, idempotency_key: Once) -> Result<Done<Campaign>, Failure> {
        act(&who.0, idempotency_key, CancelCampaign { campaign: id.0.into() }).await
    }

    /// Pay into a campaign
    ///
    /// Collects the amount through the payment provider and adds it to the campaign's funds. With the same key it is one payment;
    /// a payment that is still pending is asked for again. What the campaign has then stands in the campaign.
    #[oai(path = "/campaigns/:id/fund", method = "post", operation_id = "fund_campaign")]
    async fn fund(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: OnceRequired,
        body: Body<Funding>,
    ) -> Result<Done<Payment>, Failure> {
        let (who, currency, campaign) = (&who.0, Currency::of(&who.0), CampaignId(id.0));
        let order = ledger::FundCampaign { campaign, amount: currency.minor("amount", &body.0.amount)? };
        let paid = ledger::fund(&who.platform, &who.actor, Some(idempotency_key.0), order).await?;
        Ok(Done::new(Payment::new(&paid.output, currency)).replayed(paid.replayed))
    }

    /// List one's own campaigns
    ///
    /// The sponsor's own, in every state or in one, newest first.
    #[oai(path = "/me/campaigns", method = "get", operation_id = "list_own_campaigns")]
    async fn list_own(
        &self,
        who: SignedIn,
        request: &Request,
        /// Only those that have come so far.
        state: Query<Option<CampaignStage>>,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<Campaign>, Failure> {
        let currency = Currency::of(&who.0);
        let operation = ListOwnCampaigns { state: state.0.map(Into::into), page: wanted(limit.0, cursor.0) };
        list(&who.0, request, operation, |view| Campaign::new(view, currency)).await
    }

    /// Flag a campaign
    ///
    /// An admin keeps it from taking requests and acceptances and from being listed, with a reason that its sponsor reads. Its
    /// collaborations go on.
    #[oai(path = "/admin/campaigns/:id/flag", method = "post", operation_id = "flag_campaign")]
    async fn flag(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<FlagReason>,
    ) -> Result<Done<Campaign>, Failure> {
        act(&who.0, idempotency_key, FlagCampaign { campaign: id.0.into(), reason: body.0.reason }).await
    }

    /// Take the flag off a campaign
    ///
    /// It is again what its state says.
    #[oai(path = "/admin/campaigns/:id/unflag", method = "post", operation_id = "unflag_campaign")]
    async fn unflag(&self, who: SignedIn, id: Path<Uuid>, idempotency_key: Once) -> Result<Done<Campaign>, Failure> {
        act(&who.0, idempotency_key, UnflagCampaign { campaign: id.0.into() }).await
    }
}
