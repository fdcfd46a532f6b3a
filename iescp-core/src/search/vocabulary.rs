//! Which documents contain a word, or a word that begins with some letters.

use super::{
    documents::Words,
    near,
    postings::{Gathered, Postings},
    query::Reading,
    words,
};
use roaring::RoaringBitmap;
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// Every word of every document, and every beginning of up to three letters.
///
/// Short beginnings are shared by very many words, so their documents are kept together; for longer ones the words are looked up.
#[derive(Default)]
pub(super) struct Vocabulary {
    numbers: HashMap<Arc<str>, u32>,
    sorted: near::Sorted,
    words: Vec<(Arc<str>, Postings)>,
    free: Vec<u32>,
    openings: HashMap<u64, Postings>,
}

/// Beginnings of so many letters are kept.
const OPENING: usize = 3;
/// A longer beginning that more words share finds the documents of the first so many, in alphabetical order.
const MAX_EXPANSIONS: usize = 1_000;
/// Words shorter than this are taken as they are written.
const NEAR_FROM: usize = 5;
/// How many look-ups all slips of one query may cost.
const NEAR_LOOKUPS: usize = 4_000;

/// How much more a match counts, by its kind.
const EXACT: u32 = 4;
const BEGINNING: u32 = 2;
const NEAR: u32 = 1;

/// A word of a query, read.
pub(super) struct Match<'a> {
    /// The documents by how well they match, the best first; a document may be in several.
    classes: Vec<(u32, Cow<'a, RoaringBitmap>)>,
    pub reading: Reading,
}

impl Vocabulary {
    /// The numbers of a document's words, each with the weight of the heaviest text it is in. Counts one user of each word.
    pub fn number(&mut self, texts: &[(u8, String)]) -> Words {
        let mut found: Vec<(u32, u8)> = Vec::new();
        for (weight, text) in texts {
            words::of_document(text, |word| {
                if found.len() < words::MAX_DOCUMENT_WORDS {
                    found.extend(self.number_of(word).map(|number| (number, *weight)));
                }
            });
        }
        found.sort_unstable_by_key(|(number, weight)| (*number, u8::MAX - weight));
        found.dedup_by_key(|(number, _)| *number);
        found.into()
    }

    fn number_of(&mut self, word: &str) -> Option<u32> {
        if let Some(number) = self.numbers.get(word) {
            return Some(*number);
        }
        let number = match self.free.pop() {
            Some(number) => number,
            None => u32::try_from(self.words.len()).ok()?,
        };
        let word = Arc::<str>::from(word);
        match self.words.get_mut(number as usize) {
            Some(place) => *place = (word.clone(), Postings::default()),
            None => self.words.push((word.clone(), Postings::default())),
        }
        self.numbers.insert(word, number);
        Some(number)
    }

    /// Gives a document to its words. A word is known once it has a document.
    pub fn add(&mut self, document: u32, words: &[(u32, u8)]) {
        for (number, _) in words {
            if let Some((word, _)) = self.words.get(*number as usize).filter(|(_, postings)| postings.is_empty()) {
                self.sorted.insert(word.clone(), *number);
            }
        }
        self.post(document, words);
    }

