//! Tells a notification, or the daily reminder, in its reader's chat.
//!
//! A chat that does not take it is tried again as any job is; each failure is noted, and after enough of them the chat is switched
//! off, which ends what waits for it. So a chat that is gone fills no list of failed jobs.

use super::reminder;
use crate::{House, queue::Failure, wording};
use iescp_core::{
    Actor, Error, Secret,
    chat::{AddressChat, AddressReminder, NoteChat},
    id::AccountId,
    outbox::{Letter, OutboxItem},
};
use jiff::{Timestamp, civil::Date};

/// The name by which the audit trail knows this job.
const NAME: &str = "chats";

pub(super) async fn say(house: &House, item: &OutboxItem) -> Result<(), Failure> {
    let Letter::Chat { account, notification, .. } = item.letter else {
        return Err(Failure::Never("this is no message for a chat".to_owned()));
    };
    let chatter = match house.platform.run(&Actor::system(NAME), AddressChat { account, notification }).await {
        Ok(Some(chatter)) => chatter,
        Ok(None) => return Ok(()),
        Err(error @ Error::Corrupt(_)) => return Err(Failure::Never(format!("{error:?}"))),
        Err(error) => return Err(again(error)),
    };
    let text = wording::chat::message(wording::House::of(house), &chatter.told);
    let text = text.ok_or_else(|| Failure::Never("no message is written of such a notice".to_owned()))?;
    tell(house, account, &chatter.address, chatter.set_at, &text).await
}

/// Tells a daily reminder, unless a later day's tells the same.
pub(super) async fn remind(house: &House, account: AccountId, day: Date, text: &str) -> Result<(), Failure> {
    reminder::is_in_time(house, day)?;
    match house.platform.run(&Actor::system(NAME), AddressReminder { account }).await {
        Ok(Some(chat)) => tell(house, account, &chat.address, chat.set_at, text).await,
        Ok(None) => Ok(()),
        Err(error @ Error::Corrupt(_)) => Err(Failure::Never(format!("{error:?}"))),
        Err(error) => Err(again(error)),
    }
}

async fn tell(house: &House, account: AccountId, address: &Secret, set_at: Timestamp, text: &str) -> Result<(), Failure> {
    let said = house.chats.say(address, text).await;
    let trouble = said.as_ref().err().cloned();
    house.platform.run(&Actor::system(NAME), NoteChat { account, set_at, trouble }).await.map_err(again)?;
    said.map_err(Failure::Again)
}

fn again(error: Error) -> Failure {
    Failure::Again(format!("{error:?}"))
}
