//! Where mails go: a server, a folder, a database, or the memory of this process.
//!
//! A job may run twice, so a mailer may be given the same mail twice: its [`key`](Mail::key) tells.
//!
//! - `smtp` is the server, `shared` the database; `kept` reads what stays in all but the server.

mod kept;
mod shared;
mod smtp;
#[cfg(test)]
mod tests;

pub use kept::{Destination, KeptMail, LatestMails};
pub use shared::SharedMailer;
pub use smtp::{Protection, SmtpMailer, SmtpServer, SmtpSettings};

use crate::mail::Mail;
use std::{
    collections::VecDeque,
    fmt,
    fs::{self, DirBuilder, File, OpenOptions},
    future::Future,
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

/// What sending gives: a boxed future, so that `Arc<dyn Mailer>` works.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), MailError>> + Send + 'a>>;

/// Sends mails.
pub trait Mailer: Send + Sync + 'static {
    /// Sends one. It has left for good when this succeeds; after an error it may be given again.
    fn send(&self, mail: Mail) -> Sending<'_>;
}

/// Why a mail was not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailError {
    why: String,
    refused: bool,
}

impl MailError {
    /// It could not be sent now; another time may do.
    #[must_use]
    pub fn failed(why: impl Into<String>) -> Self {
        Self { why: why.into(), refused: false }
    }

    /// It was refused for good: trying again will not help.
    #[must_use]
    pub fn refused(why: impl Into<String>) -> Self {
        Self { why: why.into(), refused: true }
    }

    /// Whether it was refused for good.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.refused
    }
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the mail was not sent: {}", self.why)
    }
}

impl std::error::Error for MailError {}

/// Writes each mail into a file of a folder, where mail programs open it. The file is named by the mail's key, so the same mail
/// given twice is one file. Only its owner can read the folder: mails hold links that open accounts.
#[derive(Clone, Debug)]
pub struct FolderMailer(PathBuf);

impl FolderMailer {
    /// Writes into this folder; makes it if there is none.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn open(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        Ok(Self(folder))
    }
}

impl Mailer for FolderMailer {
    fn send(&self, mail: Mail) -> Sending<'_> {
        let folder = self.0.clone();
        Box::pin(async move {
            let written = tokio::task::spawn_blocking(move || put(&folder, &mail)).await;
            written.unwrap_or_else(|ended| Err(io::Error::other(ended))).map_err(|error| MailError::failed(error.to_string()))
        })
    }
}

/// Writes a mail so that a crash leaves all of it or nothing.
fn put(folder: &Path, mail: &Mail) -> io::Result<()> {
    let draft = folder.join(format!(".{}", Uuid::now_v7()));
    let written = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft).and_then(|mut file| {
        file.write_all(&mail.message().formatted())?;
        file.sync_all()?;
        fs::rename(&draft, folder.join(mail.file_name()))
    });
    if let Err(error) = written {
        let _gone = fs::remove_file(&draft);
        return Err(error);
    }
    File::open(folder)?.sync_all()
}

/// Keeps the last thousand mails in memory: for tests, and for a store that ends with the process.
#[derive(Clone, Debug, Default)]
pub struct MemoryMailer(Arc<Mutex<VecDeque<Mail>>>);

impl MemoryMailer {
    /// How many mails are kept.
    const MOST: usize = 1000;

    /// The mails, oldest first; one that was given twice is there twice.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

impl Mailer for MemoryMailer {
    fn send(&self, mail: Mail) -> Sending<'_> {
        Box::pin(async move {
            let mut mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if mails.len() == Self::MOST {
                mails.pop_front();
            }
            mails.push_back(mail);
            Ok(())
        })
    }
}
