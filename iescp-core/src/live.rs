//! Live events: what concerns somebody, the moment it happens, resumable from the number of a commit without a gap.
//!
//! One reader for the whole process (`hub`) follows the store's changes, decodes each event once and hands it to those it
//! concerns; a follower costs nothing until then. A follower that reads too slowly loses its queue, not its place: it reads
//! what it missed from the store. Sessions and accounts are watched in the same log, so a stream ends when they do.
//!
//! **Not here**: how events travel (server-sent events are the web's); what is told in the notification centre.

mod hub;
#[cfg(test)]
mod tests;

pub(crate) use hub::Live;

use crate::{
    Actor, Error, Operation, Platform, Result,
    event::{By, Event, Thing},
    id::{AccountId, EventId},
    policy::{Action, Subject},
    store::{Change, StoreError, keys::Table, record::decode},
    tx::Tx,
};
use hub::{Heap, Slot};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::VecDeque, sync::Arc, time::Duration};

/// How many commits are read at once.
const BATCH: usize = 256;

/// How often a follower looks at the clock while nothing happens.
const TICK: Duration = Duration::from_secs(1);

/// Something that happened, as it is told to those it concerns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiveEvent {
    /// The number of its commit: following goes on after it.
    pub number: u64,
    /// The event's id.
    pub event: EventId,
    /// What was done: the operation.
    pub action: Action,
    /// To what.
    pub about: Vec<Thing>,
    /// Which account did it, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
    /// When.
    pub at: Timestamp,
    /// Numbers, states, reasons.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub detail: Value,
}

/// What a follower is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// Something happened.
    Event(Arc<LiveEvent>),
    /// What happened before this commit is no longer kept: read everything afresh, then go on from here.
    Reset {
        /// The number of the commit to go on after.
        number: u64,
    },
}

/// An event with those it concerns.
#[derive(Debug)]
struct Heard {
    audience: Vec<AccountId>,
    event: Arc<LiveEvent>,
}

impl Heard {
    fn concerns(&self, account: AccountId) -> bool {
        self.event.by == Some(account) || self.audience.contains(&account)
    }
}

/// The events of one commit.
fn heard(change: &Change) -> Vec<Heard> {
    let events = change.writes.iter().filter(|(key, _)| key.0.first() == Some(&(Table::Event as u8)));
    events
        .filter_map(|(key, value)| match decode::<Event>(value.as_deref()?) {
            Ok(event) => Some(event),
            Err(error) => {
                tracing::warn!(?key, ?error, "an event cannot be read and is not told");
                None
            }
        })
        .map(|event| {
            let by = if let By::Account(account, _) = event.by { Some(account) } else { None };
            let told = LiveEvent {
                number: change.number,
                event: event.id,
                action: event.action,
                about: event.about,
                by,
                at: event.at,
                detail: event.detail,
            };
            Heard { audience: event.audience, event: Arc::new(told) }
        })
        .collect()
}

/// Follows what concerns the actor: what happens from now on, or after a commit whose number was told before.
///
/// # Errors
/// [`Error::SignedOut`] if nobody is signed in.
pub async fn follow(platform: &Platform, actor: &Actor, after: Option<u64>) -> Result<Follower> {
    let leave = platform.run(actor, FollowEvents {}).await?;
    let hub = platform.live().running(platform);
    let mut follower = Follower {
        slot: hub.enter(leave.account, actor),
        platform: platform.clone(),
        actor: actor.clone(),
        account: leave.account,
        ends_at: leave.ends_at,
        settled: 0,
        told: after.unwrap_or(0),
        read_to: after.unwrap_or(0),
        waiting: VecDeque::new(),
        attached: false,
        reset: None,
    };
    match after {
        None => follower.attach_now(),
        Some(after) if after > platform.store().newest().await? => follower.reset_here(),
        Some(_) => {}
    }
    Ok(follower)
}

/// Whether, and until when, the actor may follow what concerns them.
#[derive(Clone, Copy, Debug, Default)]
pub struct FollowEvents {}