    /// Gives many documents to their words, the first there are.
    pub fn fill<'a>(&mut self, documents: impl Iterator<Item = (u32, &'a [(u32, u8)])>) {
        documents.for_each(|(document, words)| self.post(document, words));
        self.sorted = self.numbers.iter().map(|(word, number)| (word.clone(), *number)).collect();
    }

    fn post(&mut self, document: u32, words: &[(u32, u8)]) {
        for (opening, weight) in self.openings_of(words) {
            self.openings.entry(opening).or_default().add(document, weight);
        }
        for (number, weight) in words {
            if let Some((_, postings)) = self.words.get_mut(*number as usize) {
                postings.add(document, *weight);
            }
        }
    }

    /// Takes a document from its words; those nobody contains are forgotten.
    pub fn remove(&mut self, document: u32, words: &[(u32, u8)]) {
        for (opening, weight) in self.openings_of(words) {
            if self.openings.get_mut(&opening).is_some_and(|postings| postings.remove(document, weight)) {
                self.openings.remove(&opening);
            }
        }
        for (number, weight) in words {
            let Some((word, postings)) = self.words.get_mut(*number as usize) else { continue };
            if postings.remove(document, *weight) {
                self.numbers.remove(word);
                self.sorted.remove(word);
                *word = Arc::default();
                self.free.push(*number);
            }
        }
    }

    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty() && self.sorted.is_empty() && self.openings.is_empty()
    }

    /// The beginnings of some words, each with its greatest weight.
    fn openings_of(&self, words: &[(u32, u8)]) -> Vec<(u64, u8)> {
        let mut openings = Vec::with_capacity(words.len() * OPENING);
        for (number, weight) in words {
            let mut opening = 0;
            for letter in self.words.get(*number as usize).map_or("", |(word, _)| word).chars().take(OPENING) {
                opening = packed(opening, letter);
                openings.push((opening, *weight));
            }
        }
        openings.sort_unstable_by_key(|(opening, weight)| (*opening, u8::MAX - weight));
        openings.dedup_by_key(|(opening, _)| *opening);
        openings
    }

    /// Reads the words of a query, afresh or as an earlier page of the answer read them.
    pub fn read(&self, text: &str, earlier: &[Reading], documents: usize) -> Vec<Match<'_>> {
        let mut lookups = NEAR_LOOKUPS;
        let words = words::of_query(text);
        words.iter().enumerate().map(|(at, word)| self.read_word(word, earlier.get(at), documents, &mut lookups)).collect()
    }

    fn read_word<'a>(&'a self, word: &str, earlier: Option<&Reading>, documents: usize, lookups: &mut usize) -> Match<'a> {
        let letters: Vec<char> = word.chars().collect();
        let mut classes = BTreeMap::new();
        if let Some(number) = self.numbers.get(word) {
            self.collect(*number, EXACT, &mut classes);
        }
        if letters.len() <= OPENING {
            let opening = letters.iter().fold(0, |opening, letter| packed(opening, *letter));
            self.openings.get(&opening).into_iter().for_each(|postings| postings.gather(BEGINNING, &mut classes));
        } else {
            self.beginning_with(word).take(MAX_EXPANSIONS).for_each(|number| self.collect(number, BEGINNING, &mut classes));
        }
        let near = earlier.map_or(classes.is_empty(), |reading| reading.near) && letters.len() >= NEAR_FROM;
        if near {
            let mut room = MAX_EXPANSIONS;
            for beginning in near::beginnings(&letters, &self.sorted, lookups) {
                for number in self.beginning_with(&beginning).take(room) {
                    self.collect(number, NEAR, &mut classes);
                    room -= 1;
                }
            }
        }
        let sets = |(class, gathered): (u32, Gathered<'a>)| gathered.sets().map(move |documents| (class, documents));
        let classes: Vec<_> = classes.into_iter().rev().flat_map(sets).collect();
        let found = classes.iter().map(|(_, documents)| documents.len()).max().unwrap_or(0);
        let rarity = earlier.map_or_else(|| (documents as u64 / found.max(1)).max(1).ilog2() as u8 + 1, |reading| reading.rarity);
        Match { classes, reading: Reading { rarity, near } }
    }

    fn beginning_with(&self, beginning: &str) -> impl Iterator<Item = u32> {
        near::from(&self.sorted, beginning).take_while(move |(word, _)| word.starts_with(beginning)).map(|(_, number)| *number)
    }

    fn collect<'a>(&'a self, number: u32, kind: u32, classes: &mut BTreeMap<u32, Gathered<'a>>) {
        self.words.get(number as usize).into_iter().for_each(|(_, postings)| postings.gather(kind, classes));
    }
}

impl Match<'_> {
    /// The sets whose union are the documents that match.
    pub fn sets(&self) -> Vec<&RoaringBitmap> {
        self.classes.iter().map(|(_, documents)| &**documents).collect()
    }

    /// What the word adds to a document's score.
    pub fn score(&self, document: u32) -> u32 {
        let best = self.classes.iter().find(|(_, documents)| documents.contains(document));
        best.map_or(0, |(class, _)| class * u32::from(self.reading.rarity))
    }
}

/// A beginning, one letter longer: 21 bits a letter, none of them zero.
fn packed(opening: u64, letter: char) -> u64 {
    opening << 21 | u64::from(u32::from(letter))
}
