//! Searching: what filters are called, and what is said of what was found.

pub const FILTERS: &str = "Filters";
pub const SHOW: &str = "Show results";
pub const SEARCH: &str = "Search";
pub const SORT: &str = "Order";
pub const NICHES: &str = "About";
pub const PLATFORMS: &str = "Where it is published";
pub const ANY: &str = "Any";
pub const RESULTS: &str = "Results";
pub const CHOSEN: &str = "Chosen filters";
pub const CLEAR: &str = "Clear all";
pub const GOES_ON: &str =
    "What you are looking for is rare: we have looked at a part of the list so far. The next page goes on from there.";
pub const LEAST: &str = "at least";
pub const MOST: &str = "at most";

pub fn without(filter: &str) -> String {
    format!("Remove the filter: {filter}")
}

pub fn from(value: &str) -> String {
    format!("from {value}")
}

pub fn up_to(value: &str) -> String {
    format!("up to {value}")
}
