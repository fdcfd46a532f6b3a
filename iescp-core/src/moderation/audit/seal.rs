//! Seals events, in the order in which they stand.

use crate::{
    Error, Operation, Result,
    event::{Event, Unsealed},
    id::EventId,
    policy::{Action, Subject},
    secret::sha256,
    store::{
        Key, Scan,
        keys::Table,
        record::{Record, decode},
    },
    tx::Tx,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt::Write;

/// How many events are sealed in one step.
const AT_ONCE: usize = 500;

/// One link of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// Its number; the first is 1.
    pub number: u64,
    /// The event it seals.
    pub event: EventId,
    /// The event's hash; empty if there was none to be read.
    pub event_hash: String,
    /// The hash of the seal before; empty for the first.
    pub previous: String,
    /// When it was made.
    pub at: Timestamp,
    /// The hash of all of the above.
    pub hash: String,
}

impl Seal {
    /// Where a seal is kept.
    #[must_use]
    pub fn at(number: u64) -> Key {
        Table::Seal.start().number(number).key()
    }

    pub(super) fn new(number: u64, event: EventId, event_hash: String, previous: String, at: Timestamp) -> Self {
        let mut seal = Self { number, event, event_hash, previous, at, hash: String::new() };
        seal.hash = seal.own_hash();
        seal
    }

    /// What its hash must be.
    pub(super) fn own_hash(&self) -> String {
        let (number, event, at) = (self.number.to_string(), self.event.to_string(), self.at.to_string());
        sha256(&["seal", &number, &event, &self.event_hash, &self.previous, &at])
    }
}

impl Record for Seal {
    const TABLE: Table = Table::Seal;

    fn key(&self) -> Key {
        Self::at(self.number)
    }
}

/// The hash of an event, without what is personal in it.
pub(super) fn event_hash(event: &Event) -> Result<String> {
    let event = Event { personal: None, ..event.clone() };
    let value = serde_json::to_value(&event).map_err(|error| Error::Corrupt(error.to_string()))?;
    let mut text = String::new();
    canonical(&value, &mut text);
    Ok(sha256(&["event", &text]))
}

/// Writes a value so that it has one form only: members in the order of their names.
fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            out.push('{');
            for (name, member) in members {
                let _infallible = write!(out, "{}:", Value::from(name.as_str()));
                canonical(member, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        other => {
            let _infallible = write!(out, "{other}");
        }
    }
}

/// Seals what no seal covers yet, at most 500 events: the worker's, each second. To be run again while there is more.
#[derive(Clone, Copy, Debug, Default)]
pub struct SealAudit {}

/// What was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// How many events.
    pub sealed: u32,
    /// Whether there is more to seal.
    pub more: bool,
}

impl Operation for SealAudit {
    type Output = Sealed;
    const ACTION: Action = Action::SealAudit;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Sealed> {
        tx.allow(&Subject::PLATFORM)?;
        tx.quietly();
        let mut waiting = tx.scan(Scan { limit: AT_ONCE + 1, ..Table::Unsealed.all() }).await?;
        let more = waiting.len() > AT_ONCE;
        waiting.truncate(AT_ONCE);
        let last = tx.scan(Scan { limit: 1, descending: true, ..Table::Seal.all() }).await?;
        let last: Option<Seal> = last.first().map(|(_, stored)| decode(&stored.bytes)).transpose()?;
        let (mut number, mut previous) = last.map_or((0, String::new()), |last| (last.number, last.hash));
        let ids: Vec<EventId> = waiting.iter().filter_map(|(key, _)| key.last_id()).map(EventId).collect();
        let keys = waiting.into_iter().map(|(key, _)| key).chain(ids.iter().map(|id| Event::at(*id)));
        tx.load(&keys.collect::<Vec<_>>()).await?;
        for id in &ids {
            // An event that is missing or damaged is sealed as such: the chain says so for ever, and goes on.
            let event = tx.peek_at::<Event>(Event::at(*id)).await.ok().flatten();
            let hash = event.as_ref().map(event_hash).transpose()?.unwrap_or_default();
            number += 1;
            let seal = Seal::new(number, *id, hash, previous, tx.now());
            previous = seal.hash.clone();
            tx.put(&seal)?;
            tx.remove(&Unsealed { event: *id })?;
        }
        Ok(Sealed { sealed: u32::try_from(ids.len()).unwrap_or(u32::MAX), more })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_has_one_form_however_its_members_came() {
        let mut one = String::new();
        canonical(&json!({"b": [1, {"y": null, "x": "a\"b"}], "a": 2.5}), &mut one);
        assert_eq!(one, r#"{"a":2.5,"b":[1,{"x":"a\"b","y":null,},],}"#);
    }
}
