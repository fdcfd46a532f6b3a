//! `/settings/close`: the end of an account, by typing its name.

use super::super::cookie::{self, Name};
use super::super::visit::add_cookie;
use super::super::{Answer, Fields, Refused, Visit, Wrongs};
use super::framed;
use crate::text::settings as t;
use crate::view::{Form, Page, parts};
use iescp_core::FieldError;
use iescp_core::account::{CloseAccount, ViewClosing};
use iescp_core::ledger::Remaining;
use maud::{Markup, html};
use poem::http::HeaderValue;

const PATH: &str = "/settings/close";

/// `GET /settings/close`.
///
/// # Errors
/// If nobody is signed in.
pub async fn show(visit: Visit) -> Answer {
    Ok(visit.show(page(&visit, &Fields::default(), &Wrongs::default()).await?))
}

/// `POST /settings/close`.
///
/// # Errors
/// If nobody is signed in; the password given too long ago.
pub async fn close(visit: Visit) -> Answer {
    let named = visit.sent().get("confirm").trim() == &*visit.me()?.account.username;
    if !named {
        let wrong = Wrongs::unread(vec![FieldError::new("confirm", "name", t::WRONG_NAME)]);
        return Ok(visit.show_wrong(page(&visit, visit.sent(), &wrong).await?, &wrong));
    }
    if let Err(error) = visit.run(CloseAccount).await {
        let wrong = Wrongs::of(error)?;
        return Ok(visit.show_wrong(page(&visit, visit.sent(), &wrong).await?, &wrong));
    }
    let mut answer = visit.go_saying("/", t::CLOSED);
    add_cookie(&mut answer, &cookie::forget(visit.house(), Name::Session));
    answer.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    Ok(answer)
}

async fn page(visit: &Visit, fields: &Fields, wrong: &Wrongs) -> Result<Page, Refused> {
    let form = Form::new(fields, wrong);
    let label = t::type_name(&visit.me()?.account.username);
    let remaining = visit.run(ViewClosing).await?;
    let content = html! {
        (form.summary())
        div.cards {
            section.card { h2 { (t::CLOSE_GOES) } ul.plain { @for one in t::CLOSE_GOES_LIST { li { (one) } } } }
            section.card { h2 { (t::CLOSE_STAYS) } ul.plain { @for one in t::CLOSE_STAYS_LIST { li { (one) } } } }
        }
        @if remaining.is_empty() {
            p.after { a href="/settings/data" { (t::CLOSE_DATA_FIRST) } }
            form.form.after method="post" action=(PATH) novalidate hx-boost="false" {
                (form.line("confirm", &label).autocomplete("off").size("short"))
                div.buttons { button.button.danger type="submit" { (t::CONFIRM_CLOSE) } }
            }
        } @else {
            div.after { (parts::notice(parts::Tone::Waiting, &in_the_way(visit, &remaining))) }
        }
    };
    Ok(framed(visit, PATH, t::CLOSE, Some(t::CLOSE_TOLD), None, &content))
}

/// What stands in the way, each with where it is seen to.
fn in_the_way(visit: &Visit, remaining: &[Remaining]) -> Markup {
    let currency = visit.house().platform.settings().currency;
    html! {
        h2 { (t::CLOSE_IN_THE_WAY) }
        ul { @for one in remaining { li { a href=(place_of(one)) { (one.sentence(currency)) } } } }
    }
}

fn place_of(remaining: &Remaining) -> String {
    match remaining {
        Remaining::Earnings(_) | Remaining::OnItsWay(_) => "/earnings".to_owned(),
        Remaining::Collaborations(_) => "/collaborations".to_owned(),
        Remaining::Campaign { campaign, .. } => format!("/campaigns/{campaign}"),
    }
}
