//! What proves that somebody is who they say: the hash of a password, a second factor, the places they signed in from.
//!
//! One record for each account, apart from the account itself, so that nothing that shows an account can show this.
//!
//! **Not here**: how passwords are chosen and hashed (`password`), the codes themselves (`second_factor`).

use super::{OldPassword, second_factor::SecondFactor};
use crate::{
    Error, Result, Secret, Tx,
    id::{AccountId, LinkId},
    store::{
        Key,
        keys::Table,
        record::{Derived, Record},
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How many places somebody signed in from are remembered.
const PLACES: usize = 10;

/// What proves that somebody is the person of an account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Credentials {
    /// Whose they are.
    pub account: AccountId,
    /// The password's hash, as a PHC string.
    pub password: Option<String>,
    /// Whether the password is too short to stand without a second factor.
    #[serde(default)]
    pub short: bool,
    /// The hash V2 kept, until the first sign-in replaces it.
    #[serde(default)]
    pub legacy: Option<String>,
    /// The second factor, once it has been confirmed.
    #[serde(default)]
    pub second_factor: Option<SecondFactor>,
    /// The sealed seed of a second factor that waits for its first code.
    #[serde(default)]
    pub enrolling: Option<String>,
    /// The one link by which the password may be reset.
    #[serde(default)]
    pub reset_link: Option<LinkId>,
    /// The one link by which the address may be proven.
    #[serde(default)]
    pub verify_link: Option<LinkId>,
    /// Where this person signed in from before, latest last.
    #[serde(default)]
    pub places: Vec<KnownPlace>,
}

/// A place somebody signed in from: from there the right password works even while others are guessing (S-08).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KnownPlace {
    /// The hash of account, network and program.
    pub hash: String,
    /// When they last signed in from there.
    pub at: Timestamp,
}

impl Credentials {
    /// Those of a new account.
    pub(crate) fn new(account: AccountId, password: String) -> Self {
        Self {
            account,
            password: Some(password),
            short: false,
            legacy: None,
            second_factor: None,
            enrolling: None,
            reset_link: None,
            verify_link: None,
            places: Vec::new(),
        }
    }

    /// Those of an account that moved in from V2, with the password it had there, if that can be checked here.
    pub(crate) fn moved_in(account: AccountId, old: Option<OldPassword>) -> Self {
        Self { password: None, legacy: old.map(|old| old.to_string()), ..Self::new(account, String::new()) }
    }

    /// The hash that a password given now is checked against.
    pub(crate) fn hash(&self) -> Option<&String> {
        self.password.as_ref().or(self.legacy.as_ref())
    }

    pub(crate) fn at(account: AccountId) -> Key {
        Table::Credentials.start().id(account).key()
    }

    /// Takes the code of the second factor, if there is one.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `code`: `second_factor` if it is missing, `wrong_code` if it is wrong or was used before.
    pub(crate) fn require_code(&mut self, tx: &Tx<'_>, code: Option<&Secret>) -> Result<()> {
        let Some(factor) = &mut self.second_factor else { return Ok(()) };
        let code = code.map(Secret::reveal).filter(|code| !code.trim().is_empty());
        let Some(code) = code else {
            return Err(Error::invalid(
                "code",
                "second_factor",
                "Please give the code that your second factor shows, or a recovery code.",
            ));
        };
        if factor.spend(tx.platform().secret(), self.account, code, tx.now())? {
            return Ok(());
        }
        Err(Error::invalid("code", "wrong_code", "This code is wrong or was used before. Please wait for the next one."))
    }

    /// Whether this person signed in from this place before.
    pub(crate) fn knows(&self, place: &str) -> bool {
        self.places.iter().any(|known| known.hash == place)
    }

    /// Remembers a place, and forgets the one not seen for longest if there are too many.
    pub(crate) fn remember(&mut self, place: String, at: Timestamp) {
        self.places.retain(|known| known.hash != place);
        self.places.push(KnownPlace { hash: place, at });
        let too_many = self.places.len().saturating_sub(PLACES);
        self.places.drain(..too_many);
    }
}

impl Record for Credentials {
    const TABLE: Table = Table::Credentials;

    fn key(&self) -> Key {
        Self::at(self.account)
    }

    fn derive(&self, derived: &mut Derived) {
        if let Some(old) = self.legacy.as_deref().and_then(OldPassword::parse) {
            derived.count(old.kind().in_use(), 1);
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("account", &self.account).finish_non_exhaustive()
    }
}
