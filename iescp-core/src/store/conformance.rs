//! What every engine must do, one named check each: also for engines written by others.
//!
//! ```no_run
//! # async fn example() -> Result<(), String> {
//! use iescp_core::store::{MemoryStore, Store, conformance};
//! use std::sync::Arc;
//!
//! let make = || async { Arc::new(MemoryStore::keeping(conformance::KEPT_COMMITS)) as Arc<dyn Store> };
//! conformance::run_all(make).await
//! # }
//! ```
//!
//! Each check gets an empty store of its own that keeps the changes of [`KEPT_COMMITS`] commits, runs within a tokio runtime
//! (better one with several threads), and answers a sentence about what is wrong.
//!
//! **Not here**: what survives a crash; that depends on the engine's medium and is tested beside each engine.

mod changes;
mod concurrency;
mod counters;
mod expectations;
mod limits;
mod reading;

use std::{future::Future, pin::Pin, sync::Arc};

pub use changes::*;
pub use concurrency::*;
pub use counters::*;
pub use expectations::*;
pub use limits::*;
pub use reading::*;

use super::{Add, Batch, Expect, Found, Key, Read, Scan, Store, StoreError, Stored, Write};

/// How many commits the stores under test keep the changes of.
pub const KEPT_COMMITS: u64 = 64;

/// What a check answers: a sentence if the engine does not conform.
pub type Outcome = Result<(), String>;

/// One check, boxed so that all fit in one list.
pub type Check = fn(Arc<dyn Store>) -> Pin<Box<dyn Future<Output = Outcome> + Send>>;

macro_rules! checks {
    ($($name:ident),* $(,)?) => {
        /// Every check with its name.
        pub const CHECKS: &[(&str, Check)] = &[$((stringify!($name), |store| Box::pin($name(store)))),*];
    };
}

checks![
    a_commit_is_read_back,
    reads_are_answered_in_the_order_asked,
    scans_keep_their_bounds,
    scans_go_backwards_and_stop_at_the_limit,
    any_bytes_make_a_key_or_value,
    an_expected_version_must_be_the_current_one,
    an_expected_absence_must_be_one,
    a_rewritten_key_gets_a_new_version,
    a_failed_batch_changes_nothing,
    an_empty_batch_takes_no_number,
    a_batch_cannot_write_a_key_twice,
    deleting_nothing_is_no_error,
    a_counter_counts_and_vanishes_at_zero,
    a_counter_keeps_its_floor,
    a_counter_does_not_overflow,
    several_adds_are_summed,
    a_value_that_is_no_counter_is_not_added_to,
    the_largest_value_fits,
    what_is_too_large_is_refused,
    commit_numbers_only_grow,
    changes_are_complete_ordered_and_resolved,
    large_commits_are_told_whole,
    a_watcher_wakes,
    old_changes_are_forgotten,
    only_ten_fit_a_budget_for_ten,
    many_writers_lose_nothing,
    one_of_many_wins_each_round,
    dropped_commits_do_not_hang_others,
];

/// Runs every check, each on a fresh store from `make`.
///
/// # Errors
/// The names and sentences of all checks that failed, one a line.
pub async fn run_all<Making>(make: impl Fn() -> Making) -> Outcome
where
    Making: Future<Output = Arc<dyn Store>>,
{
    let mut failures = Vec::new();
    for (name, check) in CHECKS {
        if let Err(why) = check(make().await).await {
            failures.push(format!("{name}: {why}"));
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

fn key(name: impl AsRef<[u8]>) -> Key {
    Key(name.as_ref().to_vec())
}

fn put(name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Write {
    Write::Put(key(name), value.as_ref().to_vec())
}

fn delete(name: &str) -> Write {
    Write::Delete(key(name))
}

fn add(name: &str, by: i64, floor: Option<i64>) -> Write {
    Write::Add(Add { key: key(name), by, floor })
}

fn batch(writes: impl IntoIterator<Item = Write>) -> Batch {
    Batch { writes: writes.into_iter().collect(), ..Batch::default() }
}

fn expecting(expect: Expect, write: Write) -> Batch {
    Batch { expect: vec![expect], writes: vec![write], ..Batch::default() }
}

async fn commit(store: &Arc<dyn Store>, writes: impl IntoIterator<Item = Write>) -> Result<u64, String> {
    store.commit(batch(writes)).await.map_err(|error| format!("a plain commit failed: {error}"))
}

async fn get(store: &Arc<dyn Store>, name: impl AsRef<[u8]>) -> Result<Option<Stored>, String> {
    match store.read(vec![Read::Get(key(name))]).await {
        Ok(found) => match found.as_slice() {
            [Found::One(stored)] => Ok(stored.clone()),
            other => Err(format!("one get was answered by {other:?}")),
        },
        Err(error) => Err(format!("a get failed: {error}")),
    }
}

async fn scan(store: &Arc<dyn Store>, scan: Scan) -> Result<Vec<(Key, Stored)>, String> {
    match store.read(vec![Read::Scan(scan)]).await {
        Ok(mut found) => match found.pop() {
            Some(Found::Many(pairs)) if found.is_empty() => Ok(pairs),
            other => Err(format!("one scan was answered by {other:?} after {found:?}")),
        },
        Err(error) => Err(format!("a scan failed: {error}")),
    }
}

async fn value(store: &Arc<dyn Store>, name: impl AsRef<[u8]>) -> Result<Option<Vec<u8>>, String> {
    Ok(get(store, name).await?.map(|stored| stored.bytes))
}

async fn count(store: &Arc<dyn Store>, name: &str) -> Result<Option<i64>, String> {
    match value(store, name).await? {
        None => Ok(None),
        Some(bytes) => match <[u8; 8]>::try_from(bytes.as_slice()) {
            Ok(bytes) => Ok(Some(i64::from_be_bytes(bytes))),
            Err(_) => Err(format!("the counter {name} is {bytes:?}")),
        },
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: T, wanted: T) -> Outcome {
    if found == wanted { Ok(()) } else { Err(format!("{what}: found {found:?}, wanted {wanted:?}")) }
}

fn refused(what: &str, answer: Result<u64, StoreError>, right: impl Fn(&StoreError) -> bool) -> Outcome {
    match answer {
        Err(error) if right(&error) => Ok(()),
        Err(error) => Err(format!("{what}: refused with the wrong error: {error}")),
        Ok(number) => Err(format!("{what}: landed as commit {number}")),
    }
}

fn conflict_at(name: &str) -> impl Fn(&StoreError) -> bool {
    let wanted = StoreError::Conflict(key(name));
    move |error| *error == wanted
}

fn guard_at(name: &str) -> impl Fn(&StoreError) -> bool {
    let wanted = StoreError::Guard(key(name));
    move |error| *error == wanted
}
