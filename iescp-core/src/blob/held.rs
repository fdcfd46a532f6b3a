//! Blobs of which none goes while somebody holds them: so whoever copies a moment of the store finds the bytes of every record
//! in it, also of those that are removed meanwhile.
//!
//! What should have gone is left over then, as after a crash, and found by the same [`sweep`](crate::picture::sweep).
//!
//! **Not here**: keeping bytes.

use super::{BlobName, Blobs, Kept};
use crate::store::Pending;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// Blobs that can be held.
#[derive(Clone)]
pub(crate) struct HeldBlobs {
    blobs: Arc<dyn Blobs>,
    holders: Arc<AtomicUsize>,
}

/// Holds them until it is dropped.
pub(crate) struct Hold(Arc<AtomicUsize>);

impl HeldBlobs {
    pub(crate) fn over(blobs: Arc<dyn Blobs>) -> Self {
        Self { blobs, holders: Arc::default() }
    }

    /// From now on nothing goes whose record was committed away after this.
    pub(crate) fn hold(&self) -> Hold {
        self.holders.fetch_add(1, Ordering::SeqCst);
        Hold(self.holders.clone())
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Blobs for HeldBlobs {
    fn put(&self, name: BlobName, bytes: Vec<u8>) -> Pending<'_, ()> {
        self.blobs.put(name, bytes)
    }

    fn get(&self, name: BlobName) -> Pending<'_, Option<Vec<u8>>> {
        self.blobs.get(name)
    }

    fn delete(&self, name: BlobName) -> Pending<'_, ()> {
        if self.holders.load(Ordering::SeqCst) > 0 {
            return Box::pin(async { Ok(()) });
        }
        self.blobs.delete(name)
    }

    fn list(&self, after: Option<BlobName>, limit: usize) -> Pending<'_, Vec<Kept>> {
        self.blobs.list(after, limit)
    }
}
