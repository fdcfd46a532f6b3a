//! Chats: where somebody is told, besides by mail, of what concerns them. One address each, to which messages are posted as
//! `{"text": "…"}`: a webhook, as Google Chat and others have it.
//!
//! Such an address is a secret: whoever knows it can write into that chat. It is sealed in the store, and shown to nobody, its
//! owner included, beyond its host. A chat hears of the topics that go by mail too. One that takes nothing for long is switched off.
//!
//! - `operations` is what its owner does, `delivery` what the worker does with it.
//!
//! **Not here**: what is said there and how it travels (the worker's), which notices there are (`notification`).

mod delivery;
mod operations;
#[cfg(test)]
mod tests;

pub use delivery::{AddressChat, AddressReminder, Chatter, NoteChat, ReminderAddress};
pub use operations::{ChatView, RemoveChat, SetChat, TestChat, Trial, ViewChat};

use crate::{
    InstallationSecret, Result, Secret,
    id::AccountId,
    seal,
    store::{Key, keys::Table, record::Record},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// After so many messages in a row that a chat did not take, over at least [`A_WHILE`], it is switched off.
pub const MOST_FAILURES: u32 = 10;

/// Failures of less time than this may be an outage that passes.
pub const A_WHILE: SignedDuration = SignedDuration::from_hours(1);

/// A chat that took nothing for so long is switched off, however little was sent.
pub const FOR_LONG: SignedDuration = SignedDuration::from_hours(72);

/// How often its owner may try a chat in a day.
pub const MOST_TESTS: u32 = 20;

/// What an address is sealed as.
const PURPOSE: &str = "chat";

/// Somebody's chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chat {
    /// Whose.
    pub account: AccountId,
    /// The address, sealed.
    sealed: String,
    /// Its host, by which its owner knows it again.
    pub host: String,
    /// Whether it is told anything.
    pub on: bool,
    /// When the address was given.
    pub set_at: Timestamp,
    /// What has gone wrong since it last took a message.
    #[serde(default)]
    pub trouble: Option<Trouble>,
}

/// That a chat takes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// Since when.
    pub since: Timestamp,
    /// How many messages in a row.
    pub times: u32,
    /// What came of the last, as a sentence.
    pub why: String,
}

impl Chat {
    /// Where somebody's chat is kept.
    #[must_use]
    pub fn at(account: AccountId) -> Key {
        Table::Chat.start().id(account).key()
    }

    /// The address itself.
    ///
    /// # Errors
    /// If it was sealed by another installation.
    pub(crate) fn address(&self, secret: &InstallationSecret) -> Result<Secret> {
        let bytes = seal::open(secret, PURPOSE, self.account, &self.sealed)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned().into())
    }
}

impl Trouble {
    /// Whether that is too much.
    fn is_too_much(&self, now: Timestamp) -> bool {
        let lasts = now.duration_since(self.since);
        lasts >= FOR_LONG || (self.times >= MOST_FAILURES && lasts >= A_WHILE)
    }
}

impl Record for Chat {
    const TABLE: Table = Table::Chat;

    fn key(&self) -> Key {
        Self::at(self.account)
    }
}
