//! Which documents have a facet: as a set of numbers, and for the common ones also as bits in the places of every [`Order`].

use super::{
    Facet,
    documents::Documents,
    order::{Move, Order},
};
use roaring::RoaringBitmap;
use std::collections::HashMap;

/// All facets in use, by number.
#[derive(Default)]
pub(super) struct Facets {
    numbers: HashMap<Facet, u32>,
    sets: Vec<FacetSet>,
    free: Vec<u32>,
}

/// The documents that have one facet.
#[derive(Default)]
pub(super) struct FacetSet {
    facet: Facet,
    pub documents: RoaringBitmap,
    /// By column, one word for each block. Only a common facet has them: they take a bit for every document there is, in every column.
    words: Option<Vec<Vec<u64>>>,
}

impl Facets {
    pub fn get(&self, facet: &Facet) -> Option<&FacetSet> {
        self.sets.get(*self.numbers.get(facet)? as usize)
    }

    /// The numbers of a document's facets, each once.
    pub fn number(&mut self, facets: &[Facet]) -> Box<[u32]> {
        let mut numbers: Vec<u32> = facets.iter().filter_map(|facet| self.number_of(facet)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into()
    }

    /// The number of a facet, new or known; none when all are taken.
    fn number_of(&mut self, facet: &Facet) -> Option<u32> {
        if let Some(number) = self.numbers.get(facet) {
            return Some(*number);
        }
        let number = match self.free.pop() {
            Some(number) => number,
            None => u32::try_from(self.sets.len()).ok()?,
        };
        let set = FacetSet { facet: facet.clone(), ..FacetSet::default() };
        match self.sets.get_mut(number as usize) {
            Some(place) => *place = set,
            None => self.sets.push(set),
        }
        self.numbers.insert(facet.clone(), number);
        Some(number)
    }

    /// Carries a change of places in one column over to the words.
    pub fn carry(&mut self, column: usize, moves: &[Move], documents: &Documents) {
        for step in moves {
            for facet in documents.facets(step.document) {
                let words = self.sets.get_mut(*facet as usize).and_then(|set| set.words.as_mut()?.get_mut(column));
                let Some(words) = words else { continue };
                step.from.into_iter().for_each(|place| set_bit(words, place, false));
                step.to.into_iter().for_each(|place| set_bit(words, place, true));
            }
        }
    }

    /// Gives a document, which has its places, to its facets; those it makes common get their words.
    pub fn add(&mut self, document: u32, documents: &Documents, orders: &[Order]) {
        for facet in documents.facets(document) {
            let Some(set) = self.sets.get_mut(*facet as usize) else { continue };
            set.documents.insert(document);
            if set.words.is_none() && set.documents.len() > common(documents.len()) {
                set.words = Some(orders.iter().map(|order| words(&set.documents, order)).collect());
            }
        }
        if documents.len().is_power_of_two() {
            let few = common(documents.len()) / 4;
            self.sets.iter_mut().filter(|set| set.documents.len() < few).for_each(|set| set.words = None);
        }
    }

    /// Gives the first documents, which have their places, to their facets.
    pub fn fill(&mut self, documents: &Documents, orders: &[Order]) {
        for document in documents.numbers() {
            for facet in documents.facets(document) {
                self.sets.get_mut(*facet as usize).into_iter().for_each(|set| set.documents.extend([document]));
            }
        }
        for set in self.sets.iter_mut().filter(|set| set.documents.len() > common(documents.len())) {
            set.words = Some(orders.iter().map(|order| words(&set.documents, order)).collect());
        }
    }

    /// Takes a document from its facets; those nobody has are forgotten.
    pub fn remove(&mut self, document: u32, facets: &[u32]) {
        for number in facets {
            let Some(set) = self.sets.get_mut(*number as usize) else { continue };
            set.documents.remove(document);
            if set.documents.is_empty() {
                self.numbers.remove(&std::mem::take(set).facet);
                self.free.push(*number);
            }
        }
    }
}

impl FacetSet {
    /// The bits in one column's places, by block; none for a rare facet.
    pub fn words(&self, column: usize) -> Option<&[u64]> {
        self.words.as_ref()?.get(column).map(Vec::as_slice)
    }
}

/// From how many documents on a facet is common, among so many.
pub(super) fn common(documents: usize) -> u64 {
    (documents as u64 / 256).max(64)
}

/// The bits of some documents in an order's places.
pub(super) fn words(documents: &RoaringBitmap, order: &Order) -> Vec<u64> {
    let mut words = vec![0; order.block_numbers()];
    documents.iter().filter_map(|document| order.place(document)).for_each(|place| set_bit(&mut words, place, true));
    words
}

fn set_bit(words: &mut Vec<u64>, place: u32, on: bool) {
    let block = place as usize / 64;
    if block >= words.len() {
        words.resize(block + 1, 0);
    }
    if let Some(word) = words.get_mut(block) {
        let bit = 1 << (place % 64);
        *word = if on { *word | bit } else { *word & !bit };
    }
}
