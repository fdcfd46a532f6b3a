//! The second factor: asked for, confirmed, turned off. Its key and the recovery codes are shown once, in the answer to a form.

use super::super::{Answer, Fields, Visit, Wrongs};
use super::{framed, security};
use crate::text::settings as t;
use crate::view::{Form, Page, form, qr};
use iescp_core::Secret;
use iescp_core::account::{ConfirmTotp, EnrolTotp, Enrolment, disable_totp};
use maud::{Markup, html};

const TAB: &str = "/settings/security";

/// `POST /settings/security/totp`.
///
/// # Errors
/// If nobody is signed in; the password given too long ago.
pub async fn enrol(visit: Visit) -> Answer {
    visit.me()?;
    match visit.run(EnrolTotp).await {
        Ok(enrolment) => {
            let key = key(&enrolment);
            Ok(visit.show(page(&visit, t::ENROL_TOLD, Some(&key), &Fields::default(), &Wrongs::default())))
        }
        Err(error) => security::again(&visit, Wrongs::of(error)?).await,
    }
}

/// `POST /settings/security/totp/confirm`.
///
/// # Errors
/// If nobody is signed in; the password given too long ago.
pub async fn confirm(visit: Visit) -> Answer {
    visit.me()?;
    match visit.run(ConfirmTotp { code: visit.sent().text("code").into() }).await {
        Ok(codes) => Ok(visit.show(recovery(&visit, &codes))),
        Err(error) => {
            let wrong = Wrongs::of(error)?;
            Ok(visit.show_wrong(page(&visit, t::ENROL_AGAIN, None, visit.sent(), &wrong), &wrong))
        }
    }
}

/// `POST /settings/security/totp/disable`.
///
/// # Errors
/// If nobody is signed in; the password given too long ago.
pub async fn disable(visit: Visit) -> Answer {
    visit.me()?;
    let code: Secret = visit.sent().text("code").into();
    match disable_totp(&visit.house().platform, visit.actor(), &code).await {
        Ok(()) => Ok(visit.go_saying(TAB, t::DISABLED)),
        Err(error) => security::again(&visit, Wrongs::of(error)?).await,
    }
}

/// The key as a picture, as text in groups, and as a link for the device it is read on.
fn key(enrolment: &Enrolment) -> Markup {
    let groups: Vec<char> = enrolment.seed.reveal().chars().collect();
    let groups = groups.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ");
    html! {
        div.enrolment {
            (qr::picture(enrolment.url.reveal(), t::QR))
            div.stack {
                div { p.quiet.small { (t::KEY) } p.secret { (groups) } }
                a.button href=(enrolment.url.reveal()) hx-boost="false" { (t::OPEN_AUTHENTICATOR) }
            }
        }
    }
}

fn page(visit: &Visit, told: &str, key: Option<&Markup>, fields: &Fields, wrong: &Wrongs) -> Page {
    let asked = Form::new(fields, wrong);
    let content = html! {
        (asked.summary())
        @if let Some(key) = key { (key) }
        form.form method="post" action="/settings/security/totp/confirm" novalidate {
            (asked.line("code", t::CODE).hint(t::CODE_HINT).autocomplete("one-time-code").size("short"))
            div.buttons { button.button.primary type="submit" { (t::CONFIRM) } }
        }
        @if key.is_none() { form.after method="post" action="/settings/security/totp" { (form::key()) button.link type="submit" { (t::START_AGAIN) } } }
    };
    framed(visit, TAB, t::ENROL, Some(told), None, &content).private()
}

fn recovery(visit: &Visit, codes: &[Secret]) -> Page {
    let content = html! {
        ul.codes { @for code in codes { li { code { (code.reveal()) } } } }
        div.buttons {
            a.button.primary href=(TAB) { (t::RECOVERY_DONE) }
            button.button type="button" data-print { (t::PRINT) }
        }
    };
    framed(visit, TAB, t::RECOVERY, Some(t::RECOVERY_TOLD), None, &content).private()
}
