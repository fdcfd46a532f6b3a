//! Blobs of which none goes while somebody holds them: so whoever copies a moment of the store finds the bytes of every record
//! in it, also of those that are removed meanwhile.
//!
//! What should have gone is left over then, as after a crash, and found by the same [`sweep`](crate::picture::sweep).
//!
//! **Not here**: keeping bytes.

use super::{BlobName, Blobs, Kept};
use crate::store::{Pending, StoreError};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{task::JoinHandle, time::sleep};
use uuid::Uuid;

/// How long other processes hold them after this one was heard of last, and how often it says so.
const HELD: Duration = Duration::from_secs(180);
const SAID_EVERY: Duration = Duration::from_secs(45);

/// Blobs that can be held.
#[derive(Clone)]
pub(crate) struct HeldBlobs {
    blobs: Arc<dyn Blobs>,
    holders: Arc<AtomicUsize>,
}

/// Holds them until it is dropped; other processes, which only hear that it still does, for some minutes more.
pub(crate) struct Hold {
    holders: Arc<AtomicUsize>,
    saying: Option<JoinHandle<()>>,
}

impl HeldBlobs {
    pub(crate) fn over(blobs: Arc<dyn Blobs>) -> Self {
        Self { blobs, holders: Arc::default() }
    }

    /// From now on nothing goes whose record was committed away after this.
    pub(crate) async fn hold(&self) -> Result<Hold, StoreError> {
        self.holders.fetch_add(1, Ordering::SeqCst);
        let mut hold = Hold { holders: self.holders.clone(), saying: None };
        let (blobs, holder) = (self.blobs.clone(), Uuid::now_v7());
        blobs.hold(holder, HELD).await?;
        hold.saying = Some(tokio::spawn(async move {
            loop {
                sleep(SAID_EVERY).await;
                if let Err(error) = blobs.hold(holder, HELD).await {
                    tracing::warn!(%error, "other processes could not be told to let no picture go");
                }
            }
        }));
        Ok(hold)
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.holders.fetch_sub(1, Ordering::SeqCst);
        if let Some(saying) = &self.saying {
            saying.abort();
        }
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

    fn hold(&self, holder: Uuid, time: Duration) -> Pending<'_, ()> {
        self.blobs.hold(holder, time)
    }
}
