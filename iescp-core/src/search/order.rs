//! All documents in the order of one column, in blocks of at most 64.
//!
//! A document's *place* is the number of its block and its slot there. Blocks split when full and melt together when nearly empty.
//!
//! Not here: the facets' words; whoever changes an order gets the [`Move`]s and carries them over.

use super::{
    Range,
    block::{Block, FULL, lowest},
    documents::Documents,
    query::Key,
};
use std::ops::Bound;
use uuid::Uuid;

/// A document's new place; `None` is nowhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Move {
    pub document: u32,
    pub from: Option<u32>,
    pub to: Option<u32>,
}

/// A column's documents, in order.
pub(super) struct Order {
    column: usize,
    /// The blocks in order, each with a bound: greater than every key of the block before, and (but for the first) no greater than its own.
    spans: Vec<Span>,
    blocks: Vec<Block>,
    free: Vec<u32>,
    /// By number of the document.
    places: Vec<u32>,
}

struct Span {
    low: Key,
    block: u32,
}

/// A part of the order, by keys.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub from: Bound<Key>,
    pub to: Bound<Key>,
}

impl Stretch {
    /// The part a range of the order's column covers; none when it is empty.
    pub fn of(range: &Range) -> Option<Self> {
        let (min, max) = range.ends();
        let from = Bound::Included(Key { value: min, id: Uuid::nil() });
        let to = Bound::Included(Key { value: max, id: Uuid::max() });
        (min <= max).then_some(Self { from, to })
    }

    /// What of it comes after a key in a direction. The key may lie outside, when a client joins a cursor with another query.
    pub fn beyond(self, key: Key, descending: bool) -> Self {
        let outside = |bound: &Bound<Key>, past: fn(&Key, &Key) -> bool| match bound {
            Bound::Included(end) | Bound::Excluded(end) => past(&key, end),
            Bound::Unbounded => false,
        };
        match descending {
            true if !outside(&self.to, Key::gt) => Self { to: Bound::Excluded(key), ..self },
            false if !outside(&self.from, Key::lt) => Self { from: Bound::Excluded(key), ..self },
            _ => self,
        }
    }
}

const NOWHERE: u32 = u32::MAX;
/// A block this small looks for a neighbour to melt with.
const SMALL: usize = 16;
/// What they may have together.
const MELTED: usize = 48;

impl Order {
    pub fn new(column: usize) -> Self {
        Self { column, spans: Vec::new(), blocks: Vec::new(), free: Vec::new(), places: Vec::new() }
    }

    /// How many blocks lie in order.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// A document's place.
    pub fn place(&self, document: u32) -> Option<u32> {
        self.places.get(document as usize).copied().filter(|place| *place != NOWHERE)
    }

    /// One more than the greatest number of a block.
    pub fn block_numbers(&self) -> usize {
        self.blocks.len()
    }

    /// The number of the block that comes `at` in order.
    pub fn number(&self, at: usize) -> Option<u32> {
        self.spans.get(at).map(|span| span.block)
    }

    /// The block that comes `at` in order.
    pub fn block(&self, at: usize) -> Option<&Block> {
        self.blocks.get(self.number(at)? as usize)
    }

    /// Takes a document in.
    pub fn insert(&mut self, document: u32, documents: &Documents, moves: &mut Vec<Move>) {
        let key = documents.key(self.column, document);
        if self.spans.is_empty() {
            self.open(0, key);
        }
        let mut at = self.span_of(&key);
        let (full, after_all) = self.block(at).map_or((false, false), |block| {
            let last = block.ranked.last().map(|last| documents.key(self.column, *last));
            (block.ranked.len() >= FULL, last.is_some_and(|last| last < key))
        });
        if full && after_all && at + 1 == self.spans.len() {
            self.open(at + 1, key);
            at += 1;
        } else if full {
            let middle = self.split(at, documents, moves);
            at += usize::from(middle.is_some_and(|middle| middle <= key));
        }
        let before = |other: &u32| documents.is_before(self.column, *other, &key);
        let rank = self.block(at).map_or(0, |block| block.ranked.partition_point(before));
        moves.extend(self.put(at, rank, Move { document, from: None, to: None }, documents));
    }

    /// Takes the first documents in, leaving some room in every block.
    pub fn fill(&mut self, documents: &Documents) {
        let mut keys: Vec<(Key, u32)> = documents.numbers().map(|number| (documents.key(self.column, number), number)).collect();
        keys.sort_unstable_by_key(|(key, _)| *key);
        for (at, neighbours) in keys.chunks(MELTED).enumerate() {
            neighbours.first().into_iter().for_each(|(low, _)| self.open(at, *low));
            neighbours.iter().for_each(|(_, document)| {
                self.put(at, FULL, Move { document: *document, from: None, to: None }, documents);
            });
        }
    }

    /// Lets a document go, before its key is forgotten.
    pub fn remove(&mut self, document: u32, documents: &Documents, moves: &mut Vec<Move>) {
        let Some(place) = self.place(document) else { return };
        let at = self.span_of(&documents.key(self.column, document));
        self.take(place);
        moves.push(Move { document, from: Some(place), to: None });
        if self.block(at).is_some_and(|block| block.ranked.is_empty()) {
            self.close(at);
            return;
        }
        for left in [at, at.saturating_sub(1)] {
            let (Some(block), Some(next)) = (self.block(left), self.block(left + 1)) else { continue };
            let (size, next_size) = (block.ranked.len(), next.ranked.len());
            if size.min(next_size) <= SMALL && size + next_size <= MELTED {
                self.melt(left, documents, moves);
                return;
            }
        }
    }

