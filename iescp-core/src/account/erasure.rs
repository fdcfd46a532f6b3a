//! What is left of a person when their account is closed, taken away step by step: what they were told, from where they acted, the
//! lists they stand on, the files they asked for, their name in other people's reports.
//!
//! Closing itself takes away what opens the account and what others see of it; the rest can be much, so a timer does it, a bounded
//! step at a time, and begins where it ended.
//!
//! What stays, without a name: what others were part of. Agreements keep the names typed under them: they are contracts.

use super::{Account, AccountState, CLOSED_NAME};
use crate::{
    Actor, Operation, Platform, Result, Tx,
    collaboration::Collaboration,
    event::{By, Event},
    export::Export,
    id::{AccountId, CollaborationId, EventId},
    message::Block,
    notification::Notification,
    policy::{Action, Subject},
    report::{MonthlyReport, ReportContent},
    shortlist::{Shortlist, ShortlistEntry},
    store::{
        Key, Scan, Stored,
        keys::{KeyParts, Table, due, list},
        record::{Derived, Record, decode},
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// How many things one step looks at.
const AT_ONCE: usize = 200;

/// How many collaborations one step looks at, each of whose sponsor's reports are read.
const REPORTED_AT_ONCE: usize = 10;

/// How many steps are taken in one turn of the clock.
const STEPS: usize = 500;

/// That something of a closed account is still to be taken away, and from where on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Erasure {
    /// Whose.
    pub account: AccountId,
    /// Since when.
    pub since: Timestamp,
    /// What is being taken away.
    stage: Stage,
    /// Behind which key it goes on, as hexadecimal digits.
    #[serde(default)]
    after: Option<String>,
}

/// What is taken away, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stage {
    /// What they were told.
    Notifications,
    /// Files they asked for.
    Exports,
    /// Whom they blocked.
    Blocks,
    /// Their own shortlists.
    Shortlists,
    /// Their own monthly reports.
    Reports,
    /// Where they stand on others' shortlists.
    Listed,
    /// Their name in others' reports.
    Reported,
    /// From where they acted.
    Deeds,
    /// From where somebody tried to act as them.
    Tries,
}

impl Stage {
    const fn next(self) -> Option<Self> {
        Some(match self {
            Self::Notifications => Self::Exports,
            Self::Exports => Self::Blocks,
            Self::Blocks => Self::Shortlists,
            Self::Shortlists => Self::Reports,
            Self::Reports => Self::Listed,
            Self::Listed => Self::Reported,
            Self::Reported => Self::Deeds,
            Self::Deeds => Self::Tries,
            Self::Tries => return None,
        })
    }
}

impl Erasure {
    /// Everything of an account that was closed now.
    pub(super) fn begun(account: AccountId, now: Timestamp) -> Self {
        Self { account, since: now, stage: Stage::Notifications, after: None }
    }

    fn at(account: AccountId) -> Key {
        Table::Erasure.start().id(account).key()
    }
}

impl Record for Erasure {
    const TABLE: Table = Table::Erasure;

    fn key(&self) -> Key {
        Self::at(self.account)
    }

    fn derive(&self, derived: &mut Derived) {
        derived.listed(due(self.since, "erase", self.account));
    }
}

/// Takes one step: whether there is more to do.
#[derive(Clone, Copy, Debug)]
struct EraseAccount {
    account: AccountId,
}

impl Operation for EraseAccount {
    type Output = bool;
    const ACTION: Action = Action::EraseAccount;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        tx.allow(&Subject::PLATFORM)?;
        tx.quietly();
        let Some(erasure) = tx.get_at::<Erasure>(Erasure::at(self.account)).await? else { return Ok(false) };
        let account: Option<Account> = tx.peek_at(Account::at(self.account)).await?;
        if account.is_none_or(|account| account.state != AccountState::Closed) {
            tx.remove(&erasure)?;
            return Ok(false);
        }
        let last = step(tx, &erasure).await?;
        let after = last.map(|key| data_encoding::HEXLOWER.encode(&key.0));
        let stage = if after.is_some() { Some(erasure.stage) } else { erasure.stage.next() };
        match stage {
            Some(stage) => tx.put(&Erasure { stage, after, ..erasure })?,
            None => tx.remove(&erasure)?,
        }
        Ok(stage.is_some())
    }
}

/// Takes away what is left of a closed account, as far as one turn of the clock allows; the next goes on.
///
/// # Errors
/// If the store fails.
pub(crate) async fn erase(platform: &Platform, system: &Actor, account: AccountId) -> Result<()> {
    for _ in 0..STEPS {
        if !platform.run(system, EraseAccount { account }).await? {
            break;
        }
    }
    Ok(())
}

