//! Shortlists with the people on them, as pages show them.
//!
//! **Not here**: changing them (`lists`, `entries`).

use super::{Shortlist, ShortlistEntry};
use crate::{
    Error, Likely, Operation, Page, PageRequest, Result,
    discovery::FoundInfluencer,
    id::{AccountId, ShortlistId},
    page::Tail,
    policy::{Action, Subject},
    store::{Read, keys::list},
    tx::Tx,
};
use serde::{Deserialize, Serialize};

/// Somebody on a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortlisted {
    /// Who, since when, with which note.
    pub entry: ShortlistEntry,
    /// The influencer, as long as everyone can see the profile.
    pub found: Option<FoundInfluencer>,
}

/// A shortlist with a page of those on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortlistInFull {
    /// The list.
    pub shortlist: Shortlist,
    /// The version of the list; it changes with every entry.
    pub version: u64,
    /// Who is on it, the latest first.
    pub people: Page<Shortlisted>,
}

/// Shows a shortlist with the profiles of those on it, the latest first.
#[derive(Clone, Debug)]
pub struct ViewShortlistInFull {
    /// Which.
    pub shortlist: ShortlistId,
    /// Which page of its entries.
    pub page: PageRequest,
}

impl Operation for ViewShortlistInFull {
    type Output = ShortlistInFull;
    const ACTION: Action = Action::ViewShortlistInFull;

    fn foresees(&self, _: Likely) -> Vec<Read> {
        let scan = self.page.scan_by(list("shortlist-entries").id(self.shortlist), Tail::MomentAndId).map(Read::Scan);
        scan.into_iter().chain([Read::Get(Shortlist::at(self.shortlist))]).collect()
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<ShortlistInFull> {
        let shortlist = Shortlist::fetch_allowed(tx, self.shortlist).await?;
        let version = tx.version_at(&Shortlist::at(shortlist.id)).await?;
        let ids = tx.page_of_ids_by_moment(list("shortlist-entries").id(shortlist.id), &self.page).await?;
        let people: Vec<AccountId> = ids.items.into_iter().map(AccountId).collect();
        let mut keys: Vec<_> = people.iter().map(|who| ShortlistEntry::at(shortlist.id, *who)).collect();
        keys.extend(people.iter().flat_map(|who| FoundInfluencer::keys(*who)));
        tx.load(&keys).await?;
        let mut items = Vec::with_capacity(people.len());
        for who in people {
            let Some(entry) = tx.peek_at(ShortlistEntry::at(shortlist.id, who)).await? else { continue };
            items.push(Shortlisted { entry, found: FoundInfluencer::of(tx, who).await? });
        }
        Ok(ShortlistInFull { shortlist, version, people: Page { items, next: ids.next } })
    }
}

/// A list, and whether a certain influencer is on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortlistFor {
    /// The list.
    pub shortlist: Shortlist,
    /// The influencer's place on it.
    pub entry: Option<ShortlistEntry>,
}

/// One's lists, and on which of them a certain influencer is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortlistsFor {
    /// Who.
    pub influencer: FoundInfluencer,
    /// The lists.
    pub lists: Page<ShortlistFor>,
}

/// Lists one's shortlists, the newest first, with the place of an influencer on each.
#[derive(Clone, Debug)]
pub struct ListShortlistsFor {
    /// Who.
    pub influencer: AccountId,
    /// Which page.
    pub page: PageRequest,
}

impl Operation for ListShortlistsFor {
    type Output = ShortlistsFor;
    const ACTION: Action = Action::ListShortlistsFor;

    fn foresees(&self, asker: Likely) -> Vec<Read> {
        let found = Read::all(FoundInfluencer::keys(self.influencer));
        self.page.ahead(list("shortlists-of").id(asker.account)).into_iter().chain(found).collect()
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<ShortlistsFor> {
        tx.allow(&Subject::PLATFORM)?;
        let me = tx.my_id()?;
        let influencer = FoundInfluencer::of(tx, self.influencer).await?.ok_or(Error::NotFound)?;
        let ids = tx.page_of_ids(list("shortlists-of").id(me), &self.page).await?;
        let lists: Vec<ShortlistId> = ids.items.into_iter().map(ShortlistId).collect();
        let at = |id: &ShortlistId| [Shortlist::at(*id), ShortlistEntry::at(*id, self.influencer)];
        tx.load(&lists.iter().flat_map(at).collect::<Vec<_>>()).await?;
        let mut items = Vec::with_capacity(lists.len());
        for id in lists {
            let Some(shortlist) = tx.peek_at(Shortlist::at(id)).await? else { continue };
            items.push(ShortlistFor { shortlist, entry: tx.peek_at(ShortlistEntry::at(id, self.influencer)).await? });
        }
        Ok(ShortlistsFor { influencer, lists: Page { items, next: ids.next } })
    }
}
