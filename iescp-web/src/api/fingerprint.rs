//! Versions of answers that rest on more than one record, or on who asks: a hash over what is said.
//!
//! A campaign as its sponsor sees it changes with its money, a negotiation with the clock. The hash changes with either.

use super::{Done, IfNoneMatch, Made, Shown};
use poem_openapi::types::ToJSON;
use sha2::{Digest, Sha256};

/// The version of what is said.
pub(super) fn fingerprint(said: &impl ToJSON) -> u64 {
    let digest = Sha256::digest(said.to_json_string().as_bytes());
    digest.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

impl<T: ToJSON> Shown<T> {
    /// What is said now, unless the client has just that.
    pub fn said(thing: T, known: &IfNoneMatch) -> Self {
        let version = fingerprint(&thing);
        Self::at(thing, version, known)
    }
}

impl<T: ToJSON> Made<T> {
    /// Something new, tagged with what is said of it.
    pub fn said(location: impl Into<String>, thing: T) -> Self {
        let version = fingerprint(&thing);
        Self::at(location, thing).version(version)
    }
}

impl<T: ToJSON> Done<T> {
    /// The thing as it is now, tagged with what is said of it.
    pub fn said(thing: T) -> Self {
        let version = fingerprint(&thing);
        Self::new(thing).version(version)
    }
}
