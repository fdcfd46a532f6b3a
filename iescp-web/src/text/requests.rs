//! Negotiations: lists, offers, answers.

use super::plural;

pub const TITLE: &str = "Requests";
pub const TOLD_SPONSOR: &str = "What influencers ask of your campaigns, and whom you invited.";
pub const TOLD_INFLUENCER: &str = "Campaigns you applied to, and sponsors who invite you.";
pub const STATES: &str = "Requests by state";
pub const OF_CAMPAIGN: &str = "Requests to this campaign";
pub const ALL_CAMPAIGNS: &str = "Show those of all campaigns";
pub const TABS: [(&str, &str); 6] = [
    ("open", "Open"),
    ("accepted", "Agreed"),
    ("rejected", "Declined"),
    ("withdrawn", "Withdrawn"),
    ("expired", "Expired"),
    ("all", "All"),
];
pub const YOUR_TURN: &str = "Your turn";
pub const THEIR_TURN: &str = "Waiting for the other side";
pub const OTHERS: &str = "Open requests";
pub const EXPIRES: &str = "expires";
pub const ENDED: &str = "ended";
pub const A_CAMPAIGN: &str = "A campaign that is no longer listed";

pub const NONE: &str = "No open requests";
pub const NONE_SPONSOR: &str =
    "When influencers apply to your campaigns, or answer your invitations, their offers wait here for your answer.";
pub const NONE_INFLUENCER: &str =
    "When you apply to a campaign, or a sponsor invites you, you negotiate here: offer, counter-offer, agreement.";
pub const FIND_CREATORS: &str = "Find creators to invite";
pub const FIND_CAMPAIGNS: &str = "Find campaigns";
pub const NONE_SO: &str = "None here";
pub const NONE_SO_TOLD: &str = "No request has come so far. Those that are still open are under “Open”.";
pub const SHOW_OPEN: &str = "Show the open ones";

pub fn waiting(number: usize) -> String {
    format!("{} for your answer.", if number == 1 { "1 request waits".to_owned() } else { format!("{number} requests wait") })
}

pub fn applied(name: &str) -> String {
    format!("{name} applied")
}

pub fn invited(name: &str) -> String {
    format!("{name} invited you")
}

pub const YOU_APPLIED: &str = "You applied";
pub const YOU_INVITED: &str = "You invited them";
pub const INVITED_YOU: &str = "Invited you";
pub const APPLIED_TO_YOU: &str = "Applied to you";
pub const APPLIED: &str = "Applied";
pub const INVITED: &str = "Was invited";
pub const WITH: &str = "with";

/// What the page of a negotiation is called.
pub fn title_of(campaign: &str, other: &str) -> String {
    format!("Request: {campaign} {WITH} {other}")
}

// One negotiation.
pub const OFFERS: &str = "Offers";
pub const ON_TABLE: &str = "On the table";
pub const AGREED_OFFER: &str = "Agreed";
pub const LAST: &str = "Their last offer";
pub const YOUR_LAST: &str = "Your last offer";
pub const YOU: &str = "You";
pub const AMOUNT: &str = "Pays";
pub const DUE: &str = "All due by";
pub const WORK: &str = "Work";
pub const RIGHTS: &str = "Use of the work";
pub const NO_RIGHTS: &str = "Nothing is said about further use.";
pub const SIGNED_AS: &str = "Signed";
pub const ADDED: &str = "New";
pub const REMOVED: &str = "Removed";
pub const CHANGED: &str = "Changed";
pub const WAS: &str = "was";
pub const NO_CHANGE: &str = "The same terms as the offer before.";
pub const CAMPAIGN: &str = "The campaign";
pub const SHOW_CAMPAIGN: &str = "Look at the campaign";
pub const SHOW_PROFILE: &str = "Look at the profile";
pub const WRITE: &str = "Write a message";
pub const BACK: &str = "Back to the negotiation";
pub const LEFT: &str = "Left to promise";
pub const LEFT_AFTER: &str = "Left after this offer";
pub const NOT_ENOUGH: &str = "The campaign cannot pay this now: pay more in first, or agree on less. Accepting would be refused.";
pub const RATES: &str = "What they usually ask";
pub const OWN_RATES: &str = "What you usually ask";
pub const RATES_EACH: &str = "for one piece";
pub const NO_RATES: &str = "No rate card yet.";
pub const REACH: &str = "Followers";

pub const NO_OFFER: &str = "Nobody has named terms yet";
pub const NO_OFFER_TOLD: &str =
    "This request was brought over from an earlier platform, which kept no amount. Either of you may make the first offer.";
