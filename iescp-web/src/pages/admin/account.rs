//! `/admin/accounts/{id}`: one account, and what admins can do about it.

use super::super::{Answer, Fields, Refused, Visit, Wrongs};
use super::only;
use crate::text::{admin as t, settings, words};
use crate::view::{Form, Page, form, parts};
use iescp_core::account::{AccountState, Role};
use iescp_core::id::AccountId;
use iescp_core::moderation::accounts::{
    AccountForAdmins, ApproveSponsor, EndSessionsOf, FlagAccount, PutUnderReview, RejectSponsor, StartPasswordReset,
    UnflagAccount, VerifySponsor, ViewAccount,
};
use iescp_core::{Error, Operation};
use maud::{Markup, html};
use serde::{Serialize, de::DeserializeOwned};

/// `GET /admin/accounts/{id}`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn show(visit: Visit) -> Answer {
    Ok(visit.show(page(&visit, &Fields::default(), &Wrongs::default()).await?))
}

/// Does something to the account, and shows it again.
async fn act<O: Operation>(visit: &Visit, operation: O, done: &str) -> Answer
where
    O::Output: Serialize + DeserializeOwned,
{
    only(visit)?;
    match visit.run_once(operation).await {
        Ok(_) => Ok(visit.go_saying(&path_of(visit.id()?), done)),
        Err(error) => refused(visit, error).await,
    }
}

async fn refused(visit: &Visit, error: Error) -> Answer {
    let wrong = Wrongs::of(error)?;
    let asked = visit.path().rsplit('/').next().unwrap_or_default();
    let wrong = wrong.renamed("reason", &format!("{asked}-reason"));
    Ok(visit.show_wrong(page(visit, visit.sent(), &wrong).await?, &wrong))
}

fn path_of(account: AccountId) -> String {
    format!("/admin/accounts/{account}")
}

/// The reason that was typed, under the name of its form.
fn reason(visit: &Visit, of: &str) -> String {
    visit.sent().text(&format!("{of}-reason"))
}

/// `POST /admin/accounts/{id}/approve`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn approve(visit: Visit) -> Answer {
    act(&visit, ApproveSponsor { account: visit.id()? }, t::APPROVED).await
}

/// `POST /admin/accounts/{id}/reject`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn reject(visit: Visit) -> Answer {
    act(&visit, RejectSponsor { account: visit.id()?, reason: reason(&visit, "reject") }, t::REJECTED).await
}

/// `POST /admin/accounts/{id}/flag`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn flag(visit: Visit) -> Answer {
    act(&visit, FlagAccount { account: visit.id()?, reason: reason(&visit, "flag") }, t::FLAGGED).await
}

/// `POST /admin/accounts/{id}/unflag`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn unflag(visit: Visit) -> Answer {
    act(&visit, UnflagAccount { account: visit.id()? }, t::UNFLAGGED).await
}

/// `POST /admin/accounts/{id}/verify`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn verify(visit: Visit) -> Answer {
    act(&visit, VerifySponsor { account: visit.id()?, checked: Some(visit.sent().text("checked")) }, t::VERIFY_DONE).await
}

/// `POST /admin/accounts/{id}/unverify`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn unverify(visit: Visit) -> Answer {
    act(&visit, VerifySponsor { account: visit.id()?, checked: None }, t::UNVERIFIED).await
}

/// `POST /admin/accounts/{id}/review`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn review(visit: Visit) -> Answer {
    act(&visit, PutUnderReview { account: visit.id()?, on: visit.sent().ticked("on") }, t::REVIEW_DONE).await
}

/// `POST /admin/accounts/{id}/end-sessions`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn end_sessions(visit: Visit) -> Answer {
    act(&visit, EndSessionsOf { account: visit.id()? }, t::SESSIONS_ENDED).await
}

/// `POST /admin/accounts/{id}/password-reset`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn reset(visit: Visit) -> Answer {
    act(&visit, StartPasswordReset { account: visit.id()? }, t::RESET_SENT).await
}

async fn page(visit: &Visit, fields: &Fields, wrong: &Wrongs) -> Result<Page, Refused> {
    only(visit)?;
    let seen = visit.run(ViewAccount { account: visit.id()? }).await?;
    let asked = Form::new(fields, wrong);
    let path = path_of(seen.account.id);
    let company = seen.sponsor.as_ref().map(|profile| profile.company.to_string());
    let name = company.or(seen.influencer.as_ref().map(|profile| profile.display_name.to_string()));
    let name = name.unwrap_or_else(|| seen.account.username.to_string());
    let content = html! {
        (asked.summary())
        p.back { a href="/admin/accounts" { (t::ALL_ACCOUNTS) } }
        header.heading {
            div.who { (parts::avatar(&name)) div { h1 dir="auto" { (name) } p.told { (words::role(seen.account.role)) " " (parts::account_state(seen.account.state)) @if seen.account.under_review { " " (parts::badge(parts::Tone::Waiting, t::UNDER_REVIEW)) } } } }
        }
        @if seen.account.role == Role::Sponsor && seen.account.state == AccountState::Pending { (approval(&path, asked)) }
        div.columns {
            div.stack-wide { (facts(visit, &seen)) (profile(&seen)) (sessions(visit, &seen)) }
            aside.stack { (care(&seen, &path)) (mark(&seen, &path, asked)) (suspension(&seen, &path, asked)) }
        }
    };
    Ok(Page::new(t::account_of(&name), content))
}

