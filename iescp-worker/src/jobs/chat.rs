//! Tells a notification in its reader's chat.
//!
//! A chat that does not take it is tried again as any job is; each failure is noted, and after enough of them the chat is switched
//! off, which ends what waits for it. So a chat that is gone fills no list of failed jobs.

use crate::{House, queue::Failure, wording};
use iescp_core::{
    Actor, Error,
    chat::{AddressChat, NoteChat},
    outbox::{Letter, OutboxItem},
};

/// The name by which the audit trail knows this job.
const NAME: &str = "chats";

pub(super) async fn say(house: &House, item: &OutboxItem) -> Result<(), Failure> {
    let Letter::Chat { account, notification, .. } = item.letter else {
        return Err(Failure::Never("this is no message for a chat".to_owned()));
    };
    let actor = Actor::system(NAME);
    let chatter = match house.platform.run(&actor, AddressChat { account, notification }).await {
        Ok(Some(chatter)) => chatter,
        Ok(None) => return Ok(()),
        Err(error @ Error::Corrupt(_)) => return Err(Failure::Never(format!("{error:?}"))),
        Err(error) => return Err(again(error)),
    };
    let text = wording::chat::message(wording::House::of(house), &chatter.told);
    let text = text.ok_or_else(|| Failure::Never("no message is written of such a notice".to_owned()))?;
    let said = house.chats.say(&chatter.address, &text).await;
    let trouble = said.as_ref().err().cloned();
    house.platform.run(&actor, NoteChat { account, set_at: chatter.set_at, trouble }).await.map_err(again)?;
    said.map_err(Failure::Again)
}

fn again(error: Error) -> Failure {
    Failure::Again(format!("{error:?}"))
}
