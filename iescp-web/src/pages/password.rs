//! A new password for somebody who forgot theirs, and the proof of an e-mail address: both by a link from a mail.
//!
//! The token stands in the link's query, as mails have it; its pages tell nobody their address and are not indexed (S-09).

use super::{Answer, Fields, Visit, Wrongs};
use crate::text::accounts as t;
use crate::view::{Form, Page, form, parts};
use iescp_core::account::{ForgotPassword, ResetPassword, SHORTEST, VerifyEmail};
use maud::html;

/// `GET /password/forgot`.
///
/// # Errors
/// Never.
pub async fn forgot(visit: Visit) -> Answer {
    Ok(visit.show(forgot_page(visit.query(), &Wrongs::default())))
}

/// `POST /password/forgot`: the same answer, whether or not there is such an account (S-07).
///
/// # Errors
/// A failing store.
pub async fn send_link(visit: Visit) -> Answer {
    if let Err(error) = visit.run(ForgotPassword { email: visit.sent().text("email") }).await {
        let wrong = Wrongs::of(error)?;
        return Ok(visit.show_wrong(forgot_page(visit.sent(), &wrong), &wrong));
    }
    let content =
        html! { (parts::heading(t::LINK_SENT, Some(t::LINK_SENT_TOLD), None)) a.button href="/sign-in" { (t::SIGN_IN) } };
    Ok(visit.show(Page::new(t::LINK_SENT, content).bare()))
}

fn forgot_page(fields: &Fields, wrong: &Wrongs) -> Page {
    let form = Form::new(fields, wrong);
    let content = html! {
        (form.summary())
        (parts::heading(t::FORGOTTEN, Some(t::FORGOTTEN_TOLD), None))
        form.form method="post" action="/password/forgot" novalidate {
            (form.email("email", t::EMAIL).autocomplete("email"))
            div.buttons { button.button.primary type="submit" { (t::SEND_LINK) } a href="/sign-in" { (t::SIGN_IN) } }
        }
    };
    Page::new(t::FORGOTTEN, content).bare()
}

/// `GET /password/reset?token=…`.
///
/// # Errors
/// Never.
pub async fn reset(visit: Visit) -> Answer {
    Ok(visit.show(reset_page(visit.query(), &Wrongs::default())))
}

/// `POST /password/reset`.
///
/// # Errors
/// A failing store.
pub async fn set(visit: Visit) -> Answer {
    let sent = visit.sent();
    let operation = ResetPassword::new(sent.text("token").into(), sent.text("password").into());
    match visit.run(operation).await {
        Ok(()) => Ok(visit.go_saying("/sign-in", t::RESET_DONE)),
        Err(error) => {
            let wrong = about_link(Wrongs::of(error)?);
            Ok(visit.show_wrong(reset_page(sent, &wrong), &wrong))
        }
    }
}

fn reset_page(fields: &Fields, wrong: &Wrongs) -> Page {
    let form = Form::new(fields, wrong);
    let hint = t::password_hint(SHORTEST);
    let content = html! {
        (form.summary())
        h1 { (t::RESET) }
        form.form method="post" action="/password/reset" novalidate {
            (form::hidden("token", fields.get("token")))
            (form.password("password", t::NEW_PASSWORD).hint(&hint).autocomplete("new-password"))
            div.buttons { button.button.primary type="submit" { (t::SEND_RESET) } a href="/password/forgot" { (t::SEND_LINK) } }
        }
    };
    Page::new(t::RESET, content).bare().private()
}

/// `GET /verify-email?token=…`: asks for a click, since programs follow links in mails, too.
///
/// # Errors
/// Never.
pub async fn verify(visit: Visit) -> Answer {
    Ok(visit.show(verify_page(visit.query(), &Wrongs::default())))
}

/// `POST /verify-email`.
///
/// # Errors
/// A failing store.
pub async fn prove(visit: Visit) -> Answer {
    let sent = visit.sent();
    match visit.run(VerifyEmail { token: sent.text("token").into() }).await {
        Ok(()) => Ok(visit.go_saying(if visit.person().is_some() { "/dashboard" } else { "/sign-in" }, t::VERIFIED)),
        Err(error) => {
            let wrong = about_link(Wrongs::of(error)?);
            Ok(visit.show_wrong(verify_page(sent, &wrong), &wrong))
        }
    }
}

fn verify_page(fields: &Fields, wrong: &Wrongs) -> Page {
    let content = html! {
        (form::summary(wrong))
        (parts::heading(t::VERIFY, Some(t::VERIFY_TOLD), None))
        form method="post" action="/verify-email" {
            (form::hidden("token", fields.get("token")))
            button.button.primary type="submit" { (t::SEND_VERIFY) }
        }
    };
    Page::new(t::VERIFY, content).bare().private()
}

/// What is wrong with a token is said in general: it has no field of its own.
fn about_link(wrong: Wrongs) -> Wrongs {
    if wrong.at("token").is_some() { Wrongs::sentence(t::LINK_OVER) } else { wrong }
}
