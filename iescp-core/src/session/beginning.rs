//! How a session begins: how long it lasts, and how many one account may have.

use super::Session;
use crate::{
    Likely, Result, Secret, Tx,
    account::{Account, Role},
    id::{AccountId, SessionId},
    secret::{random_text, sha256},
    store::keys::list,
};
use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// How many sessions one account may have; the oldest ends when there would be more.
pub(crate) const SESSIONS_AT_MOST: usize = 50;

/// For whom a session is to last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kind {
    /// The person asked to be remembered.
    pub remember: bool,
    /// A program refreshes it.
    pub refreshable: bool,
}

/// What somebody is given who signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// The account.
    pub account: AccountId,
    /// What it is.
    pub role: Role,
    /// The session.
    pub session: SessionId,
    /// The secret the session is known by, shown this once: the cookie's value, or the refresh token.
    pub secret: Secret,
    /// When the session ends at the latest.
    pub expires_at: Timestamp,
}

/// How long a session may lie unused, and how long it lasts at the longest.
fn lifetime(tx: &Tx<'_>, role: Role, kind: Kind) -> (SignedDuration, SignedDuration) {
    let settings = &tx.settings().sessions;
    match role {
        Role::Admin => (settings.admin_idle, settings.admin_absolute),
        _ if kind.remember || kind.refreshable => (settings.remembered, settings.remembered),
        _ => (settings.idle, settings.absolute),
    }
}

impl Session {
    /// Until when a session that is used now may lie unused.
    pub(crate) fn idle_from(&self, tx: &Tx<'_>, role: Role) -> Timestamp {
        let kind = Kind { remember: self.remembered, refreshable: self.refreshable };
        let (idle, _) = lifetime(tx, role, kind);
        tx.now().saturating_add(idle).unwrap_or(Timestamp::MAX).min(self.expires_at)
    }
}

/// The text of a new cookie. It says which session and account it is for, so that both are found in one look; none of it is a
/// secret, and none of it is believed: what counts is the hash of the whole.
pub(super) fn new_cookie(session: SessionId, account: &Account) -> Result<String> {
    Ok(format!("{session}.{}.{}.{}", account.id, account.role.word(), random_text(32)?))
}

/// What a cookie says it is for; nothing, if it says nothing.
pub(super) fn named_in(cookie: &str, today: Date) -> Option<(SessionId, Likely)> {
    let mut parts = cookie.split('.');
    let (session, account, role) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?);
    let role = Role::ALL.into_iter().find(|known| known.word() == role)?;
    Some((session, Likely { account, role, today }))
}

/// Begins a session for somebody who has just proven who they are.
pub(crate) async fn begin(tx: &mut Tx<'_>, account: &Account, kind: Kind) -> Result<SignedIn> {
    make_room(tx, account).await?;
    let now = tx.now();
    let id: SessionId = tx.new_id();
    let secret = if kind.refreshable { super::refresh_token::written(tx, id, 0)? } else { new_cookie(id, account)? };
    let (idle, absolute) = lifetime(tx, account.role, kind);
    let expires_at = now.saturating_add(absolute).unwrap_or(Timestamp::MAX);
    let origin = &tx.actor().origin;
    let session = Session {
        id,
        account: account.id,
        secret: sha256(&[&secret]),
        previous_secret: None,
        generation: 0,
        refreshable: kind.refreshable,
        remembered: kind.remember,
        created_at: now,
        authenticated_at: now,
        seen_at: now,
        idle_until: now.saturating_add(idle).unwrap_or(Timestamp::MAX).min(expires_at),
        expires_at,
        address: origin.address.clone(),
        agent: origin.agent.as_deref().map(|agent| agent.chars().take(200).collect()),
    };
    tx.put(&session)?;
    Ok(SignedIn { account: account.id, role: account.role, session: id, secret: secret.into(), expires_at })
}

/// Ends the oldest sessions of an account if it has as many as it may.
async fn make_room(tx: &mut Tx<'_>, account: &Account) -> Result<()> {
    let mut scan = list("sessions-of").id(account.id).range();
    scan.limit = 2 * SESSIONS_AT_MOST;
    let ids: Vec<SessionId> = tx.scan(scan).await?.iter().filter_map(|(key, _)| key.last_id()).map(SessionId).collect();
    let too_many = (ids.len() + 1).saturating_sub(SESSIONS_AT_MOST);
    for id in ids.into_iter().take(too_many) {
        if let Some(oldest) = tx.get_at::<Session>(Session::at(id)).await? {
            tx.remove(&oldest)?;
        }
    }
    Ok(())
}
