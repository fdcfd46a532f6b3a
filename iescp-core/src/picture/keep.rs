//! The bytes of pictures, around the commit that speaks of them: written before, removed after, and what a crash left over.

use super::{ListKnownPictures, MediaType, Placed, Size};
use crate::{
    Actor, Error, IdempotencyKey, Once, Operation, Platform, Result,
    blob::MAX_BLOB_BYTES,
    id::PictureId,
    store::{Pending, StoreError},
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How many blobs a sweep looks at together.
const BATCH: usize = 200;

/// How many it looks at in one run; the next goes on.
const MOST: usize = 1_000_000;

/// A picture as it is to be shown: decoded, upright, without anything but its pixels, in both sizes.
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    /// How the bytes are to be read.
    pub media_type: MediaType,
    /// For lists.
    pub small: Vec<u8>,
    /// For its own page.
    pub large: Vec<u8>,
}

impl std::fmt::Debug for Image {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Image({}, {} and {} bytes)", self.media_type.name(), self.small.len(), self.large.len())
    }
}

/// A picture whose bytes are there, and of which no record speaks yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureDraft {
    /// Its id.
    pub id: PictureId,
    /// How its bytes are to be read.
    pub media_type: MediaType,
    /// How many bytes it has in all sizes together.
    pub bytes: i64,
}

/// Writes a picture's bytes. Follow it with an operation that takes the draft, or [`discard`] it.
///
/// # Errors
/// If a size has no bytes or too many; if they cannot be written.
pub async fn store(platform: &Platform, image: Image) -> Result<PictureDraft> {
    let Image { media_type, small, large } = image;
    if [&small, &large].iter().any(|size| size.is_empty() || size.len() > MAX_BLOB_BYTES) {
        return Err(Error::invalid("picture", "too_large", "This picture is too large."));
    }
    let bytes = i64::try_from(small.len() + large.len()).unwrap_or(i64::MAX);
    let draft = PictureDraft { id: PictureId(platform.uuid_at(platform.clock().now())), media_type, bytes };
    for (size, bytes) in [(Size::Small, small), (Size::Large, large)] {
        if let Err(error) = platform.blobs().put(size.blob(draft.id), bytes).await {
            discard(platform, &[draft]).await;
            return Err(error.into());
        }
    }
    Ok(draft)
}

/// Removes the bytes of pictures that no record will speak of. What cannot be removed is logged, and left for [`sweep`].
pub async fn discard(platform: &Platform, drafts: &[PictureDraft]) {
    for draft in drafts {
        for size in Size::ALL {
            tell(platform.blobs().delete(size.blob(draft.id))).await;
        }
    }
}

/// Waits for the removal of a blob; one that stays is no reason to fail.
pub(crate) async fn tell(removal: Pending<'_, ()>) {
    if let Err(error) = removal.await {
        tracing::warn!(%error, "a picture's bytes could not be removed; they are swept later");
    }
}

/// Puts a picture where an operation says: writes its bytes, runs the operation with the draft, and removes the bytes again if it
/// was refused or had been done before under the same key.
///
/// # Errors
/// What the operation refuses; if the bytes cannot be written.
pub async fn place<O: Operation<Output = Placed>>(
    platform: &Platform,
    actor: &Actor,
    key: Option<IdempotencyKey>,
    image: Image,
    operation: impl FnOnce(PictureDraft) -> O,
) -> Result<Once<Placed>> {
    let draft = store(platform, image).await?;
    let outcome = platform.run_once(actor, key, operation(draft)).await;
    match &outcome {
        Ok(once) if once.output.picture == draft.id => {}
        Ok(_) => discard(platform, &[draft]).await,
        Err(error) => discard_refused(platform, &[draft], error).await,
    }
    outcome
}

/// Removes the bytes of pictures whose operation was refused; where it may have landed all the same, they are left.
pub async fn discard_refused(platform: &Platform, drafts: &[PictureDraft], error: &Error) {
    if !matches!(error, Error::Store(StoreError::Failed(_) | StoreError::Stopped(_))) {
        discard(platform, drafts).await;
    }
}

/// Removes blobs that no record speaks of: what a crash left over, older than `grace`. Give those time whose record is being
/// written; a day is plenty. Answers how many were removed.
///
/// # Errors
/// If the store or the blobs fail.
pub async fn sweep(platform: &Platform, grace: Duration) -> Result<usize> {
    let system = Actor::system("sweeper");
    let (mut after, mut removed) = (None, 0);
    for _ in 0..MOST / BATCH {
        let batch = platform.blobs().list(after, BATCH).await?;
        let full = batch.len() == BATCH;
        after = batch.last().map(|kept| kept.name);
        let old: Vec<_> = batch.into_iter().filter(|kept| kept.age >= grace).map(|kept| kept.name).collect();
        if !old.is_empty() {
            let known = platform.run(&system, ListKnownPictures { of: old.iter().map(|name| name.id.into()).collect() }).await?;
            for name in old.into_iter().filter(|name| !known.contains(&name.id.into())) {
                tracing::info!(%name, "a picture's bytes of which no record speaks are removed");
                platform.blobs().delete(name).await?;
                removed += 1;
            }
        }
        if !full {
            break;
        }
    }
    Ok(removed)
}