/// Leave to follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leave {
    /// Whose events.
    pub account: AccountId,
    /// When the session or token ends by the clock; nothing for an account its program vouches for.
    pub ends_at: Option<Timestamp>,
}

impl Operation for FollowEvents {
    type Output = Leave;
    const ACTION: Action = Action::FollowEvents;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Leave> {
        let account = tx.my_id()?;
        tx.allow(&Subject::of(account))?;
        Ok(Leave { account, ends_at: tx.ends_at() })
    }
}

/// Somebody's place in the stream of what concerns them.
pub struct Follower {
    platform: Platform,
    actor: Actor,
    account: AccountId,
    ends_at: Option<Timestamp>,
    slot: Slot,
    /// How many doubts about the session and account are settled.
    settled: u64,
    /// Whether the process's reader fills the slot; if not, this follower reads the store itself.
    attached: bool,
    /// The commit of the last event told.
    told: u64,
    /// Everything up to this commit was told or waits.
    read_to: u64,
    waiting: VecDeque<Arc<LiveEvent>>,
    reset: Option<u64>,
}

impl Follower {
    /// The number to go on after: that of the last event told, or of a later commit that concerned only others.
    #[must_use]
    pub fn position(&self) -> u64 {
        if self.waiting.is_empty() { self.read_to } else { self.told }
    }

    /// Waits for what happens next. To stop waiting loses nothing.
    ///
    /// # Errors
    /// [`Error::SignedOut`] within a second after the session ended or the account was suspended; what the store reports.
    pub async fn next(&mut self) -> Result<Told> {
        loop {
            self.look_again().await?;
            if let Some(number) = self.reset.take() {
                return Ok(Told::Reset { number });
            }
            if let Some(event) = self.waiting.pop_front() {
                self.told = event.number;
                return Ok(Told::Event(event));
            }
            if !self.attached {
                self.catch_up().await?;
                continue;
            }
            match self.slot.take() {
                None => self.attached = false,
                Some(heap) if heap.events.is_empty() => {
                    self.read_to = heap.position;
                    let _woken_or_not = tokio::time::timeout(TICK, self.slot.woken()).await;
                }
                Some(heap) => self.go_on(heap),
            }
        }
    }

    /// Looks up the session and account again if they changed, or the session should be over by the clock.
    async fn look_again(&mut self) -> Result<()> {
        let over = self.ends_at.is_some_and(|end| self.platform.clock().now() >= end);
        let doubts = self.slot.doubts();
        if doubts != self.settled || over {
            self.ends_at = self.platform.run(&self.actor, FollowEvents {}).await?.ends_at;
            self.settled = doubts;
        }
        Ok(())
    }

    /// Reads what was missed, a batch at a time, until the process's reader has the rest in memory.
    async fn catch_up(&mut self) -> Result<()> {
        if let Some(heap) = self.slot.attach(self.read_to) {
            self.go_on(heap);
            self.attached = true;
            return Ok(());
        }
        match self.platform.store().changes(self.read_to, BATCH).await {
            Err(StoreError::Forgotten) => self.reset_here(),
            Err(error) => return Err(Error::from(error)),
            Ok(changes) => match changes.last() {
                None => tokio::time::sleep(TICK).await,
                Some(last) => {
                    let concerning = changes.iter().flat_map(heard).filter(|heard| heard.concerns(self.account));
                    self.waiting.extend(concerning.map(|heard| heard.event));
                    self.read_to = last.number;
                }
            },
        }
        Ok(())
    }

    fn go_on(&mut self, heap: Heap) {
        self.waiting.extend(heap.events);
        self.read_to = heap.position;
    }

    fn attach_now(&mut self) {
        self.read_to = self.slot.attach_now();
        self.told = self.read_to;
        self.attached = true;
    }

    fn reset_here(&mut self) {
        self.attach_now();
        self.reset = Some(self.read_to);
    }
}
