//! Who is asking.

use crate::id::{AccountId, SessionId, TokenId};
use serde::{Deserialize, Serialize};

/// Who asks, and from where. What this account may do is looked up at every operation: nothing here is a permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub(crate) who: Who,
    pub(crate) origin: Origin,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Visitor,
    /// An account, through something that can end: a session or a token; or vouched for by the embedding program.
    Account {
        account: AccountId,
        through: Through,
    },
    /// The worker, under the name of its job.
    System(&'static str),
    /// The person at the machine's terminal.
    Terminal,
}

/// What an account acts through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Through {
    /// A session, which must be alive.
    Session(SessionId),
    /// A personal access token, which must be alive.
    Token(TokenId),
    /// The program that embeds the core vouches for the account.
    Embedder,
}

/// Where a request came from; kept in the audit trail, shown among somebody's sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The client's network address.
    pub address: Option<String>,
    /// What the client calls itself.
    pub agent: Option<String>,
}

impl Actor {
    /// Somebody who has not signed in.
    #[must_use]
    pub fn visitor() -> Self {
        Self { who: Who::Visitor, origin: Origin::default() }
    }

    /// An account the embedding program vouches for: it has authenticated this person itself.
    #[must_use]
    pub fn account(account: AccountId) -> Self {
        Self { who: Who::Account { account, through: Through::Embedder }, origin: Origin::default() }
    }

    /// An account through a session; the session is checked at every operation.
    #[must_use]
    pub fn session(account: AccountId, session: SessionId) -> Self {
        Self { who: Who::Account { account, through: Through::Session(session) }, origin: Origin::default() }
    }

    /// An account through a personal access token; the token is checked at every operation.
    #[must_use]
    pub fn token(account: AccountId, token: TokenId) -> Self {
        Self { who: Who::Account { account, through: Through::Token(token) }, origin: Origin::default() }
    }

    /// The platform itself, under the name of a job.
    #[must_use]
    pub fn system(job: &'static str) -> Self {
        Self { who: Who::System(job), origin: Origin::default() }
    }

    /// The person at the terminal of the machine the platform runs on.
    #[must_use]
    pub fn terminal() -> Self {
        Self { who: Who::Terminal, origin: Origin::default() }
    }

    /// The same actor, from there.
    #[must_use]
    pub fn from(mut self, origin: Origin) -> Self {
        self.origin = origin;
        self
    }

    /// The account that asks, if one does.
    #[must_use]
    pub fn account_id(&self) -> Option<AccountId> {
        match &self.who {
            Who::Account { account, .. } => Some(*account),
            _ => None,
        }
    }
}
