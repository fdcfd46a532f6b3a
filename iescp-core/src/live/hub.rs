//! The one reader of this process: follows the store's changes and hands each event to the seats of those it concerns.
//!
//! The latest events stay in memory, so that somebody whose connection broke for a moment costs the store nothing.

use super::{BATCH, Heard, LiveEvent, heard};
use crate::{
    Actor, Platform,
    actor::{Through, Who},
    id::AccountId,
    store::{Change, Key, Store, StoreError, keys::Table},
};
use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::Notify, task::JoinHandle};
use uuid::Uuid;

/// How many events stay in memory.
const RECENT: usize = 4096;

/// How many events wait for one follower before it has to read them from the store.
const QUEUE: usize = 256;

/// How long the reader waits after the store failed.
const PAUSE: Duration = Duration::from_millis(250);

/// Live events of one platform. The reader begins with the first follower and ends with the platform.
#[derive(Default)]
pub(crate) struct Live {
    hub: Arc<Hub>,
    reader: Mutex<Option<JoinHandle<()>>>,
}

impl Live {
    /// The hub, with its reader running.
    pub(super) fn running(&self, platform: &Platform) -> Arc<Hub> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        if reader.as_ref().is_none_or(JoinHandle::is_finished) {
            if reader.is_none() {
                self.hub.lock().start_at(platform.store().latest());
            }
            *reader = Some(tokio::spawn(read_on(Arc::clone(platform.store()), Arc::clone(&self.hub))));
        }
        Arc::clone(&self.hub)
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let reader = self.reader.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(reader) = reader.take() {
            reader.abort();
        }
    }
}