    /// Which blocks a stretch touches: the first and one past the last.
    pub fn touched(&self, stretch: &Stretch) -> (usize, usize) {
        let first = match &stretch.from {
            Bound::Unbounded => 0,
            Bound::Included(key) | Bound::Excluded(key) => self.span_of(key),
        };
        let end = match &stretch.to {
            Bound::Unbounded => self.spans.len(),
            Bound::Included(key) | Bound::Excluded(key) => self.spans.partition_point(|span| span.low <= *key).max(1),
        };
        (first, end.min(self.spans.len()))
    }

    /// Which ranks of a block lie in a stretch, as bits.
    pub fn window(&self, block: &Block, stretch: &Stretch, documents: &Documents) -> u64 {
        let before =
            |bound: &dyn Fn(&Key) -> bool| block.ranked.partition_point(|document| bound(&documents.key(self.column, *document)));
        let start = match &stretch.from {
            Bound::Unbounded => 0,
            Bound::Included(from) => before(&|key| key < from),
            Bound::Excluded(from) => before(&|key| key <= from),
        };
        let end = match &stretch.to {
            Bound::Unbounded => block.ranked.len(),
            Bound::Included(to) => before(&|key| key <= to),
            Bound::Excluded(to) => before(&|key| key < to),
        };
        lowest(end) & !lowest(start)
    }

    /// About how many documents lie in a stretch: exact when it touches few blocks.
    pub fn count(&self, stretch: &Stretch, documents: &Documents) -> usize {
        let (first, end) = self.touched(stretch);
        if end.saturating_sub(first) > 8 {
            return (end - first) * documents.len() / self.spans.len().max(1);
        }
        let windows = (first..end).filter_map(|at| self.block(at)).map(|block| self.window(block, stretch, documents));
        windows.map(|window| window.count_ones() as usize).sum()
    }

    /// The documents of a stretch.
    pub fn documents<'a>(&'a self, stretch: Stretch, documents: &'a Documents) -> impl Iterator<Item = u32> + 'a {
        let (first, end) = self.touched(&stretch);
        (first..end).filter_map(|at| self.block(at)).flat_map(move |block| {
            let window = self.window(block, &stretch, documents);
            block.ranked.iter().enumerate().filter(move |(rank, _)| window >> rank & 1 == 1).map(|(_, document)| *document)
        })
    }

    /// Where the block that has, or would have, this key comes in order.
    fn span_of(&self, key: &Key) -> usize {
        self.spans.partition_point(|span| span.low <= *key).saturating_sub(1)
    }

    /// Makes room for a new block.
    fn open(&mut self, at: usize, low: Key) {
        let block = self.free.pop().unwrap_or_else(|| {
            self.blocks.push(Block::default());
            self.blocks.len() as u32 - 1
        });
        self.spans.insert(at, Span { low, block });
    }

    fn close(&mut self, at: usize) {
        if at < self.spans.len() {
            self.free.push(self.spans.remove(at).block);
        }
    }

    /// Moves the upper half of a block into a new one, and answers with the least key there.
    fn split(&mut self, at: usize, documents: &Documents, moves: &mut Vec<Move>) -> Option<Key> {
        let upper = self.block(at)?.ranked.get(FULL / 2..)?.to_vec();
        let middle = documents.key(self.column, *upper.first()?);
        self.open(at + 1, middle);
        self.shift(&upper, at + 1, documents, moves);
        let number = self.number(at)?;
        self.blocks.get_mut(number as usize)?.narrow(documents);
        Some(middle)
    }

    /// Moves all of the next block into this one.
    fn melt(&mut self, at: usize, documents: &Documents, moves: &mut Vec<Move>) {
        let next = self.block(at + 1).map(|block| block.ranked.clone()).unwrap_or_default();
        self.shift(&next, at, documents, moves);
        self.close(at + 1);
    }

    /// Moves documents, in order, to the end of a block.
    fn shift(&mut self, moved: &[u32], to: usize, documents: &Documents, moves: &mut Vec<Move>) {
        for document in moved {
            let from = self.place(*document);
            from.into_iter().for_each(|place| self.take(place));
            moves.extend(self.put(to, FULL, Move { document: *document, from, to: None }, documents));
        }
    }

    /// Puts a document into a block, and answers with the whole move.
    fn put(&mut self, at: usize, rank: usize, step: Move, documents: &Documents) -> Option<Move> {
        let number = self.number(at)?;
        let block = self.blocks.get_mut(number as usize)?;
        let place = number * 64 + block.put(rank, step.document);
        block.widen(step.document, documents);
        let document = step.document as usize;
        if self.places.len() <= document {
            self.places.resize(document + 1, NOWHERE);
        }
        if let Some(known) = self.places.get_mut(document) {
            *known = place;
        }
        Some(Move { to: Some(place), ..step })
    }

    fn take(&mut self, place: u32) {
        let Some(block) = self.blocks.get_mut(place as usize / 64) else { return };
        let document = block.take(place as usize % 64);
        if let Some(known) = document.and_then(|document| self.places.get_mut(document as usize)) {
            *known = NOWHERE;
        }
    }
}
