//! What was brought over from where, and whether all of it landed: a mark that is set before the first row and changed after the
//! last, so that nobody serves the half of a history.

use crate::{
    Error, Operation, Result, Tx,
    policy::{Action, Subject},
    store::{
        Key,
        keys::{Table, meta},
        record::Record,
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was brought over, by the names of the sources.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imports {
    /// The sources.
    pub sources: BTreeMap<String, Import>,
}

/// What was brought over from one source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// When it was last begun.
    pub begun_at: Timestamp,
    /// When it was done; nothing if it broke off, or is going on.
    pub finished_at: Option<Timestamp>,
    /// How many rows were to be written when it was last begun.
    pub rows: u64,
    /// By which users the source is known again: V2's ids and a hash of who they are.
    pub marks: BTreeMap<i64, String>,
}

impl Imports {
    pub(super) fn at() -> Key {
        meta("imports")
    }

    /// The source whose rows are not all there, if there is one.
    #[must_use]
    pub fn unfinished(&self) -> Option<&str> {
        self.sources.iter().find(|(_, import)| import.finished_at.is_none()).map(|(name, _)| name.as_str())
    }
}

impl Record for Imports {
    const TABLE: Table = Table::Meta;

    fn key(&self) -> Key {
        Self::at()
    }
}

/// What was brought over into this store.
#[derive(Clone, Copy, Debug, Default)]
pub struct ViewImports;

impl Operation for ViewImports {
    type Output = Imports;
    const ACTION: Action = Action::ViewImports;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Imports> {
        tx.allow(&Subject::PLATFORM)?;
        Ok(tx.peek_at(Imports::at()).await?.unwrap_or_default())
    }
}

/// Says that rows are about to be written.
pub(super) struct BeginImport<'a> {
    pub source: &'a str,
    pub rows: u64,
    pub marks: &'a BTreeMap<i64, String>,
}

impl Operation for BeginImport<'_> {
    type Output = ();
    const ACTION: Action = Action::BeginImport;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        tx.quietly();
        let mut imports: Imports = tx.get_at(Imports::at()).await?.unwrap_or_default();
        if let Some(other) = imports.unfinished().filter(|other| *other != self.source) {
            let why = format!("Bringing over “{other}” broke off. Finish that first, with the same command.");
            return Err(Error::not_now("import_unfinished", why));
        }
        let earlier = imports.sources.get(self.source).map(|import| import.marks.clone()).unwrap_or_default();
        let marks = earlier.into_iter().chain(self.marks.clone()).collect();
        let import = Import { begun_at: tx.now(), finished_at: None, rows: self.rows, marks };
        imports.sources.insert(self.source.to_owned(), import);
        tx.put(&imports)
    }
}
