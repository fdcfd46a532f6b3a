//! What a sponsor and an influencer say to each other: one thread for each pair, with the platform's own lines between.
//!
//! A thread is one record that both sides share: who wrote last, what each has not read. Messages are records of their own.
//! Who writes holds the thread, so writers conflict within their pair and with nobody else.
//!
//! - `operations` is what people do here, `reach` says who may write to whom, `lines` how the platform speaks of changes.
//!
//! **Not here**: notifications (`notification`), how a message reaches a screen at once (`live`).

mod block;
mod lines;
mod operations;
mod reach;
#[cfg(test)]
mod tests;

pub use block::{Block, BlockAccount, ListBlocks, UnblockAccount, require_not_blocked};
pub use lines::{SystemLine, line};
pub use operations::{ListThreads, MarkThreadRead, Marked, ReadThread, SendMessage, ThreadSummary, ThreadView};

use crate::{
    account::{Account, Role},
    event::Thing,
    id::{AccountId, MessageId},
    policy::Subject,
    request,
    store::{
        Key,
        keys::{KeyParts, Table, list, tally},
        record::{Derived, Record},
    },
    value::Prose,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The two who share a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Pair {
    /// The sponsor.
    pub sponsor: AccountId,
    /// The influencer.
    pub influencer: AccountId,
}

impl Pair {
    /// The pair these two are, if one is a sponsor and the other an influencer.
    #[must_use]
    pub fn of(one: &Account, other: &Account) -> Option<Self> {
        match (one.role, other.role) {
            (Role::Sponsor, Role::Influencer) => Some(Self { sponsor: one.id, influencer: other.id }),
            (Role::Influencer, Role::Sponsor) => Some(Self { sponsor: other.id, influencer: one.id }),
            _ => None,
        }
    }

    /// The account of a side.
    #[must_use]
    pub fn party(self, side: request::Side) -> AccountId {
        match side {
            request::Side::Sponsor => self.sponsor,
            request::Side::Influencer => self.influencer,
        }
    }

    /// The side an account is on, if it is one of the two.
    #[must_use]
    pub fn side_of(self, account: AccountId) -> Option<request::Side> {
        [request::Side::Sponsor, request::Side::Influencer].into_iter().find(|side| self.party(*side) == account)
    }

    /// The other of the two.
    #[must_use]
    pub fn other(self, me: AccountId) -> AccountId {
        if me == self.sponsor { self.influencer } else { self.sponsor }
    }

    /// As the policy sees what is between them.
    #[must_use]
    pub fn subject(self) -> Subject {
        Subject::between(self.sponsor, self.influencer)
    }

    fn keys(self, table: Table) -> KeyParts {
        table.start().id(self.sponsor).id(self.influencer)
    }
}

/// How far one of the two has read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// How many messages of the other they have not read.
    pub unread: u32,
    /// The last message they have read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_up_to: Option<MessageId>,
}

/// The thread of a pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// Whose it is.
    #[serde(flatten)]
    pub pair: Pair,
    /// When something was last said in it.
    pub last_at: Timestamp,
    /// What was last said in it.
    pub last: MessageId,
    /// Who last wrote; nobody where the platform spoke or V2 did not record it.
    #[serde(default)]
    pub last_by: Option<AccountId>,
    /// How far the sponsor has read.
    #[serde(default)]
    pub sponsor_side: Side,
    /// How far the influencer has read.
    #[serde(default)]
    pub influencer_side: Side,
}

impl Thread {
    /// Where a pair's thread is kept.
    #[must_use]
    pub fn at(pair: Pair) -> Key {
        pair.keys(Table::Thread).key()
    }

    /// The number of messages an account has not read, in all its threads.
    #[must_use]
    pub fn unread(account: AccountId) -> Key {
        tally("unread-messages").id(account).key()
    }

    /// How far this one of the two has read.
    #[must_use]
    pub fn side(&self, of: AccountId) -> Side {
        if of == self.pair.sponsor { self.sponsor_side } else { self.influencer_side }
    }

    fn side_mut(&mut self, of: AccountId) -> &mut Side {
        if of == self.pair.sponsor { &mut self.sponsor_side } else { &mut self.influencer_side }
    }

    /// The thread as it is once this was said. A clock that went back does not put a thread behind itself.
    pub(crate) fn after(earlier: Option<Self>, message: &Message) -> Self {
        let earlier = earlier.unwrap_or(Self {
            pair: message.pair,
            last_at: message.at,
            last: message.id,
            last_by: None,
            sponsor_side: Side::default(),
            influencer_side: Side::default(),
        });
        let by = message.said.by();
        let mut thread = Self { last_at: earlier.last_at.max(message.at), last: message.id, last_by: by, ..earlier };
        if let Some(by) = by {
            let reader = thread.side_mut(message.pair.other(by));
            reader.unread = reader.unread.saturating_add(1);
        }
        thread
    }
}

impl Record for Thread {
    const TABLE: Table = Table::Thread;

    fn key(&self) -> Key {
        Self::at(self.pair)
    }

    fn derive(&self, derived: &mut Derived) {
        let Pair { sponsor, influencer } = self.pair;
        for (one, other) in [(sponsor, influencer), (influencer, sponsor)] {
            derived.listed(list("threads-of").id(one).moment(self.last_at).id(other).key());
            derived.count(Self::unread(one), i64::from(self.side(one).unread));
        }
    }
}

/// Something that was said in a thread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its id; ids are in the order in which a thread's messages were written.
    pub id: MessageId,
    /// In which thread.
    #[serde(flatten)]
    pub pair: Pair,
    /// When.
    pub at: Timestamp,
    /// What, and by whom.
    #[serde(flatten)]
    pub said: Said,
}

/// What was said, and by whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Said {
    /// One of the two wrote it.
    Written {
        /// Who.
        by: AccountId,
        /// What.
        text: Prose<4000>,
    },
    /// It came from V2, which did not record who wrote it.
    Imported {
        /// What.
        text: Prose<4000>,
    },
    /// The platform says that something changed.
    Line {
        /// What changed.
        line: SystemLine,
        /// About which thing.
        about: Thing,
        /// Numbers and words the line is told with.
        #[serde(default, skip_serializing_if = "Value::is_null")]
        detail: Value,
    },
}

impl Said {
    /// Who wrote it, if one of the two did.
    #[must_use]
    pub fn by(&self) -> Option<AccountId> {
        match self {
            Self::Written { by, .. } => Some(*by),
            Self::Imported { .. } | Self::Line { .. } => None,
        }
    }

    /// The text: what somebody wrote, or the sentence of the platform's line.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Written { text, .. } | Self::Imported { text } => text,
            Self::Line { line, .. } => line.text(),
        }
    }
}

impl Message {
    /// Where a message is kept.
    #[must_use]
    pub fn at(pair: Pair, id: MessageId) -> Key {
        pair.keys(Table::Message).id(id).key()
    }
}

impl Record for Message {
    const TABLE: Table = Table::Message;

    fn key(&self) -> Key {
        Self::at(self.pair, self.id)
    }
}
