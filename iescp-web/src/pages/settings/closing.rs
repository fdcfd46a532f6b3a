//! `/settings/close`: the end of an account, by typing its name.

use super::super::cookie::{self, Name};
use super::super::visit::add_cookie;
use super::super::{Answer, Fields, Visit, Wrongs};
use super::framed;
use crate::text::settings as t;
use crate::view::{Form, Page, parts};
use iescp_core::FieldError;
use iescp_core::account::CloseAccount;
use maud::html;
use poem::http::HeaderValue;

const PATH: &str = "/settings/close";

/// `GET /settings/close`.
///
/// # Errors
/// If nobody is signed in.
pub async fn show(visit: Visit) -> Answer {
    Ok(visit.show(page(&visit, &Fields::default(), &Wrongs::default())?))
}

/// `POST /settings/close`.
///
/// # Errors
/// If nobody is signed in; the password given too long ago.
pub async fn close(visit: Visit) -> Answer {
    let named = visit.sent().get("confirm").trim() == &*visit.me()?.account.username;
    if !named {
        let wrong = Wrongs::unread(vec![FieldError::new("confirm", "name", t::WRONG_NAME)]);
        return Ok(visit.show_wrong(page(&visit, visit.sent(), &wrong)?, &wrong));
    }
    if let Err(error) = visit.run(CloseAccount).await {
        let wrong = Wrongs::of(error)?;
        return Ok(visit.show_wrong(page(&visit, visit.sent(), &wrong)?, &wrong));
    }
    let mut answer = visit.go_saying("/", t::CLOSED);
    add_cookie(&mut answer, &cookie::forget(visit.house(), Name::Session));
    answer.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    Ok(answer)
}

fn page(visit: &Visit, fields: &Fields, wrong: &Wrongs) -> Result<Page, super::super::Refused> {
    let form = Form::new(fields, wrong);
    let label = t::type_name(&visit.me()?.account.username);
    let content = html! {
        (form.summary())
        div.cards {
            section.card { h2 { (t::CLOSE_GOES) } ul.plain { @for one in t::CLOSE_GOES_LIST { li { (one) } } } }
            section.card { h2 { (t::CLOSE_STAYS) } ul.plain { @for one in t::CLOSE_STAYS_LIST { li { (one) } } } }
        }
        form.form.after method="post" action=(PATH) novalidate hx-boost="false" {
            (parts::notice(parts::Tone::Waiting, &html! { p { (t::CLOSE_FIRST) } }))
            (form.line("confirm", &label).autocomplete("off").size("short"))
            div.buttons { button.button.danger type="submit" { (t::CONFIRM_CLOSE) } }
        }
    };
    Ok(framed(visit, PATH, t::CLOSE, Some(t::CLOSE_TOLD), None, &content))
}
