//! How often something may be tried: buckets kept in the store, so that a restart empties none of them (S-08, S-74).
//!
//! A bucket takes half of its attempts at once and gives the other half back evenly over its period, so that no stretch of
//! one period, wherever it begins, sees more than the whole. Only one moment is kept for each: when it will be empty again.
//!
//! **Not here**: which buckets an operation draws from.

use super::refusal::{OF_ALL, OF_ONE};
use crate::{
    Error, Result, Tx,
    actor::Origin,
    secret::{sha256, uuid_of},
    store::{
        Key,
        keys::{Table, due},
        record::{Derived, Record},
    },
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use uuid::Uuid;

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const QUARTER: SignedDuration = SignedDuration::from_mins(15);

/// How full one bucket is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attempts {
    /// What is tried.
    pub what: String,
    /// By whom, or at what.
    pub by: String,
    /// When it will be empty. A bucket whose moment is past need not be kept.
    pub until: Timestamp,
}

impl Record for Attempts {
    const TABLE: Table = Table::Attempts;

    fn key(&self) -> Key {
        Self::at(self.id())
    }

    fn derive(&self, derived: &mut Derived) {
        derived.listed(due(self.until, "attempts", self.id()));
    }
}

impl Attempts {
    /// Where a bucket is kept: under the hash of what is tried and by whom.
    pub(crate) fn at(id: Uuid) -> Key {
        Table::Attempts.start().id(id).key()
    }

    fn id(&self) -> Uuid {
        uuid_of(&[&self.what, &self.by])
    }
}

/// A bucket, as the settings size it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bucket {
    what: &'static str,
    by: String,
    at_most: u32,
    within: SignedDuration,
}

impl Bucket {
    /// Checks of the password for this name. A person has two names, user name and address, and each has half of the checks:
    /// so what is refused tells nothing of whether two names are one person's, or anybody's.
    pub(crate) fn password(tx: &Tx<'_>, login: &str) -> Self {
        Self { what: "password", by: sha256(&[login]), at_most: tx.settings().caps.password_checks / 2, within: DAY }
    }

    /// Checks of the password for this name from a place where that person signed in before: these work when strangers have
    /// used up all others.
    pub(crate) fn password_from_known_place(tx: &Tx<'_>, login: &str, place: &str) -> Self {
        let at_most = tx.settings().caps.password_checks / 10;
        Self { what: "password-from-known-place", by: sha256(&[login, place]), at_most, within: DAY }
    }

    /// Checks of any password from one network.
    pub(crate) fn passwords_from(tx: &Tx<'_>) -> Option<Self> {
        Self::from_network(tx, "passwords-from", tx.settings().caps.password_checks_from, QUARTER)
    }

    /// Registrations from one network.
    pub(crate) fn registrations_from(tx: &Tx<'_>) -> Option<Self> {
        Self::from_network(tx, "registrations-from", tx.settings().caps.registrations_from, HOUR)
    }

    /// Requests for letters from one network.
    pub(crate) fn letters_from(tx: &Tx<'_>) -> Option<Self> {
        Self::from_network(tx, "letters-from", tx.settings().caps.letters_from, HOUR)
    }

    /// Letters to one address that its owner may not have asked for.
    pub(crate) fn letters_to(tx: &Tx<'_>, address: &str) -> Self {
        Self { what: "letters-to", by: sha256(&[address]), at_most: tx.settings().caps.letters_to, within: HOUR }
    }

    /// Mails to one address that can wait.
    pub(crate) fn mails_to(tx: &Tx<'_>, address: &str) -> Self {
        Self { what: "mails-to", by: sha256(&[address]), at_most: tx.settings().caps.mails_to, within: HOUR }
    }

    /// Places in the audit trail: for refusals of one kind against one name, and for all of them.
    pub(super) fn refusals(word: &str, by: &str) -> [Self; 2] {
        let of = |by, at_most| Self { what: "refusals-noted", by, at_most, within: DAY };
        [of(sha256(&[word, by]), OF_ONE), of("all".to_owned(), OF_ALL)]
    }

    fn from_network(tx: &Tx<'_>, what: &'static str, at_most: u32, within: SignedDuration) -> Option<Self> {
        network_of(&tx.actor().origin).map(|by| Self { what, by, at_most, within })
    }

    fn at(&self) -> Key {
        Attempts::at(uuid_of(&[self.what, &self.by]))
    }

    fn at_once(&self) -> i32 {
        i32::try_from(self.at_most.max(1).div_ceil(2)).unwrap_or(i32::MAX)
    }

    /// After how long one attempt is given back.
    fn step(&self) -> SignedDuration {
        let given_back = i32::try_from(self.at_most.max(1)).unwrap_or(i32::MAX) - self.at_once() + 1;
        self.within / given_back
    }

    /// Takes a place.
    ///
    /// # Errors
    /// [`Error::TooOften`] if there is none.
    pub(crate) async fn take(&self, tx: &mut Tx<'_>) -> Result<()> {
        let now = tx.now();
        let before: Option<Attempts> = tx.get_at(self.at()).await?;
        let begins = before.map_or(now, |attempts| attempts.until.max(now));
        let until = begins.saturating_add(self.step()).unwrap_or(Timestamp::MAX);
        let over = until.duration_since(now) - self.step() * self.at_once();
        if over.is_positive() {
            let retry_after = u64::try_from(over.as_secs()).unwrap_or(0) + 1;
            let why = "This was tried too often. Please wait a while and try again.".into();
            return Err(Error::TooOften { why, retry_after });
        }
        tx.put(&Attempts { what: self.what.to_owned(), by: self.by.clone(), until })
    }

    /// Takes a place if there is one.
    pub(crate) async fn take_if_free(&self, tx: &mut Tx<'_>) -> Result<bool> {
        match self.take(tx).await {
            Err(Error::TooOften { .. }) => Ok(false),
            other => other.map(|()| true),
        }
    }

    async fn give_back(&self, tx: &mut Tx<'_>) -> Result<()> {
        let Some(mut attempts) = tx.get_at::<Attempts>(self.at()).await? else { return Ok(()) };
        attempts.until = attempts.until.saturating_sub(self.step()).unwrap_or(Timestamp::MIN);
        if attempts.until <= tx.now() { tx.remove(&attempts) } else { tx.put(&attempts) }
    }
}

/// Gives places back: the attempts were no guesses.
pub(crate) async fn give_back(tx: &mut Tx<'_>, buckets: &[Bucket]) -> Result<()> {
    for bucket in buckets {
        bucket.give_back(tx).await?;
    }
    Ok(())
}

/// The network a request came from: 24 bits of an IPv4 address, 64 of an IPv6 one. None for the machine itself, behind which
/// a proxy that tells no addresses may hide everybody, and for programs that say nothing.
pub(crate) fn network_of(origin: &Origin) -> Option<String> {
    let address = origin.address.as_deref()?;
    let address: IpAddr = address.parse().ok()?;
    match address.to_canonical() {
        address if address.is_loopback() => None,
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            Some(format!("{a}.{b}.{c}.0/24"))
        }
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Some(format!("{a:x}:{b:x}:{c:x}:{d:x}::/64"))
        }
    }
}

/// A place, as one account remembers it: network and program.
pub(crate) fn place_of(origin: &Origin, account: impl ToString) -> String {
    let network = network_of(origin).or_else(|| origin.address.clone()).unwrap_or_default();
    sha256(&["place", &account.to_string(), &network, origin.agent.as_deref().unwrap_or_default()])
}
