//! What people do with their sessions: see them, end them, prove again who they are.

use super::{
    Session, SessionSummary,
    attempts::give_back,
    beginning::new_cookie,
    ending::end_sessions,
    proof::{self, Proof},
};
use crate::{
    Actor, Error, Operation, Page, PageRequest, Platform, Result, Secret, Tx,
    account::Credentials,
    event::thing,
    id::SessionId,
    policy::{Action, Subject},
    secret::sha256,
    store::keys::list,
};
use jiff::Timestamp;
use serde_json::json;

/// Ends the session that asks. A token is no session: it is revoked.
#[derive(Clone, Copy, Debug, Default)]
pub struct SignOut;

impl Operation for SignOut {
    type Output = ();
    const ACTION: Action = Action::SignOut;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let me = tx.my_id()?;
        tx.allow(&Subject::PLATFORM)?;
        let Some(session) = tx.session().cloned() else { return Ok(()) };
        tx.remove(&session)?;
        tx.happened([thing("account", me), thing("session", session.id)], json!({}));
        Ok(())
    }
}

/// Lists one's sessions, newest first.
#[derive(Clone, Debug, Default)]
pub struct ListSessions {
    /// Which page.
    pub page: PageRequest,
}

impl Operation for ListSessions {
    type Output = Page<SessionSummary>;
    const ACTION: Action = Action::ListSessions;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Output> {
        let me = tx.my_id()?;
        tx.allow(&Subject::of(me))?;
        let current = tx.session().map(|session| session.id);
        let mut page = tx.page_of(list("sessions-of").id(me), &self.page, |id| Session::at(SessionId(id))).await?;
        let now = tx.now();
        page.items.retain(|session: &Session| !session.is_over(now));
        Ok(page.map(|session| SessionSummary { current: Some(session.id) == current, ..session.into() }))
    }
}

/// Ends one of one's sessions; another than the one that asks needs the password given a short while ago (S-17).
#[derive(Clone, Copy, Debug)]
pub struct EndSession {
    /// Which.
    pub session: SessionId,
}

impl Operation for EndSession {
    type Output = ();
    const ACTION: Action = Action::EndSession;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let me = tx.my_id()?;
        let session: Option<Session> = tx.get_at(Session::at(self.session)).await?;
        let session = session.filter(|session| session.account == me);
        tx.allow(&Subject::of(me))?;
        let session = session.ok_or(Error::NotFound)?;
        if tx.session().is_none_or(|current| current.id != session.id) {
            tx.require_fresh()?;
        }
        tx.remove(&session)?;
        tx.happened([thing("account", me), thing("session", session.id)], json!({}));
        Ok(())
    }
}

/// Ends all of one's sessions but the one that asks (S-17). Needs the password given a short while ago.
#[derive(Clone, Copy, Debug, Default)]
pub struct EndOtherSessions;

impl Operation for EndOtherSessions {
    /// How many ended.
    type Output = usize;
    const ACTION: Action = Action::EndOtherSessions;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<usize> {
        let me = tx.my_id()?;
        tx.allow(&Subject::of(me))?;
        tx.require_fresh()?;
        let current = tx.session().map(|session| session.id);
        let ended = end_sessions(tx, me, current).await?;
        if ended > 0 {
            tx.me()?.clone().warn(tx, "All other sessions of your account were ended.");
            tx.happened([thing("account", me)], json!({ "sessions_ended": ended }));
        }
        Ok(ended)
    }
}

/// Proves once more who is asking, for what needs the password given a short while ago (S-18). A browser's session gets a new
/// cookie, and the old one is worth nothing (S-13).
///
/// # Errors
/// [`Error::Invalid`] at `password` or `code`; [`Error::TooOften`]; [`Error::NotNow`] if this is no session.
pub async fn reauthenticate(
    platform: &Platform,
    actor: &Actor,
    password: &Secret,
    code: Option<&Secret>,
) -> Result<Option<Renewed>> {
    let proof = proof::of_oneself(platform, actor, "password", password).await?;
    let answer = platform.run(actor, Reauthenticate { proof, code: code.cloned() }).await;
    if let Err(error @ Error::Invalid(_)) = &answer {
        proof::note_oneself(platform, actor, error).await;
    }
    answer
}

/// A browser's session with its new cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewed {
    /// What the cookie holds from now on.
    pub secret: Secret,
    /// When the session ends at the latest.
    pub expires_at: Timestamp,
    /// Whether the browser is to keep it when it closes.
    pub remembered: bool,
}

struct Reauthenticate {
    proof: Proof,
    code: Option<Secret>,
}

impl Operation for Reauthenticate {
    type Output = Option<Renewed>;
    const ACTION: Action = Action::Reauthenticate;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Renewed>> {
        let me = tx.my_id()?;
        tx.allow(&Subject::of(me))?;
        let mut credentials: Credentials = tx.fetch_at(Credentials::at(me)).await?;
        if !self.proof.stands(&credentials) {
            return Err(Error::invalid("password", "wrong_password", "This is not your password any more."));
        }
        let Some(mut session) = tx.session().cloned() else {
            return Err(Error::not_now("no_session", "Only a session can be confirmed by a password."));
        };
        credentials.require_code(tx, self.code.as_ref())?;
        tx.put(&credentials)?;
        give_back(tx, &self.proof.buckets).await?;
        session.authenticated_at = tx.now();
        let cookie = if session.refreshable { None } else { Some(new_cookie(session.id, tx.me()?)?) };
        if let Some(cookie) = &cookie {
            session.secret = sha256(&[cookie]);
        }
        tx.put(&session)?;
        tx.happened([thing("account", me), thing("session", session.id)], json!({}));
        let (expires_at, remembered) = (session.expires_at, session.remembered);
        Ok(cookie.map(|cookie| Renewed { secret: cookie.into(), expires_at, remembered }))
    }
}
