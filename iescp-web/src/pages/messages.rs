//! `/messages`: the threads one has, and one of them.
//!
//! Looking changes nothing: what is shown is marked as read by a form, which sends itself where there is a script.

use super::{Answer, Fields, Refused, Visit, Wrongs};
use crate::text::messages as t;
use crate::view::{Form, Icon, Page, form, icon, parts, picture};
use iescp_core::account::Role;
use iescp_core::id::{AccountId, MessageId};
use iescp_core::message::{
    BlockAccount, ListThreads, MarkThreadRead, Message, ReadThread, Said, SendMessage, ThreadSummary, ThreadView, UnblockAccount,
};
use maud::{Markup, html};
use uuid::Uuid;

/// How many messages a page of a thread has.
const AT_ONCE: usize = 40;

/// `GET /messages`.
///
/// # Errors
/// If nobody is signed in.
pub async fn list(visit: Visit) -> Answer {
    let role = visit.me()?.account.role;
    let threads = visit.run(ListThreads { page: visit.page_of(20) }).await?;
    let (told, next) = match role {
        Role::Influencer => (t::NONE_INFLUENCER, Some(("/campaigns", t::FIND_CAMPAIGNS))),
        Role::Sponsor => (t::NONE_SPONSOR, Some(("/influencers", t::FIND_INFLUENCERS))),
        Role::Admin => (t::NONE_ADMIN, None),
    };
    let content = html! {
        (parts::heading(t::TITLE, None, None))
        @if threads.items.is_empty() { (parts::empty(Icon::Message, t::NONE, told, next)) }
        @else { ul.rows { @for thread in &threads.items { (row(&visit, thread)) } } }
        (parts::pager("/messages", visit.query(), threads.next.as_deref()))
    };
    Ok(visit.show(Page::new(t::TITLE, content).about_me()))
}

fn row(visit: &Visit, thread: &ThreadSummary) -> Markup {
    let mine = thread.last.said.by().is_some_and(|by| by != thread.with);
    let begin: String = thread.last.said.text().chars().take(140).collect();
    html! {
        li.is-new[thread.unread > 0] {
            (picture::face(&thread.name, thread.picture))
            div.grow {
                a href={ "/messages/" (thread.with) } dir="auto" { (thread.name) }
                p.quiet.small.one-line dir="auto" { @if mine { (t::YOU) ": " } (begin) }
            }
            div.at-end {
                small.quiet { (visit.look().ago(thread.last.at)) }
                @if thread.unread > 0 { (parts::badge(parts::Tone::Waiting, &t::unread(thread.unread.into()))) }
            }
        }
    }
}

/// `GET /messages/{id}`: the thread with an account.
///
/// # Errors
/// Not found, if the account is not there for whoever asks.
pub async fn show(visit: Visit) -> Answer {
    Ok(visit.show(page(&visit, &Fields::default(), &Wrongs::default()).await?))
}

/// `POST /messages/{id}`: says something, which also means that one has read what was said.
///
/// # Errors
/// Not found, if the account is not there for whoever asks.
pub async fn send(visit: Visit) -> Answer {
    visit.me()?;
    let to = visit.id::<AccountId>()?;
    match visit.run_once(SendMessage { to, text: visit.sent().text("text") }).await {
        Ok(_) => {
            visit.run(MarkThreadRead { with: to, up_to: None }).await?;
            Ok(visit.go(&format!("/messages/{to}#last")))
        }
        Err(error) => {
            let wrong = Wrongs::of(error)?;
            Ok(visit.show_wrong(page(&visit, visit.sent(), &wrong).await?, &wrong))
        }
    }
}

/// `POST /messages/{id}/read`.
///
/// # Errors
/// Not found, if there is no such thread.
pub async fn read(visit: Visit) -> Answer {
    visit.me()?;
    let with = visit.id::<AccountId>()?;
    let up_to = visit.sent().given("up_to").and_then(|id| Uuid::try_parse(id).ok()).map(MessageId);
    visit.run_once(MarkThreadRead { with, up_to }).await?;
    Ok(visit.go(&format!("/messages/{with}")))
}

/// `POST /messages/{id}/block`.
///
/// # Errors
/// Not found, if the account is not there for whoever asks.
pub async fn block(visit: Visit) -> Answer {
    visit.me()?;
    let account = visit.id::<AccountId>()?;
    visit.run_once(BlockAccount { account }).await?;
    Ok(visit.go_saying(&format!("/messages/{account}"), t::BLOCKED))
}

/// `POST /messages/{id}/unblock`.
///
/// # Errors
/// Not found, if there is no such block.
pub async fn unblock(visit: Visit) -> Answer {
    visit.me()?;
    let account = visit.id::<AccountId>()?;
    visit.run_once(UnblockAccount { account }).await?;
    Ok(visit.go_saying(&format!("/messages/{account}"), crate::text::settings::UNBLOCKED))
}

