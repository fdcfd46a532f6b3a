//! What stands in the rows of an export.
//!
//! Cells say what they are, so that whoever writes them keeps numbers numbers and texts texts.

mod deals;
mod money;
mod supervision;

use super::ExportKind;
use crate::{
    Operation, Result, Tx,
    id::AccountId,
    policy::{Action, Subject},
    store::Key,
    value::Money,
};
use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

/// How many rows are made at once.
const AT_ONCE: usize = 1000;

/// One cell of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing, or nothing that is known.
    None,
    /// A text that people or the platform wrote.
    Text(String),
    /// A word of a closed set.
    Word(&'static str),
    /// An id.
    Id(Uuid),
    /// A number.
    Number(i64),
    /// An amount in the installation's currency.
    Amount(Money),
    /// A day.
    Day(Date),
    /// A moment.
    Moment(Timestamp),
    /// The installation's currency.
    Currency,
}

impl Cell {
    fn text(text: impl ToString) -> Self {
        Self::Text(text.to_string())
    }

    fn id(id: impl Into<Uuid>) -> Self {
        Self::Id(id.into())
    }

    /// What is there, or nothing.
    fn maybe<T>(value: Option<T>, cell: impl Fn(T) -> Self) -> Self {
        value.map_or(Self::None, cell)
    }

    fn count(number: impl TryInto<i64>) -> Self {
        number.try_into().map_or(Self::None, Self::Number)
    }
}

impl ExportKind {
    /// The names of the columns.
    #[must_use]
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Campaigns => deals::CAMPAIGN,
            Self::Requests => deals::REQUEST,
            Self::Collaborations => deals::COLLABORATION,
            Self::Ledger => money::LEDGER,
            Self::Statement => money::STATEMENT,
            Self::Accounts => supervision::ACCOUNT,
            Self::Audit => supervision::EVENT,
            Self::Everything => &[],
        }
    }
}

/// Reads rows of an export by their ids, in that order: for the worker. Those that are gone are left out. At most a thousand at
/// a time.
#[derive(Clone, Debug)]
pub struct ViewExportRows {
    /// Whose rows.
    pub owner: AccountId,
    /// What they are.
    pub kind: ExportKind,
    /// Which.
    pub ids: Vec<Uuid>,
    /// The moment by which it is told what the clock has ended.
    pub at: Timestamp,
}

impl Operation for ViewExportRows {
    type Output = Vec<Vec<Cell>>;
    const ACTION: Action = Action::ViewExportRows;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Vec<Cell>>> {
        tx.allow(&Subject::PLATFORM)?;
        let ids = self.ids.get(..self.ids.len().min(AT_ONCE)).unwrap_or_default();
        match self.kind {
            ExportKind::Campaigns => deals::campaigns(tx, ids).await,
            ExportKind::Requests => deals::requests(tx, ids, self.at).await,
            ExportKind::Collaborations => deals::collaborations(tx, ids).await,
            ExportKind::Ledger => money::ledger(tx, ids).await,
            ExportKind::Statement => money::statement(tx, ids).await,
            ExportKind::Accounts => supervision::accounts(tx, ids).await,
            ExportKind::Audit => supervision::events(tx, ids).await,
            ExportKind::Everything => Ok(Vec::new()),
        }
    }
}

/// Reads the records at these ids, in one round trip.
async fn records<R: crate::store::record::Record>(tx: &mut Tx<'_>, ids: &[Uuid], at: impl Fn(Uuid) -> Key) -> Result<Vec<R>> {
    let keys: Vec<Key> = ids.iter().map(|id| at(*id)).collect();
    tx.load(&keys).await?;
    let mut records = Vec::with_capacity(keys.len());
    for key in keys {
        records.extend(tx.peek_at(key).await?);
    }
    Ok(records)
}
