//! Which notifications also become mails, and messages in a chat: those of topics that the person left switched on, found out in
//! the commit of their cause. What they choose until it leaves counts, too (`outbox::AddressLetter`, `chat::AddressChat`).

use super::{Notice, Preferences, Topic};
use crate::{Result, chat::Chat, id::AccountId, tx::Tx};

/// By which ways somebody is told of something, besides in their centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ways {
    pub mail: bool,
    pub chat: bool,
}

/// For each of these, by which ways it is told. What concerns an account's security is written as a letter of its own, to where
/// the person was when it happened.
///
/// # Errors
/// If the store fails.
pub(crate) async fn ways(tx: &mut Tx<'_>, told: impl Iterator<Item = (AccountId, Notice)>) -> Result<Vec<Ways>> {
    let told: Vec<(AccountId, Topic)> = told.map(|(account, notice)| (account, notice.topic())).collect();
    let optional = told.iter().filter(|(_, topic)| topic.optional());
    let chosen = optional.flat_map(|(account, _)| [Preferences::at(*account), Chat::at(*account)]);
    tx.load(&chosen.collect::<Vec<_>>()).await?;
    let mut ways = Vec::with_capacity(told.len());
    for (account, topic) in told {
        let mail = topic.optional() && wants(tx, account, topic).await?;
        let chat = mail && tx.peek_at::<Chat>(Chat::at(account)).await?.is_some_and(|chat| chat.on);
        ways.push(Ways { mail, chat });
    }
    Ok(ways)
}

/// Whether somebody wants to hear of a topic by mail.
///
/// # Errors
/// If the store fails.
pub(crate) async fn wants(tx: &mut Tx<'_>, account: AccountId, topic: Topic) -> Result<bool> {
    let chosen: Option<Preferences> = tx.peek_at(Preferences::at(account)).await?;
    Ok(chosen.map_or(topic.mailed_by_default(), |chosen| chosen.mails(topic)))
}
