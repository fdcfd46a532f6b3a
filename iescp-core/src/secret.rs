//! Randomness and hashes for what must not be guessed: tokens, links, salts.
//!
//! **Not here**: passwords (`account::password`).

use crate::{Error, Result};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use uuid::Uuid;

/// So many random bytes, from the operating system.
pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Error::Corrupt(format!("the operating system gives no randomness: {error}")))?;
    Ok(bytes)
}

/// So many random bytes (at most 64), as text that fits into a URL.
pub(crate) fn random_text(bytes: usize) -> Result<String> {
    let random: [u8; 64] = random_bytes()?;
    Ok(BASE64URL_NOPAD.encode(random.get(..bytes).unwrap_or(&random)))
}

/// The SHA-256 (FIPS 180-4) of several texts, each with its length before it, as hexadecimal digits.
pub(crate) fn sha256(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    HEXLOWER.encode(&hasher.finalize())
}

/// An id that follows from several texts: the first half of their SHA-256, as a UUID of version 8 (RFC 9562).
pub(crate) fn uuid_of(parts: &[&str]) -> Uuid {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    let digest: [u8; 32] = hasher.finalize().into();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, hashed)| *byte = hashed);
    Uuid::new_v8(bytes)
}

/// Whether two texts are the same, in a time that does not tell where they differ.
pub(crate) fn same(a: &str, b: &str) -> bool {
    subtle::ConstantTimeEq::ct_eq(a.as_bytes(), b.as_bytes()).into()
}

/// A text that must not be shown by accident, such as a password or a token: its `Debug` is `***`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for Secret {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The installation's own secret: what the tokens in letters are derived from, so that a letter can be written again after a
/// crash although the store holds only the hash of its token.
#[derive(Clone)]
pub struct InstallationSecret([u8; 32]);

impl InstallationSecret {
    /// The secret an installation keeps beside its store.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A secret that lasts as long as this process.
    ///
    /// # Errors
    /// If the operating system gives no randomness.
    pub fn random() -> Result<Self> {
        random_bytes().map(Self)
    }

    /// The token of this purpose and name (HMAC-SHA-256, RFC 2104), as text that fits into a URL.
    #[must_use]
    pub fn token(&self, purpose: &str, name: &str) -> String {
        // HMAC takes a key of any length, so this cannot fail; an empty token opens nothing.
        self.derive(purpose, name).map(|bytes| BASE64URL_NOPAD.encode(&bytes)).unwrap_or_default()
    }

    /// The key of this purpose, for sealing what the store must not show.
    ///
    /// # Errors
    /// Never, as HMAC takes a key of any length.
    pub(crate) fn key(&self, purpose: &str) -> Result<[u8; 32]> {
        self.derive(purpose, "").ok_or_else(|| Error::Corrupt("no key could be derived".into()))
    }

    fn derive(&self, purpose: &str, name: &str) -> Option<[u8; 32]> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(&(purpose.len() as u64).to_be_bytes());
        mac.update(purpose.as_bytes());
        mac.update(name.as_bytes());
        Some(mac.finalize().into_bytes().into())
    }
}

impl fmt::Debug for InstallationSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InstallationSecret(***)")
    }
}
