//! Small parts: notices, states, people, lists, empty places, buttons.

use super::form::key;
use super::icon::{Icon, icon};
use crate::text::frame as t;
use iescp_core::account::AccountState;
use iescp_core::campaign::CampaignState;
use iescp_core::collaboration::CollaborationState;
use iescp_core::request::RequestState;
use maud::{Markup, html};

/// The tone of a state or notice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tone {
    /// Nothing to do or to fear.
    Calm,
    /// Done, agreed, paid.
    Good,
    /// Waits for somebody.
    Waiting,
    /// Went wrong, or may.
    Bad,
}

impl Tone {
    /// Every tone.
    pub const ALL: [Self; 4] = [Self::Calm, Self::Good, Self::Waiting, Self::Bad];

    /// Its class.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Good => "good",
            Self::Waiting => "waiting",
            Self::Bad => "bad",
        }
    }
}

/// A state in a word.
#[must_use]
pub fn badge(tone: Tone, word: &str) -> Markup {
    html! { span.badge.(tone.class()) { (word) } }
}

/// The state of an account.
#[must_use]
pub fn account_state(state: AccountState) -> Markup {
    let tone = match state {
        AccountState::Active => Tone::Good,
        AccountState::Pending => Tone::Waiting,
        AccountState::Rejected | AccountState::Suspended => Tone::Bad,
        AccountState::Closed => Tone::Calm,
    };
    badge(tone, crate::text::words::account(state))
}

/// The state of a campaign.
#[must_use]
pub fn campaign_state(state: CampaignState) -> Markup {
    let tone = match state {
        CampaignState::Active => Tone::Good,
        CampaignState::Paused | CampaignState::Closing => Tone::Waiting,
        CampaignState::Draft | CampaignState::Completed => Tone::Calm,
        CampaignState::Cancelled => Tone::Bad,
    };
    badge(tone, crate::text::words::campaign(state))
}

/// The state of a request.
#[must_use]
pub fn request_state(state: RequestState) -> Markup {
    let tone = match state {
        RequestState::Open => Tone::Waiting,
        RequestState::Accepted => Tone::Good,
        RequestState::Rejected => Tone::Bad,
        RequestState::Withdrawn | RequestState::Expired => Tone::Calm,
    };
    badge(tone, crate::text::words::request(state))
}

/// The state of a collaboration.
#[must_use]
pub fn collaboration_state(state: CollaborationState) -> Markup {
    let tone = match state {
        CollaborationState::Active => Tone::Calm,
        CollaborationState::Submitted => Tone::Waiting,
        CollaborationState::Disputed | CollaborationState::Cancelled => Tone::Bad,
        CollaborationState::Completed => Tone::Good,
    };
    badge(tone, crate::text::words::collaboration(state))
}

/// Something the reader should know before they go on.
#[must_use]
pub fn notice(tone: Tone, content: &Markup) -> Markup {
    let sign = match tone {
        Tone::Calm => Icon::Info,
        Tone::Good => Icon::Check,
        Tone::Waiting => Icon::Clock,
        Tone::Bad => Icon::Alert,
    };
    html! { div.notice.(tone.class()) { (icon(sign)) div { (content) } } }
}

/// What was just done.
#[must_use]
pub fn said(sentence: &str) -> Markup {
    html! { div.notice.good.said role="status" data-said { (icon(Icon::Check)) div { p { (sentence) } } } }
}

/// What was just done, with a form that takes it back.
#[must_use]
pub fn undone(sentence: &str, back: &Markup) -> Markup {
    html! { div.notice.good.said.undo role="status" data-said { (icon(Icon::Check)) p { (sentence) } (back) } }
}

/// Somebody's picture: their initials, in one of a few colours that stays theirs.
#[must_use]
pub fn avatar(name: &str) -> Markup {
    let initials: String =
        name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric())).take(2).collect();
    let initials = if initials.is_empty() { "?".to_owned() } else { initials.to_uppercase() };
    let hue = name.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) % 6;
    html! { span.avatar.{ "hue-" (hue) } aria-hidden="true" { (initials) } }
}

/// A list with nothing in it: what it is for, and the next step.
#[must_use]
pub fn empty(sign: Icon, title: &str, told: &str, next: Option<(&str, &str)>) -> Markup {
    html! {
        div.empty {
            (icon(sign))
            h2 { (title) }
            p { (told) }
            @if let Some((path, name)) = next { a.button.primary href=(path) { (name) } }
        }
    }
}

/// A page's head: its title, what it is about, and what can be done.
#[must_use]
pub fn heading(title: &str, told: Option<&str>, actions: Option<&Markup>) -> Markup {
    html! {
        header.heading {
            div { h1 { (title) } @if let Some(told) = told { p.told { (told) } } }
            @if let Some(actions) = actions { div.actions { (actions) } }
        }
    }
}

/// A button that does something at once: a form with nothing to fill in.
#[must_use]
pub fn action(path: &str, name: &str, class: &str) -> Markup {
    html! { form.inline method="post" action=(path) { (key()) button.button.(class) type="submit" { (name) } } }
}

/// Facts: names and values.
#[must_use]
pub fn facts(rows: &[(&str, Markup)]) -> Markup {
    html! { dl.facts { @for (name, value) in rows { div { dt { (name) } dd { (value) } } } } }
}

/// A figure with its name.
#[must_use]
pub fn figure(name: &str, value: &Markup, told: Option<&Markup>) -> Markup {
    html! { div.figure { p.figure-name { (name) } p.figure-value { (value) } @if let Some(told) = told { p.figure-told { (told) } } } }
}

/// The way to the next page of a list, and back to its beginning.
#[must_use]
pub fn pager(path: &str, query: &crate::pages::Fields, next: Option<&str>) -> Markup {
    let begun = query.given("after").is_some();
    let base = query.clone().without(&["after"]);
    let link = |query: &crate::pages::Fields| {
        if query.query().is_empty() { path.to_owned() } else { format!("{path}?{}", query.query()) }
    };
    html! {
        @if begun || next.is_some() {
            nav.pager aria-label=(t::MORE) {
                @if begun { a.button href=(link(&base)) { (crate::text::frame::FIRST_PAGE) } }
                @if let Some(next) = next { a.button href=(link(&base.and("after", next))) rel="next" { (crate::text::frame::NEXT_PAGE) } }
            }
        }
    }
}

/// Text that people wrote, with its lines; nothing in it is markup (S-37).
#[must_use]
pub fn prose(text: &str) -> Markup {
    html! { div.prose dir="auto" { @for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) { p { @for (at, line) in paragraph.lines().enumerate() { @if at > 0 { br; } (line) } } } } }
}

/// A link that people gave: it leads away, and tells nobody from where (S-36).
#[must_use]
pub fn outward(url: &str, name: &str) -> Markup {
    html! { a.outward href=(url) rel="noopener noreferrer nofollow ugc" target="_blank" dir="auto" { (name) (icon(Icon::Outward)) } }
}
