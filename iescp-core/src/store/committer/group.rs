//! The committer thread: takes all waiting batches, decides each, applies and syncs once, answers all.
//!
//! **Not here**: how a batch is decided (`decision`), how the store is read from outside (`embedded`).

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use tokio::sync::{mpsc, oneshot};

use super::{
    Engine, EngineWrite,
    decision::Plan,
    embedded::{Shared, State},
    layout::{self, Block, Tail},
};
use crate::store::{Key, StoreError, Stored};

/// How many batches land together at most.
pub(super) const MAX_GROUP: usize = 1024;

/// A group takes no further batch once it has this many bytes; with the last batch it stays well below a sled segment.
const GROUP_BYTES: usize = 1024 * 1024;

/// How many pieces of old blocks are looked at in one go when trimming, and how often in one group: what one group adds and
/// some more, so that a window that was made narrower is reached before long.
const TRIM_PAGE: usize = 32;
const TRIM_PAGES: usize = 16;

/// How long to wait between attempts to reopen an engine that ran out of room.
const REOPEN_EVERY: Duration = Duration::from_secs(1);

/// A batch on its way, and where to answer.
pub(super) struct Waiting {
    pub plan: Plan,
    pub answer: oneshot::Sender<Result<u64, StoreError>>,
}

/// What the thread owns.
pub(super) struct Committer<E> {
    pub shared: Arc<Shared<E>>,
    pub queue: mpsc::Receiver<Waiting>,
    pub tail: Tail,
    /// The number the next commit gets.
    pub next: u64,
    pub kept_commits: u64,
    pub last_reopen: Option<Instant>,
}

/// The accepted part of a group.
struct Landing {
    tail: Tail,
    next: u64,
    overlay: HashMap<Key, Option<Stored>>,
    block: Block,
    writes: Vec<EngineWrite>,
}

impl<E: Engine> Committer<E> {
    /// Runs until the store is dropped.
    pub(super) fn run(mut self) {
        while let Some(first) = self.queue.blocking_recv() {
            let mut bytes = first.plan.bytes();
            let mut group = vec![first];
            while group.len() < MAX_GROUP && bytes < GROUP_BYTES {
                let Ok(next) = self.queue.try_recv() else { break };
                bytes += next.plan.bytes();
                group.push(next);
            }
            self.shared.set_busy(true);
            self.serve(group);
            self.shared.set_busy(false);
        }
        if matches!(self.shared.state(), State::Running)
            && let Err(error) = self.shared.engine.sync()
        {
            tracing::error!(%error, "the last sync of the store failed");
        }
    }

    fn serve(&mut self, group: Vec<Waiting>) {
        if let Err(error) = self.writable() {
            for waiting in group {
                let _ = waiting.answer.send(Err(error.clone()));
            }
            return;
        }
        let mut landing =
            Landing { tail: self.tail, next: self.next, overlay: HashMap::new(), block: Block::default(), writes: Vec::new() };
        let answers: Vec<_> =
            group.into_iter().map(|waiting| (waiting.answer, self.decide(waiting.plan, &mut landing))).collect();
        let landed = if landing.next == self.next { Ok(()) } else { self.land(landing) };
        for (answer, decided) in answers {
            // Nobody listens if the caller has gone away; the batch has landed all the same.
            let _ = answer.send(decided.and_then(|number| landed.clone().map(|()| number)));
        }
    }

    fn decide(&self, plan: Plan, landing: &mut Landing) -> Result<u64, StoreError> {
        let look = |key: &Key| match landing.overlay.get(key) {
            Some(written) => Ok(written.clone()),
            None => self.shared.stored(key),
        };
        let writes = plan.decide(look)?;
        if writes.is_empty() {
            return Ok(landing.tail.latest);
        }
        let number = landing.next;
        if landing.block.is_large() {
            landing.writes.extend(mem::take(&mut landing.block).close()?);
        }
        landing.block.push(number, &writes);
        landing.next += 1;
        landing.tail.latest = number;
        landing.tail.kept += 1;
        for (key, value) in writes {
            landing.overlay.insert(key, value.map(|bytes| Stored { version: number, bytes }));
        }
        Ok(number)
    }

