//! Answers a query: looks it up, chooses the way, and makes a page of what was found.

use super::{
    Cursor, Index, MAX_LIMIT, MISSING, Page, Query, Sort,
    filter::{Filter, Source},
    plan::Estimate,
    query::Place,
    vocabulary::Match,
};
use std::cmp::Reverse;

/// Answers a query, and says how many steps that took.
pub(super) fn find(index: &Index, query: &Query) -> (Page, usize) {
    let text = query.text.as_deref().unwrap_or_default();
    let earlier = query.after.as_ref().map_or(&[][..], |cursor| &cursor.readings);
    let words = index.vocabulary.read(text, earlier, index.len());
    let Some(filter) = Filter::new(index, query, &words) else { return (Page::default(), 0) };

    let (column, descending) = match query.sort {
        Sort::Column { column, descending } if column < index.orders.len() => (column, descending),
        Sort::Column { descending, .. } => (index.popular, descending),
        Sort::Relevance => (index.popular, true),
    };
    let wanted = query.limit.clamp(1, MAX_LIMIT) + 1;
    let estimate = Estimate::new(index, &filter, column);
    let scored = score_from(index, query, &words, &estimate);
    let after = query.after.as_ref().map(|cursor| cursor.place);
    let search = Search { index, filter, column, descending, wanted, after };
    let found = match scored.or_else(|| estimate.fetch(wanted, index)) {
        Some(source) => search.fetch(source, if scored.is_some() { &words } else { &[] }),
        None => search.walk(),
    };
    (page(&found, wanted - 1, scored.is_some(), &words), found.steps)
}

/// Where the documents to be scored come from, when the answer goes by score.
fn score_from(index: &Index, query: &Query, words: &[Match<'_>], estimate: &Estimate) -> Option<Source> {
    let (source, count) = estimate.rarest.filter(|_| query.sort == Sort::Relevance && !words.is_empty())?;
    let bound = match &query.after {
        None => index.bounds.score,
        // An answer that began with scores goes on with them, unless it has grown out of all proportion since.
        Some(cursor) if cursor.scored => 4 * index.bounds.score,
        Some(_) => return None,
    };
    (count <= bound).then_some(source)
}

fn page(found: &Found, limit: usize, scored: bool, words: &[Match<'_>]) -> Page {
    let shown = found.places.get(..limit);
    let next = shown.filter(|_| found.places.len() > limit).map_or(found.stopped, |shown| shown.last().copied());
    let readings = words.iter().map(|word| word.reading).collect();
    Page {
        ids: shown.unwrap_or(&found.places).iter().map(|place| place.key.id).collect(),
        next: next.map(|place| Cursor { place, scored, readings }),
        unfinished: found.stopped.is_some(),
    }
}

/// A search under way.
pub(super) struct Search<'a> {
    pub index: &'a Index,
    pub filter: Filter<'a>,
    pub column: usize,
    pub descending: bool,
    /// One more than the page holds.
    pub wanted: usize,
    pub after: Option<Place>,
}

/// What a search found.
#[derive(Default)]
pub(super) struct Found {
    pub places: Vec<Place>,
    /// Where the work stopped before its end, with less found than wanted.
    pub stopped: Option<Place>,
    pub steps: usize,
}

impl Search<'_> {
    /// Fetches all documents of a source, and keeps the first of those that pass. The scores are what the words add up to.
    fn fetch(&self, source: Source, words: &[Match<'_>]) -> Found {
        let documents = self.filter.fetch(source);
        let steps = documents.len();
        let score = |document| words.iter().map(|word| word.score(document)).sum::<u32>();
        let rank =
            |document| (Reverse(score(document)), position(self.index.documents.value(self.column, document), self.descending));
        let mut ranked: Vec<_> = documents.into_iter().map(|document| (rank(document), document)).collect();
        if let Some(after) = self.after {
            let start = (Reverse(after.score), position(after.key.value, self.descending));
            let beyond = |document| self.place(0, document).order(&Place { score: 0, ..after }, self.descending).is_gt();
            ranked.retain(|(rank, document)| *rank > start || *rank == start && beyond(*document));
        }
        // Ids are looked at only where everything else is equal.
        let id = |document| self.index.documents.id(document).as_u128();
        let order = |one: &(_, u32), other: &(_, u32)| {
            let equals = || if self.descending { id(other.1).cmp(&id(one.1)) } else { id(one.1).cmp(&id(other.1)) };
            Ord::cmp(&one.0, &other.0).then_with(equals)
        };
        if ranked.len() > self.wanted {
            ranked.select_nth_unstable_by(self.wanted, order);
            ranked.truncate(self.wanted);
        }
        ranked.sort_unstable_by(order);
        let places = ranked.into_iter().map(|((score, _), document)| self.place(score.0, document)).collect();
        Found { places, stopped: None, steps }
    }

    pub fn place(&self, score: u32, document: u32) -> Place {
        Place { score, key: self.index.documents.key(self.column, document) }
    }
}

/// A number's position in the direction asked for; the last is for those missing.
fn position(value: i64, descending: bool) -> u64 {
    let up = value.abs_diff(MISSING);
    match (value, descending) {
        (MISSING, _) => u64::MAX,
        (_, true) => u64::MAX - up,
        (_, false) => up - 1,
    }
}
