//! Reads the whole store a page at a time, and follows what is committed meanwhile.

use super::{Finding, What};
use crate::{
    Error, Result,
    store::{Found, Key, Read, Scan, Store, StoreError, Stored, keys::Table},
};

/// How many keys are read at once.
const PAGE: usize = 500;

/// How many commits are read at once.
const COMMITS: usize = 500;

/// Whoever is shown the store. A key may be shown again: what was shown last is how it stands when the walk ends.
pub(super) trait Watch: Send {
    /// What the store holds.
    fn found(&mut self, table: Table, key: &Key, stored: &Stored);

    /// What a commit made of a key since the walk began.
    fn changed(&mut self, key: &Key, number: u64, value: Option<&[u8]>);
}

/// Shows every key of the store. At the end the watcher has been shown the store as it is after one commit. Answers what could
/// not be read.
pub(super) async fn walk(
    store: &dyn Store,
    watch: &mut impl Watch,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Vec<Finding>> {
    let mut walk = Walk { store, read_to: store.latest(), newest: 0 };
    let (mut unreadable, mut seen) = (Vec::new(), 0);
    for table in Table::RECORDS.into_iter().chain(Table::DERIVED) {
        let mut scan = Scan { limit: PAGE, ..table.all() };
        loop {
            walk.follow(watch).await?;
            match walk.page(&scan).await {
                Ok(pairs) => {
                    for (key, stored) in &pairs {
                        walk.newest = walk.newest.max(stored.version);
                        watch.found(table, key, stored);
                    }
                    seen += pairs.len() as u64;
                    progress(seen);
                    let Some((last, _)) = pairs.last().filter(|_| pairs.len() == scan.limit) else { break };
                    if scan.descending {
                        scan.to = last.clone();
                    } else {
                        scan.from = Key([last.0.as_slice(), &[0]].concat());
                    }
                    scan.limit = PAGE;
                }
                // Somewhere in this page is something the engine cannot vouch for: come as close as can be, from both ends.
                Err(Error::Corrupt(_)) if scan.limit > 1 => scan.limit /= 2,
                Err(Error::Corrupt(why)) if scan.descending => {
                    tracing::warn!(?table, why, "the store is damaged before this");
                    break;
                }
                Err(Error::Corrupt(why)) => {
                    unreadable.push(Finding::at(
                        What::Damaged,
                        &scan.from,
                        format!("What stands at or after this cannot be read: {why}."),
                    ));
                    scan = Scan { from: scan.from, descending: true, limit: PAGE, ..table.all() };
                }
                Err(error) => return Err(error),
            }
        }
    }
    walk.arrive(watch).await?;
    Ok(unreadable)
}

struct Walk<'a> {
    store: &'a dyn Store,
    /// Every commit up to this one was shown.
    read_to: u64,
    /// The newest commit of which something was shown.
    newest: u64,
}

impl Walk<'_> {
    async fn page(&self, scan: &Scan) -> Result<Vec<(Key, Stored)>> {
        match self.store.read(vec![Read::Scan(scan.clone())]).await?.pop() {
            Some(Found::Many(pairs)) => Ok(pairs),
            _ => Err(Error::Store(StoreError::Failed("the store answered out of order".into()))),
        }
    }

    /// Shows what was committed meanwhile, as far as it is known now.
    async fn follow(&mut self, watch: &mut impl Watch) -> Result<()> {
        let goal = self.store.latest();
        while self.read_to < goal {
            let changes = self.store.changes(self.read_to, COMMITS).await?;
            let Some(last) = changes.last() else { break };
            self.read_to = last.number;
            for change in &changes {
                for (key, value) in &change.writes {
                    watch.changed(key, change.number, value.as_deref());
                }
            }
        }
        Ok(())
    }

    /// Follows until everything that was shown belongs to a commit that was shown whole.
    async fn arrive(&mut self, watch: &mut impl Watch) -> Result<()> {
        let goal = self.newest;
        let mut grown = self.store.watch();
        loop {
            drop(grown.borrow_and_update());
            self.follow(watch).await?;
            if self.read_to >= goal {
                return Ok(());
            }
            if grown.changed().await.is_err() {
                return Err(Error::Store(StoreError::Stopped("the store was closed".into())));
            }
        }
    }
}
