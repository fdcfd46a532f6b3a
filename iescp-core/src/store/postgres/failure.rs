//! What an error of the database means for the store.
//!
//! **Not here**: whether a commit landed whose connection broke (`committer`).

use crate::store::{Key, StoreError};
use std::fmt;

/// An error on the way to or from the database.
#[derive(Debug)]
pub(super) enum Failure {
    /// The driver's or the server's.
    Sql(sqlx::Error),
    /// What was read is not what the store wrote, or the answer did not come.
    Store(StoreError),
}

impl Failure {
    /// No answer within the time that is allowed.
    pub(super) fn late() -> Self {
        Self::Store(StoreError::Failed("the database has not answered in time".into()))
    }

    /// Whether the same may succeed if it is done again on the same connection: others were in the way.
    pub(super) fn is_passing(&self) -> bool {
        matches!(self.code().as_deref(), Some("40001" | "40P01" | "55P03"))
    }

    /// Whether the connection is of no more use, or soon will not be, and the server said nothing of what was asked.
    pub(super) fn is_of_the_connection(&self) -> bool {
        matches!(self, Self::Sql(sqlx::Error::Io(_))) || matches!(self.code().as_deref(), Some("57P01" | "57P02"))
    }

    /// The server's own code, if it is the server that refused (PostgreSQL's manual, appendix A).
    fn code(&self) -> Option<String> {
        match self {
            Self::Sql(sqlx::Error::Database(error)) => error.code().map(|code| code.into_owned()),
            _ => None,
        }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        let code = failure.code();
        match (failure, code.as_deref()) {
            (Failure::Store(error), _) => error,
            (_, Some("40001" | "40P01" | "23505")) => Self::Conflict(Key::default()),
            (Failure::Sql(error), Some("53100")) => Self::Full(error.to_string()),
            (Failure::Sql(error), Some("XX001" | "XX002")) => Self::Corrupt(error.to_string()),
            (Failure::Sql(error), _) => Self::Failed(format!("the database: {error}")),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sql(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
        }
    }
}
