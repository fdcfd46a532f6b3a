//! What one request has read so far, so that its next operation need not read it again.
//!
//! A page asks several operations: who this is, what is unread, what it shows. All of them look at the same account. With a
//! sight between them, each begins with what those before it have read, and what is looked at is older than the request by
//! nothing. Only operations that read begin with it; what decides a change is read anew, in that change's own run, and
//! afterwards everything is forgotten. The policy is asked each time, and what it hides stays hidden: a sight holds bytes, and
//! nobody is shown bytes.
//!
//! **Not here**: answers that outlive their request ([`basis`](crate::Basis)).

use crate::store::{Key, Scan, Stored};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What has been read: single keys, and whole ranges.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub keys: BTreeMap<Key, Option<Stored>>,
    pub ranges: Vec<(Scan, Vec<(Key, Stored)>)>,
}

/// What one request has read so far. It must not outlive the request.
#[derive(Debug, Default)]
pub struct Sight(Mutex<Seen>);

impl Sight {
    /// Nothing read yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lends what was read to an operation; another that runs meanwhile reads for itself.
    pub(crate) fn lend(&self) -> Seen {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes it back, with what was added.
    pub(crate) fn take_back(&self, seen: Seen) {
        let mut mine = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        mine.keys.extend(seen.keys);
        mine.ranges.extend(seen.ranges);
    }

    /// Forgets everything: something was changed.
    pub(crate) fn forget(&self) {
        drop(self.lend());
    }
}
