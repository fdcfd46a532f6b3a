//! One run of one operation: remembers what was read, stages what is written, keeps what is derived, records what happened.
//!
//! Everything an operation does goes through here, and lands in one commit or not at all.
//!
//! Here are who asks and what the policy says to them; `read` is what is looked at, `write` what is staged, `happening` what will be
//! told of it, `landing` the commit.
//!
//! **Not here**: trying again (`platform`), who may (`policy`).

mod happening;
mod landing;
mod read;
mod write;

pub(crate) use landing::Landed;

use crate::{
    Error, Result,
    account::Account,
    actor::{Actor, Through, Who},
    basis::Whole,
    blob::BlobName,
    id::AccountId,
    platform::Platform,
    policy::{self, Action, SeenBy, Subject},
    session::{Scope, Session, Token},
    settings::Settings,
    sight::Seen,
    store::{Key, Scan, Stored},
};
use happening::Happening;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use write::Staged;

/// One run of one operation.
pub struct Tx<'a> {
    platform: &'a Platform,
    actor: &'a Actor,
    action: Action,
    now: Timestamp,
    account: Option<Account>,
    session: Option<Session>,
    token: Option<Token>,
    read: BTreeMap<Key, Option<Stored>>,
    ranges: Vec<(Scan, Vec<(Key, Stored)>)>,
    scanned: Vec<(Key, Key)>,
    wholes: Vec<Whole>,
    held: BTreeSet<Key>,
    staged: BTreeMap<Key, Staged>,
    happening: Happening,
    guards: BTreeMap<Key, Error>,
    left: Vec<BlobName>,
    asked: bool,
}

impl<'a> Tx<'a> {
    /// Begins, knowing what was seen already.
    pub(crate) fn new(platform: &'a Platform, actor: &'a Actor, action: Action, seen: Seen) -> Self {
        Self {
            platform,
            actor,
            action,
            now: platform.clock().now(),
            account: None,
            session: None,
            token: None,
            read: seen.keys,
            ranges: seen.ranges,
            scanned: Vec::new(),
            wholes: Vec::new(),
            held: BTreeSet::new(),
            staged: BTreeMap::new(),
            happening: Happening::default(),
            guards: BTreeMap::new(),
            left: Vec::new(),
            asked: false,
        }
    }

    /// Looks up who asks, as they are at this moment.
    pub(crate) async fn look_up(&mut self) -> Result<()> {
        let Who::Account { account, through } = self.actor.who else { return Ok(()) };
        const OVER: Error = Error::SignedOut("Your session has ended. Please sign in again.");
        let now = self.now;
        match through {
            Through::Session(id) => {
                self.load(&[Account::at(account), Session::at(id)]).await?;
                let session: Session = self.peek_at(Session::at(id)).await?.ok_or(OVER)?;
                if session.account != account || session.is_over(now) {
                    return Err(OVER);
                }
                self.session = Some(session);
            }
            Through::Token(id) => {
                self.load(&[Account::at(account), Token::at(id)]).await?;
                let token: Token = self.peek_at(Token::at(id)).await?.ok_or(OVER)?;
                if token.account != account || now >= token.expires_at {
                    return Err(OVER);
                }
                if token.scope == Scope::Read && !self.action.reads() {
                    return Err(Error::Forbidden("This token may only read.".into()));
                }
                self.token = Some(token);
            }
            Through::Embedder => {}
        }
        let account: Account = self.get_at(Account::at(account)).await?.ok_or(OVER)?;
        if !account.state.can_sign_in() {
            return Err(OVER);
        }
        self.account = Some(account);
        Ok(())
    }

    /// What was read so far, for what else the same request asks.
    pub(crate) fn seen(&mut self) -> Seen {
        let (keys, ranges) = (&mut self.read, &mut self.ranges);
        match self.staged.is_empty() && self.happening.about.is_empty() {
            true => Seen { keys: std::mem::take(keys), ranges: std::mem::take(ranges) },
            // What is still to land rests on it.
            false => Seen { keys: keys.clone(), ranges: ranges.clone() },
        }
    }

