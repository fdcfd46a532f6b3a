//! Proving who one is, in two steps: first a place in the buckets is taken and that lands, then the password is checked. So a
//! wrong guess counts although the operation it was made for changes nothing (S-08).
//!
//! **Not here**: what a proof is used for (`sign_in`, `reauthenticate`, changing the password).

use super::{
    attempts::{Bucket, place_of},
    refusal::{self, Refused, Whom},
};
use crate::{
    Actor, Error, Operation, Platform, Result, Secret, Tx,
    account::{Account, Credentials, OldKind, kinds_in_use, verify},
    id::AccountId,
    policy::{Action, Subject},
    store::keys::list,
    value::Email,
};

/// Stands for the account of a name that nobody has.
pub(super) const NOBODY: AccountId = AccountId(uuid::Uuid::nil());

/// Longer than any name somebody signs in with.
const LONGEST_LOGIN: usize = 254;

/// That somebody gave the password with this hash.
#[derive(Clone, Debug)]
pub(crate) struct Proof {
    /// Whose password it is.
    pub account: AccountId,
    /// The hash it was checked against. Whoever uses the proof fetches the credentials and refuses if it is another by now.
    pub hash: String,
    /// The places taken for the check, to be given back: a right password was no guess.
    pub buckets: Vec<Bucket>,
}

impl Proof {
    /// Whether it still proves anything.
    pub(crate) fn stands(&self, credentials: &Credentials) -> bool {
        credentials.account == self.account && credentials.hash() == Some(&self.hash)
    }
}

/// Checks the password given for a name somebody signs in with. None if it is wrong or there is no such account; both take
/// the same time.
///
/// # Errors
/// [`Error::TooOften`].
pub(crate) async fn by_login(platform: &Platform, actor: &Actor, login: &str, password: &Secret) -> Result<Option<Proof>> {
    let whom = || Whom::Login(login.to_owned());
    let taken = match platform.run(actor, TakePlace { login: Some(login.to_owned()) }).await {
        Ok(taken) => taken,
        Err(error) => {
            refusal::note_error(platform, actor, &error, whom()).await;
            return Err(error);
        }
    };
    let buckets = taken.buckets;
    for (account, hash) in taken.candidates {
        if verify(platform, password, hash.clone(), taken.old.clone()).await? {
            return Ok(hash.map(|hash| Proof { account, hash, buckets }));
        }
    }
    refusal::note(platform, actor, Refused::Password, whom()).await;
    Ok(None)
}

/// Checks the password of the account that asks.
///
/// # Errors
/// [`Error::TooOften`]; [`Error::Invalid`] at this field if it is wrong.
pub(crate) async fn of_oneself(platform: &Platform, actor: &Actor, field: &str, password: &Secret) -> Result<Proof> {
    let taken = taken_by_oneself(platform, actor).await?;
    let buckets = taken.buckets;
    for (account, hash) in taken.candidates {
        if let Some(hash) = hash.clone()
            && verify(platform, password, Some(hash.clone()), taken.old.clone()).await?
        {
            return Ok(Proof { account, hash, buckets });
        }
    }
    let error = Error::invalid(field, "wrong_password", "This is not your password.");
    note_oneself(platform, actor, &error).await;
    Err(error)
}

/// Takes a place for a check of something else the account that asks must know.
///
/// # Errors
/// [`Error::TooOften`].
pub(crate) async fn take_place(platform: &Platform, actor: &Actor) -> Result<Vec<Bucket>> {
    Ok(taken_by_oneself(platform, actor).await?.buckets)
}

async fn taken_by_oneself(platform: &Platform, actor: &Actor) -> Result<Taken> {
    let taken = platform.run(actor, TakePlace { login: None }).await;
    if let Err(error @ Error::TooOften { .. }) = &taken {
        note_oneself(platform, actor, error).await;
    }
    taken
}

