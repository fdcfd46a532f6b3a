//! Whether the store holds what it should: every record can be read, stands under its own key, and what follows from records
//! (unique keys, lists, counters) is exactly what is stored; the audit trail's chain is whole; the invariants hold.
//!
//! It runs beside everything else, in bounded memory, in two walks over the store:
//!
//! 1. The *rough* walk adds every derived key that records call for to a sum in one of a million buckets, and takes every
//!    derived key that is stored from it. Where a bucket does not come to zero something may be wrong, or something changed
//!    between reading the one and the other.
//! 2. The *exact* walk looks at the keys of those buckets alone, and applies every change committed since it began to what it
//!    has read. At its end it knows sources and derived keys as of one commit, whatever was written meanwhile: what differs
//!    then is wrong.
//!
//! Repairing writes derived keys only, never a record, and only while their sources are what they were found to be.
//!
//! - `kinds` is THE list of records; `walk` reads the store and its changes; `rough` and `exact` are the two walks;
//!   `repair` mends; [`Invariant`] is how a rule over several records joins in.
//!
//! **Not here**: what a record derives (its own `derive`), the rules of money (`ledger`).

mod exact;
#[cfg(test)]
mod fixtures;
mod invariant;
mod kinds;
mod repair;
mod rough;
mod tell;
#[cfg(test)]
mod tests;
mod walk;

pub use invariant::{Invariant, Shown, of_the_platform};
pub use tell::TellOfCheck;

use crate::{
    Actor, Error, Operation, Platform, Result,
    event::thing,
    moderation::audit,
    policy::{Action, Subject},
    store::{Key, Store, StoreError, keys::Table},
    tx::Tx,
};
use exact::Exact;
use repair::Fix;
use rough::Rough;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;
use walk::walk;

/// How many findings are kept; of more, only the number.
const MOST_FINDINGS: usize = 1000;

/// How often the store is walked again because so much was written meanwhile that its changes were forgotten.
const TRIES: usize = 3;

/// How often what was found is repaired and looked for again.
const ROUNDS: usize = 10;

/// What to check.
#[derive(Clone, Copy)]
pub struct Options {
    /// Whether to repair derived keys.
    pub repair: bool,
    /// The invariants to check, made afresh for each walk.
    pub invariants: fn() -> Vec<Box<dyn Invariant>>,
    /// How long it rests after each page, so that whoever else asks the store comes first; not at all unless set. To rest, the
    /// tokio runtime must have its time driver.
    pub rest: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { repair: false, invariants: of_the_platform, rest: Duration::ZERO }
    }
}

/// How far a check has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What it does now.
    pub step: Step,
    /// How many keys (or seals) it has seen in this step.
    pub seen: u64,
}

/// What a check does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reads everything.
    Reading,
    /// Looks again at what seemed wrong.
    Settling,
    /// Follows the audit trail's chain.
    Chain,
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// How many records there are.
    pub records: u64,
    /// How many derived keys there are.
    pub derived: u64,
    /// How many seals of the audit trail are whole.
    pub seals: u64,
    /// What is wrong; at most a thousand.
    pub findings: Vec<Finding>,
    /// How many more things are wrong, at least.
    pub more: u64,
    /// How many derived keys were repaired.
    pub repaired: u64,
}

impl CheckReport {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty() && self.more == 0
    }

    fn add(&mut self, findings: impl IntoIterator<Item = Finding>) {
        for finding in findings {
            if self.findings.len() < MOST_FINDINGS {
                self.findings.push(finding);
            } else {
                self.more += 1;
            }
        }
    }
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// What kind of thing is wrong.
    pub what: What,
    /// Where: a key of the store, or what an invariant names.
    pub place: String,
    /// What is wrong there, as a sentence.
    pub message: String,
}

impl Finding {
    fn at(what: What, key: &Key, message: impl Into<String>) -> Self {
        let table =
            key.0.first().and_then(|byte| Table::RECORDS.iter().chain(&Table::DERIVED).find(|table| **table as u8 == *byte));
        let table = table.map_or_else(|| "no table".to_owned(), |table| format!("{table:?}"));
        Self { what, place: format!("{table} {key:?}"), message: message.into() }
    }
}

/// A kind of thing that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A record cannot be read.
    Damaged,
    /// A record stands under another's key.
    Misplaced,
    /// A derived key is not there.
    Missing,
    /// A derived key follows from no record.
    Surplus,
    /// A derived key has another value than it should.
    Wrong,
    /// Several records claim what only one may have.
    Claimed,
    /// The audit trail's chain is broken.
    Chain,
    /// A rule over several records does not hold.
    Invariant,
}

/// Leave to check the store.
struct CheckStore {
    repair: bool,
}

impl Operation for CheckStore {
    type Output = ();
    const ACTION: Action = Action::CheckStore;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        if self.repair {
            tx.happened([thing("store", Uuid::nil())], json!({ "repair": true }));
        }
        Ok(())
    }
}

/// Checks the whole store, and repairs derived keys if asked to.
///
/// # Errors
/// If the actor may not; if the store fails; [`Error::NotNow`] with code `too_busy` if changes were forgotten before they could
/// be followed. What is wrong *in* the store is no error but in the report.
pub async fn check(
    platform: &Platform,
    actor: &Actor,
    options: Options,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<CheckReport> {
    platform.run(actor, CheckStore { repair: options.repair }).await?;
    let store = platform.store().as_ref();
    let mut repaired = 0;
    for round in 1.. {
        let (mut report, fixes) = look(store, options, progress).await?;
        if options.repair && round < ROUNDS {
            let mended = repair::mend(store, fixes).await?;
            repaired += mended;
            if mended > 0 {
                continue;
            }
        }
        report.repaired = repaired;
        return Ok(report);
    }
    Err(Error::Busy)
}

/// Looks once, or again where changes were forgotten.
async fn look(
    store: &dyn Store,
    options: Options,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<(CheckReport, Vec<Fix>)> {
    for _ in 0..TRIES {
        match look_once(store, options, progress).await {
            Err(Error::Store(StoreError::Forgotten)) => {}
            other => return other,
        }
    }
    Err(Error::not_now(
        "too_busy",
        "So much is written at the moment that the store cannot be checked. Try again when it is quieter.",
    ))
}

async fn look_once(
    store: &dyn Store,
    options: Options,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<(CheckReport, Vec<Fix>)> {
    let mut rough = Rough::new((options.invariants)());
    let unreadable = walk(store, options.rest, &mut rough, &mut |seen| progress(Progress { step: Step::Reading, seen })).await?;
    let (mut report, suspects) = rough.finish();
    let readable = report.findings.is_empty() && unreadable.is_empty();
    report.add(unreadable);
    let mut fixes = Vec::new();
    if !suspects.is_empty() {
        let mut exact = Exact::new(suspects);
        // What cannot be read was reported by the first walk.
        walk(store, options.rest, &mut exact, &mut |seen| progress(Progress { step: Step::Settling, seen })).await?;
        let (findings, found) = exact.finish();
        report.add(findings);
        // What seems to follow from nothing may follow from what cannot be read: then nothing is repaired.
        fixes = if readable { found } else { Vec::new() };
    }
    let mut after = 0;
    loop {
        let verified = audit::verify_page(store, after).await?;
        report.seals += verified.seals;
        progress(Progress { step: Step::Chain, seen: report.seals });
        if let Some(broken) = verified.broken {
            report.add([Finding::at(What::Chain, &audit::Seal::at(broken.number), broken.why)]);
        }
        let Some(next) = verified.next else { return Ok((report, fixes)) };
        after = next;
    }
}
