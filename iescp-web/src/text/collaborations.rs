//! Collaborations: the next thing, the work, how it ends, the agreement.

use iescp_core::collaboration::EndedBy;

pub const TITLE: &str = "Collaborations";
pub const TOLD: &str = "Work you have agreed on: what is due, what is in review, what is paid.";
pub const STATES: &str = "Collaborations by state";
pub const TABS: [(&str, &str); 6] = [
    ("active", "In progress"),
    ("submitted", "In review"),
    ("disputed", "Disputed"),
    ("completed", "Completed"),
    ("cancelled", "Cancelled"),
    ("all", "All"),
];
pub const NONE: &str = "No collaborations yet";
pub const NONE_TOLD: &str = "When an offer is accepted, the work goes on here: deliver, review, get paid, say how it was. The money is set aside from the first minute.";
pub const TO_REQUESTS: &str = "See your requests";
pub const NONE_SO: &str = "None here";
pub const NONE_SO_TOLD: &str = "No collaboration stands so at the moment.";
pub const SHOW_ALL: &str = "Show all";
pub const DUE: &str = "due";
pub const OVERDUE: &str = "overdue since";
pub const REVIEW_ENDS: &str = "review ends";
pub const WITH: &str = "with";
pub const YOU: &str = "You";

// The next thing.
pub const DELIVER: &str = "Deliver the work";
pub const DELIVER_UNTIL: &str = "Publish it, then send the links. It is due";
pub const MEND: &str = "Make the changes and send the work again";
pub const MEND_UNTIL: &str = "It is due";
pub const LATE: &str = "It is overdue. Deliver it soon";
pub const LATE_CANCEL: &str = "from then on the sponsor can cancel";
pub const REVIEW: &str = "Look at the work";
pub const REVIEW_UNTIL: &str = "Approve it, or ask for changes. If you do not answer, it counts as approved and is paid";
pub const REVIEW_NO_CLOCK: &str = "Approve it, or ask for changes. The time for it begins when our notice reaches you.";
pub const REVIEWED_UNTIL: &str = "If there is no answer, the work counts as approved and is paid";
pub const REVIEWED_NO_CLOCK: &str = "The time for it begins when our notice reaches them.";
pub const IN_DISPUTE: &str = "In dispute: the clocks stand still";
pub const DISPUTE_PAID: &str = "An admin decides. If nobody does, the work counts as delivered and is paid";
pub const DISPUTE_RETURNED: &str = "An admin decides. If nobody does, the money goes back to the campaign";
pub const DISPUTE_TALK: &str = "Until then you two can still agree how to end it.";
pub const CAN_CANCEL: &str = "It is long overdue: you can cancel now and the money goes back to your campaign";
pub const SYSTEM_CANCELS: &str = "If nothing comes, this is cancelled by itself";
pub const DONE: &str = "Done and paid";
pub const CANCELLED: &str = "Ended without payment";
pub const SAY_HOW: &str = "Say how it was";
pub const REVIEWS_UNTIL: &str = "Both reviews appear at the same time: when both are written, or";
pub const REVIEW_WRITTEN: &str = "Your review is written. It appears with theirs, or";

pub fn at_work(name: &str) -> String {
    format!("{name} is at work")
}

pub fn reviews(name: &str) -> String {
    format!("{name} looks at your work")
}

pub fn ended_by(by: EndedBy) -> &'static str {
    match by {
        EndedBy::Approval => "The sponsor approved the work.",
        EndedBy::Clock => "The time for review was over: the work counted as approved.",
        EndedBy::SteppedDown => "The influencer stepped down.",
        EndedBy::Overdue => "The sponsor cancelled: the work was long overdue.",
        EndedBy::Abandoned => "Cancelled by itself: the work was long overdue.",
        EndedBy::Agreement => "Both agreed how to end it.",
        EndedBy::Ruling => "An admin ruled the dispute.",
        EndedBy::DisputeClock => "Nobody decided the dispute in time.",
        EndedBy::Imported => "It was done on an earlier platform.",
    }
}