pub const FIRST_OFFER: &str = "Make the first offer …";
pub const FIRST_OFFER_TITLE: &str = "Make the first offer";

pub fn offer(number: u64) -> String {
    format!("Offer {number}")
}

pub fn your_turn(offer: &str, name: &str) -> String {
    format!("It is your turn: answer {name}’s {}", offer.to_lowercase())
}

pub fn their_turn(name: &str) -> String {
    format!("{name} has the next word")
}

pub const IF_NOBODY_YOU: &str = "If you do not answer, this request expires and nothing is agreed. It expires";
pub const IF_NOBODY_THEY: &str = "If there is no answer, this request expires and nothing is agreed. It expires";
pub const VOIDED_YOU: &str =
    "The campaign was edited after your offer. Look at it again: confirm your offer as it is, change it, or withdraw.";
pub const VOIDED_THEY: &str = "The campaign was edited after this offer. Its maker must confirm or change it before you can accept; you can make an offer of your own now.";
pub const FINAL: &str = "They say that this is their last offer: accept or decline it.";
pub const NOT_SEEN: &str = "An admin looks at this negotiation; only its two sides can answer.";

pub const ACCEPT: &str = "Accept …";
pub const COUNTER: &str = "Make another offer";
pub const REJECT: &str = "Decline";
pub const AMEND: &str = "Change my offer";
pub const CONFIRM: &str = "Confirm my offer";
pub const WITHDRAW: &str = "Withdraw";

pub fn ended(state: &str, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("{state} by {name}"),
        None => state.to_owned(),
    }
}

pub const EXPIRED_TOLD: &str = "Nobody answered in time, or the campaign ended. Nothing was agreed; either side can ask again.";
pub const AGREED_TOLD: &str = "Both signed. The work and the money go on in the collaboration.";
pub const GO_ON: &str = "Go to the collaboration";
pub const REASON_GIVEN: &str = "In their words:";

// What follows.
pub const FOLLOWS: &str = "If this is accepted";
pub const AT_ONCE: &str = "At once";
pub const WITHIN: &str = "Within";
pub const BY: &str = "By";
pub const AT_LATEST: &str = "at the latest";
pub const SET_ASIDE: &str = "is set aside for this work from the campaign’s budget. Neither side can take it back alone.";
pub const DELIVER_YOU: &str = "You publish the work and send the links.";
pub const PAID_YOU: &str = "is yours to withdraw. This is the latest day if you deliver on time and no changes are asked for; an early delivery or approval brings it sooner.";

pub fn deliver(name: &str) -> String {
    format!("{name} publishes the work and sends the links.")
}

pub fn review_you(rounds: i64) -> String {
    format!(
        "You look at the work. You can ask for changes {}; if you do not answer in time, it counts as approved.",
        times(rounds)
    )
}

pub fn review(name: &str, rounds: i64) -> String {
    format!("{name} looks at the work, and can ask for changes {}. No answer in time counts as approval.", times(rounds))
}

fn times(rounds: i64) -> String {
    match rounds {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        many => format!("{many} times"),
    }
}

pub fn paid(name: &str) -> String {
    format!("goes to {name}, unless you ask for changes or open a dispute before.")
}

/// A piece of work: `2 reels on Instagram`.
pub fn work(count: u32, format: (&str, &str), platform: &str) -> String {
    format!("{} on {platform}", plural(i64::from(count), format))
}

// The form of an offer.
pub const APPLY: &str = "Apply";
pub const APPLY_TOLD: &str = "Say what you would do and for how much. The sponsor accepts, answers with another offer, or declines; nothing is agreed before both signed.";
pub const APPLY_SEND: &str = "Send the application";
pub const APPLY_DONE: &str = "Your application is on its way. The sponsor has the next word.";
pub const INVITE_TOLD: &str =
    "Offer terms. They accept, answer with another offer, or decline; nothing is agreed and no money moves before both signed.";
