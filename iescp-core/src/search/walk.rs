//! Walks along a column, block by block, until enough is found.

use super::{
    MISSING, Range,
    block::Block,
    facets::{FacetSet, words},
    find::{Found, Search},
    order::{Order, Stretch},
    query::{Key, Place},
};
use roaring::RoaringBitmap;
use std::{borrow::Cow, ops::Bound};
use uuid::Uuid;

impl Search<'_> {
    /// Walks until enough is found, or the bound is reached.
    pub fn walk(&self) -> Found {
        let mut found = Found { places: Vec::with_capacity(self.wanted), ..Found::default() };
        let Some(order) = self.index.orders.get(self.column) else { return found };
        let groups: Vec<_> = self.filter.groups.iter().map(|sets| GroupWords::new(sets, self.column, order)).collect();
        for stretch in self.stretches() {
            let (first, end) = order.touched(&stretch);
            for step in first..end {
                let at = if self.descending { end - 1 - (step - first) } else { step };
                let slots =
                    order.number(at).map_or(0, |number| groups.iter().fold(u64::MAX, |slots, group| slots & group.word(number)));
                found.steps += 1;
                let stop = found.steps >= self.index.bounds.walk;
                // Most blocks are passed without being looked at.
                let Some(block) = order.block(at).filter(|_| slots != 0 || stop) else { continue };
                let edge = step == first || step + 1 == end;
                let window = if edge { order.window(block, &stretch, &self.index.documents) } else { block.all() };
                let ranks = block.ranks(slots & block.used()) & window;
                if ranks != 0 && self.filter.may_admit(block) && self.gather(block, ranks, &mut found) {
                    return found;
                }
                if window != 0 && found.steps >= self.index.bounds.walk {
                    let last = if self.descending { window.trailing_zeros() } else { 63 - window.leading_zeros() };
                    found.stopped = block.at(last).map(|document| self.place(0, document));
                    return found;
                }
            }
        }
        found
    }

    /// Takes those of a block's ranks that pass. Answers whether that is enough.
    fn gather(&self, block: &Block, ranks: u64, found: &mut Found) -> bool {
        found.steps += ranks.count_ones() as usize;
        let mut ranks = self.filter.in_ranges_of(block, ranks);
        while ranks != 0 {
            let rank = if self.descending { 63 - ranks.leading_zeros() } else { ranks.trailing_zeros() };
            ranks &= !(1 << rank);
            let Some(document) = block.at(rank).filter(|document| self.filter.has_words(*document)) else { continue };
            found.places.push(self.place(0, document));
            if found.places.len() >= self.wanted {
                return true;
            }
        }
        false
    }

    /// The parts of the order to walk, one after the other: the documents that have a number, then those that lack it.
    fn stretches(&self) -> Vec<Stretch> {
        let range = self.filter.ranges.iter().find(|range| range.column == self.column);
        let present = Stretch::of(range.unwrap_or(&Range { column: self.column, min: None, max: None }));
        let to = Bound::Excluded(Key { value: MISSING + 1, id: Uuid::nil() });
        let lacking = range.is_none().then_some(Stretch { from: Bound::Unbounded, to });
        match self.after {
            None => present.into_iter().chain(lacking).collect(),
            Some(Place { key, .. }) if key.value == MISSING => {
                lacking.map(|part| part.beyond(key, self.descending)).into_iter().collect()
            }
            Some(Place { key, .. }) => present.map(|part| part.beyond(key, self.descending)).into_iter().chain(lacking).collect(),
        }
    }
}

/// The bits of a group in a column's places: the union of its parts.
struct GroupWords<'a>(Vec<Cow<'a, [u64]>>);

impl<'a> GroupWords<'a> {
    /// Lays a group out in a column's places: the common facets have words there, the rare ones are put into one for all.
    fn new(sets: &[&'a FacetSet], column: usize, order: &Order) -> Self {
        let mut parts: Vec<_> = sets.iter().filter_map(|set| set.words(column)).map(Cow::Borrowed).collect();
        if parts.len() < sets.len() {
            let rare = sets.iter().filter(|set| set.words(column).is_none());
            let rare = rare.fold(RoaringBitmap::new(), |all, set| all | &set.documents);
            parts.push(Cow::Owned(words(&rare, order)));
        }
        Self(parts)
    }

    fn word(&self, block: u32) -> u64 {
        self.0.iter().fold(0, |word, part| word | part.get(block as usize).copied().unwrap_or(0))
    }
}
