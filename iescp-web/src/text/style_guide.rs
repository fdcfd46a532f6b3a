//! The style guide.

pub const TITLE: &str = "Style guide";
pub const TOLD: &str = "Every part that pages are made of, in every state, as it is on this server now.";
