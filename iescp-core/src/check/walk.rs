//! Shows the whole store to whoever checks it, as it is after one commit, whatever is written meanwhile.

use super::{Finding, What};
use crate::{
    Error, Result,
    store::{Key, Scan, Store, Stored, keys::Table, walk::Walk},
    upgrade::is_left_over,
};
use std::time::Duration;
use tokio::time::sleep;

/// How many keys are read at once.
const PAGE: usize = 500;

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
    rest: Duration,
    watch: &mut impl Watch,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Vec<Finding>> {
    let mut walk = Walk::begin(store);
    let (mut unreadable, mut seen) = (Vec::new(), 0);
    for table in Table::RECORDS.into_iter().chain(Table::DERIVED) {
        let mut scan = Scan { limit: PAGE, ..table.all() };
        loop {
            if !rest.is_zero() {
                sleep(rest).await;
            }
            follow(&mut walk, watch).await?;
            match walk.page(&scan).await.map_err(Error::from) {
                Ok(pairs) => {
                    for (key, stored) in pairs.iter().filter(|(key, _)| !is_left_over(key)) {
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
    walk.settle().await?;
    follow(&mut walk, watch).await?;
    Ok(unreadable)
}

/// Shows what was committed meanwhile, as far as it is known now.
async fn follow(walk: &mut Walk<'_>, watch: &mut impl Watch) -> Result<()> {
    let goal = walk.latest();
    loop {
        let changes = walk.changes(goal).await?;
        if changes.is_empty() {
            return Ok(());
        }
        for change in &changes {
            for (key, value) in change.writes.iter().filter(|(key, _)| !is_left_over(key)) {
                watch.changed(key, change.number, value.as_deref());
            }
        }
    }
}
