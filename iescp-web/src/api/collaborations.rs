//! Collaborations over HTTP: `/collaborations`, and disputes for admins.
//!
//! Not here: the negotiation before (`requests`), the money afterwards (`ledger`).

mod agreement;
mod orders;
mod shapes;

pub use agreement::{Agreement, Signature, Terms};
pub use orders::{
    Grounds, GroundsIfAny, NewResults, NewReview, NewRuling, NewSplit, NewSubmission, NewWork, SplitAcceptance, WantedChanges,
};
pub use shapes::{Collaboration, Dispute, Ending, OpenDispute, Results, Review, Ruling, Split, Submission, Work};

use super::amount::Currency;
use super::listing::{list, wanted};
use super::words::CollaborationStage;
use super::{Body, Chapter, Cursor, Done, Failure, IfNoneMatch, Limit, Listed, Once, OnceRequired, Shown};
use crate::identity::{Asker, SignedIn};
use iescp_core::collaboration::{self as core, CollaborationView};
use iescp_core::{Error, IdempotencyKey, Operation, Refusal};
use poem::Request;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::types::ToJSON;
use uuid::Uuid;

/// The operations.
pub struct Collaborations;

/// Does something to a collaboration, and shows what became of it.
async fn act<O>(who: &Asker, key: Option<IdempotencyKey>, operation: O) -> Result<Done<Collaboration>, Failure>
where
    O: Operation<Output = CollaborationView>,
{
    let currency = Currency::of(who);
    let done = who.platform.run_once(&who.actor, key, operation).await.map_err(|error| told(error, currency))?;
    Ok(Done::new(Collaboration::new(done.output, currency)).replayed(done.replayed))
}

/// What the core refuses, with proposals as the API writes them.
fn told(error: Error, currency: Currency) -> Failure {
    match error {
        Error::NotNow(refusal) if refusal.code == "split_changed" => {
            let split = refusal.current.and_then(|split| serde_json::from_value::<core::Split>(split).ok());
            let current = split.and_then(|split| Split::new(split, currency).to_json());
            Error::NotNow(Refusal { current, ..refusal }).into()
        }
        error => error.into(),
    }
}

