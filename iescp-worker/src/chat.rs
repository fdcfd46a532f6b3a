//! Messages to people's chats: one request each, through the guard, which follows no redirect (S-48).
//!
//! A chat that refuses, or is not there, is an answer like any other: the sentence says which, and never holds the address, which
//! is a secret.
//!
//! **Not here**: whose chat, and whether it wants anything (`iescp_core::chat`), what is said there (`wording::chat`).

#[cfg(test)]
mod tests;

use crate::outside::{Asked, HeaderMap, NoAnswer, Outside, Rules, header};
use hyper::{Method, header::HeaderValue};
use iescp_core::Secret;
use serde_json::json;
use std::time::Duration;

/// How long a chat may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// No more of its answer is read.
const MOST_BYTES: usize = 64 * 1024;

/// Sends messages to chats. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Chats(Outside);

impl Default for Chats {
    fn default() -> Self {
        Self(Outside::new(Self::rules()))
    }
}

impl Chats {
    /// What may be asked of a chat.
    #[must_use]
    pub fn rules() -> Rules {
        Rules { time: PATIENCE, redirects: 0, bytes: MOST_BYTES, ..Rules::default() }
    }

    /// Over a guard of one's own: in tests.
    #[must_use]
    pub const fn over(outside: Outside) -> Self {
        Self(outside)
    }

    /// Says something in a chat.
    ///
    /// # Errors
    /// Why the chat did not take it, as a sentence.
    pub async fn say(&self, address: &Secret, text: &str) -> Result<(), String> {
        let body = json!({ "text": text }).to_string().into_bytes();
        let kind = HeaderValue::from_static("application/json; charset=UTF-8");
        let asked = Asked { method: Method::POST, headers: HeaderMap::from_iter([(header::CONTENT_TYPE, kind)]), body };
        let answer = self.0.ask(address.reveal(), &asked).await.map_err(|why| said_of(&why))?;
        let status = answer.status;
        match status.is_success() {
            true => Ok(()),
            false if status.is_redirection() => {
                Err(format!("The chat's server answered {}: it sends elsewhere, and that is not followed.", called(status)))
            }
            false => Err(format!("The chat's server answered {}.", called(status))),
        }
    }
}

/// A status with its name.
fn called(status: hyper::StatusCode) -> String {
    format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default()).trim_end().to_owned()
}

fn said_of(why: &NoAnswer) -> String {
    match why {
        NoAnswer::NotAllowed(why) => (*why).to_owned(),
        NoAnswer::TooLarge => "The chat's server answered more than is read.".to_owned(),
        other => other.to_string(),
    }
}
