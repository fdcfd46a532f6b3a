//! `/unsubscribe/{token}`: where the link in a mail ends such mails, without signing in.
//!
//! Reading the page ends nothing: programs follow links in mails, too. A post does, from the page's own form or as programs for
//! mail send it, without a cookie and an origin (RFC 8058); it is answered at once, without leading elsewhere.

use super::{Answer, Visit};
use crate::text::unsubscribe as t;
use crate::view::{Page, parts};
use iescp_core::notification::{Unsubscribe, ViewUnsubscribe};
use maud::{Markup, html};

/// `GET /unsubscribe/{token}`: asks.
///
/// # Errors
/// Not found, if the token is none of ours or its account has another address by now.
pub async fn ask(visit: Visit) -> Answer {
    let seen = visit.run(ViewUnsubscribe { token: visit.token().into() }).await?;
    if !seen.mailed {
        return Ok(visit.show(ended(t::ALREADY, seen.topic.label())));
    }
    let content = html! {
        (parts::heading(t::TITLE, Some(&t::ask(seen.topic.label())), None))
        form method="post" action=(visit.path()) { div.buttons { button.button.primary type="submit" { (t::STOP) } (choose()) } }
    };
    Ok(visit.show(Page::new(t::TITLE, content).bare().private()))
}

/// `POST /unsubscribe/{token}`.
///
/// # Errors
/// As [`ask`].
pub async fn stop(visit: Visit) -> Answer {
    let topic = visit.run(Unsubscribe { token: visit.token().into() }).await?;
    Ok(visit.show(ended(t::STOPPED, topic.label())))
}

fn ended(title: &'static str, topic: &str) -> Page {
    let content = html! {
        (parts::heading(title, Some(&t::stopped(topic)), None))
        p { (t::GO_ON) }
        p.after { (choose()) }
    };
    Page::new(title, content).bare().private()
}

fn choose() -> Markup {
    html! { a href="/settings/notifications" { (t::CHOOSE) } }
}