#[OpenApi(tag = "Chapter::Collaborations")]
impl Collaborations {
    /// List one's own collaborations
    ///
    /// In every state or in one, newest first.
    #[oai(path = "/collaborations", method = "get", operation_id = "list_collaborations")]
    async fn list(
        &self,
        who: SignedIn,
        request: &Request,
        /// Only those that have come so far.
        state: Query<Option<CollaborationStage>>,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<Collaboration>, Failure> {
        let currency = Currency::of(&who.0);
        let operation = core::ListCollaborations { state: state.0.map(Into::into), page: wanted(limit.0, cursor.0) };
        list(&who.0, request, operation, |view| Collaboration::new(view, currency)).await
    }

    /// Show a collaboration
    ///
    /// With what was submitted, reported, disputed and reviewed; for its parties and admins.
    #[oai(path = "/collaborations/:id", method = "get", operation_id = "show_collaboration")]
    async fn show(&self, who: SignedIn, id: Path<Uuid>, if_none_match: IfNoneMatch) -> Result<Shown<Collaboration>, Failure> {
        let view = who.0.run(core::ViewCollaboration { collaboration: id.0.into() }).await?;
        let version = view.version;
        Ok(Shown::as_seen(Collaboration::new(view, Currency::of(&who.0)), version, &if_none_match))
    }

    /// Show an agreement
    ///
    /// What was agreed, frozen at the acceptance, with both signatures and a hash.
    #[oai(path = "/collaborations/:id/agreement", method = "get", operation_id = "show_agreement")]
    async fn show_agreement(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        if_none_match: IfNoneMatch,
    ) -> Result<Shown<Agreement>, Failure> {
        let agreement = who.0.run(core::ViewAgreement { collaboration: id.0.into() }).await?;
        Ok(Shown::as_seen(Agreement::new(agreement, Currency::of(&who.0)), 1, &if_none_match))
    }

    /// Submit work
    ///
    /// By the influencer: the live address of each piece of work, and that the required label is shown. The sponsor then reviews.
    #[oai(path = "/collaborations/:id/submit", method = "post", operation_id = "submit_work")]
    async fn submit(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<NewSubmission>,
    ) -> Result<Done<Collaboration>, Failure> {
        let operation = core::SubmitWork {
            collaboration: id.0.into(),
            works: body.0.works.into_iter().map(NewWork::input).collect(),
            note: body.0.note.unwrap_or_default(),
            label_shown: body.0.label_shown,
            proofs: Vec::new(),
        };
        act(&who.0, idempotency_key.0, operation).await
    }

    /// Approve work
    ///
    /// By the sponsor: completes the collaboration, and the influencer is paid.
    #[oai(path = "/collaborations/:id/approve", method = "post", operation_id = "approve_work")]
    async fn approve(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: OnceRequired,
    ) -> Result<Done<Collaboration>, Failure> {
        act(&who.0, Some(idempotency_key.0), core::ApproveWork { collaboration: id.0.into() }).await
    }

    /// Request changes
    ///
    /// By the sponsor: sends submitted work back with reasons, as often as the agreement says.
    #[oai(path = "/collaborations/:id/request-changes", method = "post", operation_id = "request_changes")]
    async fn request_changes(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<WantedChanges>,
    ) -> Result<Done<Collaboration>, Failure> {
        let operation = core::RequestChanges { collaboration: id.0.into(), reasons: body.0.reasons };
        act(&who.0, idempotency_key.0, operation).await
    }

    /// Step down
    ///
    /// By the influencer, before work is submitted: the money goes back to the campaign, and the profile counts it.
    #[oai(path = "/collaborations/:id/step-down", method = "post", operation_id = "step_down")]
    async fn step_down(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<Grounds>,
    ) -> Result<Done<Collaboration>, Failure> {
        act(&who.0, idempotency_key.0, core::StepDown { collaboration: id.0.into(), reason: body.0.reason }).await
    }

    /// Cancel overdue work
    ///
    /// By the sponsor, when the work is 7 days overdue and nothing was submitted, or nothing more since changes were requested: the money goes back
    /// to the campaign.
    #[oai(path = "/collaborations/:id/cancel", method = "post", operation_id = "cancel_overdue")]
    async fn cancel(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<Option<GroundsIfAny>>,
    ) -> Result<Done<Collaboration>, Failure> {
        let reason = body.0.and_then(|said| said.reason).unwrap_or_default();
        act(&who.0, idempotency_key.0, core::CancelOverdue { collaboration: id.0.into(), reason }).await
    }

    /// Propose how to end it
    ///
    /// By either party: a share for the influencer, the rest for the sponsor. A new proposal of one's own replaces the one before.
    #[oai(path = "/collaborations/:id/propose-split", method = "post", operation_id = "propose_split")]
    async fn propose_split(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<NewSplit>,
    ) -> Result<Done<Collaboration>, Failure> {
        let operation = core::ProposeSplit {
            collaboration: id.0.into(),
            to_influencer: Currency::of(&who.0).minor("to_influencer", &body.0.to_influencer)?,
            note: body.0.note.unwrap_or_default(),
        };
        act(&who.0, idempotency_key.0, operation).await
    }

    /// Accept a proposal how to end it
    ///
    /// Names the other side's proposal by its number; when another one is on the table, 409 with it as `current`. Money moves as
    /// proposed.
    #[oai(path = "/collaborations/:id/accept-split", method = "post", operation_id = "accept_split")]
    async fn accept_split(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: OnceRequired,
        body: Body<SplitAcceptance>,
    ) -> Result<Done<Collaboration>, Failure> {
        act(&who.0, Some(idempotency_key.0), core::AcceptSplit { collaboration: id.0.into(), split: body.0.split }).await
    }

    /// Take a proposal back, or decline it
    ///
    /// By either party: nothing is proposed any more.
    #[oai(path = "/collaborations/:id/withdraw-split", method = "post", operation_id = "withdraw_split")]
    async fn withdraw_split(&self, who: SignedIn, id: Path<Uuid>, idempotency_key: Once) -> Result<Done<Collaboration>, Failure> {
        act(&who.0, idempotency_key.0, core::WithdrawSplit { collaboration: id.0.into() }).await
    }

    /// Open a dispute
    ///
    /// By either party, with a reason: clocks stand still and no money moves until it is withdrawn, agreed or ruled.
    #[oai(path = "/collaborations/:id/dispute", method = "post", operation_id = "open_dispute")]
    async fn dispute(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<Grounds>,
    ) -> Result<Done<Collaboration>, Failure> {
        act(&who.0, idempotency_key.0, core::OpenDispute { collaboration: id.0.into(), reason: body.0.reason }).await
    }

    /// Withdraw a dispute
    ///
    /// By who opened it: the clocks go on where they stood. Each side can do so once; a dispute after that stands until it is decided.
    #[oai(path = "/collaborations/:id/withdraw-dispute", method = "post", operation_id = "withdraw_dispute")]
    async fn withdraw_dispute(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
    ) -> Result<Done<Collaboration>, Failure> {
        act(&who.0, idempotency_key.0, core::WithdrawDispute { collaboration: id.0.into() }).await
    }

    /// Review the other party
    ///
    /// Once, within 14 days of the end, unless it ended by agreement. Both reviews appear when both are written or the time is
    /// over.
    #[oai(path = "/collaborations/:id/review", method = "post", operation_id = "leave_review")]
    async fn review(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<NewReview>,
    ) -> Result<Done<Review>, Failure> {
        let text = body.0.text.unwrap_or_default();
        let operation = core::LeaveReview { collaboration: id.0.into(), rating: body.0.rating, text };
        let done = who.0.run_once(idempotency_key.0, operation).await?;
        Ok(Done::new(Review::new(&done.output)).replayed(done.replayed))
    }

    /// Report results
    ///
    /// By either party, at any time after work was submitted: what is known of one piece of work's effect, with day and source.
    #[oai(path = "/collaborations/:id/results", method = "post", operation_id = "report_results")]
    async fn report_results(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<NewResults>,
    ) -> Result<Done<Results>, Failure> {
        let operation = core::ReportResults { collaboration: id.0.into(), input: body.0.input() };
        let done = who.0.run_once(idempotency_key.0, operation).await?;
        Ok(Done::new(Results::new(&done.output)).replayed(done.replayed))
    }

    /// List open disputes
    ///
    /// Those that wait for a ruling; for admins.
    #[oai(path = "/admin/disputes", method = "get", operation_id = "list_disputes")]
    async fn list_disputes(
        &self,
        who: SignedIn,
        request: &Request,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<OpenDispute>, Failure> {
        let currency = Currency::of(&who.0);
        let operation = core::ListDisputes { page: wanted(limit.0, cursor.0) };
        list(&who.0, request, operation, |case| OpenDispute::new(case, currency)).await
    }

    /// Rule a dispute
    ///
    /// By an admin, under the collaboration's id: any split, with reasons that both parties read. Money moves as ruled.
    #[oai(path = "/admin/disputes/:id/rule", method = "post", operation_id = "rule_dispute")]
    async fn rule(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: OnceRequired,
        body: Body<NewRuling>,
    ) -> Result<Done<Collaboration>, Failure> {
        let operation = core::RuleDispute {
            collaboration: id.0.into(),
            to_influencer: Currency::of(&who.0).minor("to_influencer", &body.0.to_influencer)?,
            reasons: body.0.reasons,
        };
        act(&who.0, Some(idempotency_key.0), operation).await
    }
}
