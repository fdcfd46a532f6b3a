//! Submitting work, asking for changes, approving.

use super::{
    Agreement, Collaboration, CollaborationState, CollaborationView, EndedBy, Submission, SubmittedWorkInput, about, ending::end,
    submission::parse_works,
};
use crate::{
    Error, Operation, Result, Tx,
    account::Influencer,
    id::CollaborationId,
    message::{self, SystemLine},
    notification::Notice,
    picture::{self, PictureDraft},
    policy::Action,
    value::{Form, Money, Prose, later},
};
use serde_json::json;

/// Submits the work. Without the required label shown there is no submission.
#[derive(Clone, Debug)]
pub struct SubmitWork {
    /// Of which collaboration.
    pub collaboration: CollaborationId,
    /// The live address of each piece of work.
    pub works: Vec<SubmittedWorkInput>,
    /// A word to the sponsor: at most 2,000 characters.
    pub note: String,
    /// That the required label is shown on each.
    pub label_shown: bool,
    /// Pictures that prove it, whose bytes are [stored](crate::picture::store); if this is refused,
    /// [discard](crate::picture::discard_refused) them.
    pub proofs: Vec<PictureDraft>,
}

impl Operation for SubmitWork {
    type Output = CollaborationView;
    const ACTION: Action = Action::SubmitWork;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CollaborationView> {
        let (mut collaboration, _) = Collaboration::fetch_mine(tx, self.collaboration).await?;
        collaboration.require_state(&[CollaborationState::Active])?;
        let agreement: Agreement = tx.peek_at(Agreement::at(collaboration.id)).await?.ok_or_else(not_recorded)?;
        let works = parse_works(&self.works, &agreement.deliverables)?;
        let mut form = Form::default();
        let note = form.prose("note", &self.note);
        if !self.label_shown {
            form.wrong("label_shown", "label", format!("Please confirm that each piece of work shows “{}”.", agreement.label));
        }
        form.finish()?;
        let now = tx.now();
        collaboration.go(CollaborationState::Submitted)?;
        collaboration.submissions += 1;
        if collaboration.first_submitted_at.is_none() {
            collaboration.first_submitted_at = Some(now);
            let profile: Option<Influencer> = tx.peek_at(Influencer::at(collaboration.influencer)).await?;
            collaboration.reach = profile.map(|profile| profile.reach());
        }
        collaboration.submitted_at = Some(now);
        collaboration.review = None;
        let number = collaboration.submissions;
        let proofs = Vec::new();
        let mut submission = Submission {
            collaboration: collaboration.id,
            number,
            works,
            note,
            label_shown: true,
            at: now,
            changes: None,
            proofs,
        };
        picture::add_proofs(tx, &mut submission, collaboration.influencer, &self.proofs).await?;
        tx.put(&submission)?;
        tx.put(&collaboration)?;
        message::line(
            tx,
            collaboration.pair(),
            SystemLine::WorkSubmitted,
            about(collaboration.id),
            json!({ "submission": number }),
        )
        .await?;
        tx.tell(collaboration.sponsor, Notice::WorkSubmitted, about(collaboration.id), json!({ "submission": number }));
        tx.happened([about(collaboration.id)], json!({ "submission": number }));
        CollaborationView::of(tx, collaboration).await
    }
}

/// The refusal for collaborations of V2, which recorded no terms.
pub(super) fn not_recorded() -> Error {
    Error::not_now("not_recorded", "This collaboration was brought over from V2 without terms; either party may close it.")
}

/// Sends submitted work back with reasons. Its day moves so that there is time to mend it.
#[derive(Clone, Debug)]
pub struct RequestChanges {
    /// Of which collaboration.
    pub collaboration: CollaborationId,
    /// What is to be changed: 1 to 2,000 characters.
    pub reasons: String,
}

impl Operation for RequestChanges {
    type Output = CollaborationView;
    const ACTION: Action = Action::RequestChanges;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CollaborationView> {
        let (mut collaboration, _) = Collaboration::fetch_mine(tx, self.collaboration).await?;
        collaboration.require_state(&[CollaborationState::Submitted])?;
        collaboration.require_review_open(tx.now())?;
        if collaboration.rounds >= collaboration.terms.rounds {
            let why =
                format!("There were {} rounds of changes already: approve the work or open a dispute.", collaboration.rounds);
            return Err(Error::not_now("no_rounds_left", why));
        }
        let mut form = Form::default();
        let reasons: Prose<2000> = form.prose_said("reasons", &self.reasons);
        form.finish()?;
        let mut submission: Submission = tx.fetch_at(Submission::at(collaboration.id, collaboration.submissions)).await?;
        submission.changes = Some(reasons);
        tx.put(&submission)?;
        let rework = later(tx.now(), collaboration.terms.rework());
        collaboration.go(CollaborationState::Active)?;
        collaboration.rounds += 1;
        collaboration.review = None;
        if rework > collaboration.due_at {
            collaboration.due = tx.settings().day_of(rework);
            collaboration.due_at = tx.settings().end_of(collaboration.due)?;
        }
        tx.put(&collaboration)?;
        let detail = json!({ "round": collaboration.rounds, "due": collaboration.due });
        message::line(tx, collaboration.pair(), SystemLine::ChangesRequested, about(collaboration.id), detail.clone()).await?;
        tx.tell(collaboration.influencer, Notice::ChangesRequested, about(collaboration.id), detail.clone());
        tx.happened([about(collaboration.id)], detail);
        CollaborationView::of(tx, collaboration).await
    }
}

/// Approves submitted work: the influencer is paid. What was brought over without an amount can be closed at any time.
#[derive(Clone, Debug)]
pub struct ApproveWork {
    /// Of which collaboration.
    pub collaboration: CollaborationId,
}

impl Operation for ApproveWork {
    type Output = CollaborationView;
    const ACTION: Action = Action::ApproveWork;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CollaborationView> {
        let (mut collaboration, _) = Collaboration::fetch_mine(tx, self.collaboration).await?;
        if collaboration.amount.is_none() && collaboration.state == CollaborationState::Active {
            end(tx, &mut collaboration, EndedBy::Imported, Money::ZERO, Prose::default()).await?;
            return CollaborationView::of(tx, collaboration).await;
        }
        collaboration.require_state(&[CollaborationState::Submitted])?;
        let amount = collaboration.amount.unwrap_or(Money::ZERO);
        end(tx, &mut collaboration, EndedBy::Approval, amount, Prose::default()).await?;
        CollaborationView::of(tx, collaboration).await
    }
}
