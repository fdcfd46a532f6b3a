//! Any bytes as a record of any kind, and any components as a key: nothing panics, what can be read is written back the same,
//! and keys keep the order of what they say.
#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use iescp_core::account::{Account, Influencer, Sponsor};
use iescp_core::campaign::Campaign;
use iescp_core::check::{Options, check};
use iescp_core::collaboration::{Agreement, Collaboration, Dispute, Results, Review, Submission};
use iescp_core::event::Event;
use iescp_core::ledger::{Payment, Payout, Transfer};
use iescp_core::message::{Block, Message, Thread};
use iescp_core::moderation::{AbuseReport, audit::Seal};
use iescp_core::notification::{Notification, Preferences};
use iescp_core::outbox::OutboxItem;
use iescp_core::report::DailyFigures;
use iescp_core::request::{Offer, Request};
use iescp_core::session::{Session, Token};
use iescp_core::shortlist::{Shortlist, ShortlistEntry};
use iescp_core::store::record::{Derived, Record, decode, encode};
use iescp_core::store::{Batch, Key, MemoryStore, Store, Write, keys};
use iescp_core::{Actor, Platform};
use libfuzzer_sys::fuzz_target;
use uuid::Uuid;

/// Reads, writes, reads and writes again.
fn there_and_back<R: Record>(bytes: &[u8]) -> Option<Key> {
    let record: R = decode(bytes).ok()?;
    record.derive(&mut Derived::default());
    let written = encode(&record).expect("what was read can be written");
    let again: R = decode(&written).expect("what was written can be read");
    assert_eq!(encode(&again).expect("and written again"), written);
    assert_eq!(again.key(), record.key());
    Some(record.key())
}

macro_rules! kinds {
    ($($kind:ident),+ $(,)?) => { &[$((<$kind as Record>::TABLE as u8, there_and_back::<$kind>)),+] };
}

type Kind = (u8, fn(&[u8]) -> Option<Key>);

/// The kinds of records that are public; `check` reads the others too.
const KINDS: &[Kind] = kinds![
    Account,
    Influencer,
    Sponsor,
    Campaign,
    Agreement,
    Collaboration,
    Dispute,
    Results,
    Review,
    Submission,
    Event,
    Payment,
    Payout,
    Transfer,
    Block,
    Message,
    Thread,
    AbuseReport,
    Seal,
    Notification,
    Preferences,
    OutboxItem,
    DailyFigures,
    Offer,
    Request,
    Session,
    Token,
    Shortlist,
    ShortlistEntry,
];

/// Lays bytes into a store under a key, and lets `check` read all of it.
fn checked(key: Key, bytes: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let store = MemoryStore::new();
        let batch = Batch { writes: vec![Write::Put(key, bytes.to_vec())], ..Batch::default() };
        if store.commit(batch).await.is_err() {
            return;
        }
        let platform = Platform::builder(store).open().expect("the platform opens");
        check(&platform, &Actor::terminal(), Options::default(), &mut |_| ()).await.expect("a report, whatever is found");
    });
}

#[derive(Arbitrary, Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Components {
    word: String,
    number: u64,
    other: String,
    id: [u8; 16],
}

impl Components {
    fn key(&self) -> Key {
        keys::list(&self.word).number(self.number).word(&self.other).id(Uuid::from_bytes(self.id)).key()
    }
}

fn keys_in_order(mut unstructured: Unstructured<'_>) {
    let Ok([a, b]) = <[Components; 2]>::arbitrary(&mut unstructured) else { return };
    assert_eq!(a.key().cmp(&b.key()), a.cmp(&b));
    assert_eq!(a.key().last_id(), Some(Uuid::from_bytes(a.id)));
    let range = keys::list(&a.word).range();
    assert_eq!(range.from <= b.key() && b.key() < range.to, a.word == b.word);
    let _short = Key(a.word.into_bytes()).last_id();
}

// The first byte says which table, the rest is what the table holds there; the key is the record's own, or the rest's start.
fuzz_target!(|input: &[u8]| {
    let Some((&table, bytes)) = input.split_first() else { return };
    let own = KINDS.iter().filter(|(of, _)| *of == table).find_map(|(_, back)| back(bytes));
    let misplaced = || Key([&[table], bytes.get(..16).unwrap_or_default()].concat());
    checked(own.unwrap_or_else(misplaced), bytes);
    keys_in_order(Unstructured::new(bytes));
});
