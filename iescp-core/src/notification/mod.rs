//! The notification centre: what concerns somebody, and whether they have seen it.
//!
//! - `notice` lists what people are told, `topic` groups it for their preferences, `operations` is what they do here;
//! - `ways` decides what also becomes a mail or a message in a chat, `unsubscribe` is the link in such a mail.
//!
//! **Not here**: mails about the same things (they leave by the outbox), live streams (`live`).

mod called;
mod notice;
mod operations;
mod preferences;
#[cfg(test)]
mod tests;
mod topic;
mod unsubscribe;
mod ways;

pub(crate) use called::called;
pub use notice::Notice;
pub use operations::{Centre, ListNotifications, MarkNotificationsRead, Marked};
pub use preferences::{Choice, Preferences, PreferencesView, SetPreferences, ViewPreferences};
pub use topic::Topic;
pub use unsubscribe::{Unsubscribe, Unsubscribing, ViewUnsubscribe, unsubscribe_token};
pub(crate) use ways::{wants, ways};

use crate::{
    PageRequest, Result,
    account::admins,
    event::Thing,
    id::{AccountId, EventId, NotificationId},
    store::{
        Key, Scan,
        keys::{KeyParts, Table, list, tally},
        record::{Derived, Record},
    },
    tx::Tx,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

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
            derived.listed(unread_of(self.account).id(self.id).key());
            derived.listed(unread_about(self.account, self.notice, self.about.id).id(self.id).key());
        }
    }
}

/// Begins the list of what an account has not read.
fn unread_of(account: AccountId) -> KeyParts {
    list("unread-notifications").id(account)
}

/// Begins the list of what an account has not read of one kind about one thing.
fn unread_about(account: AccountId, notice: Notice, about: Uuid) -> KeyParts {
    list("unread-notifications-about").id(account).word(notice.word()).id(about)
}

/// Whether somebody has an unread notification of this kind about this thing already, and need not be told again.
pub(crate) async fn is_told(tx: &mut Tx<'_>, account: AccountId, notice: Notice, about: impl Into<Uuid>) -> Result<bool> {
    let scan = Scan { limit: 1, ..unread_about(account, notice, about.into()).range() };
    Ok(!tx.scan(scan).await?.is_empty())
}

/// Marks what somebody was told of this kind about this thing as read: they have seen the thing itself.
pub(crate) async fn mark_about(tx: &mut Tx<'_>, account: AccountId, notice: Notice, about: impl Into<Uuid>) -> Result<()> {
    let scan = Scan { limit: PageRequest::MOST, ..unread_about(account, notice, about.into()).range() };
    let unread = tx.scan(scan).await?.into_iter().filter_map(|(key, _)| key.last_id()).map(NotificationId).collect();
    operations::mark(tx, account, unread).await.map(drop)
}

/// Tells every active admin.
pub(crate) async fn tell_admins(tx: &mut Tx<'_>, notice: Notice, about: &Thing, detail: &Value) -> Result<()> {
    for admin in admins(tx).await? {
        tx.tell(admin, notice, about.clone(), detail.clone());
    }
    Ok(())
}
