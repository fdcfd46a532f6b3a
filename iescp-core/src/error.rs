//! Everything that can go wrong, each a sentence for a person.

use crate::store::StoreError;
use std::fmt;

/// What operations answer.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation did not do what was asked. Each variant's text can be shown to the person who asked.
#[derive(Clone, PartialEq, Debug)]
pub enum Error {
    /// What was said is wrong in one or more places.
    Invalid(Vec<FieldError>),
    /// There is no such thing, or none that the actor may know of.
    NotFound,
    /// The actor must sign in (again).
    SignedOut(&'static str),
    /// The actor may see the thing but not do this to it.
    Forbidden(String),
    /// It could be done at another time or in another state.
    NotNow(Refusal),
    /// Somebody has it already: a user name, an open request for the same pair.
    Taken(FieldError),
    /// The thing changed since the actor read it.
    Stale,
    /// Too often; try again after so many seconds.
    TooOften {
        /// What was done too often, as a sentence.
        why: String,
        /// Seconds until it may succeed.
        retry_after: u64,
    },
    /// Too many tried at once; nothing was changed, try again.
    Busy,
    /// Something stored cannot be read as it should.
    Corrupt(String),
    /// The store did not answer as it should.
    Store(StoreError),
}

/// One thing that is wrong with what was said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldError {
    /// Where: the field's name, or a path such as `channels/0/url`.
    pub field: String,
    /// A stable word for programs, such as `too_long`.
    pub code: &'static str,
    /// A sentence for people.
    pub detail: String,
}

impl FieldError {
    /// A field, a stable code, a sentence.
    #[must_use]
    pub fn new(field: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self { field: field.into(), code, detail: detail.into() }
    }
}

/// Why something cannot be done in the present state.
#[derive(Clone, PartialEq, Debug)]
pub struct Refusal {
    /// A stable word for programs, such as `offer_changed`.
    pub code: &'static str,
    /// A sentence for people.
    pub why: String,
    /// What the actor should look at now, such as the offer that is on the table.
    pub current: Option<serde_json::Value>,
}

impl Error {
    /// One wrong field.
    #[must_use]
    pub fn invalid(field: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, code, detail)])
    }

    /// Refused in the present state.
    #[must_use]
    pub fn not_now(code: &'static str, why: impl Into<String>) -> Self {
        Self::NotNow(Refusal { code, why: why.into(), current: None })
    }

    /// Somebody has it already.
    #[must_use]
    pub fn taken(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Taken(FieldError::new(field, "taken", detail))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(fields) => {
                let mut first = true;
                for field in fields {
                    write!(f, "{}{}", if first { "" } else { " " }, field.detail)?;
                    first = false;
                }
                Ok(())
            }
            Self::NotFound => write!(f, "There is nothing here, or nothing that you may see."),
            Self::SignedOut(why) => write!(f, "{why}"),
            Self::Forbidden(why) => write!(f, "{why}"),
            Self::NotNow(refusal) => write!(f, "{}", refusal.why),
            Self::Taken(field) => write!(f, "{}", field.detail),
            Self::Stale => write!(f, "This was changed since you read it. Read it again before you change it."),
            Self::TooOften { why, .. } => write!(f, "{why}"),
            Self::Busy => write!(f, "Too many people are changing this at once. Nothing was changed; please try again."),
            Self::Corrupt(_) => {
                write!(f, "Something stored here is damaged; the people who run this platform can see what in the log.")
            }
            Self::Store(StoreError::Full(_)) => {
                write!(f, "There is no room to store this. Nothing was changed; please try again later.")
            }
            Self::Store(_) => write!(f, "The store did not answer. Nothing was changed as far as we know; please try again."),
        }
    }
}

impl std::error::Error for Error {}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(_) => Self::Busy,
            StoreError::Corrupt(why) => Self::Corrupt(why),
            other => Self::Store(other),
        }
    }
}
