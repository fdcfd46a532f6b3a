//! What must hold between lists and their entries.

use super::{Shortlist, ShortlistEntry};
use crate::{
    check::{Invariant, Shown},
    id::ShortlistId,
    store::Key,
};
use std::collections::{BTreeMap, BTreeSet};

/// Every list counts its entries, and every entry is on a list.
#[derive(Default)]
pub(crate) struct EntriesAreCounted {
    lists: BTreeMap<Key, (ShortlistId, u32)>,
    entries: BTreeSet<Key>,
}

impl Invariant for EntriesAreCounted {
    fn name(&self) -> &'static str {
        "shortlists count their entries"
    }

    fn see(&mut self, shown: &Shown<'_>) {
        if let Some(shortlist) = shown.as_a::<Shortlist>() {
            self.lists.insert(shown.key.clone(), (shortlist.id, shortlist.entries));
        } else if shown.as_a::<ShortlistEntry>().is_some() {
            self.entries.insert(shown.key.clone());
        }
    }

    fn gone(&mut self, key: &Key) {
        self.lists.remove(key);
        self.entries.remove(key);
    }

    fn finish(mut self: Box<Self>) -> Vec<String> {
        let mut wrong = Vec::new();
        for (id, counted) in self.lists.values() {
            let range = ShortlistEntry::all_of(*id);
            let there: Vec<Key> = self.entries.range(range.from..range.to).cloned().collect();
            if there.len() != *counted as usize {
                wrong.push(format!("The shortlist {id} counts {counted} entries and has {}.", there.len()));
            }
            for key in there {
                self.entries.remove(&key);
            }
        }
        wrong.extend(self.entries.iter().map(|key| format!("The entry {key:?} is on no shortlist.")));
        wrong
    }
}
