//! Dashboards and charts.

pub const TITLE: &str = "Home";
pub const AS_TABLE: &str = "As a table";
pub const WHEN: &str = "When";

pub fn greeting(name: &str) -> String {
    format!("Hello, {name}")
}
