//! What is brought over, as it was found: tables of rows of loosely typed cells, and how fields are found in them by name.
//!
//! Installations kept texts as bytes, too, and in the letters of an old system. Such bytes are read as UTF-8, or else as Windows-1252
//! (the WHATWG's Encoding Standard, <https://encoding.spec.whatwg.org/#windows-1252>), and the report says so.
//!
//! **Not here**: where rows come from (a file of SQLite, a spreadsheet: whoever embeds this), what a cell means (`cell`).

use std::{borrow::Cow, collections::BTreeMap};

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
    /// Bytes, of which nobody said that they are a text in UTF-8.
    Bytes(Vec<u8>),
}

/// The characters of Windows-1252 from 0x80 to 0x9F; its others are those of Latin-1.
const FROM_80: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’', '“', '”',
    '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

impl Cell {
    /// Whether it says nothing: no value, or a blank text.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Null) || self.said().is_some_and(|said| said.trim().is_empty())
    }

    /// The text it holds, also where that was kept as bytes; nothing if it is a number, or bytes that are no text.
    #[must_use]
    pub fn said(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Bytes(bytes) => read(bytes).map(|(said, _)| said),
            _ => None,
        }
    }

    /// How its bytes were understood.
    fn as_bytes_are_read(&self) -> Option<String> {
        let Self::Bytes(bytes) = self else { return None };
        let how = match read(bytes) {
            Some((_, true)) => "was kept as bytes, and is read as a text".to_owned(),
            Some((_, false)) => "is no text in UTF-8, and is read as Windows-1252".to_owned(),
            None => format!("holds {} bytes that are no text, and was left out", bytes.len()),
        };
        Some(how)
    }
}

/// Bytes as a text, and whether that is UTF-8; nothing if they are a picture or the like.
fn read(bytes: &[u8]) -> Option<(Cow<'_, str>, bool)> {
    let is_text = |said: &str| !said.chars().any(|c| c.is_control() && !c.is_ascii_whitespace());
    if let Ok(said) = std::str::from_utf8(bytes) {
        return is_text(said).then_some((Cow::Borrowed(said), true));
    }
    let letter = |byte: &u8| match byte {
        0x80..=0x9f => FROM_80.get(usize::from(byte - 0x80)).copied().unwrap_or_default(),
        _ => char::from(*byte),
    };
    let said: String = bytes.iter().map(letter).collect();
    is_text(&said).then_some((Cow::Owned(said), false))
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
    /// What must be said of fields that hold bytes, each as a field and what became of it.
    pub(super) fn bytes(&self) -> impl Iterator<Item = String> {
        self.fields.places.iter().filter_map(|(field, place)| {
            let how = self.cells.get(*place)?.as_bytes_are_read()?;
            Some(format!("{field} {how}"))
        })
    }

    /// What a field holds; nothing where there is no such column.
    pub(super) fn get(&self, field: &str) -> &'a Cell {
        self.fields.places.get(field).and_then(|place| self.cells.get(*place)).unwrap_or(&Cell::Null)
    }
}

/// A column's name as it is compared: without regard to case, spaces and marks.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
