//! Passwords as V2 kept them: text forms of PBKDF2 (RFC 8018) and scrypt (RFC 7914), each checked once, at the first sign-in here,
//! whose commit replaces it by today's hash.
//!
//! What a hash asks of the machine that checks it stands in the hash itself, so it is bounded before it is taken. How many hashes
//! of which kind there still are is counted: every check of a password does the work of the dearest kind in use of each way of
//! hashing, so that the time it takes tells nobody whose hash is old, nor how old (S-07).
//!
//! **Not here**: today's hashes (`password`), how they are brought here (`import`).

use crate::{
    Result, Tx,
    store::{
        Key,
        keys::{KeyParts, tally},
    },
};
use data_encoding::HEXLOWER;
use pbkdf2::pbkdf2_hmac;
use scrypt::{Params, scrypt};
use sha2::{Sha256, Sha512};
use std::{fmt, mem::discriminant};
use subtle::ConstantTimeEq;

/// The most rounds of PBKDF2: twice what the newest V2 did.
const ROUNDS_AT_MOST: u32 = 2_000_000;
/// The most memory of scrypt, in bytes: twice what V2 took.
const MEMORY_AT_MOST: u64 = 64 * 1024 * 1024;
/// The most lanes of scrypt, one after the other.
const LANES_AT_MOST: u32 = 4;
/// The most that is done at once of scrypt's work in vain: 32 MiB of memory, as V2 took.
const LOG_N_AT_MOST: u32 = 15;
/// The longest salt, in bytes.
const SALT_AT_MOST: usize = 128;
/// How many kinds are in use at once; V2 had three in all its life, and installations chose their own.
pub(crate) const KINDS_AT_MOST: usize = 64;

/// The hash of a password as V2 kept it: `pbkdf2:sha256:600000$salt$digest` or `scrypt:32768:8:1$salt$digest`, the salt as text, the
/// digest as hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct OldPassword {
    kind: OldKind,
    salt: String,
    digest: Vec<u8>,
}

/// How an old hash is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum OldKind {
    Pbkdf2Sha256 { rounds: u32 },
    Pbkdf2Sha512 { rounds: u32 },
    Scrypt { log_n: u8, r: u32, p: u32 },
}

impl OldPassword {
    /// Reads a hash; nothing if it is of another kind, damaged, or asks for more than is good to give.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once('$')?;
        let (salt, digest) = rest.split_once('$')?;
        let kind = OldKind::parse(kind)?;
        let digest = HEXLOWER.decode(digest.to_ascii_lowercase().as_bytes()).ok()?;
        let fits = digest.len() == kind.digest_bytes() && (1..=SALT_AT_MOST).contains(&salt.len());
        fits.then(|| Self { kind, salt: salt.to_owned(), digest })
    }

    pub(crate) fn kind(&self) -> OldKind {
        self.kind
    }

    /// Whether this is the password, byte by byte as it was typed.
    #[must_use]
    pub fn is(&self, typed: &str) -> bool {
        self.kind.derive(typed, &self.salt).ct_eq(&self.digest).into()
    }
}

impl fmt::Display for OldPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}${}${}", self.kind, self.salt, HEXLOWER.encode(&self.digest))
    }
}

