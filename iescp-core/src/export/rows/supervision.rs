//! Rows of accounts and of the audit trail.
//!
//! From where something was done is not among them: it can be erased with the account it belongs to, and a file could not follow.

use super::{Cell, records};
use crate::{
    Result, Tx,
    account::{Account, name_keys, name_of},
    event::{By, Event},
};
use serde_json::Value;
use uuid::Uuid;

pub(super) const ACCOUNT: &[&str] = &[
    "account_id",
    "username",
    "name",
    "email",
    "email_verified",
    "role",
    "state",
    "state_reason",
    "under_review",
    "created_at",
    "last_login_at",
];

pub(super) async fn accounts(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<Vec<Cell>>> {
    tx.load(&ids.iter().flat_map(|id| name_keys((*id).into())).collect::<Vec<_>>()).await?;
    let accounts: Vec<Account> = records(tx, ids, |id| Account::at(id.into())).await?;
    let yes_no = |yes: bool| Cell::Word(if yes { "yes" } else { "no" });
    let mut rows = Vec::with_capacity(accounts.len());
    for account in accounts {
        rows.push(vec![
            Cell::id(account.id),
            Cell::text(&account.username),
            Cell::Text(name_of(tx, account.id).await?),
            Cell::text(&account.email),
            yes_no(account.email_verified),
            Cell::Word(account.role.word()),
            Cell::Word(account.state.word()),
            Cell::maybe(account.state_reason, Cell::Text),
            yes_no(account.under_review),
            Cell::Moment(account.created_at),
            Cell::maybe(account.last_login_at, Cell::Moment),
        ]);
    }
    Ok(rows)
}

pub(super) const EVENT: &[&str] = &["event_id", "at", "by", "account_id", "action", "about", "detail"];

pub(super) async fn events(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<Vec<Cell>>> {
    let events: Vec<Event> = records(tx, ids, |id| Event::at(id.into())).await?;
    Ok(events.into_iter().map(event).collect())
}

fn event(event: Event) -> Vec<Cell> {
    let about: Vec<String> = event.about.iter().map(|thing| format!("{} {}", thing.kind, thing.id)).collect();
    let (by, account) = match &event.by {
        By::Visitor => (Cell::Word("visitor"), Cell::None),
        By::Account(account, _) => (Cell::Word("account"), Cell::id(*account)),
        By::System(job) => (Cell::text(job), Cell::None),
        By::Terminal => (Cell::Word("terminal"), Cell::None),
    };
    vec![
        Cell::id(event.id),
        Cell::Moment(event.at),
        by,
        account,
        Cell::Word(event.action.name()),
        Cell::text(about.join(", ")),
        if event.detail == Value::Null { Cell::None } else { Cell::text(&event.detail) },
    ]
}
