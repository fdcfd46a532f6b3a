//! Refusals that belong in the audit trail (S-64): wrong passwords and codes, too many of them, what somebody was not allowed.
//!
//! An operation that refuses changes nothing, so each is noted by a commit of its own, and no more than some: of one kind
//! against one name [`OF_ONE`] a day, of all kinds [`OF_ALL`]. A flood of guesses fills neither the trail nor the disk; the log and
//! the buckets of `attempts` count on. A name that nobody has takes the same work as one that somebody has (S-07), and stands in
//! no event.
//!
//! **Not here**: refresh tokens that come twice, which end their session and say so themselves (`refresh`).

use super::{
    attempts::Bucket,
    proof::{NOBODY, accounts_named, folded},
};
use crate::{
    Actor, Error, Operation, Platform, Result, Tx,
    event::thing,
    id::AccountId,
    policy::{Action, Subject},
};
use serde_json::{Value, json};
use std::pin::Pin;

/// How many refusals of one kind against one name, or of one account, are noted in a day.
pub(super) const OF_ONE: u32 = 20;

/// How many refusals are noted in a day in all.
pub(super) const OF_ALL: u32 = 2000;

/// Why somebody was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The password was wrong, or there is no such name.
    Password,
    /// The password was right; the code of the second factor was not.
    SecondFactor,
    /// Password and code were right, and the account cannot sign in, or the password was another by then.
    Account,
    /// There were too many tries.
    TooOften,
    /// This is nothing the account may do.
    Forbidden(Action),
}

impl Refused {
    const fn word(self) -> &'static str {
        match self {
            Self::Password => "wrong_password",
            Self::SecondFactor => "wrong_code",
            Self::Account => "cannot_sign_in",
            Self::TooOften => "too_often",
            Self::Forbidden(_) => "forbidden",
        }
    }

    fn detail(self) -> Value {
        match self {
            Self::Forbidden(action) => json!({ "refused": self.word(), "action": action }),
            _ => json!({ "refused": self.word() }),
        }
    }

    /// What an error refuses, if it is one of these.
    fn of(error: &Error) -> Option<Self> {
        match error {
            Error::TooOften { .. } => Some(Self::TooOften),
            Error::SignedOut(_) => Some(Self::Account),
            Error::Invalid(fields) if fields.iter().any(|field| field.code == "wrong_code") => Some(Self::SecondFactor),
            Error::Invalid(fields) if fields.iter().any(|field| field.code == "wrong_password") => Some(Self::Password),
            _ => None,
        }
    }
}

/// Who was refused.
#[derive(Clone, Debug)]
pub(crate) enum Whom {
    /// Whoever has this name, if anybody does.
    Login(String),
    /// This account.
    Account(AccountId),
}

/// Notes a refusal. That it could not be noted is no reason to answer anything else.
pub(crate) async fn note(platform: &Platform, actor: &Actor, refused: Refused, whom: Whom) {
    let system = Actor::system("refusals").from(actor.origin.clone());
    if let Err(error) = platform.run(&system, NoteRefusal { refused, whom }).await {
        tracing::warn!(refused = refused.word(), %error, "a refusal is not in the audit trail");
    }
}

/// Notes what refuses a sign-in, or a proof of the account that asks.
pub(crate) async fn note_error(platform: &Platform, actor: &Actor, error: &Error, whom: Whom) {
    if let Some(refused) = Refused::of(error) {
        note(platform, actor, refused, whom).await;
    }
}

/// Notes that an account was refused what it may not do. Behind a pointer, because running an operation calls this and this
/// runs one.
pub(crate) fn note_forbidden<'a>(
    platform: &'a Platform,
    actor: &'a Actor,
    action: Action,
) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
    Box::pin(async move {
        if let Some(account) = actor.account_id() {
            note(platform, actor, Refused::Forbidden(action), Whom::Account(account)).await;
        }
    })
}

struct NoteRefusal {
    refused: Refused,
    whom: Whom,
}

impl Operation for NoteRefusal {
    type Output = ();
    const ACTION: Action = Action::NoteRefusal;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        let (by, account) = match &self.whom {
            Whom::Account(account) => (account.to_string(), *account),
            Whom::Login(login) => {
                let login = folded(login);
                let named = accounts_named(tx, &login).await?;
                (login, named.into_iter().flatten().next().unwrap_or(NOBODY))
            }
        };
        let [of_one, of_all] = Bucket::refusals(self.refused.word(), &by);
        if !of_one.take_if_free(tx).await? || !of_all.take_if_free(tx).await? {
            tx.quietly();
            return Ok(());
        }
        // Two words of one length, so that not even the event's size says which it was.
        let kind = if account == NOBODY { "unknown" } else { "account" };
        tx.happened([thing(kind, account)], self.refused.detail());
        Ok(())
    }
}
