//! Weighs how a query is answered best: by walking along its order, or by fetching the documents of its rarest filter and sorting them.

use super::{Facet, Index, MISSING, Query, Range, facets::FacetSet, order::Stretch, query::Key, vocabulary::Match};
use roaring::RoaringBitmap;
use std::ops::Bound;
use uuid::Uuid;

/// How much work one query may make, whatever it asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Blocks passed and documents tested on a walk; what comes then is left to the next page.
    pub walk: usize,
    /// Documents fetched to be sorted.
    pub fetch: usize,
    /// Documents fetched to be scored.
    pub score: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { walk: 250_000, fetch: 50_000, score: 30_000 }
    }
}

/// What a query asks of a document, looked up.
pub(super) struct Filter<'a> {
    index: &'a Index,
    /// In each group, the facets that exist.
    pub groups: Vec<Vec<&'a FacetSet>>,
    /// At most one for each column.
    pub ranges: Vec<Range>,
    /// The words of the text.
    pub words: &'a [Match<'a>],
}

/// Where documents are fetched from: the filter that fewest pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Group(usize),
    Range(usize),
    Word(usize),
}

/// How common the documents are that a query asks for.
pub(super) struct Estimate {
    /// The rarest filter, and how many pass it.
    pub rarest: Option<(Source, usize)>,
    /// About what share of all documents passes the groups.
    groups: f64,
    /// About what share of all documents passes the ranges of other columns, and the text.
    others: f64,
    /// About what share lies in the ranges of the column that is walked.
    walked: f64,
}

impl<'a> Filter<'a> {
    /// Looks a query up. `None`: there is a group that no document satisfies, or ranges of one column that have nothing in common.
    pub fn new(index: &'a Index, query: &Query, words: &'a [Match<'a>]) -> Option<Self> {
        let known = |facets: &[Facet]| facets.iter().filter_map(|facet| index.facets.get(facet)).collect::<Vec<_>>();
        let groups: Vec<_> = query.facets.iter().map(|group| known(&group.0)).collect();
        if groups.iter().any(Vec::is_empty) {
            return None;
        }
        let mut ranges: Vec<Range> = Vec::with_capacity(query.ranges.len());
        for range in &query.ranges {
            match ranges.iter_mut().find(|known| known.column == range.column) {
                Some(known) => *known = known.common(range),
                None => ranges.push(*range),
            }
        }
        ranges.iter().all(|range| stretch(range).is_some()).then_some(Self { index, groups, ranges, words })
    }

    /// Whether a document passes; what its source says already is not asked again.
    pub fn admits(&self, document: u32, source: Option<Source>) -> bool {
        let has = |group: &Vec<&FacetSet>| group.iter().any(|set| set.documents.contains(document));
        let groups = self.groups.iter().enumerate().all(|(at, group)| source == Some(Source::Group(at)) || has(group));
        groups && self.admits_otherwise(document, source)
    }

    /// Whether a document that passes the groups passes.
    pub fn admits_otherwise(&self, document: u32, source: Option<Source>) -> bool {
        let within = |range: &Range| range.holds(self.index.documents.value(range.column, document));
        let ranges = self.ranges.iter().enumerate().all(|(at, range)| source == Some(Source::Range(at)) || within(range));
        ranges && self.words.iter().enumerate().all(|(at, word)| source == Some(Source::Word(at)) || word.contains(document))
    }

    /// The documents of a source, each once.
    pub fn documents(&self, source: Source) -> Vec<u32> {
        match source {
            Source::Word(at) => self.words.get(at).map(Match::documents).unwrap_or_default(),
            Source::Group(at) => match self.groups.get(at).map(Vec::as_slice) {
                Some([one]) => one.documents.iter().collect(),
                group => group.into_iter().flatten().fold(RoaringBitmap::new(), |all, set| all | &set.documents).iter().collect(),
            },
            Source::Range(at) => {
                let order = self.ranges.get(at).and_then(|range| Some((self.index.orders.get(range.column)?, stretch(range)?)));
                order.map(|(order, stretch)| order.documents(&stretch, &self.index.documents).collect()).unwrap_or_default()
            }
        }
    }

    /// Estimates how common the answers are; `column` is the one that would be walked.
    pub fn estimate(&self, column: usize) -> Estimate {
        let total = self.index.len().max(1) as f64;
        let mut estimate = Estimate { rarest: None, groups: 1.0, others: 1.0, walked: 1.0 };
        let mut rarer = |source, count: usize| {
            if estimate.rarest.is_none_or(|(_, least)| count < least) {
                estimate.rarest = Some((source, count));
            }
            (count as f64 / total).min(1.0)
        };
        for (at, group) in self.groups.iter().enumerate() {
            let count: u64 = group.iter().map(|set| set.documents.len()).sum();
            estimate.groups *= rarer(Source::Group(at), count as usize);
        }
        for (at, range) in self.ranges.iter().enumerate() {
            let order = self.index.orders.get(range.column).zip(stretch(range));
            let count = order.map_or(0, |(order, stretch)| order.count(&stretch, &self.index.documents));
            let share = rarer(Source::Range(at), count);
            *if range.column == column { &mut estimate.walked } else { &mut estimate.others } *= share;
        }
        for (at, word) in self.words.iter().enumerate() {
            estimate.others *= rarer(Source::Word(at), word.count());
        }
        estimate
    }
}

impl Estimate {
    /// The source to fetch from, when that is cheaper than a walk for so many answers.
    pub fn fetch(&self, wanted: usize, documents: usize, bounds: &Bounds) -> Option<Source> {
        let (source, fetched) = self.rarest?;
        let passed = (wanted as f64 / (self.groups * self.others).max(f64::MIN_POSITIVE)).min(documents as f64 * self.walked);
        let tested = if self.others < 1.0 { passed * self.groups } else { wanted as f64 };
        let walk = passed * WALK_PASS + tested * WALK_TEST;
        (fetched <= bounds.fetch && fetched as f64 * FETCH < walk).then_some(source)
    }
}

/// What it costs, about, in nanoseconds: to pass a document on a walk, to test one on a walk, and to fetch, test and sort one.
const WALK_PASS: f64 = 0.05;
const WALK_TEST: f64 = 5.0;
const FETCH: f64 = 8.0;

/// The part of its column's order a range covers; `None` when it is empty.
pub(super) fn stretch(range: &Range) -> Option<Stretch> {
    let min = range.min.unwrap_or(MISSING).max(MISSING + 1);
    let max = range.max.unwrap_or(i64::MAX);
    let from = Bound::Included(Key { value: min, id: Uuid::nil() });
    let to = Bound::Included(Key { value: max, id: Uuid::max() });
    (min <= max).then_some(Stretch { from, to })
}
