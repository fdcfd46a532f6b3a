//! What the worker does with chats: settles what goes there when it leaves, and notes what came of it.

use super::{Chat, Trouble};
use crate::{
    Operation, Result, Secret, Tx,
    account::Account,
    event::thing,
    id::{AccountId, NotificationId},
    notification::{Notice, Topic, wants},
    outbox::{Told, is_over},
    policy::{Action, Subject},
};
use jiff::Timestamp;
use serde_json::json;

/// Settles whether and where a notification goes as a message to its reader's chat. None if they do not want it any more, or
/// cannot sign in, or if it is no news any more.
#[derive(Clone, Copy, Debug)]
pub struct AddressChat {
    /// Who is told.
    pub account: AccountId,
    /// What they were told.
    pub notification: NotificationId,
}

/// A message for a chat.
#[derive(Clone, Debug, PartialEq)]
pub struct Chatter {
    /// The address.
    pub address: Secret,
    /// When that address was given: what [`NoteChat`] compares.
    pub set_at: Timestamp,
    /// What it tells.
    pub told: Told,
}

impl Operation for AddressChat {
    type Output = Option<Chatter>;
    const ACTION: Action = Action::AddressChat;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Chatter>> {
        tx.allow(&Subject::PLATFORM)?;
        let Some((chat, account)) = open(tx, self.account).await? else { return Ok(None) };
        let told = tx.peek_at(crate::notification::Notification::at(account.id, self.notification)).await?;
        let Some(notification): Option<crate::notification::Notification> = told else { return Ok(None) };
        if !wants(tx, account.id, notification.notice.topic()).await? || is_over(tx, &notification).await? {
            return Ok(None);
        }
        let told = Told::of(tx, &account, notification).await?;
        Ok(Some(Chatter { address: chat.address(tx.platform().secret())?, set_at: chat.set_at, told }))
    }
}

/// Whose chat takes messages, and they can sign in.
async fn open(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<(Chat, Account)>> {
    let chat: Option<Chat> = tx.peek_at(Chat::at(account)).await?;
    let account: Option<Account> = tx.peek_at(Account::at(account)).await?;
    Ok(chat.filter(|chat| chat.on).zip(account.filter(|account| account.state.can_sign_in())))
}

/// Settles whether and where a daily reminder goes as a message to somebody's chat. None if they do not want it any more, or cannot
/// sign in.
#[derive(Clone, Copy, Debug)]
pub struct AddressReminder {
    /// Who is reminded.
    pub account: AccountId,
}

/// Where a reminder is told.
#[derive(Clone, Debug, PartialEq)]
pub struct ReminderAddress {
    /// The address.
    pub address: Secret,
    /// When that address was given: what [`NoteChat`] compares.
    pub set_at: Timestamp,
}

impl Operation for AddressReminder {
    type Output = Option<ReminderAddress>;
    const ACTION: Action = Action::AddressReminder;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<ReminderAddress>> {
        tx.allow(&Subject::PLATFORM)?;
        let Some((chat, _)) = open(tx, self.account).await? else { return Ok(None) };
        if !wants(tx, self.account, Topic::Reminders).await? {
            return Ok(None);
        }
        Ok(Some(ReminderAddress { address: chat.address(tx.platform().secret())?, set_at: chat.set_at }))
    }
}

/// Notes that a chat took a message, or why it did not: one that takes nothing for long is switched off, and its owner is told.
#[derive(Clone, Debug)]
pub struct NoteChat {
    /// Whose chat.
    pub account: AccountId,
    /// When the address was given: about another than the present one nothing is noted.
    pub set_at: Timestamp,
    /// Why it did not take the message, as a sentence that does not hold its address.
    pub trouble: Option<String>,
}

impl Operation for NoteChat {
    type Output = ();
    const ACTION: Action = Action::NoteChat;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        let (chat, now): (Option<Chat>, _) = (tx.get_at(Chat::at(self.account)).await?, tx.now());
        let Some(mut chat) = chat.filter(|chat| chat.on && chat.set_at == self.set_at) else { return Ok(()) };
        let Some(why) = &self.trouble else {
            tx.quietly();
            return if chat.trouble.take().is_some() { tx.put(&chat) } else { Ok(()) };
        };
        let (since, times) = chat.trouble.map_or((now, 0), |before| (before.since, before.times));
        let trouble = Trouble { since, times: times.saturating_add(1), why: why.clone() };
        chat.on = !trouble.is_too_much(now);
        chat.trouble = Some(trouble);
        tx.put(&chat)?;
        if chat.on {
            tx.quietly();
            return Ok(());
        }
        let about = thing("account", self.account);
        tx.tell(self.account, Notice::ChatOff, about.clone(), json!({ "why": why }));
        tx.happened([about], json!({}));
        Ok(())
    }
}
