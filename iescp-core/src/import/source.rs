//! What is brought over, as it was found: tables of rows of loosely typed cells, and how fields are found in them by name.
//!
//! **Not here**: where rows come from (a file of SQLite, a spreadsheet: whoever embeds this), what a cell means (`cell`).

use std::collections::BTreeMap;

/// One value as the source held it, whatever its column was declared to hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A whole number.
    Integer(i64),
    /// A floating-point number.
    Real(f64),
    /// A text.
    Text(String),
    /// So many bytes that are no text.
    Bytes(usize),
}

impl Cell {
    /// Whether it says nothing: no value, or a blank text.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

/// A table as it was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The columns' names.
    pub columns: Vec<String>,
    /// The rows, each with a cell for every column.
    pub rows: Vec<Vec<Cell>>,
}

/// Everything that is to be brought over from one place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Source {
    /// What the place is called. Ids follow from this name and the row, so the same rows under the same name are the same things.
    pub name: String,
    /// Who there is.
    pub users: Table,
    /// What sponsors want done.
    pub campaigns: Table,
    /// Who asked to take part.
    pub requests: Table,
    /// Who takes part.
    pub participations: Table,
    /// What was said.
    pub messages: Table,
    /// Other tables, which are not looked at.
    pub others: Vec<String>,
    /// Whether everybody needs an e-mail address that nobody has here: people of a spreadsheet, who have no password to bring along.
    pub by_address: bool,
}

/// A field with the names its column may have, besides its own: lower-case letters and digits only.
pub(super) type Known = (&'static str, &'static [&'static str]);

/// A table whose columns were found by name.
pub(super) struct Fields<'a> {
    table: &'a Table,
    places: BTreeMap<&'static str, usize>,
}

/// A column that holds something and was not brought over.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LeftColumn {
    /// Its name.
    pub column: String,
    /// In how many rows it holds something.
    pub values: u64,
}

impl<'a> Fields<'a> {
    /// Finds the fields of a table; of several columns that could be one, the first.
    pub(super) fn of(table: &'a Table, known: &[Known]) -> Self {
        let mut places = BTreeMap::new();
        for (place, column) in table.columns.iter().enumerate() {
            let name = plain(column);
            let field = known.iter().find(|(field, others)| plain(field) == name || others.contains(&name.as_str()));
            if let Some((field, _)) = field {
                places.entry(*field).or_insert(place);
            }
        }
        Self { table, places }
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.places.contains_key(field)
    }

    /// The rows, each with its number from 1.
    pub(super) fn rows(&'a self) -> impl Iterator<Item = Fielded<'a>> {
        self.table.rows.iter().zip(1..).map(|(cells, number)| Fielded { fields: self, cells, number })
    }

    /// The columns that hold something and that nobody knows.
    pub(super) fn left(&self) -> Vec<LeftColumn> {
        let taken: Vec<usize> = self.places.values().copied().collect();
        let columns = self.table.columns.iter().enumerate().filter(|(place, _)| !taken.contains(place));
        let counted = columns.map(|(place, column)| {
            let said = self.table.rows.iter().filter(|row| row.get(place).is_some_and(|cell| !cell.is_blank()));
            LeftColumn { column: column.clone(), values: said.count() as u64 }
        });
        counted.filter(|left| left.values > 0).collect()
    }
}

/// One row by its fields.
#[derive(Clone, Copy)]
pub(super) struct Fielded<'a> {
    fields: &'a Fields<'a>,
    cells: &'a [Cell],
    /// Its number in the table, from 1.
    pub number: i64,
}

impl<'a> Fielded<'a> {
    /// What a field holds; nothing where there is no such column.
    pub(super) fn get(&self, field: &str) -> &'a Cell {
        self.fields.places.get(field).and_then(|place| self.cells.get(*place)).unwrap_or(&Cell::Null)
    }
}

/// A column's name as it is compared: without regard to case, spaces and marks.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
