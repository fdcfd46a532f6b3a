//! What a query asks of a document, looked up in the index.

use super::{Facet, Index, MISSING, Query, Range, block::Block, facets::FacetSet, order::Stretch, vocabulary::Match};
use roaring::RoaringBitmap;
use std::borrow::Cow;

/// The filters of a query: groups of facets and words, which are unions of sets of documents, and ranges of numbers.
pub(super) struct Filter<'a> {
    index: &'a Index,
    /// In each group, the facets that exist.
    pub groups: Vec<Vec<&'a FacetSet>>,
    /// The sets of each group, then those of each word.
    pub sets: Vec<Vec<&'a RoaringBitmap>>,
    /// At most one for each column, none empty.
    pub ranges: Vec<Range>,
}

/// Where documents are fetched from: one of the filters, by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Set(usize),
    Range(usize),
}

impl<'a> Filter<'a> {
    /// Looks a query up. `None`: no document has any facet of some group, or the ranges of some column have nothing in common.
    pub fn new(index: &'a Index, query: &Query, words: &'a [Match<'a>]) -> Option<Self> {
        let known = |facets: &[Facet]| facets.iter().filter_map(|facet| index.facets.get(facet)).collect::<Vec<_>>();
        let groups: Vec<_> = query.facets.iter().map(|group| known(&group.0)).collect();
        let documents = |group: &Vec<&'a FacetSet>| group.iter().map(|set| &set.documents).collect::<Vec<_>>();
        let sets: Vec<_> = groups.iter().map(documents).chain(words.iter().map(Match::sets)).collect();
        let mut ranges: Vec<Range> = Vec::with_capacity(query.ranges.len());
        for range in &query.ranges {
            match ranges.iter_mut().find(|known| known.column == range.column) {
                Some(known) => *known = known.common(range),
                None => ranges.push(*range),
            }
        }
        let possible = !sets.iter().any(Vec::is_empty) && ranges.iter().all(|range| Stretch::of(range).is_some());
        possible.then_some(Self { index, groups, sets, ranges })
    }

    /// The documents of a source that pass the other filters.
    pub fn fetch(&self, source: Source) -> Vec<u32> {
        match source {
            Source::Set(at) => self.fetch_set(at),
            Source::Range(at) => {
                let range = self.ranges.get(at);
                let order = range.and_then(|range| Some((self.index.orders.get(range.column)?, Stretch::of(range)?)));
                let documents = order.into_iter().flat_map(|(order, stretch)| order.documents(stretch, &self.index.documents));
                documents.filter(|document| in_all(&self.sets, *document) && self.in_ranges(*document, Some(at))).collect()
            }
        }
    }

    fn fetch_set(&self, at: usize) -> Vec<u32> {
        let union = |sets: &[&'a RoaringBitmap]| match sets {
            [only] => Cow::Borrowed(*only),
            sets => Cow::Owned(sets.iter().fold(RoaringBitmap::new(), |all, set| all | *set)),
        };
        let mut documents = self.sets.get(at).map(|sets| union(sets)).unwrap_or_default();
        let others = || self.sets.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, sets)| sets);
        // Sets meet as a whole; of a union, which may be large, only the documents in question are looked for.
        for only in others().filter_map(|sets| if let [only] = sets.as_slice() { Some(*only) } else { None }) {
            documents = Cow::Owned(&*documents & only);
        }
        let unions: Vec<_> = others().filter(|sets| sets.len() > 1).collect();
        documents.iter().filter(|document| in_all(&unions, *document) && self.in_ranges(*document, None)).collect()
    }

    /// Which of a block's ranks, whose documents are in all groups, pass the ranges.
    pub fn in_ranges_of(&self, block: &Block, ranks: u64) -> u64 {
        self.ranges.iter().fold(ranks, |mut left, range| {
            let (min, max) = range.ends();
            let values = self.index.documents.values(range.column);
            let mut kept = 0;
            // Without a branch on what the number is, so that many are on their way from memory at once.
            while left != 0 {
                let rank = left.trailing_zeros();
                left &= left - 1;
                let value = block.at(rank).and_then(|document| values.get(document as usize)).copied().unwrap_or(MISSING);
                kept |= u64::from((value >= min) & (value <= max)) << rank;
            }
            kept
        })
    }

    /// Whether a document contains all words.
    pub fn has_words(&self, document: u32) -> bool {
        in_all(self.sets.get(self.groups.len()..).unwrap_or_default(), document)
    }

    /// Whether some document of a block may pass the ranges.
    pub fn may_admit(&self, block: &Block) -> bool {
        self.ranges.iter().all(|range| block.may_hold(range))
    }

    fn in_ranges(&self, document: u32, except: Option<usize>) -> bool {
        let within = |range: &Range| range.holds(self.index.documents.value(range.column, document));
        self.ranges.iter().enumerate().all(|(at, range)| except == Some(at) || within(range))
    }
}

/// Whether a document is in each of some unions of sets.
fn in_all<'s>(unions: &[impl AsRef<[&'s RoaringBitmap]>], document: u32) -> bool {
    unions.iter().all(|sets| sets.as_ref().iter().any(|set| set.contains(document)))
}
