//! Signing in and out. A form that was sent after its session had ended is kept across signing in.
//!
//! Not here: who has which cookie (`identity`), what a second factor is (`iescp-core`).

use super::cookie::{self, Name};
use super::visit::add_cookie;
use super::{Answer, Fields, Visit, Wrongs};
use crate::text::accounts as t;
use crate::view::{Form, Page, form, parts};
use iescp_core::session::{SignInInput, SignOut, sign_in};
use iescp_core::{Error, Secret};
use maud::{Markup, html};
use poem::Response;
use poem::http::{HeaderValue, StatusCode};

/// What a kept form's fields begin with, on their way through signing in.
const KEPT: &str = "kept.";
/// Where a kept form was going.
const KEPT_FOR: &str = "kept-for";
/// Fields that are never kept.
const NEVER_KEPT: [&str; 4] = ["password", "new_password", "code", "token"];

/// `GET /sign-in`.
///
/// # Errors
/// Never.
pub async fn form(visit: Visit) -> Answer {
    if visit.person().is_some() {
        return Ok(visit.go(visit.next_or("/dashboard")));
    }
    let fields = visit.query().clone().with("remember", "");
    Ok(visit.show(page(&fields, &Wrongs::default(), false)))
}

/// `POST /sign-in`.
///
/// # Errors
/// A failing store.
pub async fn send(visit: Visit) -> Answer {
    let sent = visit.sent();
    let input = SignInInput {
        login: sent.text("login"),
        password: sent.text("password").into(),
        code: sent.given("code").map(|code| Secret::from(code.to_owned())),
        remember: sent.ticked("remember"),
        refreshable: false,
    };
    match sign_in(&visit.house().platform, visit.actor(), &input).await {
        Ok(signed_in) => {
            let mut answer = if sent.has(KEPT_FOR) { kept(&visit) } else { visit.go(visit.next_or("/dashboard")) };
            let line = cookie::session(visit.house(), &signed_in.secret, signed_in.expires_at, input.remember);
            add_cookie(&mut answer, &line);
            Ok(answer)
        }
        Err(Error::SignedOut(_)) => {
            Ok(visit.show_wrong(page(sent, &Wrongs::sentence(t::NOT_TOGETHER), false), &Wrongs::sentence(t::NOT_TOGETHER)))
        }
        Err(error) => {
            let wrong = Wrongs::of(error)?;
            let asks_code = wrong.at("code").is_some();
            Ok(visit.show_wrong(page(sent, &wrong, asks_code), &wrong))
        }
    }
}

/// The page for somebody whose session ended before they sent a form: sign in, and it is still there.
#[must_use]
pub fn again(visit: &Visit) -> Response {
    let kept = visit.sent().iter().filter(|(name, _)| !NEVER_KEPT.contains(name));
    let fields = kept.fold(Fields::default().with(KEPT_FOR, visit.path()), |fields, (name, value)| {
        fields.and(&format!("{KEPT}{name}"), value)
    });
    let wrong = Wrongs::sentence(t::AGAIN);
    let mut answer = visit.show_wrong(page(&fields, &wrong, false), &wrong);
    answer.set_status(StatusCode::UNAUTHORIZED);
    answer
}

/// After signing in again: what was kept, to be sent or left.
fn kept(visit: &Visit) -> Response {
    let sent = visit.sent();
    let path = sent.get(KEPT_FOR);
    if !super::visit::is_local(path) {
        return visit.go("/dashboard");
    }
    let content = html! {
        (parts::heading(t::KEPT_TITLE, Some(t::KEPT), None))
        form method="post" action=(path) {
            @for (name, value) in sent.iter() { @if let Some(name) = name.strip_prefix(KEPT) { (form::hidden(name, value)) } }
            div.buttons { button.button.primary type="submit" { (t::SEND_KEPT) } a.button href="/dashboard" { (t::LEAVE_KEPT) } }
        }
    };
    visit.show(Page::new(t::KEPT_TITLE, content).bare())
}

fn page(fields: &Fields, wrong: &Wrongs, asks_code: bool) -> Page {
    let form = Form::new(fields, wrong);
    let content = html! {
        (form.summary())
        h1 { (t::SIGN_IN) }
        form.form method="post" action="/sign-in" novalidate {
            (carried(fields))
            (form.line("login", t::LOGIN).autocomplete("username"))
            (form.password("password", t::PASSWORD).autocomplete("current-password"))
            @if asks_code || fields.has("code") { (form.line("code", t::CODE).hint(t::CODE_HINT).autocomplete("one-time-code").size("short")) }
            (form.tick("remember", t::REMEMBER))
            div.buttons { button.button.primary type="submit" { (t::SIGN_IN) } a href="/password/forgot" { (t::FORGOT) } }
        }
        p.aside { (t::NEW_HERE) " " a href="/register" { (t::REGISTER) } }
    };
    Page::new(t::SIGN_IN, content).bare()
}

/// What goes through signing in unseen: where to, and a kept form.
fn carried(fields: &Fields) -> Markup {
    html! { @for (name, value) in fields.iter() { @if name == "next" || name == KEPT_FOR || name.starts_with(KEPT) { (form::hidden(name, value)) } } }
}

/// `GET /sign-out`: asks, for those who came by a link.
///
/// # Errors
/// If nobody is signed in.
pub async fn leave(visit: Visit) -> Answer {
    visit.me()?;
    let content = html! { (parts::heading(t::SIGN_OUT, Some(t::SIGN_OUT_ASK), None)) form method="post" action="/sign-out" { button.button.primary type="submit" { (t::SIGN_OUT) } } };
    Ok(visit.show(Page::new(t::SIGN_OUT, content).bare()))
}

/// `POST /sign-out`: ends the session; the browser forgets what it keeps of us (S-15).
///
/// # Errors
/// A failing store.
pub async fn sign_out(visit: Visit) -> Answer {
    if visit.person().is_some() {
        visit.run(SignOut).await?;
    }
    let mut answer = visit.go_saying("/", t::SIGNED_OUT);
    add_cookie(&mut answer, &cookie::forget(visit.house(), Name::Session));
    answer.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    Ok(answer)
}
