//! The second factor: six digits that change every half minute (TOTP, RFC 6238), and recovery codes for the day the phone is
//! lost. Each code works once.
//!
//! The seed is sealed for its account, so that the store alone gives no codes away.
//!
//! **Not here**: turning it on and off (`operations::second_factor`), asking for it (`session::sign_in`).

use crate::{
    Error, InstallationSecret, Result, Secret,
    id::AccountId,
    seal,
    secret::{random_bytes, sha256},
};
use data_encoding::BASE32_NOPAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use totp_rs::{Builder, Totp};

/// How many recovery codes somebody is given.
const RECOVERY_CODES: usize = 10;
/// The bytes of a seed, as RFC 4226 recommends.
const SEED_BYTES: usize = 20;
/// What a seed is sealed as.
const PURPOSE: &str = "second-factor";

/// A confirmed second factor.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SecondFactor {
    /// The seed, sealed.
    pub seed: String,
    /// The half minute whose code was used last; earlier ones are worth nothing any more.
    pub last_step: u64,
    /// The SHA-256 of each recovery code that is left.
    pub recovery: Vec<String>,
}

/// A new seed, sealed, and as the person's program wants it (base 32, RFC 4648).
pub(crate) fn new_seed(secret: &InstallationSecret, account: AccountId) -> Result<(String, Secret)> {
    let seed: [u8; SEED_BYTES] = random_bytes()?;
    Ok((seal::seal(secret, PURPOSE, account, &seed)?, BASE32_NOPAD.encode(&seed).into()))
}

/// The half minute whose code this is, at most one away from now, if it is one.
pub(crate) fn step_of(
    secret: &InstallationSecret,
    account: AccountId,
    sealed: &str,
    code: &str,
    now: Timestamp,
) -> Result<Option<u64>> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() != 6 || !code.bytes().all(|digit| digit.is_ascii_digit()) {
        return Ok(None);
    }
    let seconds = u64::try_from(now.as_second()).unwrap_or(0);
    Ok(codes(secret, account, sealed)?.check(&code, seconds))
}

/// New recovery codes: as the person keeps them, and their hashes.
pub(crate) fn new_recovery_codes() -> Result<(Vec<Secret>, Vec<String>)> {
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let random: [u8; 10] = random_bytes()?;
        let code = BASE32_NOPAD.encode(&random).to_ascii_lowercase();
        let (left, right) = code.split_at(code.len() / 2);
        codes.push(format!("{left}-{right}"));
    }
    let hashes = codes.iter().map(|code| recovery_hash(code)).collect();
    Ok((codes.into_iter().map(Secret::from).collect(), hashes))
}

impl SecondFactor {
    /// Takes a code, if it is one that has not been used; it will not work again.
    pub(crate) fn spend(&mut self, secret: &InstallationSecret, account: AccountId, code: &str, now: Timestamp) -> Result<bool> {
        let hash = recovery_hash(code);
        if let Some(at) = self.recovery.iter().position(|left| *left == hash) {
            self.recovery.remove(at);
            return Ok(true);
        }
        match step_of(secret, account, &self.seed, code, now)? {
            Some(step) if step > self.last_step => {
                self.last_step = step;
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}

fn recovery_hash(code: &str) -> String {
    let code: String = code.chars().filter(|c| c.is_ascii_alphanumeric()).take(64).collect();
    sha256(&["recovery", &code.to_ascii_lowercase()])
}

fn codes(secret: &InstallationSecret, account: AccountId, sealed: &str) -> Result<Totp> {
    let seed = seal::open(secret, PURPOSE, account, sealed)?;
    Builder::new().with_secret(seed).build().map_err(|_| Error::Corrupt("a second factor's seed makes no codes".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    /// S-11.
    #[test]
    fn a_code_works_once_and_only_within_half_a_minute_of_its_time() {
        let (secret, account) = (InstallationSecret::new([7; 32]), AccountId(Uuid::nil()));
        let (sealed, _) = new_seed(&secret, account).unwrap();
        let code = |seconds| codes(&secret, account, &sealed).unwrap().generate(seconds).to_string();
        let mut factor = SecondFactor { seed: sealed.clone(), last_step: 0, recovery: Vec::new() };
        let now = 1_800_000_000;
        assert!(!factor.spend(&secret, account, &code(now - 60), at(1_800_000_000)).unwrap());
        assert!(!factor.spend(&secret, account, &code(now + 60), at(1_800_000_000)).unwrap());
        assert!(factor.spend(&secret, account, &code(now - 30), at(1_800_000_000)).unwrap());
        assert!(factor.spend(&secret, account, &code(now), at(1_800_000_000)).unwrap());
        assert!(!factor.spend(&secret, account, &code(now), at(1_800_000_000)).unwrap());
        assert!(!factor.spend(&secret, account, &code(now - 30), at(1_800_000_000)).unwrap());
    }

    /// S-11.
    #[test]
    fn a_seed_opens_only_for_its_account_and_with_the_installations_secret() {
        let (secret, account) = (InstallationSecret::new([7; 32]), AccountId(Uuid::nil()));
        let (sealed, _) = new_seed(&secret, account).unwrap();
        assert!(codes(&secret, account, &sealed).is_ok());
        assert!(codes(&secret, AccountId(Uuid::max()), &sealed).is_err());
        assert!(codes(&InstallationSecret::new([8; 32]), account, &sealed).is_err());
    }

    /// S-11.
    #[test]
    fn a_recovery_code_works_once_however_it_is_spaced() {
        let (secret, account) = (InstallationSecret::new([7; 32]), AccountId(Uuid::nil()));
        let (seed, _) = new_seed(&secret, account).unwrap();
        let (codes, recovery) = new_recovery_codes().unwrap();
        let mut factor = SecondFactor { seed, last_step: 0, recovery };
        let typed = codes[3].reveal().to_uppercase().replace('-', " ");
        assert!(factor.spend(&secret, account, &typed, at(1_800_000_000)).unwrap());
        assert!(!factor.spend(&secret, account, &typed, at(1_800_000_000)).unwrap());
        assert_eq!(factor.recovery.len(), 9);
    }
}
