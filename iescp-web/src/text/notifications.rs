//! The notification centre.

use iescp_core::notification::Notification;

pub const TITLE: &str = "Notifications";
pub const SHOWN: &str = "Which notifications";
pub const ALL: &str = "All";
pub const READ_ALL: &str = "Mark all as read";
pub const READ: &str = "Mark as read";
pub const READ_DONE: &str = "All read.";
pub const UNREAD_MARK: &str = "New:";
pub const NONE: &str = "Nothing new";
pub const NONE_TOLD: &str = "You have read everything. What concerns you appears here the moment it happens.";
pub const NONE_EVER: &str = "No notifications yet";
pub const NONE_EVER_TOLD: &str = "Offers, answers, work, payments: what concerns you appears here the moment it happens.";
pub const CHOOSE_MAILS: &str = "Choose what comes by e-mail";

pub fn unread(number: i64) -> String {
    if number == 0 { "Unread".to_owned() } else { format!("Unread ({number})") }
}

/// What a notification says more than its kind.
#[must_use]
pub fn more(told: &Notification) -> Option<&'static str> {
    let says = |field: &str| told.detail.get(field).and_then(serde_json::Value::as_str);
    Some(match says("what")? {
        "verified" => "Your company now carries the verified mark.",
        "unverified" => "Your company no longer carries the verified mark.",
        "sessions_ended" => "All your sessions were ended; you can sign in again.",
        "password_reset_started" => "A link to choose a new password was sent to you.",
        "reinstated" => "Your suspension is over.",
        "suspended" => "Your account was suspended.",
        "password" => "It was your password.",
        "second_factor" => "It was your second factor.",
        "email" => "It was your e-mail address.",
        _ => return None,
    })
}
