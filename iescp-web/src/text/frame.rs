//! What stands around every page.

pub const SKIP: &str = "Skip to the content";
pub const MAIN: &str = "Main";
pub const MORE: &str = "More";
pub const SEARCH: &str = "Search";
pub const SEARCH_CAMPAIGNS: &str = "Search campaigns";
pub const SEARCH_INFLUENCERS: &str = "Search influencers";
pub const SIGN_IN: &str = "Sign in";
pub const REGISTER: &str = "Register";
pub const SIGN_OUT: &str = "Sign out";
pub const HOME: &str = "Home";
pub const CAMPAIGNS: &str = "Campaigns";
pub const INFLUENCERS: &str = "Influencers";
pub const REQUESTS: &str = "Requests";
pub const COLLABORATIONS: &str = "Collaborations";
pub const MESSAGES: &str = "Messages";
pub const NOTIFICATIONS: &str = "Notifications";
pub const SHORTLISTS: &str = "Shortlists";
pub const EARNINGS: &str = "Earnings";
pub const SETTINGS: &str = "Settings";
pub const ACCOUNTS: &str = "Accounts";
pub const ABUSE_REPORTS: &str = "Abuse reports";
pub const DISPUTES: &str = "Disputes";
pub const REPORTS: &str = "Reports";
pub const EXPORTS: &str = "Exports";
pub const AUDIT: &str = "Audit trail";
pub const JOBS: &str = "Jobs";
pub const MAILS: &str = "Mails";
pub const QUEUE: &str = "Queue";
pub const DEMO: &str = "This is a demonstration: everybody here is invented, and so is the money.";
pub const DEMO_LABEL: &str = "Demonstration";
pub const API: &str = "API";
pub const KEYS: &str = "Keys";
pub const CLOSE: &str = "Close";
pub const LOOK: &str = "Appearance";
pub const LIGHT: &str = "Light";
pub const DARK: &str = "Dark";
pub const AUTO: &str = "As the device";
pub const HELP: &str = "Keyboard";
pub const ERROR_TITLE: &str = "Error";
pub const DISMISS: &str = "Dismiss";
pub const OFFLINE: &str = "The server did not answer. Nothing was changed.";
pub const RETRY: &str = "Try again";
pub const NEWS: &str = "There is news here.";
pub const SHOW_NEWS: &str = "Show it";

pub const SHORTCUTS: [(&str, &str); 8] = [
    ("/", "Search"),
    ("g h", "Home"),
    ("g c", "Campaigns"),
    ("g r", "Requests"),
    ("g w", "Collaborations"),
    ("g m", "Messages"),
    ("g n", "Notifications"),
    ("?", "This help"),
];

pub fn unread(number: i64) -> String {
    format!("{} unread", if number > 99 { "more than 99".to_owned() } else { number.to_string() })
}

pub const FIRST_PAGE: &str = "To the beginning";
pub const NEXT_PAGE: &str = "Next page";