fn approval(path: &str, asked: Form<'_>) -> Markup {
    html! {
        section.card.stack.attention {
            h2 { (t::WAITS) }
            p { (t::WAITS_TOLD) }
            (parts::action(&format!("{path}/approve"), t::APPROVE, "primary"))
            details open[asked.wrong.at("reject-reason").is_some()] {
                summary { (t::REJECT) }
                form.form method="post" action={ (path) "/reject" } novalidate {
                    (form::key())
                    (asked.prose("reject-reason", t::REJECT_WHY, 3).longest(1000))
                    button.button.danger type="submit" { (t::REJECT) }
                }
            }
        }
    }
}

fn facts(visit: &Visit, seen: &AccountForAdmins) -> Markup {
    let (look, account) = (visit.look(), &seen.account);
    let proven = if account.email_verified { t::PROVEN } else { t::NOT_PROVEN };
    let last = account.last_login_at.map_or_else(|| html! { (t::NEVER) }, |at| look.ago(at));
    html! {
        section.card.stack {
            (parts::facts(&[
                (t::USERNAME, html! { (account.username) }),
                (t::EMAIL, html! { (account.email) " (" (proven) ")" }),
                (t::REGISTERED, look.moment(account.created_at)),
                (t::LAST_SEEN, last),
                (t::FACTOR, html! { (if seen.second_factor { t::ON } else { t::OFF }) }),
            ]))
            @if let Some(reason) = &account.state_reason { div { p.quiet.small { (t::WHY) } (parts::prose(reason)) } }
            p.actions.small {
                @if account.role == Role::Influencer { a href={ "/influencers/" (account.id) } { (t::PUBLIC_PROFILE) } }
                @if account.role == Role::Sponsor { a href={ "/sponsors/" (account.id) } { (t::PUBLIC_PROFILE) } }
                a href={ "/admin/audit?kind=about&id=" (account.id) } { (t::TRAIL_ABOUT) }
                a href={ "/admin/audit?kind=by&id=" (account.id) } { (t::TRAIL_BY) }
            }
        }
    }
}

fn profile(seen: &AccountForAdmins) -> Markup {
    html! {
        @if let Some(profile) = &seen.sponsor {
            section.stack {
                h2 { (t::PROFILE) }
                @if let Some(industry) = &profile.industry { p dir="auto" { (industry) } }
                @if let Some(website) = &profile.website { p { (parts::outward(website, website)) } }
                (parts::prose(&profile.description))
                @if let Some(mark) = &profile.verified { p { (parts::badge(parts::Tone::Good, t::VERIFIED)) " " span dir="auto" { (mark.checked) } } }
            }
        }
        @if let Some(profile) = &seen.influencer {
            section.stack {
                h2 { (t::PROFILE) }
                (parts::prose(&profile.bio))
                ul.plain { @for channel in &profile.channels { li dir="auto" { (words::platform(channel.platform)) ": " @match &channel.url { Some(url) => (parts::outward(url, &channel.handle)), None => (channel.handle) } } } }
            }
        }
    }
}

fn sessions(visit: &Visit, seen: &AccountForAdmins) -> Markup {
    let look = visit.look();
    html! {
        section.stack {
            h2 { (t::SESSIONS) }
            @if seen.sessions.is_empty() { p.quiet { (t::NO_SESSIONS) } }
            @else {
                ul.rows { @for session in &seen.sessions { li { div.grow { p { (session.agent.as_deref().unwrap_or(settings::UNKNOWN_CLIENT)) } p.quiet.small { (session.address.as_deref().unwrap_or_default()) " · " (settings::SEEN) " " (look.ago(session.seen_at)) } } } } }
            }
        }
    }
}

fn care(seen: &AccountForAdmins, path: &str) -> Markup {
    let on = seen.account.under_review;
    html! {
        section.card.stack {
            h2 { (t::CARE) }
            @if !seen.sessions.is_empty() { (parts::action(&format!("{path}/end-sessions"), t::END_SESSIONS, "slim")) }
            @if seen.account.email_verified && seen.account.state.can_sign_in() { (parts::action(&format!("{path}/password-reset"), t::RESET, "slim")) }
            form method="post" action={ (path) "/review" } {
                (form::key()) @if !on { (form::hidden("on", "yes")) }
                button.button.slim type="submit" { (if on { t::REVIEW_OFF } else { t::REVIEW_ON }) }
                p.quiet.small { (t::REVIEW_TOLD) }
            }
        }
    }
}

fn mark(seen: &AccountForAdmins, path: &str, asked: Form<'_>) -> Markup {
    html! {
        @if let Some(profile) = &seen.sponsor {
            section.card.stack {
                h2 { (t::VERIFIED) }
                @if profile.verified.is_some() { (parts::action(&format!("{path}/unverify"), t::UNVERIFY, "slim")) }
                @else {
                    form method="post" action={ (path) "/verify" } novalidate {
                        (form::key())
                        (asked.line("checked", t::VERIFY_WHAT).hint(t::VERIFY_HINT).longest(200))
                        button.button.slim type="submit" { (t::VERIFY) }
                    }
                }
            }
        }
    }
}

fn suspension(seen: &AccountForAdmins, path: &str, asked: Form<'_>) -> Markup {
    html! {
        @match seen.account.state {
            AccountState::Suspended => section.card.stack { h2 { (t::UNFLAG) } (parts::action(&format!("{path}/unflag"), t::UNFLAG, "")) },
            AccountState::Active => section.card.stack {
                h2 { (t::FLAG) }
                p.quiet.small { (t::FLAG_TOLD) }
                form method="post" action={ (path) "/flag" } novalidate {
                    (form::key())
                    (asked.prose("flag-reason", t::FLAG_WHY, 3).longest(1000))
                    button.button.danger.slim type="submit" { (t::FLAG) }
                }
            },
            AccountState::Pending | AccountState::Rejected | AccountState::Closed => {}
        }
    }
}
