//! Where bytes lie that are too large for the store, such as pictures: beside it, under names that only the server makes.
//!
//! A blob is written once, before the commit that speaks of it, and removed after the commit that speaks of it no more. So no
//! record ever names bytes that are not there; what a crash leaves over is found by [`sweep`](crate::picture::sweep).
//!
//! - [`folder`] keeps blobs in a directory, [`memory`] in memory, `postgres` (a feature of that name) in a database that several
//!   processes share; an embedder may keep them elsewhere.
//!
//! **Not here**: what the bytes are, who may see them and how many somebody may have (`picture`).

pub mod folder;
mod held;
pub mod memory;
#[cfg(feature = "postgres")]
pub mod postgres;

pub use folder::FolderBlobs;
pub(crate) use held::{HeldBlobs, Hold};
pub use memory::MemoryBlobs;
#[cfg(feature = "postgres")]
pub use postgres::PostgresBlobs;

use crate::store::Pending;
use std::{fmt, str::FromStr, time::Duration};
use uuid::Uuid;

/// The largest blob there is, in bytes.
pub const MAX_BLOB_BYTES: usize = 4 * 1024 * 1024;

/// The name of a blob: an id and a word, so that nothing somebody typed can ever be part of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobName {
    /// Whose bytes these are.
    pub id: Uuid,
    /// Which of its bytes: lower-case letters.
    part: &'static str,
}

/// The words that names may end in.
const PARTS: [&str; 2] = ["large", "small"];

impl BlobName {
    /// The larger bytes of a thing.
    #[must_use]
    pub const fn large(id: Uuid) -> Self {
        Self { id, part: "large" }
    }

    /// The smaller bytes of a thing.
    #[must_use]
    pub const fn small(id: Uuid) -> Self {
        Self { id, part: "small" }
    }
}

impl fmt::Display for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.id.as_hyphenated(), self.part)
    }
}

impl FromStr for BlobName {
    type Err = NoBlobName;

    fn from_str(text: &str) -> Result<Self, NoBlobName> {
        let (id, part) = text.split_once('.').ok_or(NoBlobName)?;
        let part = PARTS.into_iter().find(|known| *known == part).ok_or(NoBlobName)?;
        let name = Self { id: Uuid::try_parse(id).map_err(|_| NoBlobName)?, part };
        // A name has one spelling.
        if name.to_string() == text { Ok(name) } else { Err(NoBlobName) }
    }
}

/// A text is not the name of a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoBlobName;

impl fmt::Display for NoBlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is not the name of a blob")
    }
}

impl std::error::Error for NoBlobName {}

/// A blob that there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub name: BlobName,
    /// How long ago it was written.
    pub age: Duration,
}

/// Keeps bytes under names.
pub trait Blobs: Send + Sync + 'static {
    /// Writes bytes, whole and durably, or fails and leaves nothing under that name. Bytes that are there already are replaced.
    fn put(&self, name: BlobName, bytes: Vec<u8>) -> Pending<'_, ()>;

    /// The bytes of that name; nothing if there are none.
    fn get(&self, name: BlobName) -> Pending<'_, Option<Vec<u8>>>;

    /// Removes the bytes of that name; nothing happens if there are none.
    fn delete(&self, name: BlobName) -> Pending<'_, ()>;

    /// What there is, in an order of its own, after one of them; at most `limit`.
    fn list(&self, after: Option<BlobName>, limit: usize) -> Pending<'_, Vec<Kept>>;

    /// Where several processes share the bytes: lets none of them remove any for so long from now on. Removing does nothing
    /// meanwhile. Whoever holds them does it anew before the time is over. What one process alone has, it holds by itself.
    fn hold(&self, _holder: Uuid, _time: Duration) -> Pending<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}

#[cfg(test)]
mod tests;
