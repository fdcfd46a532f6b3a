//! How a collaboration ends: money moves, the campaign may end with it, reviews open.

use super::{Collaboration, CollaborationState, about};
use crate::{
    Error, Result, Tx, campaign,
    ledger::{Cause, LedgerAccount, transfer},
    message::{self, SystemLine},
    notification::Notice,
    request::Side,
    value::{Money, Prose, later},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What ended a collaboration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    /// The sponsor approved.
    Approval,
    /// The review clock ended.
    Clock,
    /// The influencer stepped down.
    SteppedDown,
    /// The sponsor cancelled: overdue, and nothing submitted since it was last asked for.
    Overdue,
    /// The platform cancelled: long overdue, and nothing submitted since it was last asked for.
    Abandoned,
    /// Both agreed how.
    Agreement,
    /// An admin ruled.
    Ruling,
    /// Nobody decided a dispute in time.
    DisputeClock,
    /// It was done where it was brought over from, or its sponsor said so.
    Imported,
}

/// How a collaboration ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// When.
    pub at: Timestamp,
    /// By what.
    pub by: EndedBy,
    /// Why, in the words of who ended it.
    #[serde(default)]
    pub reason: Prose<2000>,
    /// The influencer's share.
    pub paid: Money,
    /// What went back to the campaign.
    pub returned: Money,
}

/// Ends a collaboration: the influencer gets `paid` of what is held, the campaign the rest.
pub(super) async fn end(
    tx: &mut Tx<'_>,
    collaboration: &mut Collaboration,
    by: EndedBy,
    paid: Money,
    reason: Prose<2000>,
) -> Result<()> {
    let held = collaboration.amount.unwrap_or(Money::ZERO);
    let returned = held.minus(paid)?;
    if paid < Money::ZERO || returned < Money::ZERO {
        return Err(Error::Corrupt(format!("a share of {} of {} was tried", paid.0, held.0)));
    }
    let unpaid = matches!(by, EndedBy::Approval | EndedBy::Clock | EndedBy::Imported);
    let completed = paid > Money::ZERO || (collaboration.amount.is_none() && unpaid);
    collaboration.go(if completed { CollaborationState::Completed } else { CollaborationState::Cancelled })?;
    let now = tx.now();
    collaboration.review = None;
    collaboration.split = None;
    collaboration.dispute = None;
    collaboration.reviews_until = (by != EndedBy::Agreement).then(|| later(now, tx.settings().timers.reviews));
    collaboration.end = Some(End { at: now, by, reason, paid, returned });
    tx.put(collaboration)?;

    let (hold, whose) = (collaboration.hold(), collaboration.whose());
    transfer(tx, hold, LedgerAccount::Earnings(collaboration.influencer), paid, Cause::Paid, whose)?;
    transfer(tx, hold, LedgerAccount::Budget(collaboration.campaign), returned, Cause::Returned, whose)?;
    campaign::settle_if_last(tx, collaboration.campaign).await?;
    announce(tx, collaboration, by, paid).await
}

/// Tells both parties, except the one who did it.
async fn announce(tx: &mut Tx<'_>, collaboration: &Collaboration, by: EndedBy, paid: Money) -> Result<()> {
    let (line, notice) = match by {
        EndedBy::Approval | EndedBy::Imported => (SystemLine::WorkApproved, Notice::WorkCompleted),
        EndedBy::Clock => (SystemLine::WorkApprovedByTime, Notice::WorkCompleted),
        EndedBy::SteppedDown => (SystemLine::SteppedDown, Notice::CollaborationCancelled),
        EndedBy::Overdue => (SystemLine::CancelledOverdue, Notice::CollaborationCancelled),
        EndedBy::Abandoned => (SystemLine::CancelledAbandoned, Notice::CollaborationCancelled),
        EndedBy::Agreement if paid > Money::ZERO => (SystemLine::SplitAccepted, Notice::WorkCompleted),
        EndedBy::Agreement => (SystemLine::SplitAccepted, Notice::CollaborationCancelled),
        EndedBy::Ruling => (SystemLine::DisputeRuled, Notice::DisputeRuled),
        EndedBy::DisputeClock => (SystemLine::DisputeSettled, Notice::DisputeRuled),
    };
    let detail = json!({ "paid": paid, "state": collaboration.state });
    message::line(tx, collaboration.pair(), line, about(collaboration.id), detail.clone()).await?;
    for side in [Side::Sponsor, Side::Influencer] {
        let party = collaboration.party(side);
        if tx.actor().account_id() != Some(party) {
            tx.tell(party, notice, about(collaboration.id), detail.clone());
        }
    }
    tx.happened([about(collaboration.id), campaign::about(collaboration.campaign)], detail);
    Ok(())
}
