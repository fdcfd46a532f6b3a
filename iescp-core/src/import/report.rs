//! What became of every row: for people as text, for programs as JSON.
//!
//! **Not here**: deciding it (`users`, `campaigns`, `dealings`, `messages`).

use super::source::LeftColumn;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was brought over as it was.
    BroughtOver,
    /// It was brought over with changes.
    Changed,
    /// It was not brought over.
    Refused,
    /// It was there already.
    Unchanged,
}

/// What became of one row, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowReport {
    /// What the source knows it by: its id there, or its number in the table after a `#`.
    pub id: String,
    /// What became of it.
    pub outcome: Outcome,
    /// What it is here; nothing for what was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub here: Option<Uuid>,
    /// What was changed, or why it was refused, each a sentence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<String>,
}

/// What became of the rows of one table. The four numbers add up to its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableReport {
    /// The table.
    pub table: String,
    /// How many rows it has.
    pub rows: u64,
    /// How many were brought over as they were.
    pub brought_over: u64,
    /// How many were brought over with changes.
    pub changed: u64,
    /// How many were not brought over.
    pub refused: u64,
    /// How many were there already.
    pub unchanged: u64,
    /// Columns that hold something and were not brought over.
    pub columns_left: Vec<LeftColumn>,
    /// Every row, in the order of the table.
    pub all: Vec<RowReport>,
}

impl TableReport {
    pub(super) fn of(table: &str) -> Self {
        Self { table: table.to_owned(), ..Self::default() }
    }

    fn add(&mut self, id: String, outcome: Outcome, here: Option<Uuid>, why: Vec<String>) {
        self.rows += 1;
        match outcome {
            Outcome::BroughtOver => self.brought_over += 1,
            Outcome::Changed => self.changed += 1,
            Outcome::Refused => self.refused += 1,
            Outcome::Unchanged => self.unchanged += 1,
        }
        self.all.push(RowReport { id, outcome, here, why });
    }

    pub(super) fn brought(&mut self, id: String, here: impl Into<Uuid>, changes: Vec<String>) {
        let outcome = if changes.is_empty() { Outcome::BroughtOver } else { Outcome::Changed };
        self.add(id, outcome, Some(here.into()), changes);
    }

    pub(super) fn refused(&mut self, id: String, why: impl Into<String>) {
        self.add(id, Outcome::Refused, None, vec![why.into()]);
    }

    pub(super) fn unchanged(&mut self, id: String, here: impl Into<Uuid>) {
        self.add(id, Outcome::Unchanged, Some(here.into()), Vec::new());
    }

    /// Says of rows that were brought over what was changed in them, in their order.
    pub(super) fn complete(&mut self, finished: Vec<(String, Vec<String>)>) {
        let mut finished = finished.into_iter();
        let mut next = finished.next();
        for row in &mut self.all {
            let Some((id, changes)) = next.take_if(|(id, _)| *id == row.id && row.outcome == Outcome::BroughtOver) else {
                continue;
            };
            if !changes.is_empty() {
                row.outcome = Outcome::Changed;
                self.brought_over -= 1;
                self.changed += 1;
            }
            (row.id, row.why) = (id, changes);
            next = finished.next();
        }
    }

    /// The rows of which something must be said.
    pub fn remarkable(&self) -> impl Iterator<Item = &RowReport> {
        self.all.iter().filter(|row| !row.why.is_empty())
    }
}

/// What becomes of everything there is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What the source is called.
    pub source: String,
    /// The tables, in the order they are brought over.
    pub tables: Vec<TableReport>,
    /// Tables that were not looked at.
    pub tables_left: Vec<String>,
    /// What the budgets brought over add up to, in minor units; with those of an earlier run that this one completes.
    pub budgets: i64,
    /// What the earnings brought over add up to, in minor units; with those of an earlier run that this one completes.
    pub earnings: i64,
    /// What the person at the terminal should know besides.
    pub notes: Vec<String>,
}

impl Report {
    /// How many rows are brought over, as they were or with changes.
    #[must_use]
    pub fn new_rows(&self) -> u64 {
        self.tables.iter().map(|table| table.brought_over + table.changed).sum()
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}
