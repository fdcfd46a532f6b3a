//! How the platform speaks in a thread: one line for each change of a request or a collaboration between the two.
//!
//! **Not here**: what each side is told in its notification centre (`notification`).

use super::{Message, Pair, Said, Thread};
use crate::{Result, event::Thing, id::MessageId, tx::Tx, value::words::sentences};
use serde_json::Value;

sentences! {
    /// What the platform says in a thread; both sides read the same.
    SystemLine {
        /// A request, from the influencer.
        Applied = "applied", "The influencer applied to the campaign.";
        /// A request, from the sponsor.
        Invited = "invited", "The sponsor sent an invitation to the campaign.";
        /// A new offer by the party whose turn it was.
        OfferCountered = "offer_countered", "There is a new offer on the table.";
        /// A new offer by the party whose offer it was.
        OfferAmended = "offer_amended", "The offer on the table was changed.";
        /// The campaign's terms changed under an offer.
        OfferVoided = "offer_voided", "The campaign was edited: the offer on the table needs its maker's confirmation.";
        /// Its maker stands by it.
        OfferConfirmed = "offer_confirmed", "The offer on the table was confirmed.";
        /// An agreement.
        OfferAccepted = "offer_accepted", "The offer was accepted: there is an agreement.";
        /// The end of a request.
        RequestRejected = "request_rejected", "The request was declined.";
        /// The end of a request.
        RequestWithdrawn = "request_withdrawn", "The request was withdrawn.";
        /// The end of a request.
        RequestExpired = "request_expired", "The request expired unanswered.";
        /// Work.
        WorkSubmitted = "work_submitted", "Work was submitted for review.";
        /// Work.
        ChangesRequested = "changes_requested", "The sponsor asked for changes.";
        /// Work.
        WorkApproved = "work_approved", "The work was approved and paid.";
        /// Work whose review ran out.
        WorkApprovedByTime = "work_approved_by_time", "The time for review ended: the work counts as approved and was paid.";
        /// Work's figures.
        ResultsReported = "results_reported", "Results were reported.";
        /// The end of a collaboration.
        SteppedDown = "stepped_down", "The influencer stepped down from the collaboration.";
        /// The end of a collaboration.
        CancelledOverdue = "cancelled_overdue", "The sponsor cancelled the overdue collaboration.";
        /// The end of a collaboration.
        CancelledAbandoned = "cancelled_abandoned", "The collaboration was cancelled: nothing was ever submitted.";
        /// How to end it.
        SplitProposed = "split_proposed", "There is a proposal to end the collaboration.";
        /// No longer.
        SplitWithdrawn = "split_withdrawn", "The proposal to end the collaboration was withdrawn.";
        /// No longer.
        SplitExpired = "split_expired", "The proposal to end the collaboration expired.";
        /// The end of a collaboration.
        SplitAccepted = "split_accepted", "Both agreed how to end the collaboration.";
        /// A dispute.
        DisputeOpened = "dispute_opened", "A dispute was opened. All clocks stand still.";
        /// A dispute.
        DisputeWithdrawn = "dispute_withdrawn", "The dispute was withdrawn. The clocks go on.";
        /// A dispute.
        DisputeRuled = "dispute_ruled", "An admin decided the dispute.";
        /// A dispute nobody decided.
        DisputeSettled = "dispute_settled", "Nobody decided the dispute in time: it was settled by its rule.";
        /// Reviews.
        ReviewsPublished = "reviews_published", "The reviews of this collaboration are published.";
    }
}

/// Says in a pair's thread that something changed; begins the thread where there is none.
///
/// It writes one message and holds the thread, so it conflicts only with what the same two do at the same moment. It counts
/// as nobody's message: it is never unread, because each change has its own notification.
///
/// # Errors
/// If the store fails or the thread is damaged.
pub async fn line(tx: &mut Tx<'_>, pair: Pair, line: SystemLine, about: Thing, detail: Value) -> Result<()> {
    say(tx, pair, Said::Line { line, about, detail }).await.map(drop)
}

/// Adds a message to a pair's thread.
pub(super) async fn say(tx: &mut Tx<'_>, pair: Pair, said: Said) -> Result<Message> {
    let earlier: Option<Thread> = tx.get_at(Thread::at(pair)).await?;
    // In order even where a clock was set back, or those of two nodes differ.
    let id = earlier.as_ref().map_or_else(|| tx.new_id(), |earlier| tx.new_id::<MessageId>().after(earlier.last));
    let message = Message { id, pair, at: tx.now(), said };
    tx.put(&message)?;
    tx.put(&Thread::after(earlier, &message))?;
    Ok(message)
}
