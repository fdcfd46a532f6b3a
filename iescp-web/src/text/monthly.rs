//! Monthly reports: what the pages say around them. What stands in them has its words in the core.

use iescp_core::account::Role;

pub const TITLE: &str = "Monthly reports";
pub const TITLE_OF_ONE: &str = "Monthly report";
pub const NONE: &str = "No reports here";
pub const NONE_TOLD: &str =
    "A report is made on the first day of each month, about the month before. It never changes afterwards.";
pub const DOCUMENT: &str = "Document (PDF)";
pub const ALL: &str = "All months";
pub const LATEST: &str = "Latest";
pub const YEARS: &str = "Years";
pub const FIGURE: &str = "Figure";
pub const FORMULAS: &str = "How these figures are made";
pub const MADE: &str = "This report was made on";

pub const fn told(role: Role) -> &'static str {
    match role {
        Role::Admin => "What each month came to on this platform. A report never changes once it is made.",
        _ => "What each month came to for your campaigns. A report never changes once it is made, so you can forward it.",
    }
}
