//! The chat in which somebody is also told: a section of `/settings/notifications`.

use super::super::{Answer, Visit, Wrongs};
use super::notices::{PATH, page};
use crate::text::settings as t;
use crate::view::{Form, form, parts};
use iescp_core::chat::{ChatView, RemoveChat, SetChat, TestChat};
use iescp_core::{Error, FieldError, Secret};
use iescp_worker::chat_trial;
use maud::{Markup, html};

/// `POST /settings/notifications/chat`.
///
/// # Errors
/// If nobody is signed in; a new address, the password given too long ago.
pub async fn set(visit: Visit) -> Answer {
    visit.me()?;
    let sent = visit.sent();
    let address = sent.given("address").map(Secret::from);
    match visit.run(SetChat { address, on: sent.get("on") == "yes" }).await {
        Ok(_) => Ok(visit.go_saying(PATH, t::SAVED)),
        Err(error) => refused(&visit, error).await,
    }
}

/// `POST /settings/notifications/chat/test`: tells what the chat's server said.
///
/// # Errors
/// If nobody is signed in.
pub async fn test(visit: Visit) -> Answer {
    visit.me()?;
    let trial = match visit.run(TestChat).await {
        Ok(trial) => trial,
        Err(error) => return refused(&visit, error).await,
    };
    let house = visit.house();
    match house.chats.say(&trial.address, &chat_trial(&house.platform.settings().site_name)).await {
        Ok(()) => Ok(visit.go_saying(PATH, t::CHAT_TESTED)),
        Err(why) => refused(&visit, Error::Invalid(vec![FieldError::new("address", "not_taken", why)])).await,
    }
}

/// `POST /settings/notifications/chat/remove`.
///
/// # Errors
/// If nobody is signed in.
pub async fn remove(visit: Visit) -> Answer {
    visit.me()?;
    visit.run(RemoveChat).await?;
    Ok(visit.go_saying(PATH, t::CHAT_REMOVED))
}

async fn refused(visit: &Visit, error: Error) -> Answer {
    let (role, wrong) = (visit.me()?.account.role, Wrongs::of(error)?);
    Ok(visit.show_wrong(page(visit, role, visit.sent(), &wrong).await?, &wrong))
}

pub(super) fn section(visit: &Visit, chat: Option<&ChatView>, typed: Form<'_>) -> Markup {
    let act = |path: &str| format!("{PATH}/chat{path}");
    html! {
        section.stack.after id="chat" {
            h2 { (t::CHAT) }
            p.quiet { (t::CHAT_TOLD) }
            @if let Some(chat) = chat { (known(visit, chat)) }
            form.form method="post" action=(act("")) novalidate {
                (typed.url("address", if chat.is_some() { t::CHAT_NEW_ADDRESS } else { t::CHAT_ADDRESS }).hint(t::CHAT_ADDRESS_HINT).autocomplete("off").longest(500))
                label.option {
                    input type="checkbox" name="on" value="yes" checked[chat.is_none_or(|chat| chat.on)];
                    span { (t::CHAT_ON) }
                }
                div.buttons { button.button.primary type="submit" { (t::SAVE) } }
            }
            @if chat.is_some() {
                div.buttons {
                    form method="post" action=(act("/test")) { (form::key()) button.button type="submit" { (t::CHAT_TEST) } }
                    form method="post" action=(act("/remove")) { button.button type="submit" { (t::CHAT_REMOVE) } }
                }
            }
        }
    }
}

fn known(visit: &Visit, chat: &ChatView) -> Markup {
    html! {
        @if let Some(trouble) = &chat.trouble {
            (parts::notice(if chat.on { parts::Tone::Waiting } else { parts::Tone::Bad }, &html! { p { (t::chat_trouble(chat.on, trouble.times.into())) " " (trouble.why) } }))
        }
        dl.pairs {
            div { dt { (t::CHAT_SERVER) } dd { (chat.host) "/…" } }
            div { dt { (t::CHAT_GIVEN) } dd { (visit.look().moment(chat.set_at)) } }
            div { dt { (t::CHAT_STATE) } dd { @if chat.on { (t::CHAT_IS_ON) } @else { (t::CHAT_IS_OFF) } } }
        }
    }
}