impl fmt::Debug for OldPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OldPassword").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl OldKind {
    /// Reads a kind; nothing if it is unknown or asks for too much.
    fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split(':').collect();
        let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 0);
        match parts.as_slice() {
            ["pbkdf2", hash @ ("sha256" | "sha512"), rounds] => {
                let rounds = number(rounds).filter(|rounds| *rounds <= ROUNDS_AT_MOST)?;
                Some(if *hash == "sha256" { Self::Pbkdf2Sha256 { rounds } } else { Self::Pbkdf2Sha512 { rounds } })
            }
            ["scrypt", n, r, p] => {
                let (n, r, p) = (number(n).filter(|n| *n > 1 && n.is_power_of_two())?, number(r)?, number(p)?);
                let memory = 128_u64.checked_mul(n.into())?.checked_mul(r.into())?;
                let log_n = u8::try_from(n.trailing_zeros()).ok()?;
                (memory <= MEMORY_AT_MOST && p <= LANES_AT_MOST).then_some(Self::Scrypt { log_n, r, p })
            }
            _ => None,
        }
    }

    const fn digest_bytes(self) -> usize {
        match self {
            Self::Pbkdf2Sha256 { .. } => 32,
            Self::Pbkdf2Sha512 { .. } | Self::Scrypt { .. } => 64,
        }
    }

    /// Computes the digest of a password.
    pub(crate) fn derive(self, typed: &str, salt: &str) -> Vec<u8> {
        let mut digest = vec![0; self.digest_bytes()];
        let (typed, salt) = (typed.as_bytes(), salt.as_bytes());
        match self {
            Self::Pbkdf2Sha256 { rounds } => pbkdf2_hmac::<Sha256>(typed, salt, rounds, &mut digest),
            Self::Pbkdf2Sha512 { rounds } => pbkdf2_hmac::<Sha512>(typed, salt, rounds, &mut digest),
            Self::Scrypt { log_n, r, p } => {
                let done = Params::new(log_n, r, p).map(|params| scrypt(typed, salt, &params, &mut digest));
                if !matches!(done, Ok(Ok(()))) {
                    // Never equal to any digest that was parsed.
                    digest.clear();
                }
            }
        }
        digest
    }

    /// How much work it is, in a measure of its way of hashing.
    fn work(self) -> u64 {
        match self {
            Self::Pbkdf2Sha256 { rounds } | Self::Pbkdf2Sha512 { rounds } => rounds.into(),
            Self::Scrypt { log_n, r, p } => (u64::from(r) * u64::from(p)) << log_n,
        }
    }

    /// Whether both are computed the same way, with more or less work.
    pub(crate) fn is_alike(self, other: Self) -> bool {
        discriminant(&self) == discriminant(&other)
    }

    /// Does the work that this is more than another of its way, so that both take the same time.
    pub(crate) fn exceed(self, other: Self, typed: &str) {
        let more = self.work().saturating_sub(other.work());
        match self {
            Self::Pbkdf2Sha256 { .. } => in_vain(Self::Pbkdf2Sha256 { rounds: u32::try_from(more).unwrap_or(0) }, typed),
            Self::Pbkdf2Sha512 { .. } => in_vain(Self::Pbkdf2Sha512 { rounds: u32::try_from(more).unwrap_or(0) }, typed),
            // Scrypt takes powers of two, of which any amount of work is made.
            Self::Scrypt { .. } => {
                let mut rest = more / 8;
                while rest > 1 {
                    let log_n = rest.ilog2().min(LOG_N_AT_MOST);
                    in_vain(Self::Scrypt { log_n: u8::try_from(log_n).unwrap_or(1), r: 8, p: 1 }, typed);
                    rest -= 1 << log_n;
                }
            }
        }
    }

    /// Where it stands how many accounts have an old password of this kind.
    pub(crate) fn in_use(self) -> Key {
        Self::all_in_use().word(&self.to_string()).key()
    }

    fn all_in_use() -> KeyParts {
        tally("old-passwords")
    }
}

impl fmt::Display for OldKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pbkdf2Sha256 { rounds } => write!(f, "pbkdf2:sha256:{rounds}"),
            Self::Pbkdf2Sha512 { rounds } => write!(f, "pbkdf2:sha512:{rounds}"),
            Self::Scrypt { log_n, r, p } => write!(f, "scrypt:{}:{r}:{p}", 1_u64 << log_n),
        }
    }
}

/// Does the work of a kind for a password that has no hash of it.
pub(crate) fn in_vain(kind: OldKind, typed: &str) {
    if kind.work() > 0 {
        drop(kind.derive(typed, "in vain"));
    }
}

/// The dearest kind of each way of hashing.
pub(crate) fn dearest(kinds: impl IntoIterator<Item = OldKind>) -> Vec<OldKind> {
    let mut dearest: Vec<OldKind> = Vec::new();
    for kind in kinds {
        match dearest.iter_mut().find(|one| one.is_alike(kind)) {
            Some(one) if one.work() < kind.work() => *one = kind,
            Some(_) => {}
            None => dearest.push(kind),
        }
    }
    dearest
}

/// The kinds of old passwords that some account still has: the dearest of each way of hashing.
///
/// # Errors
/// If the store fails.
pub(crate) async fn kinds_in_use(tx: &mut Tx<'_>) -> Result<Vec<OldKind>> {
    let mut counted = OldKind::all_in_use().range();
    counted.limit = KINDS_AT_MOST;
    let prefix = counted.from.0.len();
    let kinds = tx.scan(counted).await?.into_iter().filter_map(|(key, _)| {
        let word = key.0.get(prefix..)?.strip_suffix(&[0, 1])?;
        OldKind::parse(std::str::from_utf8(word).ok()?)
    });
    Ok(dearest(kinds))
}
