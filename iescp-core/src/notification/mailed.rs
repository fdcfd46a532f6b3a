//! Which notifications also become mails: those of topics that the person left switched on, found out in the commit of their
//! cause. What they choose until the mail leaves counts, too (`outbox::AddressLetter`).

use super::{Notice, Preferences, Topic};
use crate::{Result, id::AccountId, tx::Tx};

/// For each of these, whether it becomes a mail. What concerns an account's security is written as a letter of its own, to where
/// the person was when it happened.
///
/// # Errors
/// If the store fails.
pub(crate) async fn mailed(tx: &mut Tx<'_>, told: impl Iterator<Item = (AccountId, Notice)>) -> Result<Vec<bool>> {
    let told: Vec<(AccountId, Topic)> = told.map(|(account, notice)| (account, notice.topic())).collect();
    let chosen = told.iter().filter(|(_, topic)| topic.optional()).map(|(account, _)| Preferences::at(*account));
    tx.load(&chosen.collect::<Vec<_>>()).await?;
    let mut mailed = Vec::with_capacity(told.len());
    for (account, topic) in told {
        mailed.push(topic.optional() && wants(tx, account, topic).await?);
    }
    Ok(mailed)
}

/// Whether somebody wants to hear of a topic by mail.
///
/// # Errors
/// If the store fails.
pub(crate) async fn wants(tx: &mut Tx<'_>, account: AccountId, topic: Topic) -> Result<bool> {
    let chosen: Option<Preferences> = tx.peek_at(Preferences::at(account)).await?;
    Ok(chosen.map_or(topic.mailed_by_default(), |chosen| chosen.mails(topic)))
}