/// Notes in the audit trail what refuses a proof of the account that asks.
pub(crate) async fn note_oneself(platform: &Platform, actor: &Actor, error: &Error) {
    if let Some(account) = actor.account_id() {
        refusal::note_error(platform, actor, error, Whom::Account(account)).await;
    }
}

/// Takes a place in the buckets for one check of a password.
struct TakePlace {
    /// The name that was given; none for the account that asks.
    login: Option<String>,
}

struct Taken {
    /// Whose password it may be: always one for a user name and two for an address, known or not.
    candidates: Vec<(AccountId, Option<String>)>,
    /// The kinds of old passwords that somebody still has.
    old: Vec<OldKind>,
    buckets: Vec<Bucket>,
}

impl Operation for TakePlace {
    type Output = Taken;
    const ACTION: Action = Action::TakePlace;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Taken> {
        tx.allow(&Subject::PLATFORM)?;
        tx.quietly();
        let (login, accounts) = match &self.login {
            None => (tx.me()?.username.folded(), vec![Some(tx.my_id()?)]),
            Some(login) => {
                let login = folded(login);
                let accounts = accounts_named(tx, &login).await?;
                (login, accounts)
            }
        };
        let mut candidates = Vec::with_capacity(accounts.len());
        let mut known_place = None;
        // Nobody's are looked up as well, so that a known name takes no read more.
        let accounts: Vec<_> = accounts.into_iter().map(|account| account.unwrap_or(NOBODY)).collect();
        tx.load(&accounts.iter().map(|account| Credentials::at(*account)).collect::<Vec<_>>()).await?;
        for account in accounts {
            let credentials: Option<Credentials> = tx.peek_at(Credentials::at(account)).await?;
            if let Some(credentials) = &credentials {
                let place = place_of(&tx.actor().origin, credentials.account);
                known_place = known_place.or(credentials.knows(&place).then_some(place));
            }
            candidates.push((account, credentials.and_then(|credentials| credentials.hash().cloned())));
        }
        let buckets = take_places(tx, &login, known_place).await?;
        Ok(Taken { candidates, old: kinds_in_use(tx).await?, buckets })
    }
}

/// Takes a place for this name and one for the network; or, from a known place, one that is kept for such.
async fn take_places(tx: &mut Tx<'_>, login: &str, known_place: Option<String>) -> Result<Vec<Bucket>> {
    let wanted = [Some(Bucket::password(tx, login)), Bucket::passwords_from(tx)];
    let mut taken = Vec::with_capacity(wanted.len());
    for bucket in wanted.into_iter().flatten() {
        if bucket.take_if_free(tx).await? {
            taken.push(bucket);
            continue;
        }
        let kept_free = known_place.map(|place| Bucket::password_from_known_place(tx, login, &place)).unwrap_or(bucket);
        kept_free.take(tx).await?;
        taken.push(kept_free);
        break;
    }
    Ok(taken)
}

/// A name as buckets and look-ups know it.
pub(super) fn folded(login: &str) -> String {
    login.trim().to_lowercase().chars().take(LONGEST_LOGIN).collect()
}

/// Who signs in with this name. An address leads to whoever has proven it, and to the newest of those who only say so: an
/// address somebody else registered first keeps nobody out.
pub(super) async fn accounts_named(tx: &mut Tx<'_>, login: &str) -> Result<Vec<Option<AccountId>>> {
    if !login.contains('@') {
        return Ok(vec![tx.led_to(Account::by_username(login)).await?]);
    }
    let Ok(email) = Email::parse(login) else { return Ok(vec![None, None]) };
    let folded = email.folded();
    let proven = tx.led_to(Account::by_email(&folded)).await?;
    let mut claims = list("email-claims").word(&folded).range();
    claims.descending = true;
    claims.limit = 1;
    let claimed = tx.scan(claims).await?.first().and_then(|(key, _)| key.last_id()).map(AccountId);
    Ok(vec![proven, claimed])
}
