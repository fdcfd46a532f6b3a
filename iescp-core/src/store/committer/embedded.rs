//! A store out of an embedded engine: reads go straight to the engine and wait for nothing but what is on its way to the disk,
//! batches go to the committer thread.
//!
//! **Not here**: the thread's work (`group`).

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use tokio::sync::{mpsc, oneshot, watch};

use super::{
    Engine,
    decision::Plan,
    group::{Committer, MAX_GROUP, Waiting},
    layout::{self, FORMAT, FORMAT_KEY, TAIL_KEY, Tail},
};
use crate::store::{Batch, Change, Found, Key, Pending, Read, Scan, Store, StoreError, Stored};

/// How many batches wait for the thread at most; whoever comes then waits for a place.
const QUEUE: usize = 2 * MAX_GROUP;

/// A group that has been under way for so long makes the store unhealthy: the disk does not answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// How many pieces of the change log are read in one go.
const CHANGES_PAGE: usize = 32;

/// A [`Store`] on an embedded engine.
pub(in crate::store) struct Embedded<E: Engine> {
    shared: Arc<Shared<E>>,
    queue: Option<mpsc::Sender<Waiting>>,
    thread: Option<JoinHandle<()>>,
}

/// What the store and its thread both see.
pub(super) struct Shared<E> {
    pub engine: E,
    pub latest: watch::Sender<u64>,
    pub forgotten: AtomicU64,
    /// How often the engine was reopened: what was read from it before and was not durable is gone.
    pub reopened: AtomicU64,
    state: Mutex<State>,
    busy_since: Mutex<Option<Instant>>,
}

/// Whether the engine may be written.
#[derive(Clone, Debug)]
pub(super) enum State {
    Running,
    /// It failed for lack of room: it is reopened when there is room again and somebody writes.
    OutOfRoom {
        why: String,
        reopening_failed: bool,
    },
    /// It failed otherwise: what its files hold now is only known after a restart.
    Stopped(String),
}

impl<E: Engine> Embedded<E> {
    /// Reads where the engine's log ends and starts the committer thread. An engine is laid out before, by applying
    /// the [`marks`](super::marks) once: an engine that has lost everything must not pass for a new one.
    pub(in crate::store) fn open(engine: E, kept_commits: u64) -> Result<Self, StoreError> {
        let shared = Shared {
            engine,
            latest: watch::Sender::new(0),
            forgotten: AtomicU64::new(0),
            reopened: AtomicU64::new(0),
            state: Mutex::new(State::Running),
            busy_since: Mutex::new(None),
        };
        shared.check_format()?;
        let tail = shared.load_tail()?;
        shared.latest.send_replace(tail.latest);
        shared.forgotten.store(tail.forgotten, Ordering::SeqCst);
        let shared = Arc::new(shared);
        let (queue, waiting) = mpsc::channel(QUEUE);
        let next = if tail == Tail::default() { 1 } else { tail.latest + 1 + MAX_GROUP as u64 };
        let committer = Committer {
            shared: shared.clone(),
            queue: waiting,
            tail,
            next,
            kept_commits: kept_commits.max(1),
            last_reopen: None,
        };
        let thread = std::thread::Builder::new()
            .name("store-committer".into())
            .spawn(move || committer.run())
            .map_err(|error| StoreError::Failed(format!("the committer thread does not start: {error}")))?;
        Ok(Self { shared, queue: Some(queue), thread: Some(thread) })
    }

    /// Reads what is durable: waits for what is not yet.
    async fn read_durable(&self, reads: Vec<Read>) -> Result<Vec<Found>, StoreError> {
        loop {
            let reopened = self.shared.reopened.load(Ordering::SeqCst);
            let found = self.read_now(&reads)?;
            let newest = found.iter().map(newest).max().unwrap_or_default();
            if self.lands(newest, reopened).await? {
                return Ok(found);
            }
        }
    }

