//! EVERY key in the store, one constructor a row.
//!
//! A key is one byte for its table, then components that keep the order of what they say: ids (16 bytes), numbers (8 bytes,
//! big-endian), moments (milliseconds since 1970), words (escaped and closed, so that no word can reach into the next
//! component). A key ending in an id is paged by that id; ids are UUIDv7, so that is also the order of making.
//!
//! | records | key after the table's byte |
//! |---|---|
//! | meta | word |
//! | account, credentials, influencer, sponsor, preferences, chat, erasure | account |
//! | session | session |
//! | token | token |
//! | link | link |
//! | attempts | hash of what is tried and by whom |
//! | remembered | hash of account, route and key |
//! | campaign | campaign |
//! | request | request |
//! | offer | request, number |
//! | collaboration, agreement | collaboration |
//! | submission, dispute | collaboration, number |
//! | results | collaboration, number (deliverable), number (report) |
//! | review | collaboration, word (by which side) |
//! | transfer | transfer |
//! | payment | payment |
//! | payout | payout |
//! | thread | sponsor, influencer |
//! | message | sponsor, influencer, message |
//! | block | who blocks, whom |
//! | notification | account, notification |
//! | abuse report | report |
//! | shortlist | shortlist |
//! | shortlist entry | shortlist, influencer |
//! | event | event |
//! | unsealed | event |
//! | seal | number |
//! | outbox | event, number |
//! | allowance | account, word (for what) |
//! | figures | word (which day) |
//! | picture | picture |
//! | export | export |
//! | report | account, word (which month) |
//! | last reminder | account |
//!
//! | derived | key after the table's byte | leads to |
//! |---|---|---|
//! | account by username / by e-mail | word, lower case | account |
//! | session by secret | SHA-256 | session |
//! | request open for | campaign, influencer | the one open request |
//! | collaboration of | request | collaboration |
//! | agreement number | campaign, number | collaboration |
//! | list | word (which list), words and ids (of what), id | – |
//! | due | moment, word (what is due), id | – |
//! | tally | word (of what), words and ids | a number |
//! | balance | ledger account | minor units, guarded |
//! | room | campaign | budget less what is committed, guarded |
//!
//! Lists and tallies are named where the record that makes them is defined: see each record's `derive`.

use super::{Key, Scan};
use jiff::Timestamp;
use uuid::Uuid;

/// The first byte of a key. Numbers are never reused; a table that goes leaves its number behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[allow(missing_docs, reason = "the module's table says what each holds")]
pub enum Table {
    Meta = 1,
    Account = 2,
    Credentials = 3,
    Influencer = 4,
    Sponsor = 5,
    Preferences = 6,
    Session = 7,
    Token = 8,
    Link = 9,
    Attempts = 10,
    Remembered = 11,
    Campaign = 12,
    Request = 13,
    Offer = 14,
    Collaboration = 15,
    Agreement = 16,
    Submission = 17,
    Dispute = 18,
    Results = 19,
    Review = 20,
    Transfer = 21,
    Payout = 22,
    Thread = 23,
    Message = 24,
    Block = 25,
    Notification = 26,
    AbuseReport = 27,
    Shortlist = 28,
    ShortlistEntry = 29,
    Event = 30,
    Unsealed = 31,
    Seal = 32,
    Outbox = 33,
    Payment = 34,
    Allowance = 40,
    Figures = 41,
    Picture = 42,
    Reminded = 43,
    Export = 45,
    Report = 46,
    Chat = 47,
    Erasure = 48,

    AccountByUsername = 128,
    AccountByEmail = 129,
    SessionBySecret = 130,
    RequestOpenFor = 132,
    CollaborationOf = 133,
    AgreementNumber = 134,
    List = 135,
    Due = 136,
    Tally = 137,
    Balance = 138,
    Room = 139,
}

impl Table {
    /// The tables that hold records.
    pub(crate) const RECORDS: [Self; 42] = [
        Self::Meta,
        Self::Account,
        Self::Credentials,
        Self::Influencer,
        Self::Sponsor,
        Self::Preferences,
        Self::Session,
        Self::Token,
        Self::Link,
        Self::Attempts,
        Self::Remembered,
        Self::Campaign,
        Self::Request,
        Self::Offer,
        Self::Collaboration,
        Self::Agreement,
        Self::Submission,
        Self::Dispute,
        Self::Results,
        Self::Review,
        Self::Transfer,
        Self::Payout,
        Self::Thread,
        Self::Message,
        Self::Block,
        Self::Notification,
        Self::AbuseReport,
        Self::Shortlist,
        Self::ShortlistEntry,
        Self::Event,
        Self::Unsealed,
        Self::Seal,
        Self::Outbox,
        Self::Payment,
        Self::Allowance,
        Self::Figures,
        Self::Picture,
        Self::Reminded,
        Self::Export,
        Self::Report,
        Self::Chat,
        Self::Erasure,
    ];

    /// The tables that hold what follows from records, and nothing of their own.
    pub(crate) const DERIVED: [Self; 11] = [
        Self::AccountByUsername,
        Self::AccountByEmail,
        Self::SessionBySecret,
        Self::RequestOpenFor,
        Self::CollaborationOf,
        Self::AgreementNumber,
        Self::List,
        Self::Due,
        Self::Tally,
        Self::Balance,
        Self::Room,
    ];

