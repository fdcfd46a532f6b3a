//! THE list of what the store's tables hold, and how each is read.

use crate::{
    Error, Result,
    account::{Account, Credentials, Erasure, FirstAdmin, Influencer, Link, Sponsor},
    allowance::Allowance,
    campaign::Campaign,
    chat::Chat,
    collaboration::{Agreement, Collaboration, Dispute, Results, Review, Submission},
    demo::Demo,
    downtime::Downtime,
    event::{Event, Unsealed},
    export::Export,
    import::Imports,
    ledger::{Payment, Payout, Transfer},
    message::{Block, Message, Thread},
    moderation::{AbuseReport, audit::Seal},
    notification::{Notification, Preferences},
    once::Remembered,
    outbox::OutboxItem,
    picture::Picture,
    report::{DailyFigures, MonthlyReport, Reminded},
    request::{Offer, Request},
    session::{Session, Token, attempts::Attempts},
    shortlist::{Shortlist, ShortlistEntry},
    store::{
        Key,
        keys::Table,
        record::{Derived, Entry, Record, decode},
    },
    upgrade::Layout,
};
use std::any::Any;

/// A record that was read.
pub(super) struct Seen {
    pub record: Box<dyn Any>,
    /// Where it says it stands.
    pub key: Key,
    /// What follows from it.
    pub derived: Derived,
}

/// How the records of a table are read.
pub(super) struct Kind {
    pub table: Table,
    read: fn(&[u8]) -> Result<Seen>,
}

const fn kind<R: Record>() -> Kind {
    Kind { table: R::TABLE, read: read_as::<R> }
}

fn read_as<R: Record>(bytes: &[u8]) -> Result<Seen> {
    let record: R = decode(bytes)?;
    Ok(Seen { key: record.key(), derived: Derived::of(&record), record: Box::new(record) })
}

/// Every kind of record. A table with several has several rows, of which the first that reads a record counts.
pub(super) const KINDS: &[Kind] = &[
    kind::<Downtime>(),
    kind::<FirstAdmin>(),
    kind::<Demo>(),
    kind::<Layout>(),
    kind::<Imports>(),
    kind::<Account>(),
    kind::<Credentials>(),
    kind::<Influencer>(),
    kind::<Sponsor>(),
    kind::<Preferences>(),
    kind::<Session>(),
    kind::<Token>(),
    kind::<Link>(),
    kind::<Attempts>(),
    kind::<Remembered>(),
    kind::<Campaign>(),
    kind::<Request>(),
    kind::<Offer>(),
    kind::<Collaboration>(),
    kind::<Agreement>(),
    kind::<Submission>(),
    kind::<Dispute>(),
    kind::<Results>(),
    kind::<Review>(),
    kind::<Transfer>(),
    kind::<Payment>(),
    kind::<Payout>(),
    kind::<Thread>(),
    kind::<Message>(),
    kind::<Block>(),
    kind::<Notification>(),
    kind::<AbuseReport>(),
    kind::<Shortlist>(),
    kind::<ShortlistEntry>(),
    kind::<Event>(),
    kind::<Unsealed>(),
    kind::<Seal>(),
    kind::<OutboxItem>(),
    kind::<Allowance>(),
    kind::<DailyFigures>(),
    kind::<Picture>(),
    kind::<Export>(),
    kind::<MonthlyReport>(),
    kind::<Reminded>(),
    kind::<Chat>(),
    kind::<Erasure>(),
];

/// Reads a record of a table.
pub(super) fn read(table: Table, key: &Key, bytes: &[u8]) -> Result<Seen> {
    let mut why = Error::Corrupt("no such record is known to this program".into());
    let mut misplaced = None;
    for kind in KINDS.iter().filter(|kind| kind.table == table) {
        match (kind.read)(bytes) {
            Ok(seen) if seen.key == *key => return Ok(seen),
            Ok(seen) => misplaced = Some(seen),
            Err(error) => why = error,
        }
    }
    misplaced.ok_or(why)
}

/// The table of a record's key; nothing for derived keys.
pub(super) fn record_table(key: &Key) -> Option<Table> {
    let byte = key.0.first()?;
    Table::RECORDS.into_iter().find(|table| *table as u8 == *byte)
}

/// Whether a derived key is a counter.
pub(super) fn is_counter(key: &Key) -> bool {
    [Table::Tally, Table::Balance, Table::Room].iter().any(|table| key.0.first() == Some(&(*table as u8)))
}

/// A stored derived key as records call for it: nothing for records; nothing inside where it has no such form.
pub(super) fn stored_entry(table: Table, bytes: &[u8]) -> Option<Option<Entry>> {
    if !Table::DERIVED.contains(&table) {
        return None;
    }
    Some(match table {
        Table::List | Table::Due => bytes.is_empty().then_some(Entry::Listed),
        Table::Tally | Table::Balance | Table::Room => {
            bytes.try_into().ok().map(|bytes| Entry::Count { by: i64::from_be_bytes(bytes), floor: None })
        }
        _ => Some(Entry::Unique(bytes.to_vec())),
    })
}
