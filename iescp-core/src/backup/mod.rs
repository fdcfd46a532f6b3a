//! One moment of an installation in one file, taken while everything goes on, and brought back elsewhere.
//!
//! A file begins with lines for people, the [`Manifest`], in its first [`HEAD_BYTES`] bytes; what follows are *frames*: pieces of
//! at most some megabytes, compressed, each with its length and its checksum.
//!
//! | frame | holds |
//! |---|---|
//! | writes | keys with their values, or without one where a key was removed |
//! | blob | a picture's bytes, under their name |
//! | file | a piece of a file that stands beside the store, under its name |
//! | end | how much of each there was |
//!
//! The writes are what a walk over the store showed, in its order: pages of keys, in order, and between them and after them what
//! was committed meanwhile. Written one after the other into an empty store they end as the store was after one commit, whose
//! number the manifest says. So nobody who writes waits, and however large the store is, memory holds some pages of it.
//!
//! Whatever of a file is changed, cut off or added is noticed: the manifest carries the SHA-256 of what follows it, and its last
//! line that of the lines above it.
//!
//! - [`take`] writes the store and its pictures, [`Writer`] the file; [`Reader`] reads it; [`pour`] brings it into a store;
//!   [`copy`] brings one store into another without a file.
//!
//! **Not here**: which files stand beside a store, and where it is put (`iescp-web`); when a backup is taken (`iescp-worker`).

mod copy;
mod error;
mod frame;
mod manifest;
mod part;
mod pour;
mod reader;
mod take;
#[cfg(test)]
mod tests;
mod writer;
mod writes;

pub use copy::{Contents, Copied, copy};
pub use error::BackupError;
pub use manifest::{Beside, Counts, FORMAT, HEAD_BYTES, Manifest};
pub use part::Part;
pub use pour::{Poured, pour};
pub use reader::Reader;
pub use take::{committed_after, take};
pub use writer::{Target, Writer};

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is done now.
    pub step: Step,
    /// How much of it is done: keys, pictures, or bytes of a file.
    pub seen: u64,
    /// Of how much, when that is known.
    pub of: Option<u64>,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Keys of the store are read.
    Store,
    /// Pictures are read.
    Pictures,
    /// A backup's bytes are read.
    Reading,
    /// What was copied is compared, key by key.
    Comparing,
}

/// Whoever is told how far it has come.
pub type Tell<'a> = &'a mut (dyn FnMut(Progress) + Send);
