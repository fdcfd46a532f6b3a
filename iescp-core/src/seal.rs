//! Sealing what the store must not show: AES-256-GCM (NIST SP 800-38D) with a key derived from the installation's secret for one
//! purpose, bound to one account.
//!
//! **Not here**: what is only compared, which is hashed (`secret`).

use crate::{Error, InstallationSecret, Result, id::AccountId, secret::random_bytes};
use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use data_encoding::BASE64URL_NOPAD;

const NONCE_BYTES: usize = 12;

/// Seals bytes of an account's: as text that opens for this purpose and account alone.
pub(crate) fn seal(secret: &InstallationSecret, purpose: &str, account: AccountId, bytes: &[u8]) -> Result<String> {
    let nonce: [u8; NONCE_BYTES] = random_bytes()?;
    let payload = Payload { msg: bytes, aad: account.0.as_bytes() };
    let sealed = cipher(secret, purpose)?.encrypt(&Nonce::from(nonce), payload).map_err(|_| unsealable(purpose))?;
    Ok(BASE64URL_NOPAD.encode(&[nonce.as_slice(), &sealed].concat()))
}

/// Opens what [`seal`] sealed.
pub(crate) fn open(secret: &InstallationSecret, purpose: &str, account: AccountId, sealed: &str) -> Result<Vec<u8>> {
    let failed = || unsealable(purpose);
    let bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).map_err(|_| failed())?;
    let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES).ok_or_else(failed)?;
    let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| failed())?;
    let payload = Payload { msg: sealed, aad: account.0.as_bytes() };
    cipher(secret, purpose)?.decrypt(&Nonce::from(nonce), payload).map_err(|_| failed())
}

fn cipher(secret: &InstallationSecret, purpose: &str) -> Result<Aes256Gcm> {
    Aes256Gcm::new_from_slice(&secret.key(purpose)?).map_err(|_| unsealable(purpose))
}

fn unsealable(purpose: &str) -> Error {
    Error::Corrupt(format!("what is sealed as {purpose} cannot be opened: is this the installation's secret?"))
}
