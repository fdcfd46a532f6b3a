//! Time.

pub const NOW: &str = "just now";
pub const MINUTE: (&str, &str) = ("minute", "minutes");
pub const HOUR: (&str, &str) = ("hour", "hours");
pub const DAY: (&str, &str) = ("day", "days");
pub const MONTH: (&str, &str) = ("month", "months");
pub const YEAR: (&str, &str) = ("year", "years");

pub fn ago(span: &str) -> String {
    format!("{span} ago")
}

pub fn until(span: &str) -> String {
    format!("in {span}")
}