async fn read_on(store: Arc<dyn Store>, hub: Arc<Hub>) {
    let mut grown = store.watch();
    loop {
        drop(grown.borrow_and_update());
        let position = hub.lock().position;
        match store.changes(position, BATCH).await {
            Ok(changes) if changes.is_empty() => {
                if grown.changed().await.is_err() {
                    return;
                }
            }
            Ok(changes) => {
                for change in &changes {
                    let events = heard(change);
                    hub.lock().hand_out(change, events);
                }
            }
            Err(StoreError::Forgotten) => hub.lock().start_at(store.latest()),
            Err(error) => {
                tracing::warn!(%error, "live events wait for the store");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Who follows, and what happened lately.
#[derive(Default)]
pub(super) struct Hub(Mutex<State>);

#[derive(Default)]
struct State {
    /// Every commit up to this one was handed out.
    position: u64,
    /// `recent` holds every event after this commit.
    recent_after: u64,
    recent: VecDeque<Heard>,
    seats: HashMap<u64, Seat>,
    taken: u64,
    by_account: HashMap<AccountId, HashSet<u64>>,
    by_through: HashMap<Uuid, HashSet<u64>>,
}

/// What waits for one follower.
struct Seat {
    account: AccountId,
    through: Option<Uuid>,
    woken: Arc<Notify>,
    queue: VecDeque<Arc<LiveEvent>>,
    /// Only events after this commit; nothing while the follower reads the store itself.
    attached_after: Option<u64>,
    /// How often the account, session or token has changed; once more at first.
    doubts: u64,
}

impl Hub {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a seat, which is in doubt at first: what changed before it was taken has not been heard.
    pub(super) fn enter(self: &Arc<Self>, account: AccountId, actor: &Actor) -> Slot {
        let through = match &actor.who {
            Who::Account { through: Through::Session(id), .. } => Some(id.0),
            Who::Account { through: Through::Token(id), .. } => Some(id.0),
            _ => None,
        };
        let woken = Arc::new(Notify::new());
        let seat = Seat { account, through, woken: Arc::clone(&woken), queue: VecDeque::new(), attached_after: None, doubts: 1 };
        let mut state = self.lock();
        state.taken += 1;
        let number = state.taken;
        state.by_account.entry(account).or_default().insert(number);
        if let Some(through) = through {
            state.by_through.entry(through).or_default().insert(number);
        }
        state.seats.insert(number, seat);
        Slot { hub: Arc::clone(self), number, woken }
    }
}

impl State {
    fn start_at(&mut self, position: u64) {
        self.recent.clear();
        (self.position, self.recent_after) = (position, position);
        for seat in self.seats.values_mut() {
            seat.detach();
        }
    }

    fn hand_out(&mut self, change: &Change, events: Vec<Heard>) {
        for (key, _) in &change.writes {
            self.doubt(key);
        }
        for heard in events {
            let mut told: HashSet<AccountId> = heard.audience.iter().copied().collect();
            told.extend(heard.event.by);
            for account in told {
                for number in self.by_account.get(&account).into_iter().flatten() {
                    if let Some(seat) = self.seats.get_mut(number) {
                        seat.tell(&heard.event);
                    }
                }
            }
            self.recent.push_back(heard);
        }
        self.position = change.number;
        while self.recent.len() > RECENT {
            if let Some(oldest) = self.recent.pop_front() {
                self.recent_after = oldest.event.number;
            }
        }
    }

    /// Notes that whoever follows through what this key holds must be looked at again.
    fn doubt(&mut self, key: &Key) {
        let table = key.0.first().copied();
        let is = |other: Table| table == Some(other as u8);
        let numbers = match key.last_id() {
            Some(id) if is(Table::Account) => self.by_account.get(&AccountId(id)),
            Some(id) if is(Table::Session) || is(Table::Token) => self.by_through.get(&id),
            _ => None,
        };
        for number in numbers.into_iter().flatten() {
            if let Some(seat) = self.seats.get_mut(number) {
                seat.doubts += 1;
                seat.woken.notify_one();
            }
        }
    }
}

impl Seat {
    fn tell(&mut self, event: &Arc<LiveEvent>) {
        if self.attached_after.is_none_or(|after| event.number <= after) {
            return;
        }
        if self.queue.len() >= QUEUE {
            self.detach();
        } else {
            self.queue.push_back(Arc::clone(event));
        }
        self.woken.notify_one();
    }

    fn detach(&mut self) {
        self.queue.clear();
        self.attached_after = None;
        self.woken.notify_one();
    }
}

/// A follower's seat; given up when dropped.
pub(super) struct Slot {
    hub: Arc<Hub>,
    number: u64,
    woken: Arc<Notify>,
}

/// What a follower finds at its seat.
pub(super) struct Heap {
    /// What waited.
    pub events: Vec<Arc<LiveEvent>>,
    /// There was nothing else up to this commit.
    pub position: u64,
}

impl Slot {
    fn with<T>(&self, look: impl FnOnce(&mut State, u64) -> T) -> T {
        look(&mut self.hub.lock(), self.number)
    }

    /// How often the session and account have been put into doubt: they must be looked at when this has grown.
    pub(super) fn doubts(&self) -> u64 {
        self.with(|state, number| state.seats.get(&number).map_or(u64::MAX, |seat| seat.doubts))
    }

    /// Goes on from the present.
    pub(super) fn attach_now(&self) -> u64 {
        self.with(|state, number| {
            let position = state.position;
            if let Some(seat) = state.seats.get_mut(&number) {
                seat.queue.clear();
                seat.attached_after = Some(position);
            }
            position
        })
    }

    /// Goes on after this commit if what came since is still in memory.
    pub(super) fn attach(&self, after: u64) -> Option<Heap> {
        self.with(|state, number| {
            if after < state.recent_after {
                return None;
            }
            let seat = state.seats.get_mut(&number)?;
            seat.queue.clear();
            seat.attached_after = Some(after.max(state.position));
            let first = state.recent.partition_point(|heard| heard.event.number <= after);
            let missed = state.recent.iter().skip(first).filter(|heard| heard.concerns(seat.account));
            Some(Heap { events: missed.map(|heard| Arc::clone(&heard.event)).collect(), position: after.max(state.position) })
        })
    }

    /// What waits here; nothing if the seat was lost because too much did.
    pub(super) fn take(&self) -> Option<Heap> {
        self.with(|state, number| {
            let position = state.position;
            let seat = state.seats.get_mut(&number)?;
            let after = seat.attached_after?;
            Some(Heap { events: seat.queue.drain(..).collect(), position: after.max(position) })
        })
    }

    /// Waits until something is here.
    pub(super) async fn woken(&self) {
        self.woken.notified().await;
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut state = self.hub.lock();
        let Some(seat) = state.seats.remove(&self.number) else { return };
        if let Some(seats) = state.by_account.get_mut(&seat.account) {
            seats.remove(&self.number);
            if seats.is_empty() {
                state.by_account.remove(&seat.account);
            }
        }
        let Some(through) = seat.through else { return };
        if let Some(seats) = state.by_through.get_mut(&through) {
            seats.remove(&self.number);
            if seats.is_empty() {
                state.by_through.remove(&through);
            }
        }
    }
}
