//! How the first pages look.

use crate::assets;
use iescp_core::FieldError;
use iescp_core::account::SHORTEST;
use maud::{DOCTYPE, Markup, html};

/// A whole page.
pub(super) struct Page(pub String);

/// What the form holds when it is shown.
#[derive(Default)]
pub(super) struct Filled {
    pub token: String,
    pub username: String,
    pub email: String,
}

fn page(title: &str, content: &Markup) -> Page {
    let whole = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="stylesheet" href=(assets::url("plain.css"));
            }
            body { main { (content) } }
        }
    };
    Page(whole.into_string())
}

pub(super) fn landing(site: &str, set_up: bool) -> Page {
    page(
        site,
        &html! {
            h1 { (site) }
            p {
                "Sponsors and influencers find each other here, negotiate, agree, deliver and settle; admins supervise. "
                "This server answers programs through its API."
            }
            @if !set_up {
                p {
                    "There is no admin yet. The server printed a link for making one at its start; it can also be done with "
                    code { "iescp-web admin create" } "."
                }
            }
            ul {
                li { a href="/api/docs" { "Reference of the API" } }
                li { a href="/api/openapi.json" { "Its OpenAPI document" } }
            }
        },
    )
}

pub(super) fn done(site: &str, username: &str) -> Page {
    page(
        &format!("{site} is set up"),
        &html! {
            h1 { (site) " is set up" }
            p { "You are its first admin, " strong { (username) } ". This page is gone now and its link opens nothing any more." }
            p { "Sign in with " code { "POST /api/v1/auth/login" } "; the " a href="/api/docs" { "reference" } " says how." }
        },
    )
}

/// A field: its name, what it is called, a hint, and what the browser must know.
struct Field {
    name: &'static str,
    label: &'static str,
    hint: String,
    kind: &'static str,
    autocomplete: &'static str,
}

fn fields() -> [Field; 3] {
    let field = |name, label, hint: &str, kind, autocomplete| Field { name, label, hint: hint.to_owned(), kind, autocomplete };
    let password = format!("At least {SHORTEST} characters. Several unrelated words make a good one.");
    [
        field("username", "User name", "3 to 32 letters, digits, dots, dashes or underscores.", "text", "username"),
        field("email", "E-mail address", "A link to prove it is sent there.", "email", "email"),
        field("password", "Password", &password, "password", "new-password"),
    ]
}

pub(super) fn form(site: &str, filled: &Filled, wrong: &[FieldError]) -> Page {
    let fields = fields();
    let title = format!("Set up {site}");
    let at = |name: &str| wrong.iter().filter(|wrong| wrong.field == name).map(|wrong| wrong.detail.as_str()).collect::<Vec<_>>();
    let elsewhere: Vec<_> = wrong.iter().filter(|wrong| fields.iter().all(|field| field.name != wrong.field)).collect();
    let content = html! {
        h1 { (title) }
        p { "Make the first admin. The link that brought you here works once, within an hour of the server's start." }
        @if !wrong.is_empty() {
            div role="alert" {
                @for wrong in &elsewhere { p.wrong { (wrong.detail) } }
                @if !elsewhere.is_empty() { p { "Start the server again for a new link, or use " code { "iescp-web admin create" } "." } }
                @for field in fields.iter().filter(|field| !at(field.name).is_empty()) {
                    p { a href={ "#" (field.name) } { (field.label) } ": " (at(field.name).join(" ")) }
                }
            }
        }
        form method="post" action="/setup" novalidate {
            input type="hidden" name="token" value=(filled.token);
            @for field in &fields {
                @let wrong = at(field.name);
                @let described = if wrong.is_empty() { format!("{}-hint", field.name) } else { format!("{0}-wrong {0}-hint", field.name) };
                label for=(field.name) { (field.label) }
                p.hint id={ (field.name) "-hint" } { (field.hint) }
                input #(field.name) name=(field.name) type=(field.kind) autocomplete=(field.autocomplete) required
                    value=[value(field.name, filled)] aria-describedby=(described) aria-invalid=[(!wrong.is_empty()).then_some("true")]
                    spellcheck="false" autocapitalize="none";
                @if !wrong.is_empty() { p.wrong id={ (field.name) "-wrong" } { (wrong.join(" ")) } }
            }
            button type="submit" { "Make the admin" }
        }
    };
    page(&if wrong.is_empty() { title } else { format!("Not yet: {title}") }, &content)
}

fn value<'a>(field: &str, filled: &'a Filled) -> Option<&'a str> {
    let value = match field {
        "username" => &filled.username,
        "email" => &filled.email,
        _ => return None,
    };
    Some(value.as_str()).filter(|value| !value.is_empty())
}
