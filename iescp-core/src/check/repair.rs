//! Mends derived keys. A key is only set while it and the records it follows from are what they were found to be; a counter is
//! corrected by its difference, which is right whatever is added to it meanwhile.

use crate::{
    Error, Result,
    store::{Add, Batch, Expect, Key, Store, StoreError, Write},
};

/// How many keys are mended in one commit.
const AT_ONCE: usize = 100;

/// More records than this are not watched while a key that follows from them is set.
const MOST_SOURCES: usize = 20;

/// How a derived key is mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fix {
    /// A counter is off by this.
    Add {
        /// Where.
        key: Key,
        /// By how much.
        by: i64,
    },
    /// A key must be set or removed.
    Set {
        /// Where.
        key: Key,
        /// The version that was found there, if anything was.
        version: Option<u64>,
        /// What it must be; nothing if it must go.
        value: Option<Vec<u8>>,
        /// The records it follows from, with their versions.
        sources: Vec<(Key, u64)>,
    },
}

impl Fix {
    fn add_to(self, batch: &mut Batch) {
        match self {
            Self::Add { key, by } => batch.writes.push(Write::Add(Add { key, by, floor: None })),
            Self::Set { key, version, value, sources } => {
                batch.expect.push(match version {
                    Some(version) => Expect::Version(key.clone(), version),
                    None => Expect::Absent(key.clone()),
                });
                let sources = sources.into_iter().take(MOST_SOURCES);
                batch.expect.extend(sources.map(|(record, version)| Expect::Version(record, version)));
                batch.writes.push(match value {
                    Some(value) => Write::Put(key, value),
                    None => Write::Delete(key),
                });
            }
        }
    }
}

/// Mends what can be mended now, and answers how much was.
pub(super) async fn mend(store: &dyn Store, fixes: Vec<Fix>) -> Result<u64> {
    let mut mended = 0;
    for together in fixes.chunks(AT_ONCE) {
        if commit(store, together).await? {
            mended += together.len() as u64;
            continue;
        }
        for alone in together {
            mended += u64::from(commit(store, std::slice::from_ref(alone)).await?);
        }
    }
    Ok(mended)
}

/// Whether it landed; what somebody changed meanwhile is left for the next look.
async fn commit(store: &dyn Store, fixes: &[Fix]) -> Result<bool> {
    let mut batch = Batch::default();
    for fix in fixes.iter().cloned() {
        fix.add_to(&mut batch);
    }
    match store.commit(batch).await {
        Ok(_) => Ok(true),
        Err(StoreError::Conflict(_) | StoreError::Guard(_)) => Ok(false),
        Err(error) => Err(Error::from(error)),
    }
}
