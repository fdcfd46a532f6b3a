//! What stands at the top of every page: who one is, and what is unread.
//!
//! **Not here**: what waits for an answer (the lists of `request`, `collaboration` and `moderation`).

use crate::{
    Operation, Result,
    account::{Account, name_keys, name_of},
    demo::Demo,
    id::AccountId,
    message::Thread,
    notification::Notification,
    policy::{Action, Subject},
    store::Key,
    tx::Tx,
};
use serde::{Deserialize, Serialize};

/// Who one is, and what is unread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Glance {
    /// One's account.
    pub account: Account,
    /// What one is called.
    pub name: String,
    /// Notifications not yet read.
    pub unread_notifications: i64,
    /// Messages not yet read.
    pub unread_messages: i64,
    /// Whether the store holds a demonstration.
    pub demo: bool,
}

impl Glance {
    /// All that a glance looks at.
    pub(crate) fn keys(of: AccountId) -> Vec<Key> {
        let mut keys = vec![Demo::at(), Notification::unread(of), Thread::unread(of)];
        keys.extend(name_keys(of));
        keys
    }
}

/// Takes a glance at one's own affairs.
#[derive(Clone, Copy, Debug, Default)]
pub struct ViewGlance;

impl Operation for ViewGlance {
    type Output = Glance;
    const ACTION: Action = Action::ViewGlance;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Glance> {
        tx.allow(&Subject::PLATFORM)?;
        let me = tx.my_id()?;
        tx.load(&Glance::keys(me)).await?;
        let name = name_of(tx, me).await?;
        let unread = tx.counters(vec![Notification::unread(me), Thread::unread(me)]).await?;
        let demo = tx.peek_at::<Demo>(Demo::at()).await?.is_some();
        let (unread_notifications, unread_messages) =
            (unread.first().copied().unwrap_or_default(), unread.get(1).copied().unwrap_or_default());
        Ok(Glance { account: tx.me()?.clone(), name, unread_notifications, unread_messages, demo })
    }
}
