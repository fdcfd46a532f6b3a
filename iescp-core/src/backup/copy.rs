//! Brings everything of one store into another, of the same engine or not, and proves that it arrived.

use super::{
    BackupError, Progress, Step, Tell,
    pour::is_empty,
    take::everything,
    writes::{self, Gathered},
};
use crate::{
    blob::Blobs,
    store::{Found, Key, Read, Scan, Store, StoreError, walk::Walk},
};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// How many keys are read at once.
const PAGE: usize = 500;

/// How many pictures' files are listed at once.
const BLOBS: usize = 200;

/// All that a store holds, in short: two stores hold the same if these are equal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contents {
    /// How many keys there are.
    pub keys: u64,
    /// The SHA-256 over all keys and values in their order, as hexadecimal digits.
    pub sha256: String,
}

impl Contents {
    /// Reads a store that nobody writes.
    ///
    /// # Errors
    /// [`StoreError::Failed`] if somebody wrote it meanwhile; if it fails otherwise.
    pub async fn of(store: &dyn Store, tell: Tell<'_>) -> Result<Self, StoreError> {
        let (before, mut hasher, mut keys) = (store.latest(), Sha256::new(), 0);
        let mut scan = Scan { limit: PAGE, ..everything() };
        loop {
            let Some(Found::Many(pairs)) = store.read(vec![Read::Scan(scan.clone())]).await?.pop() else {
                return Err(StoreError::Failed("the store answered out of order".into()));
            };
            let last = pairs.last().map(|(key, _)| key.clone()).filter(|_| pairs.len() == PAGE);
            keys += pairs.len() as u64;
            for (key, stored) in pairs {
                hasher.update(writes::encode(&[(key, Some(stored.bytes))]));
            }
            tell(Progress { step: Step::Comparing, seen: keys, of: None });
            match last {
                Some(last) => scan.from = Key([last.0.as_slice(), &[0]].concat()),
                None => break,
            }
        }
        if store.latest() != before {
            return Err(StoreError::Failed("the store was written while it was read".into()));
        }
        Ok(Self { keys, sha256: HEXLOWER.encode(&hasher.finalize()) })
    }
}

/// What was copied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Copied {
    /// What both stores hold now.
    pub contents: Contents,
    /// How many pictures' files were copied.
    pub blobs: u64,
}

/// Copies a store that nobody writes into an empty one, its pictures too, reads both, and compares them.
///
/// # Errors
/// [`BackupError::Taken`] if the target holds something; [`BackupError::Damaged`] if what arrived is not what was sent; if one of
/// them fails.
pub async fn copy(
    (from, from_blobs): (&dyn Store, &dyn Blobs),
    (to, to_blobs): (&dyn Store, &dyn Blobs),
    tell: Tell<'_>,
) -> Result<Copied, BackupError> {
    if !is_empty(to).await? {
        return Err(BackupError::Taken("there is something in the store that it should go to".to_owned()));
    }
    let (mut walk, mut gathered, mut keys) = (Walk::begin(from), Gathered::default(), 0);
    let mut scan = Scan { limit: PAGE, ..everything() };
    loop {
        let pairs = walk.page(&scan).await?;
        let last = pairs.last().map(|(key, _)| key.clone()).filter(|_| pairs.len() == PAGE);
        keys += pairs.len() as u64;
        for (key, stored) in pairs {
            if let Some(batch) = gathered.add((key, Some(stored.bytes))) {
                to.commit(batch).await?;
            }
        }
        tell(Progress { step: Step::Store, seen: keys, of: None });
        match last {
            Some(last) => scan.from = Key([last.0.as_slice(), &[0]].concat()),
            None => break,
        }
    }
    to.commit(gathered.rest()).await?;
    let blobs = pictures(from_blobs, to_blobs, tell).await?;
    let contents = Contents::of(from, tell).await?;
    if Contents::of(to, tell).await? != contents {
        return Err(BackupError::damaged("what arrived is not what was sent"));
    }
    Ok(Copied { contents, blobs })
}

async fn pictures(from: &dyn Blobs, to: &dyn Blobs, tell: Tell<'_>) -> Result<u64, BackupError> {
    let (mut after, mut copied) = (None, 0);
    loop {
        let some = from.list(after, BLOBS).await?;
        for kept in &some {
            let Some(bytes) = from.get(kept.name).await? else { continue };
            to.put(kept.name, bytes.clone()).await?;
            if to.get(kept.name).await?.as_ref() != Some(&bytes) {
                return Err(BackupError::damaged(format!("the picture {} did not arrive as it was sent", kept.name)));
            }
            copied += 1;
            tell(Progress { step: Step::Pictures, seen: copied, of: None });
        }
        after = some.last().map(|kept| kept.name);
        if some.len() < BLOBS {
            return Ok(copied);
        }
    }
}
