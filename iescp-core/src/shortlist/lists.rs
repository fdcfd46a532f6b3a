//! The lists themselves.

use super::{MOST_ENTRIES, MOST_LISTS, Shortlist, ShortlistEntry};
use crate::{
    Likely, Operation, Page, PageRequest, Result,
    account::{Named, named},
    allowance::{self, Bounded},
    event::thing,
    id::{AccountId, ShortlistId},
    policy::{Action, Subject},
    store::{Read, Scan, keys::list},
    tx::Tx,
    value::Form,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Lists one's shortlists, the newest first.
#[derive(Clone, Debug, Default)]
pub struct ListShortlists {
    /// Which page.
    pub page: PageRequest,
}

impl Operation for ListShortlists {
    type Output = Page<Shortlist>;
    const ACTION: Action = Action::ListShortlists;

    fn foresees(&self, asker: Likely) -> Vec<Read> {
        self.page.ahead(list("shortlists-of").id(asker.account))
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Page<Shortlist>> {
        tx.allow(&Subject::PLATFORM)?;
        let me = tx.my_id()?;
        tx.page_of(list("shortlists-of").id(me), &self.page, |id| Shortlist::at(ShortlistId(id))).await
    }
}

/// Makes a shortlist.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MakeShortlist {
    /// What to call it: 1 to 80 characters.
    pub name: String,
}

impl Operation for MakeShortlist {
    type Output = Shortlist;
    const ACTION: Action = Action::MakeShortlist;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Shortlist> {
        tx.allow(&Subject::PLATFORM)?;
        let owner = tx.my_id()?;
        let mut form = Form::default();
        let name = form.line("name", &self.name);
        form.finish()?;
        allowance::take(tx, owner, Bounded::Shortlists, MOST_LISTS).await?;
        let shortlist = Shortlist { id: tx.new_id(), owner, name, entries: 0, created_at: tx.now() };
        tx.put(&shortlist)?;
        tx.happened([thing("shortlist", shortlist.id)], json!({}));
        Ok(shortlist)
    }
}

/// Shows a shortlist with a page of its entries, the latest first.
#[derive(Clone, Debug)]
pub struct ViewShortlist {
    /// Which.
    pub shortlist: ShortlistId,
    /// Which page of its entries.
    pub page: PageRequest,
}

/// A shortlist with a page of its entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortlistView {
    /// The list.
    pub shortlist: Shortlist,
    /// The version of the list; it changes with every entry.
    pub version: u64,
    /// Who is on it.
    pub entries: Page<Named<ShortlistEntry>>,
}

impl Operation for ViewShortlist {
    type Output = ShortlistView;
    const ACTION: Action = Action::ViewShortlist;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<ShortlistView> {
        let shortlist = Shortlist::fetch_allowed(tx, self.shortlist).await?;
        let version = tx.version_at(&Shortlist::at(shortlist.id)).await?;
        let ids = tx.page_of_ids_by_moment(list("shortlist-entries").id(shortlist.id), &self.page).await?;
        let keys: Vec<_> = ids.items.iter().map(|id| ShortlistEntry::at(shortlist.id, AccountId(*id))).collect();
        tx.load(&keys).await?;
        let mut items = Vec::with_capacity(keys.len());
        for key in keys {
            items.extend(tx.peek_at(key).await?);
        }
        let items = named(tx, items, |entry: &ShortlistEntry| entry.influencer).await?;
        Ok(ShortlistView { shortlist, version, entries: Page { items, next: ids.next } })
    }
}

/// Gives a shortlist another name.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditShortlist {
    /// Which.
    pub shortlist: ShortlistId,
    /// What to call it: 1 to 80 characters.
    pub name: String,
    /// The version the actor has read.
    #[serde(default)]
    pub version: Option<u64>,
}

impl Operation for EditShortlist {
    type Output = Shortlist;
    const ACTION: Action = Action::EditShortlist;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Shortlist> {
        let before = Shortlist::fetch_allowed(tx, self.shortlist).await?;
        tx.require_version(&Shortlist::at(before.id), self.version).await?;
        let mut form = Form::default();
        let name = form.line("name", &self.name);
        form.finish()?;
        let after = Shortlist { name, ..before.clone() };
        if after != before {
            tx.put(&after)?;
            tx.happened([thing("shortlist", after.id)], json!({}));
        }
        Ok(after)
    }
}

/// Removes a shortlist with all its entries.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoveShortlist {
    /// Which.
    pub shortlist: ShortlistId,
    /// The version the actor has read.
    #[serde(default)]
    pub version: Option<u64>,
}

impl Operation for RemoveShortlist {
    type Output = ();
    const ACTION: Action = Action::RemoveShortlist;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let shortlist = Shortlist::fetch_allowed(tx, self.shortlist).await?;
        tx.require_version(&Shortlist::at(shortlist.id), self.version).await?;
        // The list is held, and every entry changes it: no entry is added between this scan and the commit.
        let entries = Scan { limit: MOST_ENTRIES as usize, ..ShortlistEntry::all_of(shortlist.id) };
        let keys = tx.scan(entries).await?.into_iter().map(|(key, _)| key);
        let keys: Vec<_> = keys.collect();
        tx.load(&keys).await?;
        for key in keys {
            let entry: ShortlistEntry = tx.fetch_at(key).await?;
            tx.remove(&entry)?;
        }
        tx.remove(&shortlist)?;
        allowance::give_back(tx, shortlist.owner, Bounded::Shortlists).await?;
        tx.happened([thing("shortlist", shortlist.id)], json!({ "entries": shortlist.entries }));
        Ok(())
    }
}