// Sections.
pub const WORK: &str = "The work";
pub const NOTHING_YET: &str = "Nothing delivered yet.";
pub const DELIVERED: &str = "Delivered";
pub const SHOWS: &str = "Each piece must show";
pub const CHANGES_ASKED: &str = "Changes asked for";
pub const NO_TERMS: &str = "Brought over from before, without terms.";
pub const MONEY: &str = "Money";
pub const HELD: &str = "Set aside";
pub const PAID: &str = "Paid";
pub const RETURNED: &str = "Gone back";
pub const FACTS: &str = "In short";
pub const ROUNDS: &str = "Rounds of changes left";
pub const ALL_DUE: &str = "All due by";
pub const AGREEMENT: &str = "The agreement";
pub const NEGOTIATION: &str = "The negotiation";
pub const CAMPAIGN: &str = "The campaign";
pub const MESSAGE: &str = "Write a message";
pub const RESULTS: &str = "Results";
pub const NO_RESULTS: &str = "Nobody has reported results yet. Figures help both sides, and only reported ones count.";
pub const VIEWS: &str = "Views";
pub const ENGAGEMENTS: &str = "Reactions";
pub const CLICKS: &str = "Clicks";
pub const SALES: &str = "Sales";
pub const AS_OF: &str = "As of";
pub const SOURCE: &str = "Source";
pub const PIECE: &str = "Piece";
pub const REVIEWS: &str = "Reviews";
pub const HISTORY: &str = "What happened";
pub const BEGAN: &str = "Agreed; the money was set aside";
pub const OTHER_WAYS: &str = "Something is not right?";

pub fn submission(number: u64) -> String {
    format!("Delivery {number}")
}

pub fn asked_changes(name: &str) -> String {
    format!("{name} asked for changes")
}

pub fn opened_dispute(name: &str) -> String {
    format!("{name} opened a dispute")
}

pub const DISPUTE_BACK: &str = "The dispute was withdrawn";
pub const DISPUTE_RULED: &str = "An admin ruled";

pub fn stars(rating: u8) -> String {
    format!("{rating} of 5")
}

// Deeds.
pub const SUBMIT: &str = "Deliver …";
pub const SUBMIT_TITLE: &str = "Deliver the work";
pub const SUBMIT_TOLD: &str =
    "Give the link where each piece can be seen. When you send them, the sponsor’s time for review begins.";
pub const SUBMIT_NOTE: &str = "A word to the sponsor";
pub const SUBMIT_SEND: &str = "Send the work";
pub const SUBMIT_DONE: &str = "Delivered. The sponsor is told, and their time for review begins.";
pub const LINK: &str = "Link";

pub fn link(number: usize, of: u32) -> String {
    if of == 1 { LINK.to_owned() } else { format!("Link {number} of {of}") }
}

pub fn label_shown(label: &str) -> String {
    format!("Each piece visibly shows “{label}”")
}

pub const APPROVE: &str = "Approve …";
pub const APPROVE_TITLE: &str = "Approve the work?";
pub const APPROVE_SEND: &str = "Approve and pay";
pub const APPROVE_DONE: &str = "Approved and paid. Thank you! Say how it was while you remember it.";

pub fn approve_told(amount: &str, name: &str) -> String {
    format!("{amount} goes to {name} at once. This cannot be taken back.")
}

pub const NOT_RECORDED: &str = "not recorded";
pub const NOT_RECORDED_TOLD: &str =
    "This work was brought over from an earlier platform, which kept no amount. Nothing is set aside for it here.";
pub const BROUGHT_OVER: &str = "Brought over from an earlier platform";
pub const BROUGHT_OVER_TOLD: &str = "It was going on there. No amount and no terms were kept, so nothing is paid here: when it is done, the sponsor closes it; the influencer may step down.";
pub const CLOSE_OLD: &str = "Close as done …";
pub const CLOSE_OLD_TITLE: &str = "Close as done";
pub const CLOSE_OLD_TOLD: &str =
    "The collaboration ends as completed. No amount was kept, so nothing is paid here. You can then review each other.";
pub const CLOSE_OLD_SEND: &str = "Close it";
pub const STEP_DOWN_OLD_TOLD: &str =
    "The collaboration ends. No amount was kept, so no money moves, and your public profile does not count it.";

