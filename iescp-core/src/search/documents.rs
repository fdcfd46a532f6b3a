//! What the index keeps of each document, under the small number that stands for it in every set.

use super::{MISSING, query::Key};
use std::collections::HashMap;
use uuid::Uuid;

/// A document's words, by number, each with the weight of the heaviest text it is in.
pub(super) type Words = Box<[(u32, u8)]>;

/// The documents by number. Numbers of removed ones are given out again.
pub(super) struct Documents {
    numbers: HashMap<Uuid, u32>,
    ids: Vec<Uuid>,
    columns: Vec<Vec<i64>>,
    facets: Vec<Box<[u32]>>,
    words: Vec<Words>,
    free: Vec<u32>,
}

impl Documents {
    pub fn new(columns: usize) -> Self {
        Self {
            numbers: HashMap::new(),
            ids: Vec::new(),
            columns: vec![Vec::new(); columns],
            facets: Vec::new(),
            words: Vec::new(),
            free: Vec::new(),
        }
    }

    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    pub fn number(&self, id: Uuid) -> Option<u32> {
        self.numbers.get(&id).copied()
    }

    pub fn columns(&self) -> usize {
        self.columns.len()
    }

    /// The numbers given out, while none was given back.
    pub fn numbers(&self) -> std::ops::Range<u32> {
        0..self.ids.len() as u32
    }

    /// Keeps a document and gives it a number; none when all four billion are taken.
    pub fn add(&mut self, id: Uuid, numbers: &[i64], facets: Box<[u32]>, words: Words) -> Option<u32> {
        let number = match self.free.pop() {
            Some(number) => number,
            None => u32::try_from(self.ids.len()).ok().filter(|number| *number != u32::MAX)?,
        };
        self.numbers.insert(id, number);
        put(&mut self.ids, number, id);
        put(&mut self.facets, number, facets);
        put(&mut self.words, number, words);
        for (column, values) in self.columns.iter_mut().enumerate() {
            put(values, number, numbers.get(column).copied().unwrap_or(MISSING));
        }
        Some(number)
    }

    /// Forgets a document: its number may be given to another at once. Answers with its facets and words.
    pub fn remove(&mut self, number: u32) -> (Box<[u32]>, Words) {
        self.numbers.remove(&self.id(number));
        self.free.push(number);
        let place = number as usize;
        let facets = self.facets.get_mut(place).map(std::mem::take).unwrap_or_default();
        let words = self.words.get_mut(place).map(std::mem::take).unwrap_or_default();
        (facets, words)
    }

    pub fn id(&self, number: u32) -> Uuid {
        self.ids.get(number as usize).copied().unwrap_or_default()
    }

    pub fn facets(&self, number: u32) -> &[u32] {
        self.facets.get(number as usize).map_or(&[], |facets| facets)
    }

    pub fn words(&self, number: u32) -> &[(u32, u8)] {
        self.words.get(number as usize).map_or(&[], |words| words)
    }

    /// A column's numbers, by number of the document.
    pub fn values(&self, column: usize) -> &[i64] {
        self.columns.get(column).map_or(&[], Vec::as_slice)
    }

    pub fn value(&self, column: usize, number: u32) -> i64 {
        self.columns.get(column).and_then(|values| values.get(number as usize)).copied().unwrap_or(MISSING)
    }

    pub fn key(&self, column: usize, number: u32) -> Key {
        Key { value: self.value(column, number), id: self.id(number) }
    }

    /// Whether a document comes before a key; looks at its id only where the numbers are equal.
    pub fn is_before(&self, column: usize, number: u32, key: &Key) -> bool {
        let value = self.value(column, number);
        value < key.value || value == key.value && self.id(number).as_u128() < key.id.as_u128()
    }
}

/// Puts a value in its place, which is at most one past the end.
fn put<T>(values: &mut Vec<T>, number: u32, value: T) {
    match values.get_mut(number as usize) {
        Some(place) => *place = value,
        None => values.push(value),
    }
}
