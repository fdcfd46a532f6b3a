//! What the clock does to a collaboration. Each is an operation that a worker runs when it is due; run again, or too early, it
//! changes nothing.

use super::{Collaboration, CollaborationState, EndedBy, ReviewClock, about, ending::end};
use crate::{
    Operation, Result, Tx,
    downtime::Downtime,
    id::CollaborationId,
    notification::{Notice, tell_admins},
    policy::{Action, Subject},
    value::{Money, Prose, later},
};
use jiff::SignedDuration;
use serde_json::json;

async fn fetch(tx: &mut Tx<'_>, id: CollaborationId) -> Result<Collaboration> {
    tx.allow(&Subject::PLATFORM)?;
    tx.fetch_at(Collaboration::at(id)).await
}

/// Starts the clock of a review: the sponsor's notice has been delivered.
#[derive(Clone, Debug)]
pub struct StartReviewClock {
    /// Of which collaboration.
    pub collaboration: CollaborationId,
}

impl Operation for StartReviewClock {
    type Output = ();
    const ACTION: Action = Action::StartReviewClock;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut collaboration = fetch(tx, self.collaboration).await?;
        if collaboration.state == CollaborationState::Submitted && collaboration.review.is_none() {
            let ends_at = later(tx.now(), collaboration.terms.review());
            collaboration.review = Some(ReviewClock { started_at: tx.now(), ends_at, reminders: 0 });
            tx.put(&collaboration)?;
            tx.happened([about(collaboration.id)], json!({ "ends_at": ends_at }));
            tx.heard_by(collaboration.sponsor);
            tx.heard_by(collaboration.influencer);
        }
        Ok(())
    }
}

/// Reminds the sponsor of a review, after 24 and 48 hours.
#[derive(Clone, Debug)]
pub struct RemindReviewer {
    /// Of which collaboration.
    pub collaboration: CollaborationId,
}

impl Operation for RemindReviewer {
    type Output = ();
    const ACTION: Action = Action::RemindReviewer;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut collaboration = fetch(tx, self.collaboration).await?;
        let (state, now) = (collaboration.state, tx.now());
        let Some(clock) = &mut collaboration.review else { return Ok(()) };
        let hours = now.duration_since(clock.started_at).as_hours();
        let reminders = u32::try_from(hours / 24).unwrap_or(0).min(2);
        // After downtime the end may be past, and is about to be moved: whoever is reminded is told the new one.
        if state == CollaborationState::Submitted && reminders > clock.reminders && clock.ends_at > now {
            clock.reminders = reminders;
            let ends_at = clock.ends_at;
            tx.put(&collaboration)?;
            tx.tell(collaboration.sponsor, Notice::ReviewDue, about(collaboration.id), json!({ "ends_at": ends_at }));
            tx.happened([about(collaboration.id)], json!({ "reminders": reminders }));
        }
        Ok(())
    }
}

/// Approves work that nobody reviewed in time. After downtime of the platform itself the sponsor is given some time more.
#[derive(Clone, Debug)]
pub struct ApproveUnanswered {
    /// Which collaboration.
    pub collaboration: CollaborationId,
}

impl Operation for ApproveUnanswered {
    type Output = ();
    const ACTION: Action = Action::ApproveUnanswered;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut collaboration = fetch(tx, self.collaboration).await?;
        let Some(clock) = collaboration.review else { return Ok(()) };
        if collaboration.state != CollaborationState::Submitted || tx.now() < clock.ends_at {
            return Ok(());
        }
        let downtime: Option<Downtime> = tx.peek_at(Downtime::at()).await?;
        let least = tx.settings().timers.review_after_downtime;
        let fair = downtime
            .filter(|down| down.until > clock.started_at && down.since < clock.ends_at)
            .map(|down| later(down.until, least));
        if let Some(fair) = fair.filter(|fair| tx.now() < *fair) {
            collaboration.review = Some(ReviewClock { ends_at: fair, ..clock });
            tx.put(&collaboration)?;
            tx.happened([about(collaboration.id)], json!({ "ends_at": fair }));
            return Ok(());
        }
        let amount = collaboration.amount.unwrap_or(Money::ZERO);
        end(tx, &mut collaboration, EndedBy::Clock, amount, Prose::default()).await
    }
}

/// Cancels work that is long overdue: nothing was submitted, or nothing more since changes were requested.
#[derive(Clone, Debug)]
pub struct CancelAbandoned {
    /// Which collaboration.
    pub collaboration: CollaborationId,
}

impl Operation for CancelAbandoned {
    type Output = ();
    const ACTION: Action = Action::CancelAbandoned;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut collaboration = fetch(tx, self.collaboration).await?;
        if collaboration.state == CollaborationState::Active && tx.now() >= collaboration.overdue_for_system() {
            end(tx, &mut collaboration, EndedBy::Abandoned, Money::ZERO, Prose::default()).await?;
        }
        Ok(())
    }
}

/// Alarms the admins about a dispute that waits, on its third and seventh day.
#[derive(Clone, Debug)]
pub struct AlarmAdmins {
    /// About which collaboration.
    pub collaboration: CollaborationId,
}

impl Operation for AlarmAdmins {
    type Output = ();
    const ACTION: Action = Action::AlarmAdmins;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut collaboration = fetch(tx, self.collaboration).await?;
        let now = tx.now();
        let Some(dispute) = &mut collaboration.dispute else { return Ok(()) };
        let due = [3, 7].iter().filter(|days| now >= later(dispute.since, SignedDuration::from_hours(24 * **days))).count();
        let due = u32::try_from(due).unwrap_or(0);
        if due > dispute.alarms {
            dispute.alarms = due;
            tx.put(&collaboration)?;
            tell_admins(tx, Notice::DisputeWaits, &about(collaboration.id), &json!({})).await?;
            tx.happened([about(collaboration.id)], json!({ "alarms": due }));
        }
        Ok(())
    }
}

/// Settles a dispute that nobody decided in time: work that was submitted is paid, work that never was is not.
#[derive(Clone, Debug)]
pub struct SettleDispute {
    /// About which collaboration.
    pub collaboration: CollaborationId,
}

impl Operation for SettleDispute {
    type Output = ();
    const ACTION: Action = Action::SettleDispute;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut collaboration = fetch(tx, self.collaboration).await?;
        let Some(dispute) = collaboration.dispute else { return Ok(()) };
        if tx.now() < later(dispute.since, collaboration.terms.dispute()) {
            return Ok(());
        }
        let submitted = collaboration.submissions > 0;
        let share = if submitted { collaboration.amount.unwrap_or(Money::ZERO) } else { Money::ZERO };
        end(tx, &mut collaboration, EndedBy::DisputeClock, share, Prose::default()).await
    }
}