    /// Begins a key of this table.
    #[must_use]
    pub fn start(self) -> KeyParts {
        KeyParts(vec![self as u8])
    }

    /// Every key of this table.
    #[must_use]
    pub fn all(self) -> Scan {
        self.start().range()
    }
}

/// A key being put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyParts(Vec<u8>);

impl KeyParts {
    /// Adds an id.
    #[must_use]
    pub fn id(mut self, id: impl Into<Uuid>) -> Self {
        self.0.extend_from_slice(id.into().as_bytes());
        self
    }

    /// Adds a number.
    #[must_use]
    pub fn number(mut self, number: u64) -> Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    /// Adds a moment, to the millisecond; moments before 1970 count as 1970.
    #[must_use]
    pub fn moment(self, moment: Timestamp) -> Self {
        self.number(u64::try_from(moment.as_millisecond()).unwrap_or(0))
    }

    /// Adds a word: any text, ordered as its bytes. A zero byte is written `00 ff`, the end `00 01`.
    #[must_use]
    pub fn word(mut self, word: &str) -> Self {
        for byte in word.bytes() {
            self.0.push(byte);
            if byte == 0 {
                self.0.push(0xff);
            }
        }
        self.0.extend_from_slice(&[0, 1]);
        self
    }

    /// Adds bytes of a fixed length, such as a hash.
    #[must_use]
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// The key.
    #[must_use]
    pub fn key(self) -> Key {
        Key(self.0)
    }

    /// Every key that begins with these components.
    #[must_use]
    pub fn range(self) -> Scan {
        let mut to = self.0.clone();
        while let Some(last) = to.pop() {
            if last < 0xff {
                to.push(last + 1);
                break;
            }
        }
        Scan { from: Key(self.0), to: Key(to), descending: false, limit: usize::MAX }
    }
}

impl Key {
    /// The id a key ends in.
    #[must_use]
    pub fn last_id(&self) -> Option<Uuid> {
        let at = self.0.len().checked_sub(16)?;
        Uuid::from_slice(self.0.get(at..)?).ok()
    }
}

/// The one record of this name that describes the store itself.
#[must_use]
pub fn meta(name: &str) -> Key {
    Table::Meta.start().word(name).key()
}

/// Begins the entries of one list, such as `list("campaigns-of").id(sponsor)`; a list entry ends in the id of what is listed.
#[must_use]
pub fn list(name: &str) -> KeyParts {
    Table::List.start().word(name)
}

/// Begins the counters of one tally, such as `tally("accounts").word("sponsor")`.
#[must_use]
pub fn tally(name: &str) -> KeyParts {
    Table::Tally.start().word(name)
}

/// Where it stands that something must be done at a moment.
#[must_use]
pub fn due(moment: Timestamp, what: &str, id: impl Into<Uuid>) -> Key {
    Table::Due.start().moment(moment).word(what).id(id).key()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    enum Part {
        Word(String),
    }

    fn built(words: &[Part]) -> Key {
        words.iter().fold(Table::Meta.start(), |key, Part::Word(word)| key.word(word)).key()
    }

    proptest! {
        /// S-42: keys keep the order of what they say and never run into each other.
        #[test]
        fn keys_keep_order_and_never_collide(
            a in prop::collection::vec("[\\x00-\\x02a-c\u{10ffff}]{0,4}".prop_map(Part::Word), 2),
            b in prop::collection::vec("[\\x00-\\x02a-c\u{10ffff}]{0,4}".prop_map(Part::Word), 2),
        ) {
            prop_assert_eq!(built(&a) == built(&b), a == b);
            prop_assert_eq!(built(&a).cmp(&built(&b)), a.cmp(&b));
        }

        #[test]
        fn a_range_holds_what_begins_with_it_and_nothing_else(prefix in "[\\x00a\u{ff}]{0,3}", other in "[\\x00a\u{ff}]{0,3}") {
            let range = Table::List.start().word(&prefix).range();
            let key = Table::List.start().word(&other).number(7).key();
            prop_assert_eq!(range.from <= key && key < range.to, prefix == other);
        }
    }

    #[test]
    fn tables_and_their_numbers_do_not_change_by_accident() {
        let derived: Vec<u8> = Table::DERIVED.iter().map(|table| *table as u8).collect();
        // 131 was a table once.
        assert_eq!(derived, (128..=130).chain(132..=139).collect::<Vec<u8>>());
    }

    #[test]
    fn the_two_lists_of_tables_name_every_table_once() {
        let declared: Vec<&str> = include_str!("keys.rs")
            .lines()
            .skip_while(|line| !line.starts_with("pub enum Table"))
            .take_while(|line| *line != "}")
            .filter_map(|line| line.trim().split_once(" = ").map(|(name, _)| name))
            .collect();
        let listed: Vec<String> = Table::RECORDS.iter().chain(&Table::DERIVED).map(|table| format!("{table:?}")).collect();
        assert_eq!(listed, declared);
        assert!(Table::RECORDS.iter().all(|table| (*table as u8) < 128));
    }
}
