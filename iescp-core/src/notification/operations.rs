//! What people do in their notification centre.

use super::{Notification, called::called, unread_of};
use crate::{
    Error, Likely, Operation, Page, PageRequest, Result,
    id::{AccountId, NotificationId},
    policy::{Action, Subject},
    store::{Read, Scan, keys::Table},
    tx::Tx,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// How many notifications are marked in one step.
const AT_ONCE: usize = 500;

/// Lists what one was told, the newest first.
#[derive(Clone, Debug, Default)]
pub struct ListNotifications {
    /// Only what is not read.
    pub unread: bool,
    /// Which page.
    pub page: PageRequest,
}

/// A page of the notification centre.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Centre {
    /// What one was told.
    pub notifications: Page<Notification>,
    /// How much of all of it is not read.
    pub unread: i64,
    /// Who or what is behind each notification of the page, by the id of what it is about.
    pub called: BTreeMap<Uuid, String>,
}

impl Operation for ListNotifications {
    type Output = Centre;
    const ACTION: Action = Action::ListNotifications;

    fn foresees(&self, asker: Likely) -> Vec<Read> {
        let rows = if self.unread { unread_of(asker.account) } else { Table::Notification.start().id(asker.account) };
        self.page.ahead(rows)
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Centre> {
        let me = tx.my_id()?;
        tx.allow(&Subject::of(me))?;
        let notifications = if self.unread {
            tx.page_of(unread_of(me), &self.page, |id| Notification::at(me, NotificationId(id))).await?
        } else {
            tx.page_of_rows(Table::Notification.start().id(me), &self.page).await?
        };
        let called = called(tx, me, &notifications.items).await?;
        Ok(Centre { notifications, unread: tx.counter(Notification::unread(me)).await?, called })
    }
}

/// Marks notifications as read: those named, or all up to one of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MarkNotificationsRead {
    /// These; at most a hundred.
    pub ids: Vec<NotificationId>,
    /// This one and everything older.
    pub up_to: Option<NotificationId>,
}

/// What was marked as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marked {
    /// How many.
    pub marked: u32,
    /// Whether there is more to mark, and the same should be asked again.
    pub more: bool,
}

impl Operation for MarkNotificationsRead {
    type Output = Marked;
    const ACTION: Action = Action::MarkNotificationsRead;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Marked> {
        let me = tx.my_id()?;
        tx.allow(&Subject::of(me))?;
        if self.ids.len() > PageRequest::MOST {
            return Err(Error::invalid("ids", "too_many", format!("Please name at most {}.", PageRequest::MOST)));
        }
        let mut ids: BTreeSet<NotificationId> = self.ids.iter().copied().collect();
        let mut more = false;
        if let Some(up_to) = self.up_to {
            let scan = Scan { limit: AT_ONCE + 1, ..unread_of(me).range() };
            let unread = tx.scan(scan).await?.into_iter().filter_map(|(key, _)| key.last_id()).map(NotificationId);
            let older: Vec<NotificationId> = unread.take_while(|id| *id <= up_to).collect();
            more = older.len() > AT_ONCE;
            ids.extend(older.into_iter().take(AT_ONCE));
        }
        let marked = mark(tx, me, ids.into_iter().collect()).await?;
        tx.quietly();
        Ok(Marked { marked, more })
    }
}

/// Marks these as read; those that are not there or read already are left.
pub(super) async fn mark(tx: &mut Tx<'_>, account: AccountId, ids: Vec<NotificationId>) -> Result<u32> {
    let keys: Vec<_> = ids.into_iter().map(|id| Notification::at(account, id)).collect();
    tx.load(&keys).await?;
    let now = tx.now();
    let mut marked = 0;
    for key in keys {
        let Some(mut notification) = tx.get_at::<Notification>(key).await?.filter(|one| one.read_at.is_none()) else { continue };
        notification.read_at = Some(now);
        tx.put(&notification)?;
        marked += 1;
    }
    Ok(marked)
}
