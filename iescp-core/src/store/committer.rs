//! The single writer that embedded engines share.
//!
//! An embedded engine only has to say how it reads, applies one group of writes atomically, and syncs ([`Engine`]);
//! [`Embedded`] makes a [`Store`](super::Store) of it. One thread takes all batches that are waiting, decides each against
//! the engine plus what earlier batches of the same group wrote, applies the accepted ones as one engine batch, syncs once,
//! and only then answers all: so durability costs one sync a group, not one a batch.
//!
//! A reader who finds a value that is not durable yet waits until it is, so that no answer tells of something that a power cut
//! or a failing disk takes back; only a removal may be seen a moment early. `latest`, `watch` and `changes` show durable
//! commits only. After opening, numbering leaves a gap as wide as a group, so
//! that a version somebody saw just before a power cut never comes to mean another value.
//!
//! - [`decision`]: whether a batch may land and what it writes then;
//! - [`layout`]: where things are inside the engine, and the checksum round every value;
//! - [`embedded`]: the store's face; [`group`]: the thread.
//!
//! **Not here**: any engine; free-space rules (the engine answers [`Engine::room_for`]).

pub(super) mod decision;
mod embedded;
mod group;
pub(super) mod layout;
#[cfg(test)]
mod tests;

use super::StoreError;
pub(super) use embedded::Embedded;
pub(super) use layout::marks;

/// One key of the engine with what it becomes.
pub(super) type EngineWrite = (Vec<u8>, Option<Vec<u8>>);

/// One key of the engine with its bytes.
pub(super) type Pair = (Vec<u8>, Vec<u8>);

/// What an embedded engine has to do. Keys and values are raw; framing and layout happen above.
pub(super) trait Engine: Send + Sync + 'static {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// The pairs from `from` (included) to `to` (excluded); never called with `from >= to`.
    fn scan(&self, from: &[u8], to: &[u8], descending: bool, limit: usize) -> Result<Vec<Pair>, StoreError>;

    /// Applies all writes atomically. After an error the engine is not written again, unless the error is
    /// [`StoreError::Full`], after which it is reopened.
    fn apply(&self, writes: Vec<EngineWrite>) -> Result<(), StoreError>;

    /// Makes everything applied so far survive power loss. Errors mean the same as for [`Engine::apply`].
    fn sync(&self) -> Result<(), StoreError>;

    /// Remembers apart from the log, without waiting for the disk, that this commit is durable: so that an engine which
    /// quietly dropped the end of its log is found out.
    fn note_durable(&self, latest: u64);

    /// The latest commit noted so, or an earlier one; zero if none.
    fn noted_durable(&self) -> Result<u64, StoreError>;

    /// Lets go of everything and opens the engine afresh.
    fn reopen(&self) -> Result<(), StoreError>;

    /// Whether there is room to write this many bytes more; must be cheap, so it may answer from a recent look.
    fn room_for(&self, bytes: usize) -> Result<(), StoreError>;

    /// Whether there is room, looking now.
    fn room_now(&self) -> Result<(), StoreError>;
}
