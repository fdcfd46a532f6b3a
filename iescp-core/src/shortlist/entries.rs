//! Who is on a list.

use super::{MOST_ENTRIES, Shortlist, ShortlistEntry};
use crate::{
    Error, Operation, Result,
    account::{Account, Named, Role, name_of},
    event::thing,
    id::{AccountId, ShortlistId},
    policy::{Action, SeenBy},
    tx::Tx,
    value::Form,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Puts an influencer on a shortlist; of one who is on it, the note is changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddToShortlist {
    /// On which list.
    pub shortlist: ShortlistId,
    /// Whom.
    pub influencer: AccountId,
    /// A note for the list's owner alone: at most 1,000 characters.
    #[serde(default)]
    pub note: String,
}

impl Operation for AddToShortlist {
    type Output = Named<ShortlistEntry>;
    const ACTION: Action = Action::AddToShortlist;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Named<ShortlistEntry>> {
        let mut shortlist = Shortlist::fetch_allowed(tx, self.shortlist).await?;
        let mut form = Form::default();
        let note = form.prose("note", &self.note);
        form.finish()?;
        let before: Option<ShortlistEntry> = tx.get_at(ShortlistEntry::at(shortlist.id, self.influencer)).await?;
        let entry = match before.clone() {
            Some(before) => ShortlistEntry { note, ..before },
            None => {
                let account: Account = tx.peek_at(Account::at(self.influencer)).await?.ok_or(Error::NotFound)?;
                if account.role != Role::Influencer || account.profile_subject().seen_by != SeenBy::Everyone {
                    return Err(Error::NotFound);
                }
                if shortlist.entries >= MOST_ENTRIES {
                    let why = format!("A shortlist holds at most {MOST_ENTRIES} influencers.");
                    return Err(Error::not_now("too_many", why));
                }
                shortlist.entries += 1;
                ShortlistEntry { shortlist: shortlist.id, influencer: account.id, note, added_at: tx.now() }
            }
        };
        if before.as_ref() != Some(&entry) {
            tx.put(&entry)?;
            tx.put(&shortlist)?;
            tx.happened([thing("shortlist", shortlist.id), thing("account", self.influencer)], json!({}));
        }
        Ok(Named { name: name_of(tx, self.influencer).await?, of: entry })
    }
}

/// Takes an influencer off a shortlist.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoveFromShortlist {
    /// Off which list.
    pub shortlist: ShortlistId,
    /// Whom.
    pub influencer: AccountId,
}

impl Operation for RemoveFromShortlist {
    type Output = ();
    const ACTION: Action = Action::RemoveFromShortlist;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut shortlist = Shortlist::fetch_allowed(tx, self.shortlist).await?;
        let entry: ShortlistEntry = tx.fetch_at(ShortlistEntry::at(shortlist.id, self.influencer)).await?;
        shortlist.entries = shortlist.entries.saturating_sub(1);
        tx.remove(&entry)?;
        tx.put(&shortlist)?;
        tx.happened([thing("shortlist", shortlist.id), thing("account", self.influencer)], json!({}));
        Ok(())
    }
}
