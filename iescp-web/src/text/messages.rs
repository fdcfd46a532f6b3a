//! Messages.

pub const TITLE: &str = "Messages";
pub const NONE: &str = "No messages yet";
pub const NONE_INFLUENCER: &str =
    "Here you talk with sponsors: a thread begins with an application, an invitation, or when a sponsor writes to you.";
pub const NONE_SPONSOR: &str = "Here you talk with creators. Write to one from their profile, or invite one to a campaign.";
pub const NONE_ADMIN: &str = "Messages go between sponsors and influencers.";
pub const FIND_CAMPAIGNS: &str = "Look at campaigns";
pub const FIND_INFLUENCERS: &str = "Find creators";
pub const YOU: &str = "You";
pub const IMPORTED: &str = "Imported";
pub const BEGIN: &str = "Say hello. Nothing has been said yet.";
pub const EARLIER: &str = "Earlier messages";
pub const LATEST: &str = "Back to the latest";
pub const TEXT: &str = "Your message";
pub const SEND: &str = "Send";
pub const MARK: &str = "Mark as read";
pub const PROFILE: &str = "Profile";
pub const BLOCK: &str = "Block";
pub const BLOCK_TOLD: &str = "No messages, invitations or applications between you two from then on. They are not told.";
pub const BLOCK_ASK: &str = "Block this account";
pub const BLOCKED: &str = "Blocked. You can undo this here or in your settings.";
pub const UNBLOCK: &str = "Unblock";
pub const REPORT: &str = "Report";
pub const REPORT_THIS: &str = "Report this message";
pub const SEE: &str = "See it";
pub const ALL: &str = "All messages";

pub fn unread(number: i64) -> String {
    format!("{number} new")
}

pub fn with(name: &str) -> String {
    format!("Messages with {name}")
}
