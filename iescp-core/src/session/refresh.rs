//! Refresh tokens: each is used once and answers the next (S-52).
//!
//! A token says which session it belongs to and how many came before it, and carries a mark that only this installation can
//! make. So a token that was replaced is known for one of ours when it is shown again: then two hold the same family, one of
//! them a thief, and the session ends for both. One exception: while its successor has never been used, the answer may have
//! been lost on the way, and the token before is taken once more; the lost successor is then worth nothing.

use super::{Session, beginning::SignedIn, refresh_token};
use crate::{
    Actor, Error, Operation, Platform, Result, Secret, Tx,
    account::Account,
    event::thing,
    id::SessionId,
    notification::Notice,
    policy::{Action, Subject},
    secret::{same, sha256},
};
use serde_json::json;

const OVER: Error = Error::SignedOut("This refresh token has ended. Please sign in again.");

/// Exchanges a refresh token for the next one.
///
/// # Errors
/// [`Error::SignedOut`] if the token is none of ours, was replaced, or its session is over. If it was replaced, the session
/// has ended by the time this is answered, and its owner is told.
pub async fn refresh(platform: &Platform, actor: &Actor, token: &Secret) -> Result<SignedIn> {
    match platform.run(actor, RefreshSession { token: token.clone() }).await? {
        Refreshed::Renewed(signed_in) => Ok(signed_in),
        Refreshed::Reused => {
            tracing::warn!(address = actor.origin.address, "an old refresh token was used again; its session was ended");
            Err(OVER)
        }
    }
}

struct RefreshSession {
    token: Secret,
}

enum Refreshed {
    Renewed(SignedIn),
    Reused,
}

impl Operation for RefreshSession {
    type Output = Refreshed;
    const ACTION: Action = Action::RefreshSession;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Refreshed> {
        tx.allow(&Subject::PLATFORM)?;
        let token = self.token.reveal();
        let id: SessionId = token.split_once('.').and_then(|(id, _)| id.parse().ok()).ok_or(OVER)?;
        let mut session: Session = tx.get_at(Session::at(id)).await?.ok_or(OVER)?;
        let account: Account = tx.get_at(Account::at(session.account)).await?.ok_or(OVER)?;
        if !session.refreshable || session.is_over(tx.now()) || !account.state.can_sign_in() {
            return Err(OVER);
        }
        let hash = sha256(&[token]);
        if same(&session.secret, &hash) {
            session.previous_secret = Some(hash);
        } else if session.previous_secret.as_deref().is_some_and(|previous| same(previous, &hash)) {
            session.previous_secret = None;
        } else if refresh_token::is_ours(tx, token) {
            return end_family(tx, &account, &session);
        } else {
            return Err(OVER);
        }
        session.generation = session.generation.saturating_add(1);
        let next = refresh_token::written(tx, id, session.generation)?;
        session.secret = sha256(&[&next]);
        session.seen_at = tx.now();
        session.idle_until = session.idle_from(tx, account.role);
        tx.put(&session)?;
        tx.quietly();
        Ok(Refreshed::Renewed(SignedIn {
            account: account.id,
            role: account.role,
            session: id,
            secret: next.into(),
            expires_at: session.expires_at,
        }))
    }
}

fn end_family(tx: &mut Tx<'_>, account: &Account, session: &Session) -> Result<Refreshed> {
    tx.remove(session)?;
    tx.tell(account.id, Notice::TokenReused, thing("session", session.id), json!({}));
    account.warn(tx, "An old refresh token of yours was used again. We ended that session; please change your password if this was not a program of yours.");
    tx.happened([thing("account", account.id), thing("session", session.id)], json!({ "reused": true }));
    Ok(Refreshed::Reused)
}
