//! What an operation refused, as a page shows it.

use super::Refused;
use crate::problem::Problem;
use iescp_core::{Error, FieldError};
use poem::http::StatusCode;

/// What is wrong with what somebody sent: at fields, and in general. Nothing, to begin with.
#[derive(Clone, Default, Debug)]
pub struct Wrongs {
    /// At fields.
    pub fields: Vec<FieldError>,
    /// In general: a sentence.
    pub said: Option<String>,
    status: Option<StatusCode>,
}

impl Wrongs {
    /// What an error says that a person can mend on the page they are on.
    ///
    /// # Errors
    /// The error itself, when it is about something else: not found, signed out, our own failure.
    pub fn of(error: Error) -> Result<Self, Refused> {
        let sentence = error.to_string();
        match error {
            // Whoever began this asks for the password (`settings::again`).
            Error::NotNow(refusal) if refusal.code == "reauthenticate" => Err(Error::NotNow(refusal).into()),
            Error::Invalid(fields) => Ok(Self { fields, status: Some(StatusCode::UNPROCESSABLE_ENTITY), said: None }),
            Error::Taken(field) => Ok(Self { fields: vec![field], status: Some(StatusCode::UNPROCESSABLE_ENTITY), said: None }),
            Error::Forbidden(_) | Error::NotNow(_) | Error::Stale | Error::TooOften { .. } | Error::Busy => {
                Ok(Self { status: Some(Problem::from(error).status()), said: Some(sentence), fields: Vec::new() })
            }
            other => Err(other.into()),
        }
    }

    /// What could not be read.
    #[must_use]
    pub fn unread(fields: Vec<FieldError>) -> Self {
        let status = (!fields.is_empty()).then_some(StatusCode::UNPROCESSABLE_ENTITY);
        Self { fields, status, said: None }
    }

    /// A sentence in general.
    #[must_use]
    pub fn sentence(said: impl Into<String>) -> Self {
        Self { said: Some(said.into()), status: Some(StatusCode::UNPROCESSABLE_ENTITY), fields: Vec::new() }
    }

    /// With what could not be read, which goes before what an operation said of the same fields.
    #[must_use]
    pub fn and_unread(mut self, unread: Vec<FieldError>) -> Self {
        self.fields.retain(|wrong| unread.iter().all(|known| known.field != wrong.field));
        self.fields.splice(0..0, unread);
        self
    }

    /// With another name for a field, where the form's differs from the operation's.
    #[must_use]
    pub fn renamed(mut self, from: &str, to: &str) -> Self {
        for wrong in self.fields.iter_mut().filter(|wrong| wrong.field == from) {
            to.clone_into(&mut wrong.field);
        }
        self
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.said.is_none()
    }

    /// What is wrong at a field.
    #[must_use]
    pub fn at(&self, field: &str) -> Option<String> {
        let said: Vec<&str> =
            self.fields.iter().filter(|wrong| wrong.field == field).map(|wrong| wrong.detail.as_str()).collect();
        (!said.is_empty()).then(|| said.join(" "))
    }

    /// The status of the page that shows them.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status.unwrap_or(StatusCode::OK)
    }
}