    fn land(&mut self, landing: Landing) -> Result<(), StoreError> {
        let Landing { mut tail, next, overlay, block, mut writes } = landing;
        writes.extend(block.close()?);
        for (key, stored) in overlay {
            let key = layout::data_key(&key);
            let value = stored.map(|stored| layout::seal(&key, stored.version, &stored.bytes));
            writes.push((key, value));
        }
        let bytes = writes.iter().map(|(key, value)| key.len() + value.as_ref().map_or(0, Vec::len)).sum();
        self.shared.engine.room_for(bytes)?;

        self.forget_old(&mut tail, &mut writes)?;
        writes.push((layout::TAIL_KEY.to_vec(), Some(layout::seal(layout::TAIL_KEY, tail.latest, &tail.encode()))));
        // Before the entries go: whoever reads them meanwhile looks at this number afterwards.
        self.shared.forgotten.store(tail.forgotten, Ordering::SeqCst);

        let engine = &self.shared.engine;
        if let Err(error) = engine.apply(writes).and_then(|()| engine.sync()) {
            tracing::error!(%error, "the store stops writing");
            let (state, why) = match error {
                StoreError::Full(why) => (State::OutOfRoom { why: why.clone(), reopening_failed: false }, why),
                StoreError::Failed(why) | StoreError::Corrupt(why) => (State::Stopped(why.clone()), why),
                other => (State::Stopped(other.to_string()), other.to_string()),
            };
            self.shared.set_state(state);
            return Err(StoreError::Failed(format!("{why}; whether this batch landed is not known")));
        }
        engine.note_durable(tail.latest);
        self.tail = tail;
        self.next = next;
        self.shared.latest.send_replace(tail.latest);
        Ok(())
    }

    /// Adds the removal of the oldest blocks, as long as the kept window remains without them.
    fn forget_old(&self, tail: &mut Tail, writes: &mut Vec<EngineWrite>) -> Result<(), StoreError> {
        // From the block that went last: some of its pieces may have been beyond the page.
        let mut from = layout::changes_from(tail.forgotten);
        let end = layout::changes_from(self.tail.latest + 1);
        for _ in 0..TRIM_PAGES {
            if tail.kept <= self.kept_commits || from >= end {
                break;
            }
            let page = self.shared.engine.scan(&from, &end, false, TRIM_PAGE)?;
            let Some((last, _)) = page.last() else { break };
            from = [last.as_slice(), &[0]].concat();
            for (key, framed) in page {
                let number = layout::number_of_change(&key).ok_or_else(|| layout::corrupt(&key))?;
                if number != tail.forgotten {
                    let stored = layout::open(&key, framed)?;
                    let (head, _) = layout::split_piece(&stored.bytes).ok_or_else(|| layout::corrupt(&key))?;
                    match tail.kept.checked_sub(head.commits) {
                        Some(kept) if kept >= self.kept_commits => tail.kept = kept,
                        _ => return Ok(()),
                    }
                    tail.forgotten = number;
                }
                writes.push((key, None));
            }
        }
        Ok(())
    }

    /// Whether to go on; an engine that ran out of room is reopened once there is room again.
    fn writable(&mut self) -> Result<(), StoreError> {
        match self.shared.state() {
            State::Running => Ok(()),
            State::Stopped(why) => Err(StoreError::Stopped(why)),
            State::OutOfRoom { why, .. } => {
                let early = self.last_reopen.is_some_and(|last| last.elapsed() < REOPEN_EVERY);
                if early || self.shared.engine.room_now().is_err() {
                    return Err(StoreError::Full(why));
                }
                self.last_reopen = Some(Instant::now());
                self.reopen().inspect_err(|error| {
                    tracing::error!(%error, "the store could not be reopened");
                    self.shared.set_state(State::OutOfRoom { why: error.to_string(), reopening_failed: true });
                })
            }
        }
    }

    fn reopen(&mut self) -> Result<(), StoreError> {
        self.shared.engine.reopen()?;
        self.tail = self.shared.load_tail()?;
        self.next = self.tail.latest + 1 + MAX_GROUP as u64;
        self.shared.forgotten.store(self.tail.forgotten, Ordering::SeqCst);
        self.shared.reopened.fetch_add(1, Ordering::SeqCst);
        self.shared.latest.send_replace(self.tail.latest);
        self.shared.set_state(State::Running);
        tracing::info!("the store was reopened and writes again");
        Ok(())
    }
}
