//! Letters that an operation sends. They are written in the commit of their cause and leave by the worker's relay, so that a
//! crash between the two loses none and doubles none.
//!
//! The relay reads them in the order of their events ([`ListOutbox`]), hands each to its queue under [`Waiting::key`], and only
//! then removes it ([`RemoveFromOutbox`]). If it dies between the two, it hands the letter over again under the same key, which the
//! queue knows already.
//!
//! A letter that was handed over may wait for long. To whom it goes is therefore settled when it leaves ([`AddressLetter`]).
//!
//! **Not here**: their text, the queue, and how they travel (the worker's).

mod address;
mod pace;
mod relay;
mod told;

pub(crate) use address::is_over;
pub use address::{AddressLetter, Addressee};
pub use pace::PaceMail;
pub use relay::{ListOutbox, OutboxPage, RemoveFromOutbox};
pub use told::Told;

use crate::{
    id::{AccountId, EventId, ExportId, LinkId, NotificationId},
    notification::{Notice, Topic},
    store::{
        Key,
        keys::Table,
        record::{Record, decode},
    },
    value::Email,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Something to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Letter {
    /// Asks to follow a link that proves the address.
    VerifyEmail {
        /// The account.
        account: AccountId,
        /// The address to prove.
        to: Email,
        /// The link; its token is derived from this.
        link: LinkId,
    },
    /// Somebody forgot the password of the account with this address, if there is one: looked up when the letter leaves, which
    /// then is a [`ResetPassword`](Self::ResetPassword).
    ForgotPassword {
        /// The address that was given.
        to: Email,
        /// The link; it opens nothing until the letter leaves.
        link: LinkId,
    },
    /// Lets somebody choose a new password.
    ResetPassword {
        /// The account.
        account: AccountId,
        /// Its verified address.
        to: Email,
        /// The link; its token is derived from this.
        link: LinkId,
    },
    /// Says that somebody gave an address for theirs that has an account already: what a [`VerifyEmail`](Self::VerifyEmail) becomes
    /// when its address turns out to be another account's.
    AlreadyRegistered {
        /// The account that has the address.
        account: AccountId,
        /// Its address.
        to: Email,
    },
    /// Says that something about the security of an account changed.
    Security {
        /// The account.
        account: AccountId,
        /// Its address at the time before the change.
        to: Email,
        /// What changed, as a sentence.
        what: String,
        /// Whether it was an admin who changed it.
        #[serde(default)]
        by_admin: bool,
    },
    /// Lets the worker make an export: it goes to nobody.
    MakeExport {
        /// Which.
        export: ExportId,
    },
    /// Tells what a notification tells, to somebody who wants to hear of its topic by mail.
    Notice {
        /// Who is told.
        account: AccountId,
        /// What.
        notice: Notice,
        /// The notification itself, read when the letter leaves.
        notification: NotificationId,
    },
    /// Tells the same in somebody's chat: it goes to no address of mail.
    Chat {
        /// Who is told.
        account: AccountId,
        /// What.
        notice: Notice,
        /// The notification itself, read when the message leaves.
        notification: NotificationId,
    },
}

impl Letter {
    /// Whose mails it is one of, by which people choose; none for those that keep an account safe or were asked for.
    #[must_use]
    pub fn topic(&self) -> Option<Topic> {
        match self {
            Self::Notice { notice, .. } => Some(notice.topic()),
            _ => None,
        }
    }

    /// Whether it can wait: neither was it asked for, nor does it keep an account safe.
    #[must_use]
    pub fn can_wait(&self) -> bool {
        self.topic().is_some()
    }
}

/// A letter that waits for the relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxItem {
    /// The event that caused it.
    pub event: EventId,
    /// Its number among the letters of that event.
    pub number: u64,
    /// When it was written.
    pub at: Timestamp,
    /// What is to be sent.
    pub letter: Letter,
}

impl OutboxItem {
    /// Whether a key is one of the outbox's.
    #[must_use]
    pub fn stands_at(key: &Key) -> bool {
        let all = Table::Outbox.all();
        (all.from..all.to).contains(key)
    }

    /// The letter that a value of the outbox is; none if this program cannot read it.
    #[must_use]
    pub fn read(value: &[u8]) -> Option<Self> {
        decode(value).ok()
    }

    fn at(place: Waiting) -> Key {
        Table::Outbox.start().id(place.event).number(place.number).key()
    }

    /// Its place.
    #[must_use]
    pub fn place(&self) -> Waiting {
        Waiting { event: self.event, number: self.number }
    }
}

impl Record for OutboxItem {
    const TABLE: Table = Table::Outbox;

    fn key(&self) -> Key {
        Self::at(self.place())
    }
}

/// The place of a letter in the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Waiting {
    /// The event that caused the letter.
    pub event: EventId,
    /// Its number among the letters of that event.
    pub number: u64,
}

impl Waiting {
    /// The letter's name for ever, by which a queue knows that it has it already: `<event id>:<number>`.
    #[must_use]
    pub fn key(self) -> String {
        format!("{}:{}", self.event, self.number)
    }

    /// Reads the place off a key of the outbox.
    fn parse(key: &Key) -> Option<Self> {
        let (event, number) = key.0.get(1..)?.split_at_checked(16)?;
        let event = Uuid::from_slice(event).ok()?.into();
        Some(Self { event, number: u64::from_be_bytes(number.try_into().ok()?) })
    }
}

#[cfg(test)]
mod notices;
#[cfg(test)]
mod tests;
