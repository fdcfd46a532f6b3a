//! Mails that stay where they were written, for whoever may look at them: those of a folder, of a
//! database, or of this process's memory.
//!
//! **Not here**: who may look, and how mails are shown (the web's).

use super::{FolderMailer, MemoryMailer, SharedMailer, SmtpServer};
use jiff::Timestamp;
use mail_parser::{Address, Message, MessageParser};
use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
    time::SystemTime,
};

/// No more files of a folder are looked at for the latest.
const MOST_FILES: usize = 200_000;

/// No more of a file is read.
const MOST_BYTES: u64 = 1 << 20;

/// Where mails go from here.
#[derive(Clone, Debug, Default)]
pub enum Destination {
    /// Nowhere: another process sends them, if any does.
    #[default]
    Elsewhere,
    /// Into a folder.
    Folder(FolderMailer),
    /// Into the database that several processes share.
    Shared(SharedMailer),
    /// Into this process's memory.
    Memory(MemoryMailer),
    /// To a mail server.
    Server(SmtpServer),
}

/// A mail that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptMail {
    /// By what name it is found again.
    pub name: String,
    /// When it was written.
    pub at: Timestamp,
    /// From whom.
    pub from: String,
    /// To whom.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// The latest mails.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LatestMails {
    /// The latest first.
    pub mails: Vec<KeptMail>,
    /// How many are kept altogether.
    pub kept: usize,
}

impl Destination {
    /// The latest mails that are kept; none, where none are.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn latest(&self, limit: usize) -> io::Result<LatestMails> {
        match self {
            Self::Folder(FolderMailer(folder)) => {
                let folder = folder.clone();
                blocking(move || latest_of(&folder, limit)).await
            }
            Self::Shared(shared) => {
                let (mails, kept) = shared.latest(limit).await?;
                Ok(LatestMails { mails: mails.iter().filter_map(|(name, bytes)| read(name, bytes)).collect(), kept })
            }
            Self::Memory(memory) => {
                let mails = memory.mails();
                let latest = mails.iter().rev().take(limit);
                let read = latest.filter_map(|mail| read(&mail.file_name(), &mail.message().formatted())).collect();
                Ok(LatestMails { mails: read, kept: mails.len() })
            }
            Self::Elsewhere | Self::Server(_) => Ok(LatestMails::default()),
        }
    }

    /// The mail of this name, if it is kept.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn find(&self, name: &str) -> io::Result<Option<KeptMail>> {
        if !is_plain(name) {
            return Ok(None);
        }
        let name = name.to_owned();
        match self {
            Self::Folder(FolderMailer(folder)) => {
                let folder = folder.clone();
                blocking(move || open(&folder, &name)).await
            }
            Self::Shared(shared) => Ok(shared.find(&name).await?.and_then(|(name, bytes)| read(&name, &bytes))),
            Self::Memory(memory) => {
                let found = memory.mails().into_iter().rev().find(|mail| mail.file_name() == name);
                Ok(found.and_then(|mail| read(&name, &mail.message().formatted())))
            }
            Self::Elsewhere | Self::Server(_) => Ok(None),
        }
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|ended| Err(io::Error::other(ended)))
}

/// Whether it is the name of a mail of ours, and leads nowhere else.
fn is_plain(name: &str) -> bool {
    name.strip_suffix(".eml").is_some_and(|name| {
        !name.starts_with('.') && name.len() < 200 && name.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c))
    })
}

fn latest_of(folder: &Path, limit: usize) -> io::Result<LatestMails> {
    let mut files: Vec<(SystemTime, String)> = Vec::new();
    for file in fs::read_dir(folder)?.take(MOST_FILES) {
        let file = file?;
        let Some(name) = file.file_name().to_str().filter(|name| is_plain(name)).map(str::to_owned) else { continue };
        // One that is gone by now is no longer among them.
        if let Ok(modified) = file.metadata().and_then(|about| about.modified()) {
            files.push((modified, name));
        }
    }
    files.sort_unstable_by(|a, b| b.cmp(a));
    let kept = files.len();
    let mut mails = Vec::new();
    for (_, name) in files.into_iter().take(limit) {
        mails.extend(open(folder, &name)?);
    }
    Ok(LatestMails { mails, kept })
}

fn open(folder: &Path, name: &str) -> io::Result<Option<KeptMail>> {
    let mut bytes = Vec::new();
    match File::open(folder.join(name)) {
        Ok(file) => file.take(MOST_BYTES).read_to_end(&mut bytes)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(read(name, &bytes))
}

fn read(name: &str, bytes: &[u8]) -> Option<KeptMail> {
    let message: Message<'_> = MessageParser::default().parse(bytes)?;
    let at = message.date().and_then(|date| Timestamp::from_second(date.to_timestamp()).ok());
    Some(KeptMail {
        name: name.to_owned(),
        at: at.unwrap_or_default(),
        from: called(message.from()),
        to: called(message.to()),
        subject: message.subject().unwrap_or_default().to_owned(),
        text: message.body_text(0).unwrap_or_default().into_owned(),
        html: message.body_html(0).unwrap_or_default().into_owned(),
    })
}

fn called(addresses: Option<&Address<'_>>) -> String {
    let first = addresses.and_then(|addresses| addresses.first());
    first.and_then(|address| address.address()).unwrap_or_default().to_owned()
}
