//! Why a backup was not made, or cannot be read.

use crate::{Error, store::StoreError};
use std::{fmt, io};

/// Why a backup was not made or cannot be read: each a sentence for the person at the terminal.
#[derive(Debug)]
pub enum BackupError {
    /// Something stands where it should be written.
    Taken(String),
    /// These bytes are no backup, or not all of one, or not as they were written.
    Damaged(String),
    /// A newer version of this program made it.
    Newer(String),
    /// So much is written that changes are forgotten before they can be followed.
    TooBusy,
    /// The store failed.
    Store(StoreError),
    /// A file or its disk failed.
    Disk(io::Error),
}

impl fmt::Display for BackupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken(why) => f.write_str(why),
            Self::Damaged(why) => write!(f, "this is no whole backup: {why}"),
            Self::Newer(why) => write!(f, "a newer version of this program made this backup: {why}"),
            Self::TooBusy => f.write_str(
                "so much is written at the moment that its changes are forgotten before they can be followed; try again when it is quieter",
            ),
            Self::Store(error) => error.fmt(f),
            Self::Disk(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for BackupError {}

impl BackupError {
    pub(super) fn damaged(why: impl Into<String>) -> Self {
        Self::Damaged(why.into())
    }
}

impl From<io::Error> for BackupError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::damaged("it ends too early"),
            _ => Self::Disk(error),
        }
    }
}

impl From<StoreError> for BackupError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Error> for BackupError {
    fn from(error: Error) -> Self {
        match error {
            Error::Store(error) => Self::Store(error),
            Error::Corrupt(why) => Self::Store(StoreError::Corrupt(why)),
            other => Self::Store(StoreError::Failed(other.to_string())),
        }
    }
}
