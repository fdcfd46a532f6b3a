//! Brings what an earlier version of this program stored into the present layout, step by step.
//!
//! A store says in which layout it is: which tables there are, and what stands in them. Each change of that is a step (`STEPS`),
//! which walks a range of keys and writes what they become, a page a commit, with the place it has come to in the same commit. So a
//! step that was killed goes on where it ended, and a store is never half of one layout without saying so.
//!
//! Records that only gain fields need no step: [`Record::upgrade`] reads their old shapes for ever.
//!
//! **Not here**: how an engine lays out its files (`store`), what is derived from records (`check` rebuilds that).

mod steps;
#[cfg(test)]
mod tests;

use crate::{
    Error, Result,
    store::{
        Batch, Expect, Found, Key, MAX_BATCH_BYTES, Read, Scan, Store, StoreError, Stored, Write,
        keys::{Table, meta},
        record::{Record, decode, encode},
    },
};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use steps::STEPS;

/// The layout that this program reads and writes.
pub const LAYOUT: u32 = 2;

/// The layout of stores that do not say which they have.
const UNSAID: u32 = 1;

/// How many keys a commit of a step looks at.
const PAGE: usize = 200;

/// The layout of a store, and how far the step to the next has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Layout {
    /// The layout all of it is in.
    layout: u32,
    /// The last key of the next step that was brought over, as hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

impl Record for Layout {
    const TABLE: Table = Table::Meta;

    fn key(&self) -> Key {
        meta("layout")
    }
}

/// A change from one layout to the next.
struct Step {
    /// What it does, for the log.
    name: &'static str,
    /// The keys it looks at.
    keys: fn() -> Scan,
    /// What becomes of one of them. Doing it again must change nothing.
    change: fn(&Key, &Stored) -> Result<Vec<Write>>,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upgraded {
    /// The layout that was found.
    pub from: u32,
    /// How many keys were looked at.
    pub seen: u64,
}

/// Brings a store into the present layout; nothing is done where it is. Call it before the store is used, by one process.
///
/// # Errors
/// [`StoreError::Newer`] if the store is in a layout of a newer version; if the store fails: then call it again.
pub async fn upgrade(store: &dyn Store) -> Result<Upgraded> {
    through(store, STEPS, LAYOUT).await
}

async fn through(store: &dyn Store, steps: &[Step], newest: u32) -> Result<Upgraded> {
    let mut noted = find(store).await?;
    let from = match &noted {
        Some((layout, _)) => layout.layout,
        // A store that holds nothing needs no steps.
        None if is_empty(store).await? => newest,
        None => UNSAID,
    };
    if from > newest {
        return Err(Error::Store(StoreError::Newer(format!(
            "its layout is {from}, this program knows layouts up to {newest}. Use the newer version, or restore a backup that this one made"
        ))));
    }
    let mut seen = 0;
    let behind = usize::try_from(from.saturating_sub(UNSAID)).unwrap_or(usize::MAX);
    for (step, layout) in steps.iter().skip(behind).zip(from..newest) {
        tracing::info!(step = step.name, from = layout, "the store is brought into a newer layout");
        seen += step.run(store, layout, &mut noted).await?;
    }
    if noted.as_ref().map(|(layout, _)| layout.layout) != Some(newest) {
        note(store, Layout { layout: newest, after: None }, &mut noted, Vec::new()).await?;
    }
    Ok(Upgraded { from, seen })
}

impl Step {
    /// Does what is left of it; the layout is the next one then.
    async fn run(&self, store: &dyn Store, layout: u32, noted: &mut Option<(Layout, u64)>) -> Result<u64> {
        let (mut seen, mut scan) = (0, Scan { limit: PAGE, ..(self.keys)() });
        let after = noted.as_ref().and_then(|(noted, _)| noted.after.clone());
        if let Some(after) = after.and_then(|after| HEXLOWER.decode(after.as_bytes()).ok()) {
            scan.from = Key([after.as_slice(), &[0]].concat());
        }
        loop {
            let pairs = page(store, &scan).await?;
            let full = pairs.len() == PAGE;
            let (mut writes, mut bytes, mut last) = (Vec::new(), 0, None);
            for (key, stored) in pairs {
                let more = (self.change)(&key, &stored)?;
                bytes += more.iter().map(size).sum::<usize>();
                if bytes > MAX_BATCH_BYTES / 2 && last.is_some() {
                    break;
                }
                writes.extend(more);
                seen += 1;
                last = Some(key);
            }
            let cut_short = bytes > MAX_BATCH_BYTES / 2;
            let Some(last) = last.filter(|_| full || cut_short) else {
                note(store, Layout { layout: layout + 1, after: None }, noted, writes).await?;
                return Ok(seen);
            };
            let place = Layout { layout, after: Some(HEXLOWER.encode(&last.0)) };
            note(store, place, noted, writes).await?;
            scan.from = Key([last.0.as_slice(), &[0]].concat());
        }
    }
}

fn size(write: &Write) -> usize {
    match write {
        Write::Put(key, value) => key.0.len() + value.len() + 16,
        Write::Delete(key) => key.0.len() + 16,
        Write::Add(add) => add.key.0.len() + 24,
    }
}

/// Notes how far it is, in the commit of these writes.
async fn note(store: &dyn Store, layout: Layout, noted: &mut Option<(Layout, u64)>, mut writes: Vec<Write>) -> Result<()> {
    let key = layout.key();
    let expect = match noted {
        Some((_, version)) => Expect::Version(key.clone(), *version),
        None => Expect::Absent(key.clone()),
    };
    writes.push(Write::Put(key, encode(&layout)?));
    let version = store.commit(Batch { id: None, expect: vec![expect], writes }).await?;
    *noted = Some((layout, version));
    Ok(())
}

async fn find(store: &dyn Store) -> Result<Option<(Layout, u64)>> {
    let found = store.read(Read::all([meta("layout")])).await?.pop();
    let Some(Found::One(Some(stored))) = found else { return Ok(None) };
    Ok(Some((decode(&stored.bytes)?, stored.version)))
}

async fn page(store: &dyn Store, scan: &Scan) -> Result<Vec<(Key, Stored)>> {
    match store.read(vec![Read::Scan(scan.clone())]).await?.pop() {
        Some(Found::Many(pairs)) => Ok(pairs),
        _ => Err(Error::Store(StoreError::Failed("the store answered out of order".into()))),
    }
}

async fn is_empty(store: &dyn Store) -> Result<bool> {
    let everything = Scan { from: Key::default(), to: Key(vec![u8::MAX]), descending: false, limit: 1 };
    Ok(page(store, &everything).await?.is_empty())
}
