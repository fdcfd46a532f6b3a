//! The notification centre: what concerns somebody, and whether they have seen it.
//!
//! **Not here**: mails about the same things (they leave by the outbox), live streams (`event`).

mod notice;

pub use notice::Notice;

use crate::{
    event::Thing,
    id::{AccountId, EventId, NotificationId},
    store::{
        Key,
        keys::{Table, tally},
        record::{Derived, Record},
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something somebody is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// Who is told.
    pub account: AccountId,
    /// The event that caused it.
    pub event: EventId,
    /// When.
    pub at: Timestamp,
    /// What it says.
    pub notice: Notice,
    /// What it is about.
    pub about: Thing,
    /// Figures and words its text needs.
    #[serde(default)]
    pub detail: Value,
    /// When it was read.
    #[serde(default)]
    pub read_at: Option<Timestamp>,
}

impl Notification {
    /// Begins the keys of everything one account was told.
    #[must_use]
    pub fn at(account: AccountId, id: NotificationId) -> Key {
        Table::Notification.start().id(account).id(id).key()
    }

    /// The number of notifications an account has not read.
    #[must_use]
    pub fn unread(account: AccountId) -> Key {
        tally("unread-notifications").id(account).key()
    }
}

impl Record for Notification {
    const TABLE: Table = Table::Notification;

    fn key(&self) -> Key {
        Self::at(self.account, self.id)
    }

    fn derive(&self, derived: &mut Derived) {
        if self.read_at.is_none() {
            derived.count(Self::unread(self.account), 1);
        }
    }
}
