//! `/report?about=…&id=…`: tells the admins that something is wrong with a campaign, an account or a message.

use super::{Answer, Fields, Refused, Visit, Wrongs};
use crate::text::reports as t;
use crate::view::{Form, Page, form, parts};
use iescp_core::Error;
use iescp_core::moderation::{AbuseKind, Category, ReportAbuse};
use maud::html;
use uuid::Uuid;

/// `GET /report?about=campaign|account|message&id=…`; for a message with whom: `&with=…`.
///
/// # Errors
/// If nobody is signed in; not found, if the address names nothing.
pub async fn form(visit: Visit) -> Answer {
    Ok(visit.show(page(&visit, visit.query(), &Wrongs::default())?))
}

/// `POST /report`.
///
/// # Errors
/// Not found, if whoever asks cannot see what they report.
pub async fn send(visit: Visit) -> Answer {
    visit.me()?;
    let sent = visit.sent();
    let report = ReportAbuse {
        kind: sent.text("about"),
        id: sent.text("id"),
        with: sent.given("with").map(str::to_owned),
        category: sent.text("category"),
        text: sent.text("text"),
    };
    match visit.run_once(report).await {
        Ok(_) => Ok(visit.go_saying(&back(sent), t::SENT)),
        Err(error) => {
            let wrong = Wrongs::of(error)?;
            Ok(visit.show_wrong(page(&visit, sent, &wrong)?, &wrong))
        }
    }
}

/// Where the report came from.
fn back(fields: &Fields) -> String {
    let id = |name: &str| Uuid::try_parse(fields.get(name)).ok();
    match (fields.get("about"), id("id"), id("with")) {
        ("campaign", ..) => "/campaigns".to_owned(),
        ("message", _, Some(with)) => format!("/messages/{with}"),
        _ => "/dashboard".to_owned(),
    }
}

fn page(visit: &Visit, fields: &Fields, wrong: &Wrongs) -> Result<Page, Refused> {
    visit.me()?;
    let kind = AbuseKind::named(fields.get("about")).filter(|_| Uuid::try_parse(fields.get("id")).is_ok());
    let kind = kind.ok_or(Error::NotFound)?;
    let asked = Form::new(fields, wrong);
    let categories = Category::ALL.iter().map(|one| {
        let (name, told) = t::category(*one);
        (one.word(), name, told)
    });
    let content = html! {
        (asked.summary())
        (parts::heading(t::TITLE, Some(t::TOLD), None))
        form.form method="post" action="/report" novalidate {
            (form::key())
            @for name in ["about", "id", "with"] { @if let Some(value) = fields.given(name) { (form::hidden(name, value)) } }
            p.field { (t::ABOUT) " " strong { (t::about(kind)) } "." }
            (asked.radios("category", t::CATEGORY, categories.collect()))
            (asked.prose("text", t::TEXT, 5).hint(t::TEXT_HINT).longest(2000))
            div.buttons { button.button.primary type="submit" { (t::SEND) } }
            @if kind != AbuseKind::Campaign { p.quiet.after { (t::BLOCK_TOO) } }
        }
    };
    Ok(Page::new(t::TITLE, content))
}
