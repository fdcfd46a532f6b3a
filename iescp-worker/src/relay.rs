//! Hands letters from the outbox to the queue, in the order of their events.
//!
//! A letter leaves the outbox only when the queue has it on the disk. If the worker dies between the two, the letter is handed
//! over again under the same name, and ignored.
//!
//! Where the store and the queue are in one PostgreSQL database, letters [go along](goes_along) with their causes: the commit that
//! writes a letter into the outbox writes its job into the queue, and the relay only takes it out of the outbox.

use crate::{
    House,
    jobs::Job,
    queue::{Queue, QueueError},
    trouble::Trouble,
};
use iescp_core::{
    Actor, Error,
    outbox::{ListOutbox, OutboxItem, RemoveFromOutbox, Waiting},
    store::{GoesAlong, Key, Pending, StoreError},
};
use sqlx::PgConnection;
use std::{fmt, sync::Arc, time::Duration};

/// How many letters are handed over in one step.
const AT_ONCE: usize = 200;

/// At least so long between two looks, however many commits there are.
const REST: Duration = Duration::from_millis(50);

/// Looks when something was committed, and at least this often.
const AT_LEAST: Duration = Duration::from_secs(3);

/// Relays until the end begins.
pub(crate) async fn run(house: &House) {
    let mut commits = house.platform.store().watch();
    let mut trouble = Trouble::new("letters could not be handed over; they wait in the outbox", "letters are handed over again");
    loop {
        commits.mark_unchanged();
        let passed = pass(house).await;
        match &passed {
            Ok(()) => trouble.went(),
            Err(error) => trouble.failed(error),
        }
        let next = async {
            tokio::time::sleep(REST).await;
            // A store that is gone tells of no commits any more.
            let told = tokio::time::timeout(AT_LEAST, commits.changed()).await;
            if passed.is_err() || matches!(told, Ok(Err(_))) {
                tokio::time::sleep(AT_LEAST).await;
            }
        };
        if !house.stop.unless_begun(next).await {
            return;
        }
    }
}

/// Hands over all that waits.
async fn pass(house: &House) -> Result<(), RelayError> {
    let mut after = None;
    let mut unreadable = 0;
    loop {
        let (looked, next) = step(house, after).await?;
        unreadable += looked;
        after = next;
        if after.is_none() || house.stop.has_begun() {
            break;
        }
    }
    let before = house.figures.counts().unreadable;
    if unreadable > before {
        tracing::error!(unreadable, "the outbox holds letters that this program cannot read; they stay there");
    }
    house.figures.add(|counts| counts.unreadable = unreadable);
    Ok(())
}

/// Hands over some: how many could not be read, and where to go on.
async fn step(house: &House, after: Option<Waiting>) -> Result<(u64, Option<Waiting>), RelayError> {
    let actor = Actor::system("relay");
    let page = house.platform.run(&actor, ListOutbox { limit: AT_ONCE, after }).await?;
    let letters: Vec<Waiting> = page.letters.iter().map(OutboxItem::place).collect();
    if !letters.is_empty() {
        let handed = letters.len() as u64;
        push(house, page.letters).await?;
        house.platform.run(&actor, RemoveFromOutbox { letters }).await?;
        house.figures.add(|counts| counts.relayed += handed);
    }
    Ok((page.unreadable.len() as u64, page.next))
}

/// Gives letters to the queue.
pub(crate) async fn push(house: &House, letters: Vec<OutboxItem>) -> Result<(), QueueError> {
    let jobs: Result<Vec<_>, _> = letters.into_iter().map(|item| Job::of(item).queued()).collect();
    house.queue.push(jobs?).await
}

/// What lets letters go along with their causes, for [`PostgresBeside::take_along`](iescp_core::store::PostgresBeside::take_along);
/// none if the queue is in no PostgreSQL database. It must be the database that the store is in.
#[must_use]
pub fn goes_along(queue: &Queue) -> Option<Arc<dyn GoesAlong>> {
    queue.is_on_postgres().then(|| Arc::new(Letters(queue.clone())) as Arc<dyn GoesAlong>)
}

/// Writes letters into the queue together with their causes.
struct Letters(Queue);

impl GoesAlong for Letters {
    fn follows_from(&self, key: &Key) -> bool {
        OutboxItem::stands_at(key)
    }

    fn write<'a>(&'a self, connection: &'a mut PgConnection, written: &'a [(Key, Vec<u8>)]) -> Pending<'a, ()> {
        Box::pin(async move {
            // What cannot be read stays in the outbox, where the relay finds and tells it.
            let letters = written.iter().filter_map(|(_, value)| OutboxItem::read(value));
            let jobs: Result<Vec<_>, _> = letters.map(|item| Job::of(item).queued()).collect();
            let pushed = match jobs {
                Ok(jobs) => self.0.push_on(connection, jobs).await,
                Err(error) => Err(error),
            };
            pushed.map_err(|error| StoreError::Failed(error.to_string()))
        })
    }
}

/// Why letters were not handed over.
#[derive(Debug)]
pub(crate) enum RelayError {
    Core(Error),
    Queue(QueueError),
}

impl fmt::Display for RelayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Core(error) => write!(f, "{error:?}"),
            Self::Queue(error) => error.fmt(f),
        }
    }
}

impl From<Error> for RelayError {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl From<QueueError> for RelayError {
    fn from(error: QueueError) -> Self {
        Self::Queue(error)
    }
}
