//! `/settings`: one's own profile, safety, sessions, tokens, mails, blocks, and closing the account.
//!
//! Not here: what needs the password once more (`again` asks for it, around any of these).

mod again;
mod blocks;
mod chat;
mod closing;
mod data;
mod factor;
mod notices;
mod profile;
mod security;
mod sessions;
mod tokens;

use super::Visit;
use crate::text::settings as t;
use crate::view::{Page, parts};
use iescp_core::account::Role;
use maud::{Markup, html};

pub use again::sensitive;
pub use blocks::{show as blocks, unblock};
pub use chat::{remove as remove_chat, set as set_chat, test as test_chat};
pub use closing::{close, show as closing};
pub use data::show as data;
pub use factor::{confirm as confirm_factor, disable as disable_factor, enrol as enrol_factor};
pub use notices::{set as set_notices, show as notices};
pub use profile::{save as save_profile, show as profile};
pub use security::{change_email, change_password, send_link, show as security};
pub use sessions::{end as end_session, end_others, show as sessions};
pub use tokens::{make as make_token, revoke as revoke_token, revoke_all as revoke_tokens, show as tokens};

const TABS: [(&str, &str); 8] = [
    ("/settings", t::PROFILE),
    ("/settings/security", t::SECURITY),
    ("/settings/sessions", t::SESSIONS),
    ("/settings/tokens", t::TOKENS),
    ("/settings/notifications", t::NOTICES),
    ("/settings/blocks", t::BLOCKS),
    ("/settings/data", t::DATA),
    ("/settings/close", t::CLOSE),
];

/// A page of the settings, under its tab.
fn framed(visit: &Visit, tab: &str, title: &str, told: Option<&str>, actions: Option<&Markup>, content: &Markup) -> Page {
    let admin = visit.role() == Some(Role::Admin);
    let tabs = TABS.into_iter().filter(|(path, _)| !admin || *path != "/settings/blocks");
    let content = html! {
        nav.tabs aria-label=(t::TABS) {
            @for (path, name) in tabs { a href=(path) aria-current=[(path == tab).then_some("page")] { (name) } }
        }
        (parts::heading(title, told, actions))
        (content)
    };
    Page::new(title, content)
}
