//! What happened: written in the same commit as its cause, never changed after. One event is the entry in the audit trail,
//! the cause of notices and mails, and what live streams tell.
//!
//! **Not here**: who is told in which words (`notification`), the chain of hashes over events (`moderation::audit`).

use crate::{
    actor::{Origin, Through, Who},
    id::{AccountId, EventId},
    policy::Action,
    store::{
        Key,
        keys::{Table, list},
        record::{Derived, Record},
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its name for ever.
    pub id: EventId,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it.
    pub by: By,
    /// What was done: the operation.
    pub action: Action,
    /// To what: the kind of thing and its id.
    pub about: Vec<Thing>,
    /// Particulars, without personal values: numbers, states, reasons.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub detail: Value,
    /// From where, with the salt that hides it in the chain of hashes; erased with the account it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal: Option<Personal>,
    /// The salted hash of `personal`, which stays when that is erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal_hash: Option<String>,
    /// Whose live streams tell it, besides the actor's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audience: Vec<AccountId>,
}

/// The part of an event that says something about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Personal {
    /// Random, so that the hash cannot be guessed back.
    pub salt: String,
    /// Where the request came from.
    pub origin: Origin,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Somebody who had not signed in.
    Visitor,
    /// An account, through a session, a token or an embedding program.
    Account(AccountId, Through),
    /// The platform, under the name of a job.
    System(String),
    /// The person at the machine's terminal.
    Terminal,
}

impl From<&Who> for By {
    fn from(who: &Who) -> Self {
        match who {
            Who::Visitor => Self::Visitor,
            Who::Account { account, through } => Self::Account(*account, *through),
            Who::System(job) => Self::System((*job).to_owned()),
            Who::Terminal => Self::Terminal,
        }
    }
}

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thing {
    /// The kind of thing, such as `campaign`.
    pub kind: String,
    /// Its id.
    pub id: Uuid,
}

/// Names a thing that an event is about.
#[must_use]
pub fn thing(kind: &str, id: impl Into<Uuid>) -> Thing {
    Thing { kind: kind.to_owned(), id: id.into() }
}

/// One event may not name more things than this: a store takes values up to a size.
pub(crate) const MOST_THINGS: usize = 300;

impl Record for Event {
    const TABLE: Table = Table::Event;

    fn key(&self) -> Key {
        Self::at(self.id)
    }

    fn derive(&self, derived: &mut Derived) {
        for about in &self.about {
            derived.listed(list("events-about").id(about.id).id(self.id).key());
        }
        if let By::Account(account, _) = self.by {
            derived.listed(list("events-by").id(account).id(self.id).key());
        }
    }
}

impl Event {
    /// Where an event is kept.
    #[must_use]
    pub fn at(id: EventId) -> Key {
        Table::Event.start().id(id).key()
    }
}

/// An event that no seal covers yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Unsealed {
    pub event: EventId,
}

impl Record for Unsealed {
    const TABLE: Table = Table::Unsealed;

    fn key(&self) -> Key {
        Table::Unsealed.start().id(self.event).key()
    }
}

impl Personal {
    /// The salted SHA-256 of what is personal, as hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> String {
        let address = self.origin.address.as_deref().unwrap_or_default();
        let agent = self.origin.agent.as_deref().unwrap_or_default();
        crate::secret::sha256(&[&self.salt, address, agent])
    }
}
