//! Letters that an operation sends. They are written in the commit of their cause and leave by the worker's relay, so that a
//! crash between the two loses none and doubles none.
//!
//! **Not here**: their text and how they travel (the worker's).

use crate::{
    id::{AccountId, EventId, LinkId},
    notification::Notice,
    store::{Key, keys::Table, record::Record},
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
    /// Lets somebody choose a new password.
    ResetPassword {
        /// The account.
        account: AccountId,
        /// Its verified address.
        to: Email,
        /// The link; its token is derived from this.
        link: LinkId,
    },
    /// Says that somebody tried to register with an address that has an account already.
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
    },
    /// Tells what a notification tells.
    Notice {
        /// Who is told.
        account: AccountId,
        /// What.
        notice: Notice,
        /// About what.
        about: Uuid,
    },
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

impl Record for OutboxItem {
    const TABLE: Table = Table::Outbox;

    fn key(&self) -> Key {
        Table::Outbox.start().id(self.event).number(self.number).key()
    }
}