pub const CHANGES: &str = "Ask for changes …";
pub const CHANGES_TITLE: &str = "Ask for changes";
pub const CHANGES_WHAT: &str = "What should be different?";
pub const CHANGES_HINT: &str = "Say it so that it can be done: where, what, how.";
pub const CHANGES_SEND: &str = "Send it back with this";
pub const CHANGES_DONE: &str = "Sent back with your reasons.";

pub fn changes_told(left: u32, days: &str) -> String {
    let rounds = if left == 1 {
        "This is the last round the agreement gives you.".to_owned()
    } else {
        format!("The agreement gives you {left} more rounds.")
    };
    format!("The work goes back, and there are at least {days} to change it. {rounds}")
}

pub const STEP_DOWN: &str = "Step down …";
pub const STEP_DOWN_TITLE: &str = "Step down from this work?";
pub const STEP_DOWN_SEND: &str = "Step down";
pub const STEP_DOWN_DONE: &str = "You stepped down. The money went back to the campaign.";

pub fn step_down_told(amount: &str) -> String {
    format!(
        "The collaboration ends. {amount} goes back to the campaign, you are paid nothing, and your public profile counts it."
    )
}

pub const CANCEL: &str = "Cancel …";
pub const CANCEL_TITLE: &str = "Cancel this overdue work?";
pub const CANCEL_SEND: &str = "Cancel the work";
pub const CANCEL_DONE: &str = "Cancelled. The money went back to your campaign.";

pub fn cancel_told(amount: &str) -> String {
    format!("The collaboration ends. {amount} goes back to your campaign, and their public profile counts it.")
}

pub const SPLIT: &str = "Propose how to end it …";
pub const SPLIT_TITLE: &str = "Propose how to end it";
pub const SPLIT_SHARE: &str = "The influencer gets";
pub const SPLIT_NOTE: &str = "A word to the other side";
pub const SPLIT_SEND: &str = "Propose it";
pub const SPLIT_DONE: &str = "Your proposal is with the other side.";
pub const SPLIT_WITHDRAWN: &str = "The proposal is off the table.";
pub const SPLIT_OURS: &str = "You proposed to end it";
pub const SPLIT_ACCEPT: &str = "Accept …";
pub const SPLIT_DECLINE: &str = "Decline the proposal";
pub const SPLIT_WITHDRAW: &str = "Take it back";
pub const SPLIT_EXPIRES: &str = "The proposal expires";
pub const SPLIT_CHANGED: &str = "The proposal changed while you were reading. This is the new one.";
pub const SPLIT_ACCEPT_TITLE: &str = "End it on these terms?";
pub const SPLIT_ACCEPT_TOLD: &str =
    "The collaboration ends at once, the money moves as written below, and there are no reviews. This cannot be taken back.";
pub const SPLIT_ACCEPT_SEND: &str = "Accept and end it";
pub const SPLIT_ACCEPTED: &str = "Ended as you both agreed.";
pub const TO_INFLUENCER: &str = "To the influencer";
pub const TO_CAMPAIGN: &str = "Back to the campaign";

pub fn split_told(amount: &str) -> String {
    format!(
        "{amount} is set aside. Say how much of it the influencer gets; the rest goes back to the campaign. It happens only if the other side accepts within a week."
    )
}

pub fn split_theirs(name: &str) -> String {
    format!("{name} proposes to end it")
}

pub fn split_share(most: &str) -> String {
    format!("Please give an amount from 0 to {most}.")
}

pub const DISPUTE: &str = "Open a dispute …";
pub const DISPUTE_TITLE: &str = "Open a dispute?";
pub const DISPUTE_SEND: &str = "Open the dispute";
pub const DISPUTE_DONE: &str = "The dispute is open. An admin looks at it.";
pub const DISPUTE_WITHDRAW: &str = "Withdraw the dispute";
pub const DISPUTE_WITHDRAWN: &str = "The dispute is withdrawn; the clocks go on where they stood.";

pub fn dispute_told(days: &str, amount: &str) -> String {
    format!(
        "All clocks stand still and {amount} stays where it is, until you two agree or an admin decides, at the latest in {days}. Try a message first: most things are settled by talking."
    )
}

