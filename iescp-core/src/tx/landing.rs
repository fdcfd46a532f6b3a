//! How a run lands: one batch, with all it rests on as expectations.

use super::Tx;
use crate::{
    Error, Refusal, Result,
    store::{Add, Batch, Expect, Key, StoreError, Write, record::Entry},
};
use std::collections::{BTreeMap, BTreeSet};

/// What a unique key led to before a run, and leads to after it.
type BeforeAndAfter = (Option<Vec<u8>>, Option<Vec<u8>>);

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Landed {
    /// All of it landed.
    Whole,
    /// Somebody was quicker; it must be run again.
    Again,
}

impl Tx<'_> {
    /// Lands what was staged. Reading alone lands nothing.
    pub(crate) async fn land(mut self) -> Result<Landed> {
        if !self.asked {
            return Err(Error::Corrupt(format!("{} never asked the policy", self.action.name())));
        }
        let changes = !self.staged.is_empty();
        if !changes && self.happening.about.is_empty() {
            return Ok(Landed::Whole);
        }
        if !self.happening.quiet {
            if changes && self.happening.about.is_empty() {
                return Err(Error::Corrupt(format!("{} never said what happened", self.action.name())));
            }
            self.write_happening().await?;
        }
        let (batch, uniques) = self.batch()?;
        match self.platform.store().commit(batch).await {
            Ok(_) => Ok(Landed::Whole),
            Err(StoreError::Conflict(key)) => {
                tracing::debug!(operation = self.action.name(), ?key, unique = uniques.contains(&key), "somebody was quicker");
                Ok(Landed::Again)
            }
            Err(StoreError::Guard(key)) => Err(self.guards.remove(&key).unwrap_or_else(|| {
                Error::NotNow(Refusal { code: "insufficient", why: "There is not enough left for this.".into(), current: None })
            })),
            Err(error) => Err(error.into()),
        }
    }

    /// The batch that says all of it: the records, and the difference of what follows from them.
    fn batch(&self) -> Result<(Batch, BTreeSet<Key>)> {
        let mut batch = Batch { id: Some(self.platform.uuid_at(self.now)), ..Batch::default() };
        let mut uniques: BTreeMap<Key, BeforeAndAfter> = BTreeMap::new();
        let mut listed: BTreeMap<Key, i8> = BTreeMap::new();
        let mut counts: BTreeMap<Key, (i64, Option<i64>)> = BTreeMap::new();
        for (key, staged) in &self.staged {
            batch.writes.push(match &staged.bytes {
                Some(bytes) => Write::Put(key.clone(), bytes.clone()),
                None => Write::Delete(key.clone()),
            });
            for (sign, entries) in [(-1_i8, &staged.before.entries), (1, &staged.after.entries)] {
                for (key, entry) in entries {
                    match entry {
                        Entry::Unique(value) => {
                            let slot = uniques.entry(key.clone()).or_default();
                            *(if sign < 0 { &mut slot.0 } else { &mut slot.1 }) = Some(value.clone());
                        }
                        Entry::Listed => *listed.entry(key.clone()).or_default() += sign,
                        Entry::Count { by, floor } => {
                            let slot = counts.entry(key.clone()).or_insert((0, None));
                            let by = i64::from(sign).checked_mul(*by).and_then(|by| slot.0.checked_add(by));
                            slot.0 = by.ok_or_else(|| Error::invalid("amount", "too_large", "These amounts are too large."))?;
                            slot.1 = slot.1.or(*floor);
                        }
                    }
                }
            }
        }
        for (key, (before, after)) in &uniques {
            match (before, after) {
                (None, Some(after)) => {
                    batch.expect.push(Expect::Absent(key.clone()));
                    batch.writes.push(Write::Put(key.clone(), after.clone()));
                }
                (Some(_), None) => batch.writes.push(Write::Delete(key.clone())),
                (Some(before), Some(after)) if before != after => batch.writes.push(Write::Put(key.clone(), after.clone())),
                _ => {}
            }
        }
        for (key, change) in listed {
            match change {
                1 => batch.writes.push(Write::Put(key, Vec::new())),
                -1 => batch.writes.push(Write::Delete(key)),
                _ => {}
            }
        }
        for (key, (by, floor)) in counts {
            if by != 0 {
                batch.writes.push(Write::Add(Add { key, by, floor: floor.filter(|_| by < 0) }));
            }
        }
        for key in &self.held {
            match self.read.get(key).and_then(Option::as_ref) {
                Some(stored) => batch.expect.push(Expect::Version(key.clone(), stored.version)),
                None if uniques.contains_key(key) => {}
                None => batch.expect.push(Expect::Absent(key.clone())),
            }
        }
        Ok((batch, uniques.into_keys().collect()))
    }
}
