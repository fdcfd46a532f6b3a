//! Brings what an earlier version of this program stored into the present layout, step by step.
//!
//! A store says in which layout it is: which tables there are, and what stands in them. Each change of that is a step (`STEPS`),
//! which walks a range of keys and writes what they become, a page a commit, with the place it has come to in the same commit. So a
//! step that was killed goes on where it ended, and a store is never half of one layout without saying so.
//!
//! Records that only gain fields need no step: [`Record::upgrade`] reads their old shapes for ever.
//!
//! Where several processes share a store, those of the version before go on while the first of the next begins. A step that
//! *expands* adds what they do not look at, and is done beside them; they may even start again afterwards. A step that *contracts*
//! takes away what they need: it waits until none of them is there, and whoever runs it shuts the door on them first. Until then
//! the next version goes on without it, so that it must read what is not yet contracted.
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
pub(crate) use steps::is_left_over;

/// The layout that this program reads and writes.
pub const LAYOUT: u32 = 3;

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
    /// The layout that a program must know at least to use this one; this one unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<u32>,
}

impl Layout {
    /// The layout that a program must know at least.
    fn since(&self) -> u32 {
        self.since.unwrap_or(self.layout)
    }
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
    /// What it means for programs of the layout before.
    kind: Kind,
    /// The keys it looks at.
    keys: fn() -> Scan,
    /// What becomes of one of them. Doing it again must change nothing.
    change: fn(&Key, &Stored) -> Result<Vec<Write>>,
}

/// What a step means for programs of the layout before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// They may go on beside it and after it. What they write meanwhile is as it was before: whoever contracts later walks again.
    Expands,
    /// They may not.
    Contracts,
}

/// Who else may have the store open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Others {
    Nobody,
    OfTheVersionBefore,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upgraded {
    /// The layout that was found.
    pub from: u32,
    /// How many keys were looked at.
    pub seen: u64,
    /// Whether a step is left that waits until no program of the version before has the store open ([`finish`]).
    pub waits: bool,
}

/// Brings a store into the present layout; nothing is done where it is. Call it before the store is used, by one process.
///
/// # Errors
/// [`StoreError::Newer`] if the store is in a layout of a newer version that this one may not use; if the store fails: then call
/// it again.
pub async fn upgrade(store: &dyn Store) -> Result<Upgraded> {
    through(store, STEPS, LAYOUT, Others::Nobody).await
}

/// Brings a store that other processes may have open as near to the present layout as those of the version before can live with.
///
/// # Errors
/// As [`upgrade`]; [`Error::Busy`] if another process is at it: then call it again. If the version before this one was never
/// [finished](finish), and this one needs that.
pub async fn upgrade_beside(store: &dyn Store) -> Result<Upgraded> {
    through(store, STEPS, LAYOUT, Others::OfTheVersionBefore).await
}

/// Does what [`upgrade_beside`] left. `older` counts the programs that know older layouts only and have the store open; when it is
/// asked, none can open it any more.
///
/// # Errors
/// As [`upgrade_beside`]; `older_programs` if there are any, and then nothing has changed.
pub async fn finish(store: &dyn Store, older: impl AsyncFnOnce() -> Result<u64>) -> Result<Upgraded> {
    finish_through(store, STEPS, LAYOUT, older).await
}

async fn finish_through(
    store: &dyn Store,
    steps: &[Step],
    newest: u32,
    older: impl AsyncFnOnce() -> Result<u64>,
) -> Result<Upgraded> {
    let left = through(store, steps, newest, Others::OfTheVersionBefore).await?;
    if !left.waits {
        return Ok(left);
    }
    let mut noted = find(store).await?;
    let open = noted.as_ref().map_or(Layout { layout: UNSAID, after: None, since: None }, |(layout, _)| layout.clone());
    note(store, Layout { since: Some(newest), ..open.clone() }, &mut noted, Vec::new()).await?;
    let there = match older().await {
        Ok(0) => return through(store, steps, newest, Others::Nobody).await,
        there => there,
    };
    note(store, open, &mut noted, Vec::new()).await?;
    let why = format!("{} connections of programs of the version before are open. Stop those first", there?);
    Err(Error::not_now("older_programs", why))
}

async fn through(store: &dyn Store, steps: &[Step], newest: u32, others: Others) -> Result<Upgraded> {
    let mut noted = find(store).await?;
    let (from, since) = match &noted {
        Some((layout, _)) => (layout.layout, layout.since()),
        // A store that holds nothing needs no steps.
        None if is_empty(store).await? => (newest, newest),
        None => (UNSAID, UNSAID),
    };
    if since > newest {
        return Err(Error::Store(StoreError::Newer(format!(
            "its layout is {from}, this program knows layouts up to {newest}. Use the newer version, or restore a backup that this one made"
        ))));
    }
    let behind = usize::try_from(from.saturating_sub(UNSAID)).unwrap_or(usize::MAX);
    let ahead = steps.get(behind..).unwrap_or_default();
    let expanding = ahead.iter().take_while(|step| step.kind == Kind::Expands).count();
    let (now, later) = ahead.split_at(if others == Others::Nobody { ahead.len() } else { expanding });
    if later.iter().any(|step| step.kind == Kind::Expands) {
        let why =
            "the upgrade to an earlier version was not finished. Stop all programs that use it, then run `iescp-web upgrade`";
        return Err(Error::Store(StoreError::Failed(why.into())));
    }
    let (mut seen, mut reached) = (0, from);
    for step in now {
        tracing::info!(step = step.name, from = reached, "the store is brought into a newer layout");
        seen += step.run(store, reached, &mut noted).await?;
        reached += 1;
    }
    if noted.is_none() && later.is_empty() {
        note(store, Layout { layout: reached, after: None, since: None }, &mut noted, Vec::new()).await?;
    }
    Ok(Upgraded { from, seen, waits: !later.is_empty() })
}

impl Step {
    /// Does what is left of it; the layout is the next one then.
    async fn run(&self, store: &dyn Store, layout: u32, noted: &mut Option<(Layout, u64)>) -> Result<u64> {
        let (mut seen, mut scan) = (0, Scan { limit: PAGE, ..(self.keys)() });
        let after = noted.as_ref().and_then(|(noted, _)| noted.after.clone());
        let since = match self.kind {
            Kind::Expands => noted.as_ref().map_or(layout, |(noted, _)| noted.since()),
            Kind::Contracts => layout + 1,
        };
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
                let since = Some(since).filter(|since| *since <= layout);
                note(store, Layout { layout: layout + 1, after: None, since }, noted, writes).await?;
                return Ok(seen);
            };
            let since = Some(since).filter(|since| *since != layout);
            let place = Layout { layout, after: Some(HEXLOWER.encode(&last.0)), since };
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
