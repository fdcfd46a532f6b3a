//! `/setup`: where whoever holds the one-time link makes the first admin (S-06). Once there is one, it does not exist.

use super::{Answer, Fields, Visit, Wrongs};
use crate::text::accounts as t;
use crate::view::{Form, Page, form, parts};
use iescp_core::Error;
use iescp_core::account::{AdminInput, SHORTEST, SetUp, ViewSetUp};
use maud::html;

/// `GET /setup?token=…`.
///
/// # Errors
/// Not found once there is an admin, or without a token.
pub async fn form(visit: Visit) -> Answer {
    if visit.query().given("token").is_none() || visit.run(ViewSetUp).await? {
        return Err(Error::NotFound.into());
    }
    Ok(visit.show(page(&visit, visit.query(), &Wrongs::default())))
}

/// `POST /setup`.
///
/// # Errors
/// A failing store.
pub async fn send(visit: Visit) -> Answer {
    let sent = visit.sent();
    let input = AdminInput { username: sent.text("username"), email: sent.text("email"), password: sent.text("password").into() };
    match visit.run(SetUp::new(sent.text("token").into(), input)).await {
        Ok(_) => Ok(visit.go_saying("/sign-in", t::SET_UP_DONE)),
        Err(error) => {
            let wrong = Wrongs::of(error)?;
            let wrong = if wrong.at("token").is_some() { Wrongs::sentence(t::SET_UP_LINK) } else { wrong };
            Ok(visit.show_wrong(page(&visit, sent, &wrong), &wrong))
        }
    }
}

fn page(visit: &Visit, fields: &Fields, wrong: &Wrongs) -> Page {
    let form = Form::new(fields, wrong);
    let title = t::set_up(&visit.house().settings.installation.site_name);
    let hint = t::password_hint(SHORTEST);
    let content = html! {
        (form.summary())
        (parts::heading(&title, Some(t::SET_UP_TOLD), None))
        form.form method="post" action="/setup" novalidate {
            (form::hidden("token", fields.get("token")))
            (form.line("username", t::USERNAME).hint(t::USERNAME_HINT).autocomplete("username"))
            (form.email("email", t::EMAIL).hint(t::EMAIL_HINT).autocomplete("email"))
            (form.password("password", t::PASSWORD).hint(&hint).autocomplete("new-password"))
            div.buttons { button.button.primary type="submit" { (t::SEND_SET_UP) } }
        }
    };
    Page::new(title, content).bare().private()
}
