//! Up to 64 documents that are neighbours in an order.
//!
//! A document has a *slot* (where its bit is, and stays, in the words the facets keep) and a *rank* (how many of the block come before it).

use super::{MISSING, Range, documents::Documents};

/// What a block holds at most: as many documents as a word has bits.
pub(super) const FULL: usize = 64;

/// Up to 64 neighbours.
pub(super) struct Block {
    used: u64,
    rank_of_slot: [u8; FULL],
    /// The documents in order.
    pub ranked: Vec<u32>,
    /// By column, the least and greatest number of the block, or wider: what a range that lies outside need not look at.
    spread: Vec<(i64, i64)>,
}

impl Default for Block {
    fn default() -> Self {
        Self { used: 0, rank_of_slot: [0; FULL], ranked: Vec::new(), spread: Vec::new() }
    }
}

impl Block {
    /// The slots in use, as bits.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// All ranks, as bits.
    pub fn all(&self) -> u64 {
        lowest(self.ranked.len())
    }

    /// Whether a document of the block may be in a range.
    pub fn may_hold(&self, range: &Range) -> bool {
        let (min, max) = range.ends();
        let inside = |(least, greatest): &(i64, i64)| min <= *greatest && *least <= max;
        self.spread.get(range.column).is_some_and(inside)
    }

    /// Takes a document's numbers into the spread.
    pub fn widen(&mut self, document: u32, documents: &Documents) {
        self.spread.resize(documents.columns(), (i64::MAX, MISSING));
        for (column, (least, greatest)) in self.spread.iter_mut().enumerate() {
            let value = documents.value(column, document);
            if value != MISSING {
                *least = value.min(*least);
                *greatest = value.max(*greatest);
            }
        }
    }

    /// Makes the spread as narrow as it can be.
    pub fn narrow(&mut self, documents: &Documents) {
        self.spread.clear();
        let ranked = std::mem::take(&mut self.ranked);
        ranked.iter().for_each(|document| self.widen(*document, documents));
        self.ranked = ranked;
    }

    /// The document at a rank.
    pub fn at(&self, rank: u32) -> Option<u32> {
        self.ranked.get(rank as usize).copied()
    }

    /// The ranks of some slots, both as bits.
    pub fn ranks(&self, mut slots: u64) -> u64 {
        if slots == self.used {
            return self.all();
        }
        let mut ranks = 0;
        while slots != 0 {
            let slot = slots.trailing_zeros() as usize;
            ranks |= 1 << self.rank_of_slot.get(slot).copied().unwrap_or(0);
            slots &= slots - 1;
        }
        ranks
    }

    /// Puts a document in at a rank, and answers with its slot.
    pub fn put(&mut self, rank: usize, document: u32) -> u32 {
        let slot = (!self.used).trailing_zeros().min(63);
        let rank = rank.min(self.ranked.len());
        self.ranked.insert(rank, document);
        let rank = rank as u8;
        self.rank_of_slot.iter_mut().for_each(|other| *other = other.saturating_add(u8::from(*other >= rank)));
        if let Some(own) = self.rank_of_slot.get_mut(slot as usize) {
            *own = rank;
        }
        self.used |= 1 << slot;
        slot
    }

    /// Takes the document out of a slot.
    pub fn take(&mut self, slot: usize) -> Option<u32> {
        let rank = *self.rank_of_slot.get(slot)?;
        self.used &= !(1 << slot);
        self.rank_of_slot.iter_mut().for_each(|other| *other -= u8::from(*other > rank));
        let document = (usize::from(rank) < self.ranked.len()).then(|| self.ranked.remove(usize::from(rank)));
        if self.ranked.is_empty() {
            self.spread.clear();
        }
        document
    }
}

/// The lowest bits.
pub(super) fn lowest(count: usize) -> u64 {
    if count >= 64 { u64::MAX } else { (1 << count) - 1 }
}
