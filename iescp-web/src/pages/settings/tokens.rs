//! `/settings/tokens`: personal tokens for one's own programs. A token's text is shown once, in the answer that makes it.

use super::super::{Answer, Fields, Reading, Refused, Visit, Wrongs};
use super::framed;
use crate::text::settings as t;
use crate::view::{Form, Icon, Page, parts};
use iescp_core::id::TokenId;
use iescp_core::session::{CreateToken, CreatedToken, ListTokens, RevokeAllTokens, RevokeToken, Scope, TokenSummary};
use maud::{Markup, html};

const PATH: &str = "/settings/tokens";

/// `GET /settings/tokens`.
///
/// # Errors
/// If nobody is signed in.
pub async fn show(visit: Visit) -> Answer {
    visit.me()?;
    let usual = Fields::default().with("scope", "read").with("expires_in_days", "90");
    Ok(visit.show(page(&visit, &usual, &Wrongs::default()).await?))
}

/// `POST /settings/tokens`.
///
/// # Errors
/// If nobody is signed in; the password given too long ago.
pub async fn make(visit: Visit) -> Answer {
    visit.me()?;
    let sent = visit.sent();
    let mut reading = Reading::default();
    let expires_in_days = reading.number(sent, "expires_in_days");
    match visit.run(CreateToken { name: sent.text("name"), scope: sent.text("scope"), expires_in_days }).await {
        Ok(made) => Ok(visit.show(shown_once(&visit, &made))),
        Err(error) => {
            let wrong = Wrongs::of(error)?.and_unread(reading.wrong);
            Ok(visit.show_wrong(page(&visit, sent, &wrong).await?, &wrong))
        }
    }
}

/// `POST /settings/tokens/{id}/revoke`.
///
/// # Errors
/// Not found, if there is no such token.
pub async fn revoke(visit: Visit) -> Answer {
    visit.me()?;
    visit.run_once(RevokeToken { token: visit.id::<TokenId>()? }).await?;
    Ok(visit.go_saying(PATH, t::REVOKED))
}

/// `POST /settings/tokens/revoke-all`.
///
/// # Errors
/// If nobody is signed in.
pub async fn revoke_all(visit: Visit) -> Answer {
    visit.me()?;
    visit.run_once(RevokeAllTokens).await?;
    Ok(visit.go_saying(PATH, t::REVOKED))
}

async fn page(visit: &Visit, fields: &Fields, wrong: &Wrongs) -> Result<Page, Refused> {
    let tokens = visit.run(ListTokens { page: visit.page_of(20) }).await?;
    let asked = Form::new(fields, wrong);
    let scopes = vec![("read", t::READ, t::READ_TOLD), ("write", t::WRITE, t::WRITE_TOLD)];
    let actions = (tokens.items.len() > 1).then(|| parts::action("/settings/tokens/revoke-all", t::REVOKE_ALL, "danger"));
    let content = html! {
        (asked.summary())
        @if tokens.items.is_empty() { (parts::empty(Icon::Lock, t::NO_TOKENS, t::NO_TOKENS_TOLD, None)) }
        @else { ul.rows { @for token in &tokens.items { (row(visit, token)) } } }
        (parts::pager(PATH, visit.query(), tokens.next.as_deref()))
        section.after {
            h2 { (t::MAKE_TOKEN) }
            form.form method="post" action=(PATH) novalidate {
                (asked.line("name", t::TOKEN_NAME).hint(t::TOKEN_NAME_HINT).longest(80).autocomplete("off"))
                (asked.radios("scope", t::SCOPE, scopes))
                (asked.choice("expires_in_days", t::LASTS, t::LASTS_DAYS.to_vec()).size("short"))
                button.button.primary type="submit" { (t::MAKE_TOKEN) }
            }
        }
    };
    Ok(framed(visit, PATH, t::TOKENS, Some(t::TOKENS_TOLD), actions.as_ref(), &content))
}

fn row(visit: &Visit, token: &TokenSummary) -> Markup {
    let look = visit.look();
    let scope = if token.scope == Scope::Write { t::WRITE } else { t::READ };
    html! {
        li {
            div.grow {
                strong dir="auto" { (token.name) } " " (parts::badge(parts::Tone::Calm, scope))
                p.quiet.small {
                    (t::UNTIL) " " (look.moment(token.expires_at)) " · "
                    @match token.used_at { Some(at) => { (t::USED) " " (look.ago(at)) } None => (t::NEVER_USED) }
                }
            }
            div.above { (parts::action(&format!("{PATH}/{}/revoke", token.id), t::REVOKE, "slim")) }
        }
    }
}

fn shown_once(visit: &Visit, made: &CreatedToken) -> Page {
    let content = html! {
        section.card.stack {
            h2 dir="auto" { (made.summary.name) }
            p.secret { (made.token.reveal()) }
            p.quiet { (t::UNTIL) " " (visit.look().moment(made.summary.expires_at)) }
        }
        div.buttons { a.button.primary href=(PATH) { (t::TOKEN_KEPT) } }
    };
    framed(visit, PATH, t::TOKEN_MADE, Some(t::TOKEN_MADE_TOLD), None, &content).private()
}
