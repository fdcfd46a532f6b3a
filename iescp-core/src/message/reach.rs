//! Who may write to whom.
//!
//! The two must be a sponsor and an influencer, both active, neither blocking the other. A thread that exists goes on; either
//! party of any ad request may begin one; a sponsor may also begin one with an influencer they never dealt with, so many a day.

use super::{Pair, Thread, require_not_blocked};
use crate::{
    Error, Result,
    account::{Account, AccountState, Role},
    allowance::{self, Bounded},
    policy::SeenBy,
    request::Request,
    tx::Tx,
};

/// What two accounts are to each other, as one of them sees it.
pub(super) struct Reach {
    pub pair: Pair,
    pub me: Account,
    pub other: Account,
    /// The thread there is.
    pub thread: Option<Thread>,
    /// Whether they have dealt with each other: there is a thread or was an ad request.
    known: bool,
}

impl Reach {
    /// Looks at what is between the actor and another account.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the actor may not know of the other; [`Error::Forbidden`] if there is never a thread between
    /// two such accounts.
    pub(super) async fn between(tx: &mut Tx<'_>, me: &Account, other: crate::id::AccountId) -> Result<Self> {
        let other: Account = tx.fetch_at(Account::at(other)).await?;
        let public = other.profile_subject().seen_by == SeenBy::Everyone;
        let Some(pair) = Pair::of(me, &other) else {
            let why = "Messages go between a sponsor and an influencer.";
            return Err(if public { Error::Forbidden(why.into()) } else { Error::NotFound });
        };
        let requests = Request::between(pair.sponsor, pair.influencer);
        tx.load(&[Thread::at(pair), requests.clone()]).await?;
        let thread: Option<Thread> = tx.get_at(Thread::at(pair)).await?;
        let known = thread.is_some() || tx.counter(requests).await? > 0;
        if !known && !public {
            return Err(Error::NotFound);
        }
        Ok(Self { pair, me: me.clone(), other, thread, known })
    }

    /// Refuses unless the actor may write now.
    ///
    /// # Errors
    /// [`Error::NotNow`] with codes `not_active`, `counterpart_gone`, `blocked`, `no_request`.
    pub(super) async fn require_open(&self, tx: &mut Tx<'_>) -> Result<()> {
        if self.me.state != AccountState::Active {
            return Err(Error::not_now("not_active", "You can write messages once your account is approved."));
        }
        if self.other.state != AccountState::Active {
            let why = "This account is suspended or closed and cannot be written to.";
            return Err(Error::not_now("counterpart_gone", why));
        }
        require_not_blocked(tx, self.me.id, self.other.id).await?;
        if !self.known && self.me.role != Role::Sponsor {
            let why = "You can write to this sponsor once there is an application or invitation between you, \
                       or once they have written to you.";
            return Err(Error::not_now("no_request", why));
        }
        Ok(())
    }

    /// Uses the day's allowances for one more message.
    ///
    /// # Errors
    /// [`Error::TooOften`].
    pub(super) async fn use_allowances(&self, tx: &mut Tx<'_>) -> Result<()> {
        let caps = tx.settings().caps;
        if !self.known {
            allowance::use_today(tx, self.me.id, Bounded::NewThreads, caps.new_threads).await?;
        }
        allowance::use_today(tx, self.me.id, Bounded::Messages, caps.messages).await
    }
}
