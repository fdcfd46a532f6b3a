//! `/settings/security`: address, password, second factor.

use super::super::{Answer, Fields, Refused, Visit, Wrongs};
use super::framed;
use crate::text::{accounts, settings as t};
use crate::view::{Form, Page, form, parts};
use iescp_core::account::{
    ChangeEmail, ChangePasswordInput, OwnAccount, SHORTEST, SHORTEST_WITH_SECOND_FACTOR, SendVerification, ViewOwnAccount,
    change_password as change,
};
use maud::{Markup, html};
use poem::Response;

const PATH: &str = "/settings/security";

/// `GET /settings/security`.
///
/// # Errors
/// If nobody is signed in.
pub async fn show(visit: Visit) -> Answer {
    visit.me()?;
    let account = visit.run(ViewOwnAccount).await?;
    Ok(visit.show(page(&visit, &account, &Fields::default(), &Wrongs::default())))
}

/// The same page, with what is wrong.
pub(super) async fn again(visit: &Visit, wrong: Wrongs) -> Result<Response, Refused> {
    let account = visit.run(ViewOwnAccount).await?;
    Ok(visit.show_wrong(page(visit, &account, visit.sent(), &wrong), &wrong))
}

/// `POST /settings/security/email`.
///
/// # Errors
/// If nobody is signed in; the password given too long ago.
pub async fn change_email(visit: Visit) -> Answer {
    visit.me()?;
    match visit.run_once(ChangeEmail { email: visit.sent().text("email") }).await {
        Ok(()) => Ok(visit.go_saying(PATH, t::EMAIL_ASKED)),
        Err(error) => again(&visit, Wrongs::of(error)?).await,
    }
}

/// `POST /settings/security/verification`.
///
/// # Errors
/// If nobody is signed in.
pub async fn send_link(visit: Visit) -> Answer {
    visit.me()?;
    match visit.run_once(SendVerification).await {
        Ok(()) => Ok(visit.go_saying(visit.next_or(PATH), t::RESENT)),
        Err(error) => again(&visit, Wrongs::of(error)?).await,
    }
}

/// `POST /settings/security/password`.
///
/// # Errors
/// If nobody is signed in.
pub async fn change_password(visit: Visit) -> Answer {
    visit.me()?;
    let text = |name: &str| visit.sent().text(name).into();
    let input = ChangePasswordInput { current_password: text("current_password"), new_password: text("new_password") };
    match change(&visit.house().platform, visit.actor(), &input).await {
        Ok(()) => Ok(visit.go_saying(PATH, t::PASSWORD_CHANGED)),
        Err(error) => again(&visit, Wrongs::of(error)?).await,
    }
}

fn page(visit: &Visit, account: &OwnAccount, fields: &Fields, wrong: &Wrongs) -> Page {
    let asked = Form::new(fields, wrong);
    let content = html! {
        (asked.summary())
        div.stack-wide.narrow { (address(account, asked)) (password(account, asked)) (factor(account, asked)) }
    };
    framed(visit, PATH, t::SECURITY, None, None, &content)
}

fn address(account: &OwnAccount, asked: Form<'_>) -> Markup {
    let proven = account.email_verified;
    let (tone, word) = if proven { (parts::Tone::Good, t::PROVEN) } else { (parts::Tone::Waiting, t::UNPROVEN) };
    html! {
        section.card.stack {
            h2 { (t::EMAIL) }
            p { strong { (account.email) } " " (parts::badge(tone, word)) }
            @if let Some(new) = &account.new_email { p.quiet { (t::new_email_waits(new)) } }
            @if !proven { p.quiet { (t::UNPROVEN_TOLD) } }
            @if !proven || account.new_email.is_some() { (parts::action("/settings/security/verification", t::RESEND, "slim")) }
            details open[asked.wrong.at("email").is_some()] {
                summary { (t::CHANGE_EMAIL) }
                form.form method="post" action="/settings/security/email" novalidate {
                    (form::key())
                    (asked.email("email", t::NEW_EMAIL).hint(t::NEW_EMAIL_HINT).autocomplete("email"))
                    button.button type="submit" { (t::CHANGE_EMAIL) }
                }
            }
        }
    }
}

fn password(account: &OwnAccount, asked: Form<'_>) -> Markup {
    let hint = accounts::password_hint(if account.second_factor { SHORTEST_WITH_SECOND_FACTOR } else { SHORTEST });
    html! {
        section.card.stack {
            h2 { (t::PASSWORD) }
            p.quiet { (t::PASSWORD_TOLD) }
            details open[asked.wrong.at("current_password").or(asked.wrong.at("new_password")).is_some()] {
                summary { (t::CHANGE_PASSWORD) }
                form.form method="post" action="/settings/security/password" novalidate {
                    (asked.password("current_password", t::CURRENT_PASSWORD).autocomplete("current-password"))
                    (asked.password("new_password", accounts::NEW_PASSWORD).hint(&hint).autocomplete("new-password"))
                    button.button type="submit" { (t::CHANGE_PASSWORD) }
                }
            }
        }
    }
}

fn factor(account: &OwnAccount, asked: Form<'_>) -> Markup {
    let left = i64::try_from(account.recovery_codes_left).unwrap_or_default();
    html! {
        section.card.stack {
            h2 { (t::FACTOR) }
            @if account.second_factor {
                p { (parts::badge(parts::Tone::Good, t::FACTOR_ON)) }
                p.quiet { (t::recovery_left(left)) }
                details open[asked.wrong.at("code").is_some()] {
                    summary { (t::DISABLE) }
                    form.form method="post" action="/settings/security/totp/disable" novalidate {
                        (asked.line("code", t::CODE).hint(t::DISABLE_HINT).autocomplete("one-time-code").size("short"))
                        button.button.danger type="submit" { (t::DISABLE) }
                    }
                }
            } @else {
                p.quiet { (t::FACTOR_OFF) }
                (parts::action("/settings/security/totp", t::ENROL, "primary"))
            }
        }
    }
}