    /// The moment this run began.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The installation's settings.
    #[must_use]
    pub fn settings(&self) -> &'a Settings {
        self.platform.settings()
    }

    /// The platform this runs on.
    #[must_use]
    pub fn platform(&self) -> &'a Platform {
        self.platform
    }

    /// Who asks.
    #[must_use]
    pub fn actor(&self) -> &'a Actor {
        self.actor
    }

    /// The account that asks.
    ///
    /// # Errors
    /// [`Error::SignedOut`] if none does.
    pub fn me(&self) -> Result<&Account> {
        self.account.as_ref().ok_or(Error::SignedOut("Please sign in to do this."))
    }

    /// The id of the account that asks.
    ///
    /// # Errors
    /// [`Error::SignedOut`] if none does.
    pub fn my_id(&self) -> Result<AccountId> {
        self.me().map(|account| account.id)
    }

    /// The account that asks, if one does.
    #[must_use]
    pub fn viewer(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    /// The session through which the account asks, if it is one.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// When that through which the account asks ends by the clock, if it does.
    #[must_use]
    pub(crate) fn ends_at(&self) -> Option<Timestamp> {
        let session = self.session.as_ref().map(|session| session.expires_at.min(session.idle_until));
        session.or(self.token.as_ref().map(|token| token.expires_at))
    }

    /// Refuses unless the password was given a short while ago (S-18); a program that vouches for the account has seen to it.
    ///
    /// # Errors
    /// [`Error::NotNow`] with code `reauthenticate`; [`Error::Forbidden`] for tokens.
    pub fn require_fresh(&self) -> Result<()> {
        self.require_no_token()?;
        let Some(session) = &self.session else { return Ok(()) };
        if self.now.duration_since(session.authenticated_at) > self.settings().sessions.fresh {
            return Err(Error::not_now("reauthenticate", "Please give your password again first."));
        }
        Ok(())
    }

    /// Refuses what a person must do themselves.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for personal tokens.
    pub fn require_no_token(&self) -> Result<()> {
        match self.token {
            Some(_) => Err(Error::Forbidden("A personal token cannot do this. Please sign in.".into())),
            None => Ok(()),
        }
    }

    /// A new id, of this moment.
    #[must_use]
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        T::from(self.platform.uuid_at(self.now))
    }

    /// Asks the policy whether the actor may do what this operation does to that thing.
    ///
    /// # Errors
    /// As the policy decides: not found, forbidden, or signed out.
    pub fn allow(&mut self, subject: &Subject) -> Result<()> {
        self.asked = true;
        policy::decide(self.action, &self.actor.who, self.account.as_ref(), subject)?;
        let me = self.account.as_ref();
        let by_admin = me.is_some_and(|me| me.role == crate::account::Role::Admin && !subject.involves(me.id));
        if by_admin && self.action.reads() && subject.seen_by == SeenBy::Parties {
            let owners = [subject.owner, subject.sponsor, subject.influencer];
            let about = owners.into_iter().flatten().map(|owner| crate::event::thing("account", owner));
            self.happening.about.extend(about);
        }
        Ok(())
    }

    /// Asks the policy by another action's row: where what is looked at on the way has a row of its own.
    ///
    /// # Errors
    /// As the policy decides.
    pub fn allow_as(&mut self, action: Action, subject: &Subject) -> Result<()> {
        let mine = std::mem::replace(&mut self.action, action);
        let answer = self.allow(subject);
        self.action = mine;
        answer
    }

    /// Answers for something that is not there, as for something that may not be seen.
    ///
    /// # Errors
    /// Always: not found, or that the actor must sign in for this at all.
    pub fn allow_missing<T>(&mut self) -> Result<T> {
        self.asked = true;
        Err(Error::NotFound)
    }

    /// Whether the actor might do something else to that thing: for buttons.
    #[must_use]
    pub fn might(&self, action: Action, subject: &Subject) -> bool {
        policy::decide(action, &self.actor.who, self.account.as_ref(), subject).is_ok()
    }

    /// Lets a run end with the answer of an earlier one: nothing is asked, nothing is written.
    pub(crate) fn settle_for_replay(&mut self) {
        self.asked = true;
    }
}
