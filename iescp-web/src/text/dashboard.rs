//! Dashboards and charts.

use iescp_core::report::What;

pub const TITLE: &str = "Home";
pub const AS_TABLE: &str = "As a table";
pub const WHEN: &str = "When";
pub const WAITS: &str = "What waits for you";
pub const MORE_WAITS: &str = "There is more; this is the most urgent.";
pub const NOTHING_WAITS: &str = "Nothing waits for you";
pub const OVER: &str = "time is over";
pub const SINCE: &str = "since";

pub const FIRST: &str = "First steps";
pub const DONE: &str = "Done";
pub const PENDING: &str = "An admin looks at your account before your campaigns can be seen. You are told here and by mail; it rarely takes long. Meanwhile you can prepare:";
pub const REJECTED: &str = "Your account was not approved.";
pub const APPLY_AGAIN: &str = "Apply again";
pub const APPLIED_AGAIN: &str = "An admin looks at your account again.";

pub const EARNED: &str = "Earned in all";
pub const EARNED_BY_MONTH: &str = "Earned by month";
pub const EARNED_UNIT: &str = "Earned";
pub const ANSWERS_WITHIN: &str = "You answer within";
pub const ON_TIME: &str = "On time";
pub const RATING: &str = "Rating";
pub const NOT_YET: &str = "–";
pub const NOT_YET_TOLD: &str = "nothing to count yet";
pub const COMING: &str = "Coming up";
pub const ALL_EARNINGS: &str = "All earnings";

pub const CAMPAIGNS: &str = "Your campaigns";
pub const ALL_CAMPAIGNS: &str = "All campaigns";
pub const NEW_CAMPAIGN: &str = "New campaign";
pub const BUDGET: &str = "Budget";
pub const PAID: &str = "Paid";
pub const HELD: &str = "Promised";
pub const LEFT: &str = "Left";
pub const FUNNEL: &str = "How requests went";
pub const REQUESTS: &str = "All requests";
pub const OPEN: &str = "Open";
pub const AGREED: &str = "Agreed";
pub const ENDED: &str = "Ended without";
pub const REACH: &str = "Reach";
pub const REACH_TOLD: &str = "followers of those who work for you";
pub const COMMITTED: &str = "Promised and paid";

pub const PLATFORM: &str = "The platform";
pub const INFLUENCERS: &str = "Influencers";
pub const SPONSORS: &str = "Sponsors";
pub const ACTIVE_CAMPAIGNS: &str = "Open campaigns";
pub const OPEN_REQUESTS: &str = "Open requests";
pub const RUNNING: &str = "Running collaborations";
pub const MONEY_HELD: &str = "Money held";
pub const MONEY_PAID: &str = "Money paid";
pub const SUSPENDED: &str = "Suspended accounts";
pub const UNDER_REVIEW: &str = "Accounts under review";
pub const FLAGGED: &str = "Flagged campaigns";
pub const OVER_TIME: &str = "Over time";
pub const NO_DAYS: &str = "A picture of these figures is kept each day. The first appears here tomorrow.";
pub const ACCOUNTS_BY_DAY: &str = "Active accounts";
pub const CAMPAIGNS_BY_DAY: &str = "Open campaigns";
pub const REQUESTS_BY_DAY: &str = "Requests ever made";
pub const MONEY_BY_DAY: &str = "Money paid so far";
pub const ALL_STATES: &str = "Everything by state";

/// First steps: what, why, where, what the link says.
pub type Step = (&'static str, &'static str, &'static str, &'static str);

pub const INFLUENCER_STEPS: [Step; 4] = [
    (
        "Prove your e-mail address",
        "Open the link that we sent you. Without it no mails reach you.",
        "/settings/security",
        "Send it again",
    ),
    ("Complete your profile", "Say what you publish about and where: then sponsors find you.", "/settings", "Edit the profile"),
    ("Find a campaign", "Look for one that suits you and apply with your offer.", "/campaigns", "Look at campaigns"),
    (
        "Agree, deliver, get paid",
        "The money is set aside the moment you agree, and yours when the work is approved.",
        "/requests",
        "Your requests",
    ),
];

pub const SPONSOR_STEPS: [Step; 4] = [
    (
        "Prove your e-mail address",
        "Open the link that we sent you. Without it no mails reach you.",
        "/settings/security",
        "Send it again",
    ),
    ("Say who you are", "Creators look at your company before they agree.", "/settings", "Edit the profile"),
    (
        "Draft a campaign",
        "What you want shown, by when, for how much. Nobody sees a draft but you.",
        "/campaigns/new",
        "Draft a campaign",
    ),
    ("Find creators", "Search by niche, reach and price, keep a shortlist, invite.", "/influencers", "Find creators"),
];

pub fn greeting(name: &str) -> String {
    format!("Hello, {name}")
}

pub fn days(number: i64) -> String {
    format!("{number} days")
}

pub fn of_delivered(on_time: i64, delivered: i64) -> String {
    format!("{on_time} of {}", super::plural(delivered, ("delivery", "deliveries")))
}

pub fn ratings(number: i64) -> String {
    format!("from {}", super::plural(number, ("review", "reviews")))
}

/// What a task asks for, and the word on its button.
#[must_use]
pub const fn task(what: What) -> (&'static str, &'static str) {
    match what {
        What::Rule => ("Decide a dispute", "Decide"),
        What::Resolve => ("Look at a report", "Look"),
        What::Approve => ("Approve a sponsor", "Look"),
        What::AnswerInvitation => ("Answer an invitation", "Answer"),
        What::AnswerApplication => ("Answer an application", "Answer"),
        What::AnswerOffer => ("Answer an offer", "Answer"),
        What::ConfirmOffer => ("Confirm your offer: the campaign was edited", "Look"),
        What::AnswerSplit => ("Answer a proposal to end the collaboration", "Answer"),
        What::MakeChanges => ("Make the changes that were asked for", "Hand in"),
        What::HandIn => ("Hand in your work", "Hand in"),
        What::ReviewWork => ("Review the work", "Review"),
        What::LeaveReview => ("Say how it was to work together", "Review"),
        What::FundCampaign => ("Fund your campaign: it is open, but nobody can be hired yet", "Fund"),
        What::PublishCampaign => ("Finish and publish your draft", "Go on"),
        What::ProveEmail => ("Prove your e-mail address", "Send the link again"),
        What::CompleteProfile => ("Complete your profile", "Edit"),
    }
}

/// What the deadline of a task means.
#[must_use]
pub const fn deadline(what: What) -> &'static str {
    match what {
        What::ReviewWork => "counts as approved",
        What::HandIn | What::MakeChanges => "due",
        What::Rule => "settled by its rule",
        What::FundCampaign => "ends",
        _ => "open until",
    }
}
