//! What goes wrong, with which status: one table for JSON and for HTML.
//!
//! Everything that fails travels as an error to the edge of the house, where [`Edge::settle`] makes it RFC 9457
//! `application/problem+json` under `/api` and a page elsewhere. Details of our own failures go to the log with the
//! request's id and never to the client.
//!
//! Not here: sentences about the domain; the core says those.

mod edge;
mod foreign;
pub mod kinds;
#[cfg(test)]
mod tests;

pub use edge::Edge;
pub use foreign::from_poem;
pub use kinds::{KINDS, Kind};

use iescp_core::{Error, FieldError, Refusal};
use poem::http::StatusCode;
use serde_json::{Value, json};
use std::fmt;

/// After how many seconds it is worth trying again when the store did not answer.
const AWAY: u64 = 5;

/// Something that went wrong, ready to be shown to whoever asked.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// Which kind, and with it status, title and documentation.
    pub kind: &'static Kind,
    /// A stable word for programs, finer than the kind.
    pub code: &'static str,
    /// A sentence for a person.
    pub detail: String,
    /// The places that are wrong, when there are such.
    pub errors: Vec<FieldProblem>,
    /// What the caller should look at now: a member's name and its value.
    pub current: Option<Box<(&'static str, Value)>>,
    /// Seconds until it may succeed.
    pub retry_after: Option<u32>,
    /// The methods that the path does know.
    pub allow: Option<Box<str>>,
    /// What only the log may know.
    pub internal: Option<Box<str>>,
}

/// One wrong place in a request.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct FieldProblem {
    /// JSON pointer into the body, or `/` and a parameter's name.
    pub pointer: String,
    /// A stable word for programs, such as `too_long`.
    pub code: &'static str,
    /// A sentence for a person.
    pub detail: String,
}

impl FieldProblem {
    /// A place, a word, a sentence.
    pub fn new(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, detail: detail.into() }
    }
}

impl Problem {
    /// A problem of a kind, said in a sentence.
    #[must_use]
    pub fn new(kind: &'static Kind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            code: kind.code,
            detail: detail.into(),
            errors: Vec::new(),
            current: None,
            retry_after: None,
            allow: None,
            internal: None,
        }
    }

    /// The same with a finer word for programs.
    #[must_use]
    pub fn coded(self, code: &'static str) -> Self {
        Self { code, ..self }
    }

    /// The same with the places that are wrong.
    #[must_use]
    pub fn at(self, errors: Vec<FieldProblem>) -> Self {
        Self { errors, ..self }
    }

    /// The same with a hint when to try again.
    #[must_use]
    pub fn again_in(self, seconds: u64) -> Self {
        Self { retry_after: Some(u32::try_from(seconds).unwrap_or(u32::MAX)), ..self }
    }

    /// The same with the size of the file of which a part was asked for.
    #[must_use]
    pub fn sized(self, bytes: u64) -> Self {
        Self { current: Some(Box::new(("current", json!({ "bytes": bytes })))), ..self }
    }

    /// Our own failure; `why` is for the log.
    #[must_use]
    pub fn internal(why: impl fmt::Display) -> Self {
        let detail = "Something went wrong on our side. Please tell the people who run this platform the request's id.";
        Self { internal: Some(why.to_string().into()), ..Self::new(&kinds::INTERNAL, detail) }
    }

    /// A parameter that cannot be read.
    #[must_use]
    pub fn parameter(name: &str, code: &'static str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self::new(&kinds::BAD_PARAMETER, detail.clone()).at(vec![FieldProblem::new(pointer(name), code, detail)])
    }

    /// The status it is answered with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.kind.status
    }
}

/// The member that carries what the caller should look at now.
fn current_member(code: &str) -> &'static str {
    if code.starts_with("offer") { "offer" } else { "current" }
}

/// A field's path as a JSON pointer.
fn pointer(field: &str) -> String {
    if field.is_empty() || field.starts_with('/') { field.to_owned() } else { format!("/{field}") }
}

impl From<&FieldError> for FieldProblem {
    fn from(error: &FieldError) -> Self {
        Self::new(pointer(&error.field), error.code, error.detail.clone())
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let sentence = error.to_string();
        match error {
            Error::Invalid(fields) => Self::new(&kinds::INVALID, sentence).at(fields.iter().map(FieldProblem::from).collect()),
            Error::NotFound => Self::new(&kinds::NOT_FOUND, sentence),
            Error::SignedOut(_) => Self::new(&kinds::SIGNED_OUT, sentence),
            Error::Forbidden(_) => Self::new(&kinds::FORBIDDEN, sentence),
            Error::NotNow(Refusal { code, current, .. }) => Self {
                current: current.map(|it| Box::new((current_member(code), it))),
                ..Self::new(&kinds::NOT_NOW, sentence).coded(code)
            },
            Error::Taken(field) => Self::new(&kinds::TAKEN, sentence).at(vec![FieldProblem::from(&field)]),
            Error::Stale => Self::new(&kinds::STALE, sentence),
            Error::TooOften { retry_after, .. } => Self::new(&kinds::QUOTA, sentence).again_in(retry_after),
            Error::Busy => Self::new(&kinds::BUSY, sentence).again_in(1),
            Error::Corrupt(why) => Self { internal: Some(why.into()), ..Self::new(&kinds::CORRUPT, sentence) },
            Error::Store(why) => {
                let full = matches!(why, iescp_core::store::StoreError::Full(_));
                let problem = if full {
                    Self::new(&kinds::STORE_FULL, sentence)
                } else {
                    Self::new(&kinds::STORE, sentence).again_in(AWAY)
                };
                Self { internal: Some(why.to_string().into()), ..problem }
            }
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl std::error::Error for Problem {}

impl poem::error::ResponseError for Problem {
    fn status(&self) -> StatusCode {
        Problem::status(self)
    }
}
