//! Pictures: an account's portrait or logo, a campaign's, the proof of submitted work.
//!
//! A picture is a record, which says what it belongs to and on whose allowance it counts, and two blobs beside the store: small
//! and large. The thing it belongs to names it; a picture that nothing names does not exist for anybody.
//!
//! | what | how many | who may see it |
//! |---|---|---|
//! | an account | one | whoever may see its profile |
//! | a campaign | one | whoever may see the campaign |
//! | a submission | up to [`MOST_PROOFS`] | the two parties, and admins |
//!
//! - `operations` puts, removes and shows; `keep` writes and removes the bytes around a commit; `invariant` is checked by `check`.
//!
//! **Not here**: what is a picture at all: bytes are read, turned upright, stripped, sized and written anew before they come here.

mod invariant;
mod keep;
pub mod operations;
#[cfg(test)]
mod tests;

pub(crate) use invariant::PicturesAreShown;
pub(crate) use keep::tell;
pub use keep::{Image, PictureDraft, discard, discard_refused, place, store, sweep};
pub use operations::*;

use crate::{
    Error, Result, Tx,
    account::Account,
    blob::BlobName,
    campaign::Campaign,
    collaboration::Submission,
    id::{AccountId, CampaignId, CollaborationId, PictureId},
    store::{
        Key,
        keys::{Table, list, tally},
        record::{Derived, Record},
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The most pictures that prove one submission.
pub const MOST_PROOFS: usize = 6;

/// What a picture belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureOf {
    /// An account: a portrait or a logo.
    Account(AccountId),
    /// A campaign.
    Campaign(CampaignId),
    /// A submission of work, as its proof.
    Submission {
        /// Of which collaboration.
        collaboration: CollaborationId,
        /// Its number there.
        number: u64,
    },
}

/// How a picture's bytes are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaType {
    /// `image/jpeg`.
    Jpeg,
    /// `image/png`.
    Png,
    /// `image/webp`.
    Webp,
}

impl MediaType {
    /// Its registered name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }

    /// What names of such files end in.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }
}

/// Which of a picture's sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// For lists.
    Small,
    /// For its own page.
    Large,
}

impl Size {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Small, Self::Large];

    /// The word it is spoken by.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Large => "large",
        }
    }

    /// The blob that holds a picture in this size.
    #[must_use]
    pub const fn blob(self, picture: PictureId) -> BlobName {
        match self {
            Self::Small => BlobName::small(picture.0),
            Self::Large => BlobName::large(picture.0),
        }
    }
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Its id: another for each upload, so what is under it never changes.
    pub id: PictureId,
    /// On whose allowance it counts.
    pub owner: AccountId,
    /// What it belongs to.
    pub of: PictureOf,
    /// How its bytes are to be read.
    pub media_type: MediaType,
    /// How many bytes it has in all sizes together.
    pub bytes: i64,
    /// When it was brought here.
    pub at: Timestamp,
}

impl Picture {
    /// Where a picture is kept.
    #[must_use]
    pub fn at(id: PictureId) -> Key {
        Table::Picture.start().id(id).key()
    }

    /// Where it stands how many bytes of pictures an account has.
    #[must_use]
    pub fn bytes_of(owner: AccountId) -> Key {
        tally("picture-bytes").id(owner).key()
    }

    /// Adds a picture to a thing, if its owner's allowance lets it. The allowance is exact, whoever else adds at the same time.
    pub(crate) async fn add(tx: &mut Tx<'_>, draft: &PictureDraft, owner: AccountId, of: PictureOf) -> Result<()> {
        let most = tx.settings().caps.picture_bytes;
        if tx.counter_held(Self::bytes_of(owner)).await?.saturating_add(draft.bytes) > most {
            let why =
                format!("Your pictures take {} MB already, which is all there is. Please remove one first.", most / 1_000_000);
            return Err(Error::not_now("pictures_full", why));
        }
        let picture = Self { id: draft.id, owner, of, media_type: draft.media_type, bytes: draft.bytes, at: tx.now() };
        tx.put(&picture)
    }

    /// Removes a picture from the store, and its bytes once that has landed.
    pub(crate) async fn drop(tx: &mut Tx<'_>, id: Option<PictureId>) -> Result<()> {
        let Some(id) = id else { return Ok(()) };
        if let Some(picture) = tx.get_at::<Self>(Self::at(id)).await? {
            tx.remove(&picture)?;
            tx.leaves(Size::ALL.map(|size| size.blob(id)));
        }
        Ok(())
    }

    /// Whether the thing it belongs to still names it.
    async fn is_named(&self, tx: &mut Tx<'_>) -> Result<bool> {
        Ok(match self.of {
            PictureOf::Account(id) => {
                tx.peek_at::<Account>(Account::at(id)).await?.is_some_and(|account| account.picture == Some(self.id))
            }
            PictureOf::Campaign(id) => {
                tx.peek_at::<Campaign>(Campaign::at(id)).await?.is_some_and(|campaign| campaign.picture == Some(self.id))
            }
            PictureOf::Submission { collaboration, number } => tx
                .peek_at::<Submission>(Submission::at(collaboration, number))
                .await?
                .is_some_and(|submission| submission.proofs.contains(&self.id)),
        })
    }
}

impl Record for Picture {
    const TABLE: Table = Table::Picture;

    fn key(&self) -> Key {
        Self::at(self.id)
    }

    fn derive(&self, derived: &mut Derived) {
        derived.listed(list("pictures-of").id(self.owner).id(self.id).key());
        derived.count(Self::bytes_of(self.owner), self.bytes);
    }
}