    /// Waits until this commit is durable. Whether it is: not if the engine was reopened without it.
    async fn lands(&self, number: u64, reopened: u64) -> Result<bool, StoreError> {
        let same = || reopened == self.shared.reopened.load(Ordering::SeqCst);
        if number <= self.latest() {
            return Ok(same());
        }
        let mut latest = self.shared.latest.subscribe();
        loop {
            let reached = *latest.borrow_and_update() >= number;
            if reached || !same() {
                return Ok(same());
            }
            match self.shared.state() {
                State::Running => {}
                State::OutOfRoom { why, .. } => return Err(StoreError::Full(why)),
                State::Stopped(why) => return Err(StoreError::Stopped(why)),
            }
            if latest.changed().await.is_err() {
                return Err(StoreError::Stopped("the store was closed".into()));
            }
        }
    }

    fn read_now(&self, reads: &[Read]) -> Result<Vec<Found>, StoreError> {
        reads
            .iter()
            .map(|read| match read {
                Read::Get(key) => self.shared.stored(key).map(Found::One),
                Read::Scan(scan) => self.scan(scan).map(Found::Many),
            })
            .collect()
    }

    fn scan(&self, scan: &Scan) -> Result<Vec<(Key, Stored)>, StoreError> {
        if scan.from >= scan.to {
            return Ok(Vec::new());
        }
        let pairs =
            self.shared.engine.scan(&layout::data_key(&scan.from), &layout::data_key(&scan.to), scan.descending, scan.limit)?;
        pairs
            .into_iter()
            .map(|(key, framed)| {
                let stored = layout::open(&key, framed)?;
                Ok((layout::key_of_data(&key), stored))
            })
            .collect()
    }

    fn changes_now(&self, after: u64, limit: usize) -> Result<Vec<Change>, StoreError> {
        let found = self.changes_after(after, limit);
        // Asked last: blocks that were removed while they were read make the answer useless.
        if after < self.shared.forgotten.load(Ordering::SeqCst) {
            return Err(StoreError::Forgotten);
        }
        found
    }

    fn changes_after(&self, after: u64, limit: usize) -> Result<Vec<Change>, StoreError> {
        let latest = self.latest();
        let mut found = Vec::new();
        if after >= latest {
            return Ok(found);
        }
        let mut from = layout::changes_from(after + 1);
        let end = layout::changes_from(latest.saturating_add(1));
        let (mut block, mut pieces) = (Vec::new(), 0);
        while found.len() < limit && from < end {
            let page = self.shared.engine.scan(&from, &end, false, CHANGES_PAGE)?;
            let Some((last, _)) = page.last() else { break };
            from = [last.as_slice(), &[0]].concat();
            for (key, framed) in page {
                let stored = layout::open(&key, framed)?;
                let (head, part) = layout::split_piece(&stored.bytes).ok_or_else(|| layout::corrupt(&key))?;
                block.extend_from_slice(part);
                pieces += 1;
                if pieces == head.pieces {
                    let changes = layout::decode_block(&block).ok_or_else(|| layout::corrupt(&key))?;
                    found.extend(changes.into_iter().filter(|change| change.number > after));
                    (block, pieces) = (Vec::new(), 0);
                    if found.len() >= limit {
                        break;
                    }
                }
            }
        }
        if pieces > 0 {
            return Err(StoreError::Corrupt(format!("the change log lacks a piece after commit {after}")));
        }
        found.truncate(limit);
        Ok(found)
    }
}

/// The newest commit of which something was found.
fn newest(found: &Found) -> u64 {
    match found {
        Found::One(stored) => stored.as_ref().map_or(0, |stored| stored.version),
        Found::Many(pairs) => pairs.iter().map(|(_, stored)| stored.version).max().unwrap_or_default(),
    }
}

