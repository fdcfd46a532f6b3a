//! Earnings of influencers, spending of sponsors.

use iescp_core::ledger::Cause;

pub const EARNINGS: &str = "Earnings";
pub const EARNINGS_TOLD: &str = "What you earned, what you can withdraw, and every movement of it.";
pub const SPENDING: &str = "Spending";
pub const SPENDING_TOLD: &str = "Where the money of your campaigns is, and every movement of it.";
pub const AVAILABLE: &str = "You can withdraw";
pub const ON_ITS_WAY: &str = "On its way to you";
pub const EARNED: &str = "Earned in all";
pub const EARNED_BEFORE: &str = "Earned before";
pub const EARNED_BEFORE_TOLD: &str = "brought over from an earlier platform, and paid there";
pub const BY_MONTH: &str = "Earned by month";
pub const ENTRIES: &str = "Movements";
pub const DAY: &str = "Day";
pub const WHAT: &str = "What";
pub const AMOUNT: &str = "Amount";
pub const WITHDRAW: &str = "Withdraw …";
pub const WITHDRAW_TITLE: &str = "Withdraw earnings";
pub const WITHDRAW_AMOUNT: &str = "How much?";
pub const WITHDRAW_NEXT: &str = "Go on";
pub const CHECK_TITLE: &str = "Check your withdrawal";
pub const CHECK_TOLD: &str =
    "The amount leaves your earnings at once and is sent to you. If that fails, it comes back here and you are told.";
pub const CHECK_LEFT: &str = "Left on the platform";
pub const WITHDRAW_SEND: &str = "Withdraw it";
pub const WITHDRAW_DONE: &str = "Your withdrawal is on its way.";
pub const WITHDRAW_CHANGE: &str = "Change the amount";
pub const BACK: &str = "Back";
pub const TOO_LITTLE: &str = "Please write an amount of more than nothing.";
pub const NONE: &str = "Nothing earned yet";
pub const NONE_TOLD: &str = "When your work is approved, the amount appears here, and you can withdraw it.";
pub const FIND: &str = "Find campaigns";
pub const NO_SPENDING: &str = "Nothing spent yet";
pub const NO_SPENDING_TOLD: &str = "Once a campaign has money, you see here what is paid in, set aside, paid out and left.";
pub const NEW_CAMPAIGN: &str = "Prepare a campaign";
pub const CAMPAIGN: &str = "Campaign";
pub const BUDGET: &str = "Budget";
pub const FUNDED: &str = "Paid in";
pub const HELD: &str = "Set aside";
pub const PAID: &str = "Paid";
pub const LEFT: &str = "Left to promise";
pub const BY_CAMPAIGN: &str = "By campaign";
pub const ALL_MOVEMENTS: &str = "All movements";
pub const VIEWS: &str = "Spending";
pub const NO_ENTRIES: &str = "No movements yet.";
pub const TOTAL: &str = "These campaigns";
pub const NET: &str = "Paid in counts what was paid in less what went back to you.";

pub fn withdraw_told(most: &str) -> String {
    format!("You can withdraw up to {most}.")
}

pub fn too_much(most: &str) -> String {
    format!("You can withdraw at most {most}.")
}

/// What a movement was that stands for something before this platform: in, or out again at once.
pub const fn imported(comes_in: bool) -> &'static str {
    if comes_in { "Brought over from an earlier platform" } else { "Settled on that platform" }
}

/// What a movement was.
pub const fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Funded => "Paid in",
        Cause::Planned => "Budget planned",
        Cause::Held => "Set aside for work",
        Cause::Paid => "Paid for work",
        Cause::Returned => "Back to the campaign",
        Cause::Refunded => "Paid back",
        Cause::Withdrawn => "Withdrawal asked for",
        Cause::PaidOut => "Withdrawal sent",
        Cause::PayoutFailed => "Withdrawal failed: back in your earnings",
        Cause::Imported => "Brought over from before",
    }
}
