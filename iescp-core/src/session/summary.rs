//! Sessions as their owner sees them.

use super::Session;
use crate::id::SessionId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A session in somebody's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    /// Its id.
    pub id: SessionId,
    /// Whether a program refreshes it.
    pub refreshable: bool,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last seen, to within a few minutes.
    pub seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// From where it began.
    pub address: Option<String>,
    /// What the client calls itself.
    pub agent: Option<String>,
    /// Whether it is the one that asks.
    pub current: bool,
}

impl From<Session> for SessionSummary {
    fn from(session: Session) -> Self {
        Self {
            id: session.id,
            refreshable: session.refreshable,
            created_at: session.created_at,
            seen_at: session.seen_at,
            expires_at: session.expires_at,
            address: session.address,
            agent: session.agent,
            current: false,
        }
    }
}
