//! What goes into the index.

use uuid::Uuid;

/// The number of a document that has none in a column (unrated, no rate): it sorts last in both directions and no range holds it.
pub const MISSING: i64 = i64::MIN;

/// One thing that can be found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Whose document it is; inserting the same id again replaces it.
    pub id: Uuid,
    /// What it can be filtered by. Repetitions count once.
    pub facets: Vec<Facet>,
    /// What it can be sorted by and what ranges are asked of, by column. Too few are filled up with [`MISSING`], too many are dropped.
    pub numbers: Vec<i64>,
    /// What its words are, each text with its weight: a match in a text of weight 4 counts twice as much as one of weight 2.
    pub text: Vec<(u8, String)>,
}

/// A property a document has or has not: a field and one of its values, compared exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Facet {
    /// Which field; the numbers are the caller's.
    pub field: u8,
    /// Its value, as the caller normalised it.
    pub value: String,
}

impl Facet {
    /// A field's value.
    pub fn new(field: u8, value: impl Into<String>) -> Self {
        Self { field, value: value.into() }
    }
}
