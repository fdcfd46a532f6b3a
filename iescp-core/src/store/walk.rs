//! Reads a store a page at a time and follows what is committed meanwhile, so that what was read last of each key is, in the
//! end, how the store was after one commit.
//!
//! A scan is no snapshot: pages are of different moments. But every change since the walk began can be asked for, so whoever
//! takes pages and changes in the order in which they come, the later instead of the earlier, ends with one moment once the
//! walk has [settled](Walk::settle): everything that a page showed belongs to a commit whose changes are shown whole.
//!
//! **Not here**: what is done with it (`check`, `backup`).

use super::{Batch, Change, Found, Key, Read, Scan, Store, StoreError, Stored};

/// How many commits are read at once: each may be as large as a batch.
const COMMITS: usize = 100;

/// A walk over a store that is written meanwhile.
pub(crate) struct Walk<'a> {
    store: &'a dyn Store,
    /// Every commit up to this one was shown.
    read_to: u64,
    /// The newest commit of which something was shown.
    newest: u64,
}

impl<'a> Walk<'a> {
    /// Begins: from now on changes are followed.
    pub(crate) fn begin(store: &'a dyn Store) -> Self {
        Self { store, read_to: store.latest(), newest: 0 }
    }

    /// Reads a page.
    pub(crate) async fn page(&mut self, scan: &Scan) -> Result<Vec<(Key, Stored)>, StoreError> {
        match self.store.read(vec![Read::Scan(scan.clone())]).await?.pop() {
            Some(Found::Many(pairs)) => {
                self.newest = pairs.iter().map(|(_, stored)| stored.version).fold(self.newest, u64::max);
                Ok(pairs)
            }
            _ => Err(StoreError::Failed("the store answered out of order".into())),
        }
    }

    /// The next changes that were committed since, up to a commit of before; none if there are no more now.
    ///
    /// # Errors
    /// [`StoreError::Forgotten`] if they are no longer kept: then a walk must begin anew.
    pub(crate) async fn changes(&mut self, up_to: u64) -> Result<Vec<Change>, StoreError> {
        if self.read_to >= up_to {
            return Ok(Vec::new());
        }
        let changes = self.store.changes(self.read_to, COMMITS).await?;
        if let Some(last) = changes.last() {
            self.read_to = last.number;
        }
        Ok(changes)
    }

    /// The latest commit there is now.
    pub(crate) fn latest(&self) -> u64 {
        self.store.latest()
    }

    /// The last commit whose changes were shown: after the last page, [`settle`](Self::settle) and all changes up to the latest
    /// commit, what was shown is the store as it is after this one.
    pub(crate) fn moment(&self) -> u64 {
        self.read_to
    }

    /// After the last page: waits until everything that was shown is committed. A page may have lacked what a commit that was
    /// still on its way removed, so it waits for what is under way, too.
    pub(crate) async fn settle(&mut self) -> Result<(), StoreError> {
        let under_way = self.store.commit(Batch::default()).await?;
        let newest = self.newest.max(under_way);
        let mut grown = self.store.watch();
        while *grown.borrow_and_update() < newest {
            if grown.changed().await.is_err() {
                return Err(StoreError::Stopped("the store was closed".into()));
            }
        }
        Ok(())
    }
}
