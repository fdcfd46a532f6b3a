//! What goes along with commits: rows of somebody else's tables in the same database, written in the transaction that lands what
//! they follow from.
//!
//! It is a help and no condition: where it fails, or waits a second for somebody's lock, the commits land without it, and for a
//! while so do all. Whoever goes along finds what it follows from in the store, as with every other engine.
//!
//! **Not here**: when it is called (`committer`), what is written (whoever goes along).

use super::PostgresBeside;
use crate::store::{Key, Pending};
use sqlx::PgConnection;
use std::{sync::Arc, time::Duration};

/// How long nobody goes along after it failed.
pub(super) const REST: Duration = Duration::from_secs(10);

/// Somebody who writes rows of theirs in the transactions of commits.
pub trait GoesAlong: Send + Sync {
    /// Whether something follows from what is written at a key.
    fn follows_from(&self, key: &Key) -> bool;

    /// Writes what follows from these new values, on the connection and in the transaction of the commits that write them. All of
    /// it may be undone and done again.
    ///
    /// # Errors
    /// Whatever went wrong: the commits then land without it.
    fn write<'a>(&'a self, connection: &'a mut PgConnection, written: &'a [(Key, Vec<u8>)]) -> Pending<'a, ()>;
}

impl PostgresBeside {
    /// Lets somebody go along with all commits of this process from now on; whether nobody does already.
    pub fn take_along(&self, along: Arc<dyn GoesAlong>) -> bool {
        self.along.set(along).is_ok()
    }
}
