//! Shortlists: a sponsor's named lists of influencers, with private notes.
//!
//! A list and its entries are records of their own. Who adds or removes an entry changes the list, which counts them, so the
//! bound is exact and the list's version tells of every change in it.
//!
//! **Not here**: finding influencers (`search`).

mod entries;
mod full;
mod invariant;
mod lists;
#[cfg(test)]
mod tests;

pub use entries::{AddToShortlist, RemoveFromShortlist};
pub use full::{ListShortlistsFor, ShortlistFor, ShortlistInFull, Shortlisted, ShortlistsFor, ViewShortlistInFull};
pub(crate) use invariant::EntriesAreCounted;
pub use lists::{EditShortlist, ListShortlists, MakeShortlist, RemoveShortlist, ShortlistView, ViewShortlist};

use crate::{
    Error, Result,
    id::{AccountId, ShortlistId},
    policy::Subject,
    store::{
        Key, Scan,
        keys::{Table, list},
        record::{Derived, Record},
    },
    tx::Tx,
    value::{Line, Prose},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How many lists a sponsor may have.
pub const MOST_LISTS: u32 = 100;

/// How many influencers a list may hold.
pub const MOST_ENTRIES: u32 = 1000;

/// A named list of influencers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortlist {
    /// Its id.
    pub id: ShortlistId,
    /// Whose it is.
    pub owner: AccountId,
    /// What its owner calls it.
    pub name: Line<80>,
    /// How many influencers it holds.
    pub entries: u32,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Shortlist {
    /// Where a list is kept.
    #[must_use]
    pub fn at(id: ShortlistId) -> Key {
        Table::Shortlist.start().id(id).key()
    }

    /// As the policy sees it.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject::of(self.owner)
    }

    /// The list, once the policy has allowed the actor to do to it what they ask.
    async fn fetch_allowed(tx: &mut Tx<'_>, id: ShortlistId) -> Result<Self> {
        let shortlist: Self = tx.get_at(Self::at(id)).await?.ok_or(Error::NotFound)?;
        tx.allow(&shortlist.subject())?;
        Ok(shortlist)
    }
}

impl Record for Shortlist {
    const TABLE: Table = Table::Shortlist;

    fn key(&self) -> Key {
        Self::at(self.id)
    }

    fn derive(&self, derived: &mut Derived) {
        derived.listed(list("shortlists-of").id(self.owner).id(self.id).key());
    }
}

/// An influencer on a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortlistEntry {
    /// On which list.
    pub shortlist: ShortlistId,
    /// Who.
    pub influencer: AccountId,
    /// What the list's owner notes, for nobody else.
    pub note: Prose<1000>,
    /// Since when.
    pub added_at: Timestamp,
}

impl ShortlistEntry {
    /// Where an entry is kept.
    #[must_use]
    pub fn at(shortlist: ShortlistId, influencer: AccountId) -> Key {
        Table::ShortlistEntry.start().id(shortlist).id(influencer).key()
    }

    /// Where all entries of a list are kept.
    pub(crate) fn all_of(shortlist: ShortlistId) -> Scan {
        Table::ShortlistEntry.start().id(shortlist).range()
    }
}

impl Record for ShortlistEntry {
    const TABLE: Table = Table::ShortlistEntry;

    fn key(&self) -> Key {
        Self::at(self.shortlist, self.influencer)
    }

    fn derive(&self, derived: &mut Derived) {
        derived.listed(list("shortlist-entries").id(self.shortlist).moment(self.added_at).id(self.influencer).key());
    }
}
