//! Campaigns: finding them, reading them, running them.

use crate::text::plural;

pub const TITLE: &str = "Campaigns";
pub const SEARCH_TITLE: &str = "Open campaigns";
pub const SEARCH_TOLD: &str = "What sponsors look for right now. Applying costs nothing, and nobody else sees what you ask for.";
pub const SEARCH_LABEL: &str = "Search campaigns by words, topics or sponsors";
pub const SORTS: [(&str, &str); 5] = [
    ("relevance", "Best match"),
    ("newest", "Newest first"),
    ("budget", "Largest budget first"),
    ("rating", "Best rated sponsor first"),
    ("ending", "Ending soonest first"),
];
pub const BUDGET_MIN: &str = "Budget at least";
pub const BUDGET_MAX: &str = "Budget at most";
pub const STARTS_BY: &str = "Begins on or before";
pub const ENDS_FROM: &str = "Runs until at least";
pub const NONE_FOUND: &str = "No campaign fits";
pub const NONE_FOUND_TOLD: &str = "Try fewer filters or other words. New campaigns appear here as soon as sponsors publish them.";
pub const ALL: &str = "Show all campaigns";

pub const BUDGET: &str = "Budget";
pub const BUDGET_TOLD: &str = "for all creators together";
pub const ANYWHERE: &str = "Any platform";
pub const VERIFIED: &str = "Verified";
pub const NEW_SPONSOR: &str = "No reviews yet";
pub const BY: &str = "by";
pub const ENDS: &str = "ends";
pub const IN_BRIEF: &str = "In brief";
pub const DAYS: &str = "Runs";
pub const WHERE: &str = "Published on";
pub const ABOUT: &str = "About";
pub const LABEL: &str = "Must be labelled";
pub const VISIBILITY: &str = "Who sees it";
pub const PUBLIC: &str = "Everyone";
pub const PRIVATE: &str = "Only those who are invited";
pub const GOALS: &str = "What it is for";
pub const DOS: &str = "Please do";
pub const DONTS: &str = "Please do not";
pub const HASHTAGS: &str = "Hashtags";
pub const MENTIONS: &str = "Mention";
pub const NO_GOALS: &str = "Nothing is said yet about what this campaign is for.";

pub const APPLY: &str = "Apply";
pub const APPLY_TOLD: &str = "You name your price and what you will publish. The sponsor answers, or makes another offer; nothing binds you before both have signed.";
pub const APPLY_VISITOR: &str = "Sign in to apply";
pub const APPLY_VISITOR_TOLD: &str = "Creators apply with their own offer. It is free.";
pub const YOURS: &str = "See your negotiation";
pub const YOURS_TOLD: &str = "You and this sponsor are in touch about this campaign.";
pub const TAKES_NONE: &str = "This campaign takes no applications at the moment.";
pub const REPORT: &str = "Report this campaign";
pub const SPONSOR: &str = "The sponsor";

pub const MINE_TOLD: &str = "Everything you run, with what is committed, paid and left.";
pub const NEW: &str = "New campaign";
pub const OTHERS: &str = "Browse all open campaigns";
pub const BACK_TO_MINE: &str = "Your campaigns";
pub const TAB_ALL: &str = "All";
pub const STATES: &str = "Campaigns by state";
pub const NO_OWN: &str = "Your first campaign";
pub const NO_OWN_TOLD: &str =
    "A campaign says what you want, by when, and how much you can spend. Draft it now; nobody sees it until you publish it.";
pub const NONE_IN_STATE: &str = "No campaign here";
pub const NONE_IN_STATE_TOLD: &str = "None of your campaigns is in this state at the moment.";

pub const MONEY: &str = "Money";
pub const FUNDED: &str = "Paid in";
pub const FUNDED_TOLD: &str = "set aside on the platform";
pub const HELD: &str = "Held";
pub const HELD_TOLD: &str = "for work under way";
pub const PAID: &str = "Paid";
pub const PAID_TOLD: &str = "to creators";
pub const AVAILABLE: &str = "Available";
pub const AVAILABLE_TOLD: &str = "can still be promised";
pub const LEFT: &str = "Left";
pub const NO_MONEY: &str =
    "Nothing is paid in yet. You can negotiate, but offers can be accepted only with money on the campaign.";