impl<E: Engine> Store for Embedded<E> {
    fn read(&self, reads: Vec<Read>) -> Pending<'_, Vec<Found>> {
        Box::pin(self.read_durable(reads))
    }

    fn commit(&self, batch: Batch) -> Pending<'_, u64> {
        Box::pin(async move {
            let plan = Plan::new(batch)?;
            let gone = || match self.shared.state() {
                State::Stopped(why) => StoreError::Stopped(why),
                _ => StoreError::Stopped("the committer thread has ended".into()),
            };
            let (answer, answered) = oneshot::channel();
            let queue = self.queue.as_ref().ok_or_else(gone)?;
            queue.send(Waiting { plan, answer }).await.map_err(|_| gone())?;
            answered.await.map_err(|_| gone())?
        })
    }

    fn changes(&self, after: u64, limit: usize) -> Pending<'_, Vec<Change>> {
        Box::pin(async move { self.changes_now(after, limit) })
    }

    fn latest(&self) -> u64 {
        *self.shared.latest.borrow()
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.shared.latest.subscribe()
    }

    fn health(&self) -> Result<(), StoreError> {
        let busy = *self.shared.busy_since.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waited) = busy.map(|since| since.elapsed()).filter(|waited| *waited > PATIENCE) {
            return Err(StoreError::Failed(format!("the disk has not answered for {} seconds", waited.as_secs())));
        }
        if self.thread.as_ref().is_none_or(JoinHandle::is_finished) {
            return Err(StoreError::Stopped("the committer thread has ended".into()));
        }
        match self.shared.state() {
            // Out of room with room again is well: the next commit reopens the engine.
            State::Running | State::OutOfRoom { reopening_failed: false, .. } => self.shared.engine.room_now(),
            State::OutOfRoom { why, reopening_failed: true } => Err(StoreError::Full(why)),
            State::Stopped(why) => Err(StoreError::Stopped(why)),
        }
    }
}

impl<E: Engine> Drop for Embedded<E> {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the committer thread panicked");
        }
    }
}

impl<E> Shared<E> {
    pub(super) fn state(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_state(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
        // Whoever waits for a commit that will not come must look.
        self.latest.send_modify(|_| ());
    }

    pub(super) fn set_busy(&self, busy: bool) {
        *self.busy_since.lock().unwrap_or_else(PoisonError::into_inner) = busy.then(Instant::now);
    }
}

impl<E: Engine> Shared<E> {
    /// The value at a key.
    pub(super) fn stored(&self, key: &Key) -> Result<Option<Stored>, StoreError> {
        self.own(&layout::data_key(key))
    }

    fn own(&self, engine_key: &[u8]) -> Result<Option<Stored>, StoreError> {
        self.engine.get(engine_key)?.map(|framed| layout::open(engine_key, framed)).transpose()
    }

    fn check_format(&self) -> Result<(), StoreError> {
        let unmarked = || StoreError::Corrupt("it does not say in which format it is: its contents are gone".into());
        let stored = self.own(FORMAT_KEY)?.ok_or_else(unmarked)?;
        let format = <[u8; 4]>::try_from(stored.bytes.as_slice()).map_err(|_| layout::corrupt(FORMAT_KEY))?;
        match u32::from_be_bytes(format) {
            FORMAT => Ok(()),
            newer if newer > FORMAT => {
                Err(StoreError::Newer(format!("its format is {newer}, this program knows formats up to {FORMAT}")))
            }
            other => Err(StoreError::Corrupt(format!("there is no format {other}"))),
        }
    }

    /// Where the log ends, checked against its last entry and what was noted as durable.
    pub(super) fn load_tail(&self) -> Result<Tail, StoreError> {
        let tail = match self.own(TAIL_KEY)? {
            None => Tail::default(),
            Some(stored) => Tail::decode(&stored.bytes).ok_or_else(|| layout::corrupt(TAIL_KEY))?,
        };
        let last = self.engine.scan(&layout::changes_from(0), &layout::changes_end(), true, 1)?;
        // A log without an entry is that of a store nobody has written yet.
        let logged = last.first().map_or(Some(tail.forgotten), |(key, _)| layout::number_of_change(key));
        if logged != Some(tail.latest) {
            return Err(StoreError::Corrupt(format!(
                "the change log ends at commit {}, but the latest commit is {}",
                logged.unwrap_or_default(),
                tail.latest
            )));
        }
        let noted = self.engine.noted_durable()?;
        if tail.latest < noted {
            return Err(StoreError::Corrupt(format!(
                "commit {noted} was acknowledged, but the log ends at {}: restore a backup",
                tail.latest
            )));
        }
        Ok(tail)
    }
}
