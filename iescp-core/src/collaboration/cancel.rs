//! Ending the work before anything came of it.

use super::{Collaboration, CollaborationState, CollaborationView, EndedBy, ending::end};
use crate::{
    Error, Operation, Result, Tx,
    id::CollaborationId,
    policy::Action,
    value::{Form, Money},
};

/// The influencer steps down: the money goes back to the campaign, and the profile counts it.
#[derive(Clone, Debug)]
pub struct StepDown {
    /// From which collaboration.
    pub collaboration: CollaborationId,
    /// Why: 1 to 2,000 characters.
    pub reason: String,
}

impl Operation for StepDown {
    type Output = CollaborationView;
    const ACTION: Action = Action::StepDown;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CollaborationView> {
        let (mut collaboration, _) = Collaboration::fetch_mine(tx, self.collaboration).await?;
        collaboration.require_state(&[CollaborationState::Active])?;
        let mut form = Form::default();
        let reason = form.prose_said("reason", &self.reason);
        form.finish()?;
        end(tx, &mut collaboration, EndedBy::SteppedDown, Money::ZERO, reason).await?;
        CollaborationView::of(tx, collaboration).await
    }
}

/// The sponsor cancels work that is long overdue: nothing was submitted, or nothing more since changes were requested.
#[derive(Clone, Debug)]
pub struct CancelOverdue {
    /// Which collaboration.
    pub collaboration: CollaborationId,
    /// Why, if one wants to say: at most 2,000 characters.
    pub reason: String,
}

impl Operation for CancelOverdue {
    type Output = CollaborationView;
    const ACTION: Action = Action::CancelOverdue;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CollaborationView> {
        let (mut collaboration, _) = Collaboration::fetch_mine(tx, self.collaboration).await?;
        collaboration.require_state(&[CollaborationState::Active])?;
        let from = collaboration.overdue_for_sponsor();
        if tx.now() < from {
            let day = tx.settings().day_of(from);
            let why = format!(
                "The work was due on {}. You can cancel from {day} on; until then, propose how to end it.",
                collaboration.due
            );
            return Err(Error::not_now("not_overdue", why));
        }
        let mut form = Form::default();
        let reason = form.prose("reason", &self.reason);
        form.finish()?;
        end(tx, &mut collaboration, EndedBy::Overdue, Money::ZERO, reason).await?;
        CollaborationView::of(tx, collaboration).await
    }
}
