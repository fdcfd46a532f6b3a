//! Forms.

pub const SUMMARY: &str = "There is a problem";
pub const OPTIONAL: &str = "(optional)";
pub const SHOW_PASSWORD: &str = "Show";
pub const CHOOSE: &str = "Please choose";