pub const REASON: &str = "Why?";
pub const REASON_HINT: &str = "The other side reads this.";
pub const REPORT: &str = "Report results";
pub const REPORT_TITLE: &str = "Report results";
pub const REPORT_TOLD: &str =
    "What is known of a piece’s effect. Leave out what you do not know; a later report replaces an earlier one.";
pub const REPORT_SOURCE: &str = "Where do the figures come from?";
pub const REPORT_SOURCE_HINT: &str = "For example: Instagram insights.";
pub const REPORT_DAY: &str = "The day they are of";
pub const REPORT_SEND: &str = "Report them";
pub const REPORT_DONE: &str = "Reported. The other side sees it, too.";
pub const RATE: &str = "Write a review …";
pub const RATE_STARS: &str = "How was working together?";
pub const RATE_WORDS: &str = "In words";
pub const RATE_TOLD: &str =
    "They cannot read this before they wrote theirs, or the time is over. Then both are public, and neither can be changed.";
pub const RATE_SEND: &str = "Send the review";
pub const RATE_DONE: &str = "Thank you. Your review appears together with theirs.";
pub const RATINGS: [(&str, &str, &str); 5] = [
    ("5", "5 – excellent", "I would do it again at once."),
    ("4", "4 – good", ""),
    ("3", "3 – fair", ""),
    ("2", "2 – poor", ""),
    ("1", "1 – bad", "I would not do it again."),
];
pub const BACK: &str = "Leave it as it is";

pub fn rate(name: &str) -> String {
    format!("Review {name}")
}

// The agreement.
pub const PRINT: &str = "Print";
pub const PARTIES: &str = "The parties";
pub const SPONSOR: &str = "Sponsor";
pub const INFLUENCER: &str = "Influencer";
pub const TO_WORK: &str = "Back to the work";
pub const SUBJECT: &str = "What is made";
pub const PAY: &str = "What is paid";
pub const RIGHTS: &str = "Use of the work";
pub const NO_RIGHTS: &str = "Nothing beyond what the law allows.";
pub const BRIEF: &str = "The campaign’s brief";
pub const LABELLING: &str = "Labelling";
pub const DELIVERY: &str = "Delivery and review";
pub const FAILING: &str = "If the work does not come";
pub const DISPUTES: &str = "Disputes";
pub const NOTE: &str = "Said with the offer";
pub const SIGNATURES: &str = "Signatures";
pub const FINGERPRINT: &str = "Fingerprint (SHA-256) of everything above, as both signed it:";
pub const BY: &str = "by";

pub fn agreement(number: u64) -> String {
    format!("Agreement {number}")
}

pub fn subject(influencer: &str, title: &str, sponsor: &str) -> String {
    format!("{influencer} makes and publishes for the campaign “{title}” of {sponsor}:")
}

pub fn pay(sponsor: &str, influencer: &str, amount: &str, currency: &str) -> String {
    format!(
        "{sponsor} pays {influencer} {amount} ({currency}). The amount was set aside from the campaign’s budget when this agreement was made, and is paid when the work is approved or counts as approved."
    )
}

pub fn labelling(label: &str) -> String {
    format!("Each piece of work visibly shows “{label}”.")
}

pub fn delivery(due: &str, review: &str, rounds: u32, rework: &str) -> String {
    format!(
        "All of the work is due by {due}. The sponsor has {review} from each delivery to approve it or to ask for changes with reasons, at most {rounds} times; the influencer then has at least {rework}. Work that is not answered in that time counts as approved."
    )
}

pub fn failing(sponsor: &str, system: &str) -> String {
    format!(
        "If the work, or the changes asked for, do not come, the sponsor may cancel {sponsor} after the due day; {system} after it, the agreement is cancelled by itself. The influencer may step down while the work is theirs to deliver. In each case the whole amount goes back to the campaign."
    )
}

pub fn disputes(days: &str) -> String {
    format!(
        "Either side may open a dispute before the work is approved; all clocks then stand still. An admin of the platform decides how the amount is divided. If nobody decides within {days}, delivered work is paid in full and undelivered work is not paid."
    )
}

pub fn offer_taken(offer: u64) -> String {
    format!("Made by accepting offer {offer}")
}
