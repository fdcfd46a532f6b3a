//! Every text that pages show, by the pages it stands on: the one place to change or translate it.
//!
//! A text with something in it is a function. What the core refuses, tells and names has its words in the core.
//!
//! Not here: mails (`iescp-worker`), the API's document.

pub mod accounts;
pub mod admin;
pub mod campaigns;
pub mod collaborations;
pub mod dashboard;
pub mod earnings;
pub mod errors;
pub mod exports;
pub mod forms;
pub mod frame;
pub mod influencers;
pub mod jobs;
pub mod landing;
pub mod languages;
pub mod mails;
pub mod messages;
pub mod monthly;
pub mod notifications;
pub mod pictures;
pub mod reports;
pub mod requests;
pub mod search;
pub mod settings;
pub mod shortlists;
pub mod style_guide;
pub mod time;
pub mod unsubscribe;
pub mod words;

/// A word with a capital at its head: niches as they are listed.
#[must_use]
pub fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// So many of something: `1 day`, `3 days`.
#[must_use]
pub fn plural(number: i64, (one, many): (&str, &str)) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
