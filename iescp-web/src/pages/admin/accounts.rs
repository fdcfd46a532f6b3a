//! `/admin/accounts`: everybody, by role and state.

use super::super::{Answer, Fields, Visit, Wrongs};
use super::{names, only};
use crate::text::{admin as t, words};
use crate::view::{Form, Icon, Page, parts};
use iescp_core::account::{AccountState, Role};
use iescp_core::moderation::accounts::{AccountSummary, ListAccounts};
use maud::{Markup, html};

const PATH: &str = "/admin/accounts";

/// `GET /admin/accounts?role=…&state=…&review=yes&named=…`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn list(visit: Visit) -> Answer {
    only(&visit)?;
    let query = visit.query();
    let accounts = visit.run(wanted(query)).await?;
    let called = names(&visit, accounts.items.iter().map(|account| account.id.0).collect()).await?;
    let content = html! {
        (parts::heading(t::ACCOUNTS, Some(t::ACCOUNTS_TOLD), None))
        (filters(&visit))
        @if accounts.items.is_empty() { (parts::empty(Icon::People, t::NO_ACCOUNTS, t::NO_ACCOUNTS_TOLD, Some((PATH, t::ALL_ACCOUNTS)))) }
        @else { ul.rows { @for account in &accounts.items { (row(&visit, account, called.get(&account.id.0).map_or("", String::as_str))) } } }
        (parts::pager(PATH, query, accounts.next.as_deref()))
    };
    Ok(visit.show(Page::new(t::ACCOUNTS, content)))
}

/// Which accounts a query asks for.
#[must_use]
pub fn wanted(query: &Fields) -> ListAccounts {
    let role = Role::ALL.into_iter().find(|role| role.word() == query.get("role"));
    let state = AccountState::ALL.into_iter().find(|state| state.word() == query.get("state"));
    let named = query.given("named").map(str::to_owned);
    ListAccounts { role, state, under_review: query.ticked("review"), named, page: query.page(25) }
}

fn filters(visit: &Visit) -> Markup {
    let nothing = Wrongs::default();
    let asked = Form::new(visit.query(), &nothing);
    let any = std::iter::once(("", t::ANY));
    let roles = any.clone().chain(Role::ALL.map(|role| (role.word(), words::role(role)))).collect();
    let states = any.chain(AccountState::ALL.map(|state| (state.word(), words::account(state)))).collect();
    html! {
        form.filters method="get" action=(PATH) hx-get=(PATH) hx-target="#view" hx-swap="innerMorph" hx-push-url="true" hx-trigger="change" {
            (asked.choice("role", t::ROLE, roles))
            (asked.choice("state", t::STATE, states))
            (asked.line("named", t::NAMED).autocomplete("off"))
            (asked.tick("review", t::REVIEW))
            button.button type="submit" { (t::FILTER) }
        }
    }
}

fn row(visit: &Visit, account: &AccountSummary, name: &str) -> Markup {
    html! {
        li {
            (parts::avatar(name))
            div.grow {
                a href={ (PATH) "/" (account.id) } dir="auto" { (name) }
                p.quiet.small { (words::role(account.role)) " · " (account.username) " · " (visit.look().ago(account.created_at)) }
            }
            @if account.under_review { (parts::badge(parts::Tone::Waiting, t::UNDER_REVIEW)) }
            (parts::account_state(account.state))
        }
    }
}
