//! The chat in which one is also told.

use super::super::{Body, Chapter, Done, Failure, Nothing, Shown, Timestamp};
use crate::app::House;
use crate::identity::SignedIn;
use crate::problem::from_poem;
use iescp_core::chat::{ChatView, RemoveChat, SetChat, TestChat, ViewChat};
use iescp_worker::chat_trial;
use poem::Request;
use poem_openapi::{Object, OpenApi};

/// The operations.
pub struct Chat;

/// A chat as its owner sees it: its address is shown no more.
#[derive(Default, Object)]
#[oai(skip_serializing_if_is_none)]
struct OwnChat {
    /// Whether it is told anything.
    on: bool,
    /// The address's host, if one was given.
    host: Option<String>,
    /// When the address was given.
    set_at: Option<Timestamp>,
    /// What has gone wrong since it last took a message.
    trouble: Option<ChatTrouble>,
}

/// That a chat takes nothing.
#[derive(Object)]
struct ChatTrouble {
    /// Since when.
    since: Timestamp,
    /// How many messages in a row.
    times: u32,
    /// What came of the last.
    why: String,
}

/// What a chat is to be.
#[derive(Object)]
struct NewChat {
    /// The address of its webhook: `https`, at the usual port. If it is left out, the present one stays.
    #[oai(validator(max_length = 500))]
    address: Option<String>,
    /// Whether it is told anything.
    on: bool,
}

/// What came of a message that tries a chat.
#[derive(Object)]
struct ChatTrial {
    /// Whether the chat took it.
    taken: bool,
    /// If it did not, why.
    why: String,
}

impl From<ChatView> for OwnChat {
    fn from(chat: ChatView) -> Self {
        let trouble =
            chat.trouble.map(|trouble| ChatTrouble { since: Timestamp(trouble.since), times: trouble.times, why: trouble.why });
        Self { on: chat.on, host: Some(chat.host), set_at: Some(Timestamp(chat.set_at)), trouble }
    }
}

#[OpenApi(tag = "Chapter::Me")]
impl Chat {
    /// Show one's chat
    ///
    /// Where one is told, besides by mail, of the topics that go by mail.
    #[oai(path = "/me/chat", method = "get", operation_id = "show_chat")]
    async fn show_chat(&self, who: SignedIn) -> Result<Shown<OwnChat>, Failure> {
        Ok(Shown::plain(who.0.run(ViewChat).await?.map(OwnChat::from).unwrap_or_default()))
    }

    /// Give one's chat an address, or switch it on or off
    ///
    /// Messages are posted there as `{"text": "…"}`. A new address needs the password given a short while ago
    /// (`POST /me/reauthenticate`), and is shown to nobody from then on. A chat that takes nothing for long is switched off.
    #[oai(path = "/me/chat", method = "put", operation_id = "set_chat")]
    async fn set_chat(&self, who: SignedIn, chat: Body<NewChat>) -> Result<Done<OwnChat>, Failure> {
        let NewChat { address, on } = chat.0;
        Ok(Done::new(who.0.run(SetChat { address: address.map(Into::into), on }).await?.into()))
    }

    /// Forget one's chat
    ///
    /// Twice is once.
    #[oai(path = "/me/chat", method = "delete", operation_id = "remove_chat")]
    async fn remove_chat(&self, who: SignedIn) -> Result<Nothing, Failure> {
        who.0.run(RemoveChat).await?;
        Ok(Nothing)
    }

    /// Send one's chat a message to try it
    ///
    /// Twenty times a day.
    #[oai(path = "/me/chat/test", method = "post", operation_id = "test_chat")]
    async fn test_chat(&self, who: SignedIn, request: &Request) -> Result<Done<ChatTrial>, Failure> {
        let house = House::of(request).map_err(from_poem)?;
        let trial = who.0.run(TestChat).await?;
        let said = house.chats.say(&trial.address, &chat_trial(&house.platform.settings().site_name)).await;
        Ok(Done::new(ChatTrial { taken: said.is_ok(), why: said.err().unwrap_or_default() }))
    }
}
