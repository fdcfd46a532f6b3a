//! What somebody does with their chat: gives its address, switches it on and off, tries it.

use super::{Chat, MOST_TESTS, PURPOSE, Trouble};
use crate::{
    Error, Operation, Result, Secret, Tx,
    allowance::{self, Bounded},
    event::thing,
    policy::{Action, Subject},
    seal,
    value::{Form, WebUrl},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A chat as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatView {
    /// The address's host; the rest of it is not shown any more.
    pub host: String,
    /// Whether it is told anything.
    pub on: bool,
    /// When the address was given.
    pub set_at: Timestamp,
    /// What has gone wrong since it last took a message.
    pub trouble: Option<Trouble>,
}

impl From<Chat> for ChatView {
    fn from(chat: Chat) -> Self {
        Self { host: chat.host, on: chat.on, set_at: chat.set_at, trouble: chat.trouble }
    }
}

/// Shows one's chat, if one has one.
#[derive(Clone, Copy, Debug, Default)]
pub struct ViewChat;

impl Operation for ViewChat {
    type Output = Option<ChatView>;
    const ACTION: Action = Action::ViewChat;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<ChatView>> {
        let me = tx.my_id()?;
        tx.allow(&Subject::of(me))?;
        Ok(tx.peek_at::<Chat>(Chat::at(me)).await?.map(ChatView::from))
    }
}

/// Gives one's chat an address, or switches it on or off. A new address needs the password given a short while ago: what one is
/// told goes there from then on.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SetChat {
    /// The address; the present one if nobody says.
    pub address: Option<Secret>,
    /// Whether it is told anything.
    pub on: bool,
}

impl Operation for SetChat {
    type Output = ChatView;
    const ACTION: Action = Action::SetChat;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<ChatView> {
        let me = tx.my_id()?;
        tx.allow(&Subject::of(me))?;
        tx.require_no_token()?;
        let before: Option<Chat> = tx.get_at(Chat::at(me)).await?;
        let given = self.address.as_ref().filter(|address| !address.reveal().trim().is_empty());
        if given.is_some() {
            tx.require_fresh()?;
        }
        let after = match (given, before.clone()) {
            (Some(address), _) => {
                let mut form = Form::default();
                let (address, host) = form.take("address", parse(address.reveal()));
                form.finish()?;
                let sealed = seal::seal(tx.platform().secret(), PURPOSE, me, address.as_bytes())?;
                Chat { account: me, sealed, host, on: self.on, set_at: tx.now(), trouble: None }
            }
            // Who switches it on again has seen to what was wrong.
            (None, Some(chat)) => {
                let trouble = chat.trouble.clone().filter(|_| chat.on && self.on);
                Chat { on: self.on, trouble, ..chat }
            }
            (None, None) => return Err(Error::invalid("address", "required", "Please give the address of your chat's webhook.")),
        };
        if before.as_ref() != Some(&after) {
            tx.put(&after)?;
            tx.happened([thing("account", me)], json!({ "on": after.on, "address": given.is_some() }));
        }
        Ok(after.into())
    }
}

/// An address and its host.
fn parse(text: &str) -> std::result::Result<(String, String), crate::value::Wrong> {
    let url = WebUrl::parse(text)?;
    let wrong = |detail| crate::value::Wrong::new("url", detail);
    let rest = url.strip_prefix("https://").ok_or_else(|| wrong("Please give an address that begins with https://."))?;
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if host.contains(':') {
        return Err(wrong("Only the usual port of the web is asked: please leave the number out."));
    }
    if path.len() < 2 {
        return Err(wrong("Please give the whole address of the webhook, as your chat shows it."));
    }
    Ok((url.to_string(), host.to_owned()))
}

/// Forgets one's chat. Twice is once.
#[derive(Clone, Copy, Debug, Default)]
pub struct RemoveChat;

impl Operation for RemoveChat {
    type Output = ();
    const ACTION: Action = Action::RemoveChat;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let me = tx.my_id()?;
        tx.allow(&Subject::of(me))?;
        if let Some(chat) = tx.get_at::<Chat>(Chat::at(me)).await? {
            tx.remove(&chat)?;
            tx.happened([thing("account", me)], json!({}));
        }
        Ok(())
    }
}

/// Takes one of the tries of a day, and answers where to: for whoever then sends a message to the chat of who asks.
#[derive(Clone, Copy, Debug, Default)]
pub struct TestChat;

/// Where to send a message that tries a chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// The address.
    pub address: Secret,
    /// Its host.
    pub host: String,
}

impl Operation for TestChat {
    type Output = Trial;
    const ACTION: Action = Action::TestChat;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Trial> {
        let me = tx.my_id()?;
        tx.allow(&Subject::of(me))?;
        let chat: Option<Chat> = tx.peek_at(Chat::at(me)).await?;
        let chat = chat.ok_or_else(|| Error::not_now("no_chat", "Please give the address of your chat first."))?;
        allowance::use_today(tx, me, Bounded::ChatTests, MOST_TESTS).await?;
        tx.quietly();
        Ok(Trial { address: chat.address(tx.platform().secret())?, host: chat.host })
    }
}
