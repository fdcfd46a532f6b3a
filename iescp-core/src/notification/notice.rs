//! What people are told, and in which words.

use crate::value::words::sentences;

sentences! {
    /// A kind of notification.
    Notice {
        /// To who asked for it.
        ExportReady = "export_ready", "Your export is ready.";
        /// To who asked for it.
        ExportFailed = "export_failed", "Your export could not be made.";
        /// To a sponsor or an admin.
        ReportReady = "report_ready", "Your monthly report is ready.";
        /// To admins.
        SponsorWaits = "sponsor_waits", "A sponsor waits for approval.";
        /// To a sponsor.
        Approved = "approved", "Your account was approved. Welcome!";
        /// To a sponsor.
        NotApproved = "not_approved", "Your account was not approved.";
        /// To whoever the chat is of.
        ChatOff = "chat_off", "Your chat did not take our messages for a while, so we stopped sending them there.";
        /// To an account, about itself.
        AccountTouched = "account_touched", "An admin changed something about your account.";
        /// To an account, about itself.
        SecurityChanged = "security_changed", "A security setting of your account was changed.";
        /// To an account, about itself.
        PasswordFallsShort = "password_falls_short", "The password you brought along is easily guessed. Please choose another one.";
        /// To an account, about itself.
        TokenReused = "token_reused", "An old refresh token of yours was used again. We ended that session.";
        /// To the sponsor.
        ApplicationReceived = "application_received", "An influencer applied to your campaign.";
        /// To the influencer.
        InvitationReceived = "invitation_received", "A sponsor invited you to a campaign.";
        /// To the other party.
        OfferMade = "offer_made", "There is a new offer on the table.";
        /// To the other party.
        OfferConfirmed = "offer_confirmed", "The offer stands again after the campaign was edited.";
        /// To whoever made the offer on the table.
        OfferVoided = "offer_voided", "The campaign was edited: please confirm or change your offer.";
        /// To the other party.
        OfferAccepted = "offer_accepted", "Your offer was accepted.";
        /// To the other party.
        RequestRejected = "request_rejected", "Your request was declined.";
        /// To the other party.
        RequestWithdrawn = "request_withdrawn", "The other side withdrew the request.";
        /// To both.
        RequestExpired = "request_expired", "Nobody answered in time: the request has expired.";
        /// To the sponsor.
        WorkSubmitted = "work_submitted", "Work was submitted for your review.";
        /// To the sponsor.
        ReviewDue = "review_due", "Submitted work waits for your review.";
        /// To the influencer.
        ChangesRequested = "changes_requested", "The sponsor asks for changes.";
        /// To both, as it concerns them.
        WorkCompleted = "work_completed", "The work was approved and the money is yours.";
        /// To the other party.
        CollaborationCancelled = "collaboration_cancelled", "The collaboration was cancelled.";
        /// To the other party.
        SplitProposed = "split_proposed", "The other side proposes how to end the collaboration.";
        /// To the other party.
        SplitWithdrawn = "split_withdrawn", "The proposal to end the collaboration is off the table.";
        /// To the other party and to admins.
        DisputeOpened = "dispute_opened", "A dispute was opened.";
        /// To the other party and to admins.
        DisputeWithdrawn = "dispute_withdrawn", "The dispute was withdrawn.";
        /// To both.
        DisputeRuled = "dispute_ruled", "The dispute was decided.";
        /// To admins.
        DisputeWaits = "dispute_waits", "A dispute has been waiting for a ruling.";
        /// To the other party.
        ReviewsPublished = "reviews_published", "A review of you was published.";
        /// To the influencer.
        PayoutSent = "payout_sent", "Your payout is on its way.";
        /// To the influencer.
        PayoutFailed = "payout_failed", "Your payout failed; the money is back in your earnings.";
        /// To the sponsor and those in it.
        CampaignFlagged = "campaign_flagged", "An admin flagged the campaign: no new requests or agreements for now.";
        /// To the sponsor.
        CampaignUnflagged = "campaign_unflagged", "The flag on your campaign was removed.";
        /// To the sponsor.
        CampaignEnded = "campaign_ended", "Your campaign has ended.";
        /// To whoever is written to.
        MessageReceived = "message_received", "You have a new message.";
        /// To admins.
        AbuseReported = "abuse_reported", "Somebody reported abuse.";
        /// To admins.
        StoreWrong = "store_wrong", "The daily check found something wrong in what is stored.";
        /// To whoever reported.
        AbuseResolved = "abuse_resolved", "Your report was looked at.";
    }
}