pub const INVITE_SEND: &str = "Send the invitation";
pub const INVITE_DONE: &str = "Your invitation is on its way. They have the next word.";
pub const INVITE_TO: &str = "To which campaign?";
pub const NO_OPEN: &str = "No open campaign to invite to";
pub const NO_OPEN_TOLD: &str = "People are invited to a campaign that is published. Prepare one, or publish one that is ready.";
pub const NEW_CAMPAIGN: &str = "Prepare a campaign";
pub const CHOOSE_CAMPAIGN: &str = "Please choose one of your open campaigns.";
pub const ALREADY_OPEN: &str = "You are negotiating about this campaign already: here is where you stand.";
pub const COUNTER_TOLD: &str = "Everything is filled in as the offer on the table has it. Change what you want otherwise.";
pub const COUNTER_SEND: &str = "Send this offer";
pub const COUNTER_DONE: &str = "Your offer is on the table. The other side has the next word.";
pub const AMEND_TOLD: &str = "Your new offer replaces the one on the table; the other side is told and must look again.";
pub const AMEND_DONE: &str = "Your changed offer is on the table.";
pub const CONFIRM_DONE: &str = "Your offer stands again.";
pub const F_AMOUNT_YOU: &str = "What you are paid";
pub const F_AMOUNT: &str = "What the influencer is paid";
pub const F_AMOUNT_HINT: &str = "For all of the work together.";
pub const F_DUE: &str = "All of it is due by";
pub const F_DUE_HINT: &str = "At most 30 days after the campaign’s last day.";
pub const F_WORK: &str = "What is delivered";
pub const F_FORMAT: &str = "Format";
pub const F_PLATFORM: &str = "Where";
pub const F_COUNT: &str = "How many";
pub const F_OWN_DUE: &str = "Due earlier";
pub const F_MORE: &str = "Add another piece of work";
pub const F_REMOVE: &str = "Remove this piece";
pub const F_RIGHTS: &str = "What the sponsor may do with the work";
pub const F_RIGHTS_HINT: &str = "For example: share it on the sponsor’s own channels for three months.";
pub const F_NOTE: &str = "A word to the other side";
pub const F_EXPIRES: &str = "How long the offer stands";
pub const F_FINAL: &str = "This is my last offer: accept or decline";
pub const F_SIGNED: &str = "Sign with your name";
pub const F_SIGNED_HINT: &str = "If the other side accepts, this is your signature under the agreement.";
pub const STANDS: [(&str, &str); 5] = [("1", "1 day"), ("3", "3 days"), ("7", "7 days"), ("14", "14 days"), ("30", "30 days")];

pub fn piece(number: usize) -> String {
    format!("Piece of work {number}")
}

pub fn apply_to(title: &str) -> String {
    format!("Apply to “{title}”")
}

pub fn invite(name: &str) -> String {
    format!("Invite {name}")
}

pub fn counter_to(offer: u64) -> String {
    format!("Answer offer {offer} with your own")
}

pub fn amend_own(offer: u64) -> String {
    format!("Change your offer {offer}")
}

// Answers.
pub const CHECK: &str = "Check what you agree to";
pub const CHECK_TOLD: &str =
    "Once you sign, this is an agreement between you two: it is frozen, and neither side can change it alone.";
pub const CHANGED_MEANWHILE: &str = "The offer changed while you were reading. This is the new one; what is different is marked.";
pub const PARTIES: &str = "Who agrees";
pub const SPONSOR: &str = "Sponsor";
pub const INFLUENCER: &str = "Influencer";
pub const TERMS: &str = "What is agreed";
pub const BRIEF: &str = "What the campaign asks";
pub const LABEL: &str = "Each piece must show";
pub const GOALS: &str = "Goals";
pub const DOS: &str = "Do";
pub const DONTS: &str = "Do not";
pub const TAGS: &str = "Hashtags and mentions";
pub const SIGN: &str = "Type your name to sign";
pub const SIGN_HINT: &str = "Your full name, or the name you do business by.";
pub const SIGN_SEND: &str = "Accept and sign";
pub const ACCEPTED: &str = "Agreed! The money is set aside, and the agreement is on record for both of you.";
pub const REJECT_TITLE: &str = "Decline this offer?";
pub const REJECT_TOLD: &str = "The negotiation ends and nothing is agreed. The one who asked can ask again after a week.";
pub const REJECT_SEND: &str = "Decline the offer";
pub const REJECT_DONE: &str = "You declined. The other side is told why.";
pub const REASON: &str = "Why?";
pub const REASON_HINT: &str = "The other side reads this. A short, kind reason helps both of you next time.";
pub const WITHDRAW_TITLE: &str = "Withdraw this request?";
pub const WITHDRAW_TOLD: &str = "Your offer leaves the table and the negotiation ends. You can ask again after a week.";
pub const WITHDRAW_SEND: &str = "Withdraw the request";
pub const WITHDRAW_DONE: &str = "You withdrew. The other side is told.";
pub const KEEP: &str = "Keep negotiating";
