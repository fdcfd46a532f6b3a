//! Sessions and personal access tokens: what an account acts through, and what can end.
//!
//! **Not here**: how a secret travels (cookie, header): that is the web's; passwords (`account::credentials`).

pub(crate) mod attempts;
mod authenticate;
mod beginning;
mod ending;
mod operations;
pub(crate) mod proof;
mod refresh;
mod refresh_token;
pub(crate) mod refusal;
mod sign_in;
mod summary;
mod token;

pub use authenticate::{by_cookie, by_cookie_in, by_token};
pub use beginning::SignedIn;
pub(crate) use ending::{end_everything, end_sessions};
pub use operations::{EndOtherSessions, EndSession, ListSessions, Renewed, SignOut, reauthenticate};
pub use refresh::refresh;
pub use sign_in::{SignInInput, sign_in};
pub use summary::SessionSummary;
pub use token::{CreateToken, CreatedToken, ListTokens, RevokeAllTokens, RevokeToken, TokenSummary};

use crate::{
    id::{AccountId, SessionId, TokenId},
    store::{
        Key,
        keys::{Table, due, list},
        record::{Derived, Record},
    },
    value::Line,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One sign-in, until it ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub account: AccountId,
    /// The SHA-256 of the secret it is known by: a browser's cookie, or the newest refresh token; as hexadecimal digits.
    pub secret: String,
    /// The refresh token before, while its successor has not been used: an answer may have been lost on the way.
    #[serde(default)]
    pub previous_secret: Option<String>,
    /// How many refresh tokens were replaced: to show one of them again ends the session.
    #[serde(default)]
    pub generation: u32,
    /// Whether the person asked to be remembered.
    #[serde(default)]
    pub remembered: bool,
    /// Whether programs refresh it (API), or a browser's cookie holds it.
    pub refreshable: bool,
    /// When it began.
    pub created_at: Timestamp,
    /// When the password (and second factor) was last given.
    pub authenticated_at: Timestamp,
    /// When it was last seen, to within a few minutes.
    pub seen_at: Timestamp,
    /// When it ends if it is not used.
    pub idle_until: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// From where it began.
    pub address: Option<String>,
    /// What the client calls itself.
    pub agent: Option<String>,
}

impl Session {
    /// Where a session is kept. A session that ended is not kept.
    #[must_use]
    pub fn at(id: SessionId) -> Key {
        Table::Session.start().id(id).key()
    }

    /// Leads from the hash of a secret to its session.
    #[must_use]
    pub fn by_secret(hash: &str) -> Key {
        Table::SessionBySecret.start().word(hash).key()
    }

    /// Whether it has ended by the clock.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        now >= self.expires_at || now >= self.idle_until
    }
}

impl Record for Session {
    const TABLE: Table = Table::Session;

    fn key(&self) -> Key {
        Self::at(self.id)
    }

    fn derive(&self, derived: &mut Derived) {
        derived.unique(Self::by_secret(&self.secret), self.id.0);
        derived.listed(list("sessions-of").id(self.account).id(self.id).key());
        derived.listed(due(self.expires_at, "session", self.id));
    }
}

/// What a personal access token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Only look.
    Read,
    /// Everything the account may, except what needs its password.
    Write,
}

/// A personal access token: for a person's own programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// Whose it is.
    pub account: AccountId,
    /// What its owner calls it.
    pub name: Line<80>,
    /// What it may do.
    pub scope: Scope,
    /// The SHA-256 of its secret, as hexadecimal digits.
    pub secret: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, to within a few minutes.
    #[serde(default)]
    pub used_at: Option<Timestamp>,
}

impl Token {
    /// Where a token is kept. A token that was revoked is not kept.
    #[must_use]
    pub fn at(id: TokenId) -> Key {
        Table::Token.start().id(id).key()
    }
}

impl Record for Token {
    const TABLE: Table = Table::Token;

    fn key(&self) -> Key {
        Self::at(self.id)
    }

    fn derive(&self, derived: &mut Derived) {
        derived.listed(list("tokens-of").id(self.account).id(self.id).key());
        derived.listed(due(self.expires_at, "token", self.id));
    }
}
