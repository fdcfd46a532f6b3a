//! The ordered key-value store that everything stands on, and the one contract every engine keeps.
//!
//! A store holds ordered byte keys with byte values. It answers several reads in one round trip ([`Store::read`]), lands a
//! [`Batch`] whole or not at all ([`Store::commit`]), numbers its commits, and tells what each commit changed
//! ([`Store::changes`]). That is what sled, PostgreSQL, TiKV and FoundationDB can all do, and nothing more is asked of them.
//!
//! - [`memory`], [`sled`](mod@sled) and `postgres` (a feature of that name, off unless asked for) are the engines, `committer` the
//!   single writer that embedded engines share;
//! - [`conformance`] is what every engine must do, one named check each, also for engines written by others;
//! - `keys` lays out every key; [`record`] says how a value is written.
//!
//! **Not here**: retries (only [`Platform::run`](crate::Platform::run) retries), meaning of any key or value.

mod committer;
pub mod conformance;
pub mod keys;
pub mod memory;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod record;
#[cfg(feature = "sled")]
pub mod sled;
pub(crate) mod walk;

use std::{fmt, future::Future, pin::Pin};
use tokio::sync::watch;
use uuid::Uuid;

pub use memory::MemoryStore;
#[cfg(feature = "postgres")]
pub use postgres::{GoesAlong, PostgresBeside, PostgresFilling, PostgresLease, PostgresOptions, PostgresStore};
#[cfg(feature = "sled")]
pub use sled::{SledOptions, SledStore};

/// The largest value an engine takes, in bytes. Larger things are split by whoever writes them.
pub const MAX_VALUE_BYTES: usize = 60 * 1024;

/// The longest key an engine takes, in bytes.
pub const MAX_KEY_BYTES: usize = 1024;

/// The largest batch an engine takes, in bytes of keys and values and 16 for each write and expectation.
pub const MAX_BATCH_BYTES: usize = 1024 * 1024;

/// How many commits [`Store::changes`] can look back on, unless the engine's options say otherwise.
pub const DEFAULT_KEPT_COMMITS: u64 = 65_536;

/// What a store call gives: a boxed future, so that `Arc<dyn Store>` works.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// An ordered byte key. Built by `keys`, compared as bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Key(pub Vec<u8>);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in &self.0 {
            match byte {
                b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' => write!(f, "{}", char::from(*byte))?,
                other => write!(f, "\\{other:02x}")?,
            }
        }
        Ok(())
    }
}

/// A value as the store holds it, with the number of the commit that wrote it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stored {
    /// The commit that wrote this value: what [`Expect::Version`] compares.
    pub version: u64,
    /// The value.
    pub bytes: Vec<u8>,
}

/// One thing to read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Read {
    /// The value of one key.
    Get(Key),
    /// A range of keys.
    Scan(Scan),
}

impl Read {
    /// Single keys.
    #[must_use]
    pub fn all(keys: impl IntoIterator<Item = Key>) -> Vec<Self> {
        keys.into_iter().map(Self::Get).collect()
    }
}

/// A range of keys, `from` included and `to` excluded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scan {
    /// The first key that may be answered.
    pub from: Key,
    /// The first key beyond the range.
    pub to: Key,
    /// From the end of the range backwards.
    pub descending: bool,
    /// How many pairs at most.
    pub limit: usize,
}

/// The answer to one [`Read`], in the order asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// The answer to [`Read::Get`].
    One(Option<Stored>),
    /// The answer to [`Read::Scan`], in scan order.
    Many(Vec<(Key, Stored)>),
}

/// What must hold for a batch to land.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expect {
    /// This key was last written by this commit.
    Version(Key, u64),
    /// This key holds nothing.
    Absent(Key),
}

/// One change in a batch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Write {
    /// Sets a value.
    Put(Key, Vec<u8>),
    /// Removes a value; nothing happens if there is none.
    Delete(Key),
    /// Adds to a counter: see [`Add`].
    Add(Add),
}

/// A guarded counter: adds `by` to the number at `key` (an absent key counts as zero, and a counter that comes to zero is
/// removed) if the result is within the guard. Those who fit never conflict with each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Add {
    /// Where the counter is; its value is eight bytes, big-endian two's complement.
    pub key: Key,
    /// What is added.
    pub by: i64,
    /// The result must not be less than this.
    pub floor: Option<i64>,
}

