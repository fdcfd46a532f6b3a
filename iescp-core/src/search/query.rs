//! What is asked of the index, and what it answers.

use super::{Facet, MISSING};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use uuid::Uuid;

/// The most ids one page holds, whatever its query says.
pub const MAX_LIMIT: usize = 200;

/// A search. Everything in it must hold at once; what is left empty filters nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Words, all of which must be found: each is the beginning of a word of the document, or, from five letters on and when no word
    /// begins so, one slip of the finger away from it. A text without any letter or digit filters nothing.
    pub text: Option<String>,
    /// Groups of facets, each of which must be satisfied.
    pub facets: Vec<AnyOf>,
    /// Ranges of numbers.
    pub ranges: Vec<Range>,
    /// In which order the answer comes.
    pub sort: Sort,
    /// Where the page before ended ([`Page::next`]), under the same query.
    pub after: Option<Cursor>,
    /// How many ids are wanted: from 1 to [`MAX_LIMIT`].
    pub limit: usize,
}

/// Facets of which a document must have at least one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnyOf(pub Vec<Facet>);

/// The numbers a column may hold, both ends included. A document without a number there is in no range, not even an open one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// Which column; no document has a number in a column the index lacks.
    pub column: usize,
    /// The least number, or none.
    pub min: Option<i64>,
    /// The greatest number, or none.
    pub max: Option<i64>,
}

impl Range {
    /// What two ranges of a column have in common.
    pub(super) fn common(&self, other: &Self) -> Self {
        let max = self.max.into_iter().chain(other.max).min();
        Self { column: self.column, min: self.min.max(other.min), max }
    }

    /// The least and the greatest number it holds; the least is never [`MISSING`].
    pub(super) fn ends(&self) -> (i64, i64) {
        (self.min.unwrap_or(MISSING).max(MISSING + 1), self.max.unwrap_or(i64::MAX))
    }

    pub(super) fn holds(&self, number: i64) -> bool {
        let (min, max) = self.ends();
        min <= number && number <= max
    }
}

/// An order of answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// How well the text fits, then how popular; only the latter when there is no text, or when more documents fit it than can be weighed.
    #[default]
    Relevance,
    /// By the numbers of a column, those without one last; equals follow their ids in the same direction.
    /// A column the index lacks stands for the popular one.
    Column {
        /// Which column.
        column: usize,
        /// The greatest first.
        descending: bool,
    },
}

/// A place in an answer, to continue from. It stays good while documents come and go: what was there all along comes exactly once.
/// Clients carry it without looking inside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    #[serde(flatten)]
    pub(super) place: Place,
    /// Whether the answer is ordered by score first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) scored: bool,
    /// How each word of the text was read, so that later pages read it the same way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) readings: Vec<Reading>,
}

/// Where a document stands in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    pub score: u32,
    #[serde(flatten)]
    pub key: Key,
}

impl Place {
    /// Which of two comes first: the better score, then the key in the direction asked for, with missing numbers last.
    pub fn order(&self, other: &Self, descending: bool) -> Ordering {
        let missing = (self.key.value == MISSING).cmp(&(other.key.value == MISSING));
        let key = if descending { other.key.cmp(&self.key) } else { self.key.cmp(&other.key) };
        other.score.cmp(&self.score).then(missing).then(key)
    }
}

/// Where a document stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Key {
    pub value: i64,
    pub id: Uuid,
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        // As numbers, ids compare as they do as bytes, without a call for each.
        self.value.cmp(&other.value).then_with(|| self.id.as_u128().cmp(&other.id.as_u128()))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// How a word of the text was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reading {
    /// How rare the word is among the documents, from 1.
    pub rarity: u8,
    /// Whether slips of the finger were allowed.
    pub near: bool,
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The documents found, in order.
    pub ids: Vec<Uuid>,
    /// Where the next page starts; none after the last.
    pub next: Option<Cursor>,
    /// The search stopped at the bound of its work: there may be more, and `next` looks on from there, even when `ids` is empty.
    pub unfinished: bool,
}
