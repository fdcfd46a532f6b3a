//! Weighs how a query is answered best: by walking along its order, or by fetching the documents of its rarest filter and sorting them.

use super::{
    Index,
    filter::{Filter, Source},
    order::Stretch,
};

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
        Self { walk: 200_000, fetch: 50_000, score: 30_000 }
    }
}

/// How common the documents are that a query asks for.
pub(super) struct Estimate {
    /// The rarest filter, and how many pass it.
    pub rarest: Option<(Source, usize)>,
    /// About what share of all documents passes the groups.
    groups: f64,
    /// About what share passes the groups and the words.
    sets: f64,
    /// About what share of all documents passes the ranges of other columns, and the words.
    others: f64,
    /// About what share lies in the range of the column that is walked.
    walked: f64,
}

impl Estimate {
    /// Takes the filters for independent of each other; `column` is the one that would be walked.
    pub fn new(index: &Index, filter: &Filter<'_>, column: usize) -> Self {
        let total = index.len().max(1) as f64;
        let mut estimate = Self { rarest: None, groups: 1.0, sets: 1.0, others: 1.0, walked: 1.0 };
        let mut rarer = |source, count: usize| {
            if estimate.rarest.is_none_or(|(_, least)| count < least) {
                estimate.rarest = Some((source, count));
            }
            (count as f64 / total).min(1.0)
        };
        for (at, sets) in filter.sets.iter().enumerate() {
            let count: u64 = sets.iter().map(|set| set.len()).sum();
            let share = rarer(Source::Set(at), count as usize);
            estimate.sets *= share;
            *if at < filter.groups.len() { &mut estimate.groups } else { &mut estimate.others } *= share;
        }
        for (at, range) in filter.ranges.iter().enumerate() {
            let order = index.orders.get(range.column).zip(Stretch::of(range));
            let count = order.map_or(0, |(order, stretch)| order.count(&stretch, &index.documents));
            let share = rarer(Source::Range(at), count);
            *if range.column == column { &mut estimate.walked } else { &mut estimate.others } *= share;
        }
        estimate
    }

    /// The source to fetch from, when that is cheaper than a walk for so many answers.
    pub fn fetch(&self, wanted: usize, index: &Index) -> Option<Source> {
        let (source, fetched) = self.rarest?;
        let (wanted, documents) = (wanted as f64, index.len() as f64);
        let passed = (wanted / (self.groups * self.others).max(f64::MIN_POSITIVE)).min(documents * self.walked);
        let tested = if self.others < 1.0 { passed * self.groups } else { wanted };
        let walk = passed * WALK_PASS + tested * WALK_TEST;
        let sorted = if matches!(source, Source::Set(_)) { documents * self.sets } else { fetched as f64 };
        let fetch = fetched as f64 * FETCH + sorted * SORT;
        (fetched <= index.bounds.fetch && fetch < walk).then_some(source)
    }
}

/// What it costs, about, in nanoseconds: to pass a document on a walk, to test one there, to fetch one, and to test and sort one fetched.
const WALK_PASS: f64 = 0.05;
const WALK_TEST: f64 = 6.0;
const FETCH: f64 = 1.5;
const SORT: f64 = 6.0;
