//! A sponsor's named lists of influencers, with private notes.

use super::listing::{list, listed, told, wanted};
use super::{
    Body, Chapter, Cursor, Done, Failure, IfMatch, IfNoneMatch, Limit, Listed, Made, Nothing, Once, Patch, Shown, Timestamp,
};
use crate::identity::SignedIn;
use iescp_core::PageRequest;
use iescp_core::account::Named;
use iescp_core::shortlist::{
    AddToShortlist, EditShortlist, ListShortlists, MakeShortlist, RemoveFromShortlist, RemoveShortlist, Shortlist as List,
    ShortlistEntry, ViewShortlist,
};
use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

/// The operations.
pub struct Shortlists;

/// A named list of influencers.
#[derive(Object)]
struct Shortlist {
    /// Its id.
    id: Uuid,
    /// What its owner calls it.
    name: String,
    /// How many influencers it holds.
    entries: u32,
    /// When it was made.
    created_at: Timestamp,
}

impl From<List> for Shortlist {
    fn from(list: List) -> Self {
        Self { id: list.id.into(), name: list.name.to_string(), entries: list.entries, created_at: Timestamp(list.created_at) }
    }
}

/// An influencer on a list.
#[derive(Object)]
struct ShortlistedInfluencer {
    /// Who.
    influencer_id: Uuid,
    /// What they are called.
    name: String,
    /// What the list's owner notes, for nobody else.
    note: String,
    /// Since when.
    added_at: Timestamp,
}

impl From<Named<ShortlistEntry>> for ShortlistedInfluencer {
    fn from(Named { of: entry, name }: Named<ShortlistEntry>) -> Self {
        Self { influencer_id: entry.influencer.into(), name, note: entry.note.to_string(), added_at: Timestamp(entry.added_at) }
    }
}

/// What a list is called.
#[derive(Object)]
struct ShortlistName {
    /// 1 to 80 characters.
    #[oai(validator(min_length = 1, max_length = 160))]
    name: String,
}

/// What the list's owner notes.
#[derive(Object)]
struct ShortlistNote {
    /// At most 1,000 characters.
    #[oai(default, validator(max_length = 2000))]
    note: String,
}

/// A list as its owner sees it, with its version.
async fn seen(who: &SignedIn, id: Uuid) -> Result<(Shortlist, u64), Failure> {
    let view = who.0.run(ViewShortlist { shortlist: id.into(), page: PageRequest::new(1, None) }).await?;
    Ok((view.shortlist.into(), view.version))
}

#[OpenApi(tag = "Chapter::Shortlists")]
impl Shortlists {
    /// List one's shortlists
    ///
    /// The newest first.
    #[oai(path = "/shortlists", method = "get", operation_id = "list_shortlists")]
    async fn list_shortlists(
        &self,
        who: SignedIn,
        request: &Request,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<Shortlist>, Failure> {
        list(&who.0, request, ListShortlists { page: wanted(limit.0, cursor.0) }, Shortlist::from).await
    }

    /// Make a shortlist
    ///
    /// At most a hundred of them.
    #[oai(path = "/shortlists", method = "post", operation_id = "make_shortlist")]
    async fn make_shortlist(
        &self,
        who: SignedIn,
        idempotency_key: Once,
        body: Body<ShortlistName>,
    ) -> Result<Made<Shortlist>, Failure> {
        let made = who.0.run_once(idempotency_key.0, MakeShortlist { name: body.0.name }).await?;
        Ok(Made::at(format!("/shortlists/{}", made.output.id), made.output.into()).replayed(made.replayed))
    }

    /// Show a shortlist
    ///
    /// Its version changes with every entry.
    #[oai(path = "/shortlists/:id", method = "get", operation_id = "show_shortlist")]
    async fn show_shortlist(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        if_none_match: IfNoneMatch,
    ) -> Result<Shown<Shortlist>, Failure> {
        let (shortlist, version) = seen(&who, id.0).await?;
        Ok(Shown::at(shortlist, version, &if_none_match))
    }

    /// Give a shortlist another name
    ///
    /// Its entries stay.
    #[oai(path = "/shortlists/:id", method = "patch", operation_id = "edit_shortlist")]
    async fn edit_shortlist(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        if_match: IfMatch,
        patch: Patch<ShortlistName>,
    ) -> Result<Done<Shortlist>, Failure> {
        let edit = EditShortlist { shortlist: id.0.into(), name: patch.0.name, version: if_match.expected()? };
        who.0.run(edit).await?;
        let (shortlist, version) = seen(&who, id.0).await?;
        Ok(Done::new(shortlist).version(version))
    }

    /// Remove a shortlist
    ///
    /// With all its entries.
    #[oai(path = "/shortlists/:id", method = "delete", operation_id = "remove_shortlist")]
    async fn remove_shortlist(&self, who: SignedIn, id: Path<Uuid>, if_match: IfMatch) -> Result<Nothing, Failure> {
        who.0.run(RemoveShortlist { shortlist: id.0.into(), version: if_match.expected()? }).await?;
        Ok(Nothing)
    }

    /// List who is on a shortlist
    ///
    /// The latest first.
    #[oai(path = "/shortlists/:id/entries", method = "get", operation_id = "list_shortlist_entries")]
    async fn list_shortlist_entries(
        &self,
        who: SignedIn,
        request: &Request,
        id: Path<Uuid>,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<ShortlistedInfluencer>, Failure> {
        let operation = ViewShortlist { shortlist: id.0.into(), page: wanted(limit.0, cursor.0) };
        let view = who.0.platform.run(&who.0.actor, operation).await.map_err(told)?;
        Ok(listed(request, view.entries, ShortlistedInfluencer::from))
    }

    /// Put an influencer on a shortlist
    ///
    /// Of one who is on it, the note is changed.
    #[oai(path = "/shortlists/:id/entries/:influencer_id", method = "put", operation_id = "add_to_shortlist")]
    async fn add_to_shortlist(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        influencer_id: Path<Uuid>,
        body: Body<Option<ShortlistNote>>,
    ) -> Result<Done<ShortlistedInfluencer>, Failure> {
        let note = body.0.map(|note| note.note).unwrap_or_default();
        let add = AddToShortlist { shortlist: id.0.into(), influencer: influencer_id.0.into(), note };
        Ok(Done::new(who.0.run(add).await?.into()))
    }

    /// Take an influencer off a shortlist
    ///
    /// The note goes too.
    #[oai(path = "/shortlists/:id/entries/:influencer_id", method = "delete", operation_id = "remove_from_shortlist")]
    async fn remove_from_shortlist(&self, who: SignedIn, id: Path<Uuid>, influencer_id: Path<Uuid>) -> Result<Nothing, Failure> {
        who.0.run(RemoveFromShortlist { shortlist: id.0.into(), influencer: influencer_id.0.into() }).await?;
        Ok(Nothing)
    }
}