pub const REQUESTS: &str = "Requests";
pub const SEE_REQUESTS: &str = "See all requests";
pub const FIND: &str = "Find creators to invite";
pub const NO_REQUESTS: &str = "No requests yet. Invite creators who fit, or wait for applications.";
pub const CAN_DO: &str = "What you can do";

pub const DRAFT_NOTICE: &str = "This is a draft. Only you see it.";
pub const DRAFT_ADMIN: &str = "This is a draft. Only its sponsor and admins see it.";
pub const PENDING_NOTICE: &str =
    "Your account waits for an admin's approval. Prepare everything now; you can pay in and publish once you are approved.";
pub const PAUSED_NOTICE: &str =
    "This campaign is paused: it takes no new requests, and open ones cannot be accepted. Work that was agreed goes on.";
pub const CLOSING_NOTICE: &str =
    "This campaign is ending: it takes nothing new, and is over once the last work under way is settled.";
pub const FLAGGED_NOTICE: &str = "An admin has flagged this campaign. It is not listed and takes no requests or agreements until the flag is gone; agreed work goes on.";
pub const FLAGGED_BADGE: &str = "Flagged";
pub const FLAGGED_WHY: &str = "The reason given:";
pub const PRIVATE_NOTICE: &str = "This campaign is private: only those you invite can see it.";

pub const EDIT: &str = "Edit";
pub const FUND: &str = "Pay in";
pub const FUND_TOLD: &str = "Money on the campaign is what you can promise. What is left at the end goes back to you.";
pub const PUBLISH: &str = "Publish";
pub const PUBLISH_TOLD: &str = "Everyone can see it and creators can apply from now on.";
pub const PUBLISH_PRIVATE_TOLD: &str = "Those you invite can see it from now on; it is never listed.";
pub const PAUSE: &str = "Pause";
pub const PAUSE_TOLD: &str = "No new requests, and open ones cannot be accepted, until you resume. Agreed work goes on.";
pub const RESUME: &str = "Resume";
pub const RESUME_TOLD: &str = "It takes requests again, and open ones can be accepted.";
pub const COMPLETE: &str = "Complete";
pub const COMPLETE_TOLD: &str = "End it as a success: nothing new, agreed work is finished and paid. This is final.";
pub const CANCEL: &str = "Cancel the campaign";
pub const CANCEL_TOLD: &str = "Call it off: nothing new, agreed work is still finished and paid. This is final.";
pub const REMOVE: &str = "Remove the draft";
pub const REMOVE_TOLD: &str = "Nobody has seen it, and nobody will.";
pub const KEEP: &str = "No, go back";
pub const FLAG: &str = "Flag this campaign";
pub const FLAG_TOLD: &str =
    "It is no longer listed and takes no requests or agreements. Its sponsor reads your reason. Agreed work goes on.";
pub const FLAG_REASON: &str = "Why";
pub const FLAG_REASON_HINT: &str = "The sponsor reads this.";
pub const UNFLAG: &str = "Take the flag off";
pub const UNFLAG_TOLD: &str = "It is again what its state says, and its sponsor is told.";
pub const ADMIN: &str = "As an admin";

pub const PUBLISHED: &str = "It is published.";
pub const PAUSED: &str = "It is paused.";
pub const RESUMED: &str = "It takes requests again.";
pub const COMPLETED: &str = "It takes nothing new and is complete with the last work under way.";
pub const CANCELLED: &str = "It is called off. Agreed work goes on to its end.";
pub const REMOVED: &str = "The draft is gone.";
pub const FLAGGED: &str = "It is flagged, and its sponsor is told.";
pub const UNFLAGGED: &str = "The flag is off, and its sponsor is told.";
pub const DRAFTED: &str = "Your draft is saved. Look it over, pay in, and publish it when you are ready.";
pub const SAVED: &str = "Your changes are saved.";
pub const PAYMENT_PENDING: &str = "The payment is on its way. It counts as soon as the payment provider confirms it.";

pub const AMOUNT: &str = "How much";
pub const AMOUNT_HINT: &str = "Suggested: what is missing up to your budget.";
pub const FUND_TITLE: &str = "Pay into the campaign";
pub const FUND_HELD: &str = "It stays on the campaign until you and a creator agree; then it is set aside for them, and is theirs once the work is approved. What is left at the end goes back to where it came from.";