/// Takes away some of what the stage is about: the last key that was looked at, if there may be more behind it.
async fn step(tx: &mut Tx<'_>, erasure: &Erasure) -> Result<Option<Key>> {
    let me = erasure.account;
    let of = |table: Table| table.start().id(me);
    match erasure.stage {
        Stage::Notifications => {
            let (found, last) = page(tx, erasure, of(Table::Notification), AT_ONCE).await?;
            forget::<Notification>(tx, found).await?;
            Ok(last)
        }
        Stage::Blocks => {
            let (found, last) = page(tx, erasure, of(Table::Block), AT_ONCE).await?;
            forget::<Block>(tx, found).await?;
            Ok(last)
        }
        Stage::Reports => {
            let (found, last) = page(tx, erasure, of(Table::Report), AT_ONCE).await?;
            forget::<MonthlyReport>(tx, found).await?;
            Ok(last)
        }
        Stage::Exports => {
            let (found, last) = page(tx, erasure, list("exports-of").id(me), AT_ONCE).await?;
            for id in ids(&found) {
                if let Some(export) = tx.get_at::<Export>(Export::at(id.into())).await? {
                    tx.remove(&export)?;
                }
            }
            Ok(last)
        }
        Stage::Shortlists => {
            // A list at a time, with all who stand on it.
            let (found, last) = page(tx, erasure, list("shortlists-of").id(me), 1).await?;
            for id in ids(&found) {
                let entries = tx.scan(ShortlistEntry::all_of(id.into())).await?;
                forget::<ShortlistEntry>(tx, entries).await?;
                if let Some(shortlist) = tx.get_at::<Shortlist>(Shortlist::at(id.into())).await? {
                    tx.remove(&shortlist)?;
                }
            }
            Ok(last)
        }
        Stage::Listed => {
            let (found, last) = page(tx, erasure, Table::ShortlistEntry.start(), AT_ONCE).await?;
            unlist(tx, me, found).await?;
            Ok(last)
        }
        Stage::Reported => {
            let (found, last) = page(tx, erasure, list("collaborations-of").id(me), REPORTED_AT_ONCE).await?;
            unname(tx, me, ids(&found)).await?;
            Ok(last)
        }
        Stage::Deeds => {
            let (found, last) = page(tx, erasure, list("events-by").id(me), AT_ONCE).await?;
            unplace(tx, ids(&found), |_| true).await?;
            Ok(last)
        }
        Stage::Tries => {
            let (found, last) = page(tx, erasure, list("events-about").id(me), AT_ONCE).await?;
            unplace(tx, ids(&found), |event| event.by == By::Visitor).await?;
            Ok(last)
        }
    }
}

async fn page(tx: &mut Tx<'_>, erasure: &Erasure, start: KeyParts, limit: usize) -> Result<(Vec<(Key, Stored)>, Option<Key>)> {
    let all = start.range();
    let after = erasure.after.as_ref().and_then(|after| data_encoding::HEXLOWER.decode(after.as_bytes()).ok());
    let from = after.map_or(all.from, |after| Key([after, vec![0]].concat()));
    let found = tx.scan(Scan { from, to: all.to, descending: false, limit }).await?;
    let last = found.last().filter(|_| found.len() == limit).map(|(key, _)| key.clone());
    Ok((found, last))
}

fn ids(found: &[(Key, Stored)]) -> Vec<Uuid> {
    found.iter().filter_map(|(key, _)| key.last_id()).collect()
}

/// Removes records.
async fn forget<R: Record>(tx: &mut Tx<'_>, found: Vec<(Key, Stored)>) -> Result<()> {
    let keys: Vec<Key> = found.into_iter().map(|(key, _)| key).collect();
    tx.load(&keys).await?;
    for key in keys {
        if let Some(record) = tx.get_at::<R>(key).await? {
            tx.remove(&record)?;
        }
    }
    Ok(())
}

/// Takes somebody off the lists on which they stand.
async fn unlist(tx: &mut Tx<'_>, me: AccountId, found: Vec<(Key, Stored)>) -> Result<()> {
    for (key, stored) in found {
        if decode::<ShortlistEntry>(&stored.bytes)?.influencer != me {
            continue;
        }
        let Some(entry) = tx.get_at::<ShortlistEntry>(key).await? else { continue };
        if let Some(list) = tx.get_at::<Shortlist>(Shortlist::at(entry.shortlist)).await? {
            tx.put(&Shortlist { entries: list.entries.saturating_sub(1), ..list })?;
        }
        tx.remove(&entry)?;
    }
    Ok(())
}

/// Takes somebody's name out of the reports of those for whom they worked.
async fn unname(tx: &mut Tx<'_>, me: AccountId, worked: Vec<Uuid>) -> Result<()> {
    let mut sponsors = BTreeSet::new();
    let mut mine: BTreeSet<CollaborationId> = BTreeSet::new();
    for id in worked {
        if let Some(work) = tx.peek_at::<Collaboration>(Collaboration::at(id.into())).await?.filter(|work| work.influencer == me)
        {
            sponsors.insert(work.sponsor);
            mine.insert(work.id);
        }
    }
    for sponsor in sponsors {
        for (key, _) in tx.scan(Table::Report.start().id(sponsor).range()).await? {
            let Some(mut report) = tx.get_at::<MonthlyReport>(key).await? else { continue };
            let ReportContent::Sponsor(content) = &mut report.content else { continue };
            let mut named = false;
            for line in content.work.iter_mut().filter(|line| mine.contains(&line.collaboration)) {
                named |= line.influencer != CLOSED_NAME;
                CLOSED_NAME.clone_into(&mut line.influencer);
            }
            if named {
                tx.put(&report)?;
            }
        }
    }
    Ok(())
}

/// Takes away from where something was done. Its salted hash stays, by which the chain over all events still verifies.
async fn unplace(tx: &mut Tx<'_>, events: Vec<Uuid>, whose: impl Fn(&Event) -> bool) -> Result<()> {
    let keys: Vec<Key> = events.into_iter().map(|id| Event::at(EventId(id))).collect();
    tx.load(&keys).await?;
    for key in keys {
        let Some(event) = tx.get_at::<Event>(key).await? else { continue };
        if event.personal.is_some() && whose(&event) {
            tx.put(&Event { personal: None, ..event })?;
        }
    }
    Ok(())
}
