//! Every text that pages show, by the pages it stands on: the one place to change or translate it.
//!
//! A text with something in it is a function. What the core refuses, tells and names has its words in the core.
//!
//! Not here: mails (`iescp-worker`), the API's document.

pub mod accounts;
pub mod admin;
pub mod dashboard;
pub mod errors;
pub mod forms;
pub mod frame;
pub mod landing;
pub mod languages;
pub mod messages;
pub mod notifications;
pub mod reports;
pub mod settings;
pub mod style_guide;
pub mod time;
pub mod words;

/// With a capital letter first.
#[must_use]
pub fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

/// So many of something: `1 day`, `3 days`.
#[must_use]
pub fn plural(number: i64, (one, many): (&str, &str)) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
