//! Reporting abuse.

use iescp_core::moderation::{AbuseKind, AbuseState, Category, Outcome};

pub const TITLE: &str = "Report abuse";
pub const TOLD: &str = "Tell the people who run this platform what is wrong. Whoever you report is not told who did.";
pub const CATEGORY: &str = "What is wrong?";
pub const TEXT: &str = "In your words";
pub const TEXT_HINT: &str = "What happened, and where it can be seen.";
pub const SEND: &str = "Send the report";
pub const SENT: &str = "Thank you. An admin looks at it, and you are told what came of it.";
pub const ABOUT: &str = "You report";
pub const BLOCK_TOO: &str = "You can also block an account: then it cannot reach you any more.";

pub const fn about(kind: AbuseKind) -> &'static str {
    match kind {
        AbuseKind::Campaign => "a campaign",
        AbuseKind::Account => "an account",
        AbuseKind::Message => "a message",
    }
}

pub const fn category(category: Category) -> (&'static str, &'static str) {
    match category {
        Category::Spam => ("Spam", "Advertising nobody asked for."),
        Category::Fraud => ("Fraud", "Deception about money, identity or figures."),
        Category::Harassment => ("Harassment", "Insults, threats, stalking."),
        Category::Illegal => ("Illegal", "What the law or the rules forbid."),
        Category::Impersonation => ("Impersonation", "Somebody says they are who they are not."),
        Category::Other => ("Something else", ""),
    }
}

pub const fn outcome(outcome: Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Flag => ("Flag", "A campaign takes no new requests; an account is put under review."),
        Outcome::Suspend => ("Suspend", "The account behind it cannot sign in any more; its running work goes on."),
        Outcome::Dismiss => ("Dismiss", "Nothing is wrong."),
    }
}

pub const fn state(state: AbuseState) -> &'static str {
    match state {
        AbuseState::Open => "Open",
        AbuseState::Flagged => "Flagged",
        AbuseState::Suspended => "Suspended",
        AbuseState::Dismissed => "Dismissed",
    }
}
