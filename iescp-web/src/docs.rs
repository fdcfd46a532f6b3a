//! Our own reference of the API, generated from its document at the start: no script, no other origin, one stylesheet.

mod parts;

use crate::assets;
use crate::problem::KINDS;
use maud::{DOCTYPE, Markup, html};
use poem::endpoint::make_sync;
use poem::http::{StatusCode, header};
use poem::{Endpoint, Request, Response};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The pages.
pub struct Reference {
    /// `/api/docs`.
    pub page: String,
    /// `/api/docs/problems`.
    pub problems: String,
}

impl Reference {
    /// Of a document.
    #[must_use]
    pub fn new(document: &Value) -> Self {
        Self { page: reference(document).into_string(), problems: problems().into_string() }
    }
}

/// A page that changes only with the program: everybody may keep it and ask whether it is still so.
pub fn cached(content_type: &'static str, text: String) -> impl Endpoint<Output = Response> {
    let tag = format!("\"{}\"", data_encoding::HEXLOWER.encode(&Sha256::digest(&text)).chars().take(16).collect::<String>());
    make_sync(move |request: Request| {
        let answer = Response::builder().header(header::CACHE_CONTROL, "public, no-cache").header(header::ETAG, &tag);
        if crate::api::none_match(request.headers(), &tag) {
            return answer.status(StatusCode::NOT_MODIFIED).finish();
        }
        answer.content_type(content_type).body(text.clone())
    })
}

fn page(title: &str, navigation: &Markup, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="stylesheet" href=(assets::url("reference.css"));
            }
            body {
                a.skip href="#content" { "To the content" }
                nav aria-label="Contents" { (navigation) }
                main #content { (content) }
            }
        }
    }
}

fn reference(document: &Value) -> Markup {
    let info = |name: &str| document.pointer(&format!("/info/{name}")).and_then(Value::as_str).unwrap_or_default();
    let chapters = parts::chapters(document);
    let navigation = html! {
        p.brand { a href="#content" { "IESCP API" } " " small { (info("version")) } }
        ul { li { a href="/api/docs/problems" { "Problems" } } li { a href="/api/openapi.json" { "OpenAPI document" } } }
        @for chapter in &chapters {
            h2 { (chapter.name) }
            ul { @for operation in &chapter.operations { li { a href={ "#" (operation.id) } { (operation.summary) } } } }
        }
        h2 { a href="#schemas" { "Schemas" } }
    };
    let content = html! {
        h1 { "The IESCP API" }
        p { (info("description")) }
        p { "All paths begin with " code { (crate::api::PREFIX) } ". Sign in with " code { "Authorization: Bearer …" } "." }
        @for chapter in &chapters { (parts::chapter(chapter)) }
        (parts::schemas(document))
    };
    page("IESCP API reference", &navigation, &content)
}

fn problems() -> Markup {
    let navigation = html! {
        p.brand { a href="/api/docs" { "IESCP API" } }
        ul { @for kind in KINDS { li { a href={ "#" (kind.slug) } { (kind.status.as_u16()) " " (kind.title) } } } }
    };
    let content = html! {
        h1 { "Problems" }
        p {
            "Every failure is answered as " code { "application/problem+json" } " (RFC 9457). Its " code { "type" }
            " is one of these; its " code { "code" } " may be finer; its " code { "instance" } " is the request's id."
        }
        @for kind in KINDS {
            section #(kind.slug) {
                h2 { a href={ "#" (kind.slug) } { (kind.title) } }
                p { code { (kind.status.as_u16()) } " · " code { (kind.code) } }
                p { (kind.meaning) }
            }
        }
    };
    page("Problems of the IESCP API", &navigation, &content)
}
