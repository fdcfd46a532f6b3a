//! Answers a query.

use super::{
    Cursor, Index, MAX_LIMIT, MISSING, Page, Query, Range, Sort,
    facets::{FacetSet, words},
    order::{Block, Order, Stretch},
    plan::{Filter, Source, stretch},
    query::{Key, Place},
    vocabulary::Match,
};
use roaring::RoaringBitmap;
use std::{borrow::Cow, ops::Bound};
use uuid::Uuid;

/// Answers a query, and says how many steps that took.
pub(super) fn find(index: &Index, query: &Query) -> (Page, usize) {
    let text = query.text.as_deref().unwrap_or_default();
    let earlier = query.after.as_ref().map_or(&[][..], |cursor| &cursor.readings);
    let matches = index.vocabulary.read(text, earlier, index.len());
    let Some(filter) = Filter::new(index, query, &matches) else { return (Page::default(), 0) };

    let (column, descending) = match query.sort {
        Sort::Column { column, descending } if column < index.orders.len() => (column, descending),
        Sort::Column { descending, .. } => (index.popular, descending),
        Sort::Relevance => (index.popular, true),
    };
    let limit = query.limit.clamp(1, MAX_LIMIT);
    let estimate = filter.estimate(column);
    let relevance = query.sort == Sort::Relevance && !filter.words.is_empty();
    let scored = match (&query.after, estimate.rarest) {
        // An answer that began with scores goes on with them, unless it has grown out of all proportion.
        (Some(cursor), Some((source, count))) if relevance && cursor.scored => {
            (count <= 4 * index.bounds.score).then_some(source)
        }
        (None, Some((source, count))) if relevance => (count <= index.bounds.score).then_some(source),
        _ => None,
    };
    let fetch = scored.or_else(|| estimate.fetch(limit + 1, index.len(), &index.bounds));

    let search =
        Search { index, filter, column, descending, wanted: limit + 1, after: query.after.as_ref().map(|cursor| cursor.place) };
    let found = match fetch {
        Some(source) => search.fetch(source, if scored.is_some() { &matches } else { &[] }),
        None => search.walk(),
    };
    let steps = found.steps;
    (page(found, limit, scored.is_some(), &matches), steps)
}

fn page(mut found: Found, limit: usize, scored: bool, matches: &[Match]) -> Page {
    let more = found.places.len() > limit;
    found.places.truncate(limit);
    let unfinished = !more && found.stopped.is_some();
    let next = if more { found.places.last().copied() } else { found.stopped };
    let readings = matches.iter().map(|word| word.reading).collect();
    Page {
        ids: found.places.iter().map(|place| place.key.id).collect(),
        next: next.map(|place| Cursor { place, scored, readings }),
        unfinished,
    }
}

struct Search<'a> {
    index: &'a Index,
    filter: Filter<'a>,
    column: usize,
    descending: bool,
    wanted: usize,
    after: Option<Place>,
}

#[derive(Default)]
struct Found {
    places: Vec<Place>,
    /// Where the work stopped before its end.
    stopped: Option<Place>,
    steps: usize,
}

impl Search<'_> {
    /// Fetches all documents of a source, and keeps the first of those that pass. The scores are what the words add up to.
    fn fetch(&self, source: Source, scoring: &[Match]) -> Found {
        let documents = self.filter.documents(source);
        let steps = documents.len();
        let mut places = Vec::with_capacity(documents.len().min(1024));
        for document in documents {
            if self.filter.admits(document, Some(source)) {
                let score = scoring.iter().map(|word| word.score(document)).sum();
                let place = Place { score, key: self.index.documents.key(self.column, document) };
                if self.after.is_none_or(|after| place.order(&after, self.descending).is_gt()) {
                    places.push(place);
                }
            }
        }
        if places.len() > self.wanted {
            places.select_nth_unstable_by(self.wanted - 1, |one, other| one.order(other, self.descending));
            places.truncate(self.wanted);
        }
        places.sort_unstable_by(|one, other| one.order(other, self.descending));
        Found { places, stopped: None, steps }
    }

    /// Walks along the column until enough is found, or the bound is reached.
    fn walk(&self) -> Found {
        let mut found = Found::default();
        let Some(order) = self.index.orders.get(self.column) else { return found };
        let groups: Vec<_> = self.filter.groups.iter().map(|sets| GroupWords::new(sets, self.column, order)).collect();
        for stretch in self.stretches() {
            let (first, end) = order.touched(&stretch);
            for step in first..end {
                let at = if self.descending { end - 1 - (step - first) } else { step };
                let Some((number, block)) = order.block(at) else { continue };
                let edge = step == first || step + 1 == end;
                let window = if edge { order.window(block, &stretch, &self.index.documents) } else { u64::MAX };
                let slots = groups.iter().fold(block.used(), |slots, group| slots & group.word(number));
                if slots != 0 && self.gather(block, block.ranks(slots) & window, &mut found) {
                    return found;
                }
                found.steps += 1;
                if found.steps >= self.index.bounds.walk && window != 0 {
                    found.stopped = block.at(self.last(window, block)).map(|document| self.place(document));
                    return found;
                }
            }
        }
        found
    }

    /// Takes those of a block's ranks that pass. Answers whether that is enough.
    fn gather(&self, block: &Block, mut ranks: u64, found: &mut Found) -> bool {
        while ranks != 0 {
            let rank = if self.descending { 63 - ranks.leading_zeros() } else { ranks.trailing_zeros() };
            ranks &= !(1 << rank);
            let Some(document) = block.at(rank) else { continue };
            found.steps += 1;
            if self.filter.admits_otherwise(document, None) {
                found.places.push(self.place(document));
                if found.places.len() >= self.wanted {
                    return true;
                }
            }
        }
        false
    }

    /// The last of a window's ranks on the walk.
    fn last(&self, window: u64, block: &Block) -> u32 {
        if self.descending {
            window.trailing_zeros()
        } else {
            (63 - window.leading_zeros()).min(block.used().count_ones().saturating_sub(1))
        }
    }

    fn place(&self, document: u32) -> Place {
        Place { score: 0, key: self.index.documents.key(self.column, document) }
    }

    /// The parts of the order to walk, one after the other: the documents that have a number, then those that lack it.
    fn stretches(&self) -> Vec<Stretch> {
        let range = self.filter.ranges.iter().find(|range| range.column == self.column);
        let present = stretch(range.unwrap_or(&Range { column: self.column, min: None, max: None }));
        let from = Bound::Unbounded;
        let to = Bound::Excluded(Key { value: MISSING + 1, id: Uuid::nil() });
        let lacking = range.is_none().then_some(Stretch { from, to });
        let Some(Place { key, .. }) = self.after else { return present.into_iter().chain(lacking).collect() };

        let beyond = |mut part: Stretch| {
            // The cursor may lie outside the range when a client joins it with another query.
            let outside = |bound: &Bound<Key>, past: fn(&Key, &Key) -> bool| match bound {
                Bound::Included(limit) | Bound::Excluded(limit) => past(&key, limit),
                Bound::Unbounded => false,
            };
            if self.descending && !outside(&part.to, Key::gt) {
                part.to = Bound::Excluded(key);
            } else if !self.descending && !outside(&part.from, Key::lt) {
                part.from = Bound::Excluded(key);
            }
            part
        };
        if key.value == MISSING {
            return lacking.map(beyond).into_iter().collect();
        }
        present.map(beyond).into_iter().chain(lacking).collect()
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
