//! The exact walk: knows of each suspected key what records call for and what is stored, as of one commit.

use super::{Finding, What, kinds, repair::Fix, rough::Suspects, walk::Watch};
use crate::store::{Key, Stored, keys::Table, record::Entry};
use std::collections::{BTreeMap, HashMap};

pub(super) struct Exact {
    suspects: Suspects,
    /// What each record calls for, among suspected keys, and the version of the record.
    called_for: HashMap<Key, (u64, Vec<(Key, Entry)>)>,
    stored: BTreeMap<Key, Stored>,
}

/// What all records together call for at one key.
#[derive(Default)]
struct Want {
    entries: Vec<Entry>,
    /// The records that do, with their versions.
    sources: Vec<(Key, u64)>,
}

impl Exact {
    pub(super) fn new(suspects: Suspects) -> Self {
        Self { suspects, called_for: HashMap::new(), stored: BTreeMap::new() }
    }

    fn shown(&mut self, key: &Key, version: u64, value: Option<&[u8]>) {
        let Some(table) = kinds::record_table(key) else {
            if self.suspects.hold(key) {
                match value {
                    Some(bytes) => drop(self.stored.insert(key.clone(), Stored { version, bytes: bytes.to_vec() })),
                    None => drop(self.stored.remove(key)),
                }
            }
            return;
        };
        let seen = value.and_then(|bytes| kinds::read(table, key, bytes).ok());
        let derived = seen.map(|seen| seen.derived.entries).unwrap_or_default();
        let suspected: Vec<_> = derived.into_iter().filter(|(key, _)| self.suspects.hold(key)).collect();
        if suspected.is_empty() {
            self.called_for.remove(key);
        } else {
            self.called_for.insert(key.clone(), (version, suspected));
        }
    }

    /// What is wrong, and how to mend it.
    pub(super) fn finish(mut self) -> (Vec<Finding>, Vec<Fix>) {
        let mut wanted: BTreeMap<Key, Want> = BTreeMap::new();
        for (record, (version, entries)) in self.called_for {
            for (key, entry) in entries {
                let want = wanted.entry(key).or_default();
                want.entries.push(entry);
                want.sources.push((record.clone(), version));
            }
        }
        let (mut findings, mut fixes) = (Vec::new(), Vec::new());
        for (key, want) in wanted {
            judge(&key, want, self.stored.remove(&key), &mut findings, &mut fixes);
        }
        for (key, stored) in self.stored {
            judge(&key, Want::default(), Some(stored), &mut findings, &mut fixes);
        }
        (findings, fixes)
    }
}

impl Watch for Exact {
    fn found(&mut self, _table: Table, key: &Key, stored: &Stored) {
        self.shown(key, stored.version, Some(&stored.bytes));
    }

    fn changed(&mut self, key: &Key, number: u64, value: Option<&[u8]>) {
        self.shown(key, number, value);
    }
}

/// Compares what is called for with what is stored, at one key.
fn judge(key: &Key, mut want: Want, stored: Option<Stored>, findings: &mut Vec<Finding>, fixes: &mut Vec<Fix>) {
    want.sources.sort();
    let counted: Option<i64> = want.entries.iter().try_fold(0_i64, |sum, entry| match entry {
        Entry::Count { by, .. } => sum.checked_add(*by),
        _ => None,
    });
    let is_counter = kinds::is_counter(key);
    let expected: Option<Vec<u8>> = if is_counter {
        counted.filter(|sum| *sum != 0).map(|sum| sum.to_be_bytes().to_vec())
    } else {
        want.entries.first().map(|entry| if let Entry::Unique(value) = entry { value.clone() } else { Vec::new() })
    };
    let mut find = |what, message: String| findings.push(Finding::at(what, key, message));
    if !is_counter && want.entries.iter().any(|entry| Some(entry) != want.entries.first()) {
        let records: Vec<String> = want.sources.iter().take(3).map(|(record, _)| format!("{record:?}")).collect();
        find(What::Claimed, format!("Several records claim this alone: {}.", records.join(", ")));
        return;
    }
    let held = stored.as_ref().map(|stored| stored.bytes.clone());
    if expected == held {
        return;
    }
    let number = |bytes: &Option<Vec<u8>>| -> Option<i64> {
        let Some(bytes) = bytes else { return Some(0) };
        bytes.as_slice().try_into().ok().map(i64::from_be_bytes)
    };
    if is_counter {
        let (should, is) = (number(&expected).unwrap_or(0), number(&held));
        let is_text = is.map_or_else(|| "no number".to_owned(), |is| is.to_string());
        find(What::Wrong, format!("This counter is {is_text}, and should be {should}."));
        fixes.push(match is.and_then(|is| should.checked_sub(is)) {
            Some(by) => Fix::Add { key: key.clone(), by },
            None => {
                Fix::Set { key: key.clone(), version: stored.map(|stored| stored.version), value: expected, sources: Vec::new() }
            }
        });
        return;
    }
    let record = want.sources.first().map_or_else(String::new, |(record, _)| format!("{record:?}"));
    match (&expected, &held) {
        (Some(_), None) => find(What::Missing, format!("This key is missing; it follows from {record}.")),
        (None, _) => find(What::Surplus, "This key follows from no record.".to_owned()),
        (Some(_), Some(_)) => find(What::Wrong, format!("This key leads elsewhere than the record it follows from, {record}.")),
    }
    let version = stored.map(|stored| stored.version);
    fixes.push(Fix::Set { key: key.clone(), version, value: expected, sources: want.sources });
}