/// What lands whole or not at all. A key may occur once among puts and deletes; several adds to one key are summed and
/// guarded by the result.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Batch {
    /// Names this batch, so that an engine whose connection broke during the commit can find out whether it landed.
    pub id: Option<Uuid>,
    /// What must hold.
    pub expect: Vec<Expect>,
    /// What changes.
    pub writes: Vec<Write>,
}

/// A key with the value it has after a commit, or `None` where it was removed.
pub type Resolved = (Key, Option<Vec<u8>>);

/// What one commit changed: for each key the value it has since then, or `None` where it was removed. Counters appear with
/// their resulting value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The number of the commit; numbers only grow.
    pub number: u64,
    /// The keys and their values after it, in key order.
    pub writes: Vec<Resolved>,
}

/// Why a store did not do what it was asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StoreError {
    /// An expectation did not hold; nothing was written. Reading again and trying again may succeed.
    Conflict(Key),
    /// A counter's guard did not hold (or it would overflow); nothing was written.
    Guard(Key),
    /// A key or value is larger than an engine takes, or a batch larger than it can land.
    TooLarge(Key),
    /// The disk is (nearly) full: reads go on, writes are refused until there is room.
    Full(String),
    /// This store is open already, in another process or in this one.
    Locked(String),
    /// Bytes do not have their checksum or shape.
    Corrupt(String),
    /// `changes` was asked for commits that are no longer kept: read everything afresh.
    Forgotten,
    /// The store was written by a newer version of this program.
    Newer(String),
    /// The engine has stopped writing after an error it cannot vouch for; it must be opened afresh.
    Stopped(String),
    /// The engine or its disk or network failed, or the batch contradicts itself (a key written twice).
    Failed(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict(key) => write!(f, "something changed meanwhile at {key:?}"),
            Self::Guard(key) => write!(f, "the counter {key:?} would leave its bounds"),
            Self::TooLarge(key) => write!(f, "the value for {key:?} is too large"),
            Self::Full(why) => write!(f, "the store's disk is full: {why}"),
            Self::Locked(why) => write!(f, "the store is open in another process: {why}"),
            Self::Corrupt(why) => write!(f, "the store is damaged: {why}"),
            Self::Forgotten => write!(f, "these changes are no longer kept"),
            Self::Newer(why) => write!(f, "the store was written by a newer version: {why}"),
            Self::Stopped(why) => write!(f, "the store has stopped writing: {why}"),
            Self::Failed(why) => write!(f, "the store failed: {why}"),
        }
    }
}

impl std::error::Error for StoreError {}

/// An ordered key-value store. See the module's text for the contract and [`conformance`] for its checks.
pub trait Store: Send + Sync + 'static {
    /// Answers several reads in one round trip, in the order asked. Single keys are as of one commit or later; a scan sees
    /// every commit that was acknowledged before it began.
    fn read(&self, reads: Vec<Read>) -> Pending<'_, Vec<Found>>;

    /// Lands a batch whole, durably, and answers its commit number; or changes nothing and says why. A batch without writes
    /// only checks its expectations and answers the number of the commit it was checked against.
    ///
    /// # Errors
    /// After [`StoreError::Failed`] and [`StoreError::Stopped`] the batch may have landed all the same; after every other
    /// error it has not. Dropping the future leaves it open too.
    fn commit(&self, batch: Batch) -> Pending<'_, u64>;

    /// What the commits after number `after` changed, oldest first, at most `limit` of them.
    ///
    /// # Errors
    /// [`StoreError::Forgotten`] when a commit after `after` is no longer kept.
    fn changes(&self, after: u64, limit: usize) -> Pending<'_, Vec<Change>>;

    /// The number of the latest commit this process knows of.
    fn latest(&self) -> u64;

    /// The number of the latest commit that anybody was acknowledged before this call, in whatever process: whoever has caught up
    /// with it sees everything that anybody can know to be done. Engines for one process know it without asking.
    fn newest(&self) -> Pending<'_, u64> {
        Box::pin(async { Ok(self.latest()) })
    }

    /// Wakes whenever [`latest`](Store::latest) grows.
    fn watch(&self) -> watch::Receiver<u64>;

    /// Whether writes are accepted now, and if not, why.
    fn health(&self) -> Result<(), StoreError>;
}
