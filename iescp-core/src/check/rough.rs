//! The rough walk: reads every record, and finds the buckets in which a derived key may be wrong, in constant memory.

use super::{
    CheckReport, Finding, What,
    invariant::{Invariant, Shown},
    kinds::{self, Seen},
    walk::Watch,
};
use crate::store::{
    Key, Stored,
    keys::Table,
    record::{Derived, Entry},
};
use std::{
    collections::BTreeMap,
    hash::{BuildHasher, RandomState},
};

/// How many buckets there are: eight mebibytes of sums.
const BUCKETS: usize = 1 << 20;

/// About how many derived keys the exact walk looks at.
const MOST_SUSPECTS: u64 = 500_000;

/// Which bucket a derived key is in, and by what its worth is multiplied; other ones in every run.
#[derive(Clone)]
pub(super) struct Buckets(RandomState);

impl Buckets {
    fn of(&self, key: &Key) -> (usize, u64) {
        let hash = self.0.hash_one(key);
        (usize::try_from(hash >> 44).unwrap_or(0) % BUCKETS, self.0.hash_one((hash, key.0.len())) | 1)
    }

    /// What an entry is worth: whether it is there, what it leads to, how much it counts.
    fn worth(&self, entry: &Entry) -> u64 {
        match entry {
            Entry::Listed => 1,
            Entry::Unique(value) => self.0.hash_one(value),
            Entry::Count { by, .. } => by.cast_unsigned(),
        }
    }
}

/// The buckets whose keys must be looked at again.
#[derive(Clone)]
pub(super) struct Suspects {
    buckets: Buckets,
    marked: Vec<u64>,
    /// How many buckets are marked.
    number: u64,
}

impl Suspects {
    pub(super) fn is_empty(&self) -> bool {
        self.number == 0
    }

    pub(super) fn hold(&self, key: &Key) -> bool {
        let (bucket, _) = self.buckets.of(key);
        self.marked.get(bucket / 64).is_some_and(|marks| marks >> (bucket % 64) & 1 == 1)
    }
}

pub(super) struct Rough {
    buckets: Buckets,
    sums: Vec<u64>,
    unread: BTreeMap<Key, Finding>,
    invariants: Vec<Box<dyn Invariant>>,
    report: CheckReport,
}

impl Rough {
    pub(super) fn new(invariants: Vec<Box<dyn Invariant>>) -> Self {
        Self {
            buckets: Buckets(RandomState::new()),
            sums: vec![0; BUCKETS],
            unread: BTreeMap::new(),
            invariants,
            report: CheckReport::default(),
        }
    }

    fn add(&mut self, key: &Key, worth: u64) {
        let (bucket, factor) = self.buckets.of(key);
        if let Some(sum) = self.sums.get_mut(bucket) {
            *sum = sum.wrapping_add(worth.wrapping_mul(factor));
        }
    }

    fn expect(&mut self, derived: &Derived) {
        for (key, entry) in &derived.entries {
            let worth = self.buckets.worth(entry);
            self.add(key, worth);
        }
    }

    /// Reads a record and shows it to the invariants.
    fn show(&mut self, table: Table, key: &Key, bytes: &[u8]) -> Option<Seen> {
        self.unread.remove(key);
        match kinds::read(table, key, bytes) {
            Ok(seen) if seen.key == *key => {
                for invariant in &mut self.invariants {
                    invariant.see(&Shown { key, record: seen.record.as_ref() });
                }
                Some(seen)
            }
            Ok(seen) => {
                let message = format!("The record here belongs to {:?}.", seen.key);
                self.unread.insert(key.clone(), Finding::at(What::Misplaced, key, message));
                Some(seen)
            }
            Err(error) => {
                let why = if let crate::Error::Corrupt(why) = error { why } else { error.to_string() };
                self.unread.insert(key.clone(), Finding::at(What::Damaged, key, format!("This record cannot be read: {why}.")));
                None
            }
        }
    }

    /// The report so far, and what must be looked at again.
    pub(super) fn finish(self) -> (CheckReport, Suspects) {
        let mut report = self.report;
        report.add(self.unread.into_values());
        for invariant in self.invariants {
            let name = invariant.name();
            report.add(invariant.finish().into_iter().map(|message| Finding {
                what: What::Invariant,
                place: name.into(),
                message,
            }));
        }
        let in_each = report.derived.max(report.records) / BUCKETS as u64 + 1;
        let most = MOST_SUSPECTS / in_each + 1;
        let mut suspects = Suspects { buckets: self.buckets, marked: vec![0; BUCKETS / 64], number: 0 };
        for (bucket, _) in self.sums.iter().enumerate().filter(|(_, sum)| **sum != 0) {
            if suspects.number == most {
                report.more += 1;
            } else if let Some(marks) = suspects.marked.get_mut(bucket / 64) {
                *marks |= 1 << (bucket % 64);
                suspects.number += 1;
            }
        }
        (report, suspects)
    }
}

impl Watch for Rough {
    fn found(&mut self, table: Table, key: &Key, stored: &Stored) {
        if let Some(entry) = kinds::stored_entry(table, &stored.bytes) {
            self.report.derived += 1;
            // What has no such form is worth something that no records come to.
            let worth = entry.map_or_else(|| self.buckets.0.hash_one(&stored.bytes), |entry| self.buckets.worth(&entry));
            self.add(key, worth.wrapping_neg());
            return;
        }
        self.report.records += 1;
        if let Some(seen) = self.show(table, key, &stored.bytes) {
            self.expect(&seen.derived);
        }
    }

    fn changed(&mut self, key: &Key, _number: u64, value: Option<&[u8]>) {
        let Some(table) = kinds::record_table(key) else { return };
        match value {
            Some(bytes) => drop(self.show(table, key, bytes)),
            None => {
                self.unread.remove(key);
                for invariant in &mut self.invariants {
                    invariant.gone(key);
                }
            }
        }
    }
}