async fn page(visit: &Visit, fields: &Fields, wrong: &Wrongs) -> Result<Page, Refused> {
    visit.me()?;
    let with = visit.id::<AccountId>()?;
    let view = visit.run(ReadThread { with, of: None, page: visit.page_of(AT_ONCE) }).await?;
    let asked = Form::new(fields, wrong);
    let path = format!("/messages/{with}");
    let content = html! {
        (asked.summary())
        p.back { a href="/messages" { (t::ALL) } }
        (head(&view, with))
        (talk(visit, &view, with))
        @match &view.closed {
            Some(closed) => (parts::notice(parts::Tone::Calm, &html! { p { (closed.why) } })),
            None => {
                form.form.write method="post" action=(path) novalidate {
                    (form::key())
                    (asked.prose("text", t::TEXT, 3).longest(4000))
                    button.button.primary type="submit" { (icon(Icon::Send)) (t::SEND) }
                }
            }
        }
    };
    Ok(Page::new(t::with(&view.name), content))
}

fn head(view: &ThreadView, with: AccountId) -> Markup {
    let kind = if view.pair.sponsor == with { "sponsors" } else { "influencers" };
    html! {
        header.heading {
            div.who { (picture::face(&view.name, view.picture)) h1 dir="auto" { (view.name) } }
            div.actions {
                a.button.slim href={ "/" (kind) "/" (with) } { (t::PROFILE) }
                @if view.blocked { (parts::action(&format!("/messages/{with}/unblock"), t::UNBLOCK, "slim")) }
                @else {
                    details.menu {
                        summary.button.slim { (t::BLOCK) }
                        div.card.stack { p { (t::BLOCK_TOLD) } (parts::action(&format!("/messages/{with}/block"), t::BLOCK_ASK, "danger")) }
                    }
                }
                a.quiet.small href={ "/report?about=account&id=" (with) } { (t::REPORT) }
            }
        }
    }
}

/// What was said: the part that follows what happens.
fn talk(visit: &Visit, view: &ThreadView, with: AccountId) -> Markup {
    let path = format!("/messages/{with}");
    let (begun, me) = (visit.query().given("after").is_some(), view.pair.other(with));
    let unread = view.thread.as_ref().map_or(0, |thread| thread.side(me).unread);
    let counts = visit.person().map(|me| (me.unread_messages, me.unread_notifications));
    let follows = (!begun).then_some(path.as_str());
    html! {
        section #talk data-about={ "thread:" (with) } hx-get=[follows] hx-trigger="news" hx-target="this" hx-select="#talk" hx-swap="outerMorph"
            hx-sync="this:queue first" data-messages=[counts.map(|counts| counts.0)] data-notifications=[counts.map(|counts| counts.1)] {
            @if view.messages.items.is_empty() { (parts::notice(parts::Tone::Calm, &html! { p { (t::BEGIN) } })) }
            @if let Some(next) = &view.messages.next { p.earlier { a.button.slim href={ (path) "?after=" (next) } { (t::EARLIER) } } }
            ol.thread aria-live="polite" {
                @for (number, message) in view.messages.items.iter().rev().enumerate() {
                    (line(visit, view, message, number + 1 == view.messages.items.len() && !begun))
                }
            }
            @if begun { p.earlier { a.button.slim href=(path) { (t::LATEST) } } }
            @if let (true, Some(last)) = (unread > 0 && !begun, view.messages.items.first()) {
                form.mark-read method="post" action={ (path) "/read" } hx-post={ (path) "/read" } hx-trigger="load, submit" hx-target="#talk" hx-select="#talk" hx-swap="outerMorph" hx-sync="#talk:queue first" {
                    (form::key()) (form::hidden("up_to", &last.id.to_string()))
                    button.button.slim type="submit" { (t::MARK) }
                }
            }
        }
    }
}

fn line(visit: &Visit, view: &ThreadView, message: &Message, last: bool) -> Markup {
    let id = if last { "last".to_owned() } else { format!("m-{}", message.id) };
    let at = visit.look().ago(message.at);
    match &message.said {
        Said::Line { line, about, .. } => {
            let to = match about.kind.as_str() {
                "request" => Some(format!("/requests/{}", about.id)),
                "collaboration" => Some(format!("/collaborations/{}", about.id)),
                _ => None,
            };
            html! { li.line id=(id) { p { (line.text()) " " @if let Some(to) = to { a href=(to) { (t::SEE) } " " } small.quiet { (at) } } } }
        }
        Said::Imported { text } => html! { li.said id=(id) { (parts::prose(text)) small.quiet { (t::IMPORTED) " · " (at) } } },
        Said::Written { by, text } => {
            let theirs = visit.person().is_none_or(|me| me.account.id != *by);
            html! {
                li.said.mine[!theirs] id=(id) {
                    span.hidden { @if theirs { (view.name) } @else { (t::YOU) } ":" }
                    (parts::prose(text))
                    small.quiet {
                        (at)
                        @if theirs { " · " a href={ "/report?about=message&id=" (message.id) "&with=" (by) } { (t::REPORT) span.hidden { ": " (t::REPORT_THIS) } } }
                    }
                }
            }
        }
    }
}
