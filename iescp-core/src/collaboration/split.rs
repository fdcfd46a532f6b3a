//! Ending by agreement: one proposes how the amount is split, the other accepts.

use super::{Collaboration, CollaborationState, CollaborationView, EndedBy, about, ending::end};
use crate::{
    Error, Operation, Refusal, Result, Tx,
    id::CollaborationId,
    message::{self, SystemLine},
    notification::Notice,
    policy::{Action, Subject},
    request::Side,
    value::{Form, MAX_MONEY, Money, Prose, later},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

const OPEN: [CollaborationState; 3] = [CollaborationState::Active, CollaborationState::Submitted, CollaborationState::Disputed];

/// A proposal to end a collaboration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// Its number in this collaboration, from 1.
    pub number: u64,
    /// Who proposes it.
    pub by: Side,
    /// The influencer's share.
    pub to_influencer: Money,
    /// The sponsor's share, which goes back to the campaign.
    pub to_sponsor: Money,
    /// A word to the other side.
    pub note: Prose<2000>,
    /// When it was proposed.
    pub at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
}

impl Split {
    /// Whether it can still be accepted.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

/// Proposes how to end a collaboration. A proposal of one's own replaces the one before; another's must be answered or expire
/// first.
#[derive(Clone, Debug)]
pub struct ProposeSplit {
    /// Which collaboration.
    pub collaboration: CollaborationId,
    /// The influencer's share in minor units, from nothing to all of it; the sponsor gets the rest.
    pub to_influencer: i64,
    /// A word to the other side: at most 2,000 characters.
    pub note: String,
}

impl Operation for ProposeSplit {
    type Output = CollaborationView;
    const ACTION: Action = Action::ProposeSplit;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CollaborationView> {
        let (mut collaboration, side) = Collaboration::fetch_mine(tx, self.collaboration).await?;
        collaboration.require_state(&OPEN)?;
        if collaboration.split.as_ref().is_some_and(|split| split.by != side && split.is_open(tx.now())) {
            let why = "The other side has made a proposal. Accept it, or wait until it is withdrawn or expires.";
            return Err(Error::not_now("split_open", why));
        }
        let held = collaboration.amount.unwrap_or(Money::ZERO);
        let mut form = Form::default();
        if !(0..=held.0.min(MAX_MONEY)).contains(&self.to_influencer) {
            form.wrong("to_influencer", "share", format!("Please give a share from 0 to {} in minor units.", held.0));
        }
        let note = form.prose("note", &self.note);
        form.finish()?;
        let to_influencer = Money(self.to_influencer);
        collaboration.splits += 1;
        collaboration.split = Some(Split {
            number: collaboration.splits,
            by: side,
            to_influencer,
            to_sponsor: held.minus(to_influencer)?,
            note,
            at: tx.now(),
            expires_at: later(tx.now(), tx.settings().timers.split),
        });
        tx.put(&collaboration)?;
        let detail = json!({ "split": collaboration.splits, "to_influencer": to_influencer });
        message::line(tx, collaboration.pair(), SystemLine::SplitProposed, about(collaboration.id), detail.clone()).await?;
        tx.tell(collaboration.party(side.other()), Notice::SplitProposed, about(collaboration.id), detail.clone());
        tx.happened([about(collaboration.id)], detail);
        CollaborationView::of(tx, collaboration).await
    }
}

/// Accepts the other side's proposal, naming it by its number.
#[derive(Clone, Debug)]
pub struct AcceptSplit {
    /// Of which collaboration.
    pub collaboration: CollaborationId,
    /// The number of the proposal.
    pub split: u64,
}

impl Operation for AcceptSplit {
    type Output = CollaborationView;
    const ACTION: Action = Action::AcceptSplit;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CollaborationView> {
        let (mut collaboration, side) = Collaboration::fetch_mine(tx, self.collaboration).await?;
        collaboration.require_state(&OPEN)?;
        let split = match collaboration.split.clone() {
            Some(split) if split.is_open(tx.now()) => split,
            _ => return Err(Error::not_now("no_split", "There is no proposal to accept.")),
        };
        if split.by == side {
            return Err(Error::not_now("not_your_turn", "This proposal is yours: the other side must accept it."));
        }
        if split.number != self.split {
            let current = serde_json::to_value(&split).map_err(|error| Error::Corrupt(error.to_string()))?;
            let why = format!("Another proposal is on the table: number {}. Please look at it first.", split.number);
            return Err(Error::NotNow(Refusal { code: "split_changed", why, current: Some(current) }));
        }
        end(tx, &mut collaboration, EndedBy::Agreement, split.to_influencer, split.note).await?;
        CollaborationView::of(tx, collaboration).await
    }
}

/// Takes one's own proposal back, or declines the other side's.
#[derive(Clone, Debug)]
pub struct WithdrawSplit {
    /// Of which collaboration.
    pub collaboration: CollaborationId,
}

impl Operation for WithdrawSplit {
    type Output = CollaborationView;
    const ACTION: Action = Action::WithdrawSplit;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CollaborationView> {
        let (mut collaboration, side) = Collaboration::fetch_mine(tx, self.collaboration).await?;
        if !collaboration.split.take().is_some_and(|split| split.is_open(tx.now())) {
            return Err(Error::not_now("no_split", "There is no proposal on the table."));
        }
        tx.put(&collaboration)?;
        message::line(tx, collaboration.pair(), SystemLine::SplitWithdrawn, about(collaboration.id), json!({})).await?;
        tx.tell(collaboration.party(side.other()), Notice::SplitWithdrawn, about(collaboration.id), json!({}));
        tx.happened([about(collaboration.id)], json!({}));
        CollaborationView::of(tx, collaboration).await
    }
}

/// Writes that a proposal has expired: the worker's.
#[derive(Clone, Debug)]
pub struct ExpireSplit {
    /// Of which collaboration.
    pub collaboration: CollaborationId,
}

impl Operation for ExpireSplit {
    type Output = ();
    const ACTION: Action = Action::ExpireSplit;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        let mut collaboration: Collaboration = tx.fetch_at(Collaboration::at(self.collaboration)).await?;
        if collaboration.split.as_ref().is_some_and(|split| !split.is_open(tx.now())) {
            collaboration.split = None;
            tx.put(&collaboration)?;
            message::line(tx, collaboration.pair(), SystemLine::SplitExpired, about(collaboration.id), json!({})).await?;
            tx.happened([about(collaboration.id)], json!({}));
            tx.heard_by(collaboration.sponsor);
            tx.heard_by(collaboration.influencer);
        }
        Ok(())
    }
}