pub const COMPLETE_ASK: &str = "Complete this campaign?";
pub const CANCEL_ASK: &str = "Cancel this campaign?";
pub const REMOVE_ASK: &str = "Remove this draft?";
pub const REMOVE_NO_UNDO: &str = "The draft and everything you wrote in it is gone for good. If money was paid in, the campaign is kept as cancelled, and the money goes back to you.";
pub const NO_NEW: &str = "It takes no new requests and is no longer listed.";
pub const NO_UNDO: &str = "It cannot be opened again. Its history stays.";

pub const FORM_NEW_TOLD: &str = "Only the title is needed for a draft. Nobody sees it until you publish it.";
pub const FORM_TITLE: &str = "Title";
pub const FORM_TITLE_HINT: &str = "What creators read first. Say what it is about in a few words.";
pub const FORM_BRIEF: &str = "The brief";
pub const FORM_GOALS: &str = "What is it for?";
pub const FORM_GOALS_HINT: &str = "The product, who should hear of it, and what you hope for.";
pub const FORM_DOS: &str = "What should creators do?";
pub const FORM_DONTS: &str = "What should they not do?";
pub const FORM_HASHTAGS: &str = "Hashtags to use";
pub const FORM_WORDS_HINT: &str = "Separated by commas.";
pub const FORM_MENTIONS: &str = "Accounts to mention";
pub const FORM_LABEL: &str = "How must advertising be labelled?";
pub const FORM_LABEL_HINT: &str = "Every piece must show this. Work without it cannot be handed in.";
pub const FORM_FIT: &str = "Who fits";
pub const FORM_NICHES: &str = "What is it about?";
pub const FORM_NICHES_HINT: &str = "Up to five. Creators find your campaign by these.";
pub const FORM_PLATFORMS: &str = "Where should it be published?";
pub const FORM_PLATFORMS_HINT: &str = "Choose none if any platform will do.";
pub const FORM_TERMS: &str = "Time and money";
pub const FORM_START: &str = "First day";
pub const FORM_END: &str = "Last day";
pub const FORM_BUDGET: &str = "Budget";
pub const FORM_BUDGET_HINT: &str =
    "The most you will spend on all creators together. You can raise it at any time, and lower it to what is committed.";
pub const FORM_VISIBILITY: &str = "Who may see it?";
pub const FORM_PUBLIC: &str = "Everyone";
pub const FORM_PUBLIC_TOLD: &str = "It is listed, and creators can apply.";
pub const FORM_PRIVATE: &str = "Only those I invite";
pub const FORM_PRIVATE_TOLD: &str = "It appears in no list and no search.";
pub const FORM_SAVE_DRAFT: &str = "Save the draft";
pub const FORM_SAVE: &str = "Save the changes";
pub const FORM_LEAVE: &str = "Leave without saving";
pub const FORM_VOIDS: &str = "Creators rely on these words. If you change the title, the brief, the label or the days, open offers are void until whoever made them confirms them.";
pub const STALE: &str = "Somebody has changed this campaign since you opened it, perhaps you in another window. What you typed is kept below, and nothing is saved yet. Send it again to put it in place of what is stored now:";
pub const STALE_SAME: &str = "nothing that you typed differs";
pub const STORED_EMPTY: &str = "(empty)";

pub fn description(sponsor: &str, budget: &str) -> String {
    format!("{sponsor} looks for creators. Budget {budget}. Apply with your own offer.")
}

pub fn edit_title(title: &str) -> String {
    format!("Edit “{title}”")
}

pub fn paid_in(amount: &str) -> String {
    format!("{amount} is paid in.")
}

pub fn page_of(what: &str, title: &str) -> String {
    format!("{what}: {title}")
}

pub fn starts(day: &str) -> String {
    format!("from {day}")
}

pub fn days(start: &str, end: &str) -> String {
    format!("{start} – {end}")
}

pub fn requests_expire(open: i64) -> String {
    match open {
        0 => "No request is open.".to_owned(),
        1 => "One open request expires now.".to_owned(),
        many => format!("{many} open requests expire now."),
    }
}

pub fn work_goes_on(running: i64) -> String {
    match running {
        0 => "No work is under way, so it is over at once.".to_owned(),
        running => format!(
            "{} under way: what was agreed is finished and paid first.",
            plural(running, ("piece of work is", "pieces of work are"))
        ),
    }
}

pub fn goes_back(amount: &str) -> String {
    format!("{amount} that is left goes back to you.")
}

pub fn others_by(company: &str) -> String {
    format!("More about {company}")
}
