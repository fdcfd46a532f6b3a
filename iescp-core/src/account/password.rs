//! Passwords: which may be chosen, and how they are hashed (Argon2id, RFC 9106).
//!
//! Length is what counts: at least 15 characters, 8 with a second factor, at most 128; every character counts, none is
//! demanded. What is easily guessed is refused, and so is what contains the site's, the person's or the company's name.
//!
//! Hashing costs memory and time on purpose, so it runs beside the asynchronous threads and only so many at once.
//!
//! **Not here**: where hashes are kept (`credentials`), how often somebody may guess (`session::attempts`).

use super::{OldKind, OldPassword, dearest, in_vain};
use crate::{
    Error, Platform, Result, Secret, Settings,
    settings::Passwords,
    value::{Form, fold},
};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash};
use unicode_normalization::UnicodeNormalization;
use zxcvbn::{Score, zxcvbn};

/// The fewest characters of a password that stands alone.
pub const SHORTEST: usize = 15;
/// The fewest characters of a password beside a second factor.
pub const SHORTEST_WITH_SECOND_FACTOR: usize = 8;
/// The most characters of a password.
pub const LONGEST: usize = 128;

/// No password has more bytes than this, so nothing longer is looked at.
const MOST_BYTES: usize = 16 * LONGEST;
/// Names shorter than this occur in too many innocent passwords.
const TELLING: usize = 4;

/// A password somebody may have: checked, in Unicode's NFC, otherwise exactly as typed.
#[derive(Clone, Default)]
pub(crate) struct Password(String);

/// Whose password it is, as far as the rules need to know.
pub(crate) struct Wearer<'a> {
    /// What others could guess it from: names of the person, the company.
    pub names: Vec<&'a str>,
    /// Whether a second factor stands beside it.
    pub second_factor: bool,
}

impl Password {
    /// Parses a password somebody chooses, or notes what is wrong with it.
    pub(crate) fn choose(form: &mut Form, field: &str, typed: &Secret, wearer: &Wearer<'_>, settings: &Settings) -> Self {
        let shortest = if wearer.second_factor { SHORTEST_WITH_SECOND_FACTOR } else { SHORTEST };
        let Some(text) = normal(typed) else {
            form.wrong(field, "too_long", format!("A password has at most {LONGEST} characters."));
            return Self::default();
        };
        let mut names = wearer.names.clone();
        names.push(&settings.site_name);
        match text.chars().count() {
            0 => form.wrong(field, "required", "Please choose a password."),
            length if length < shortest => {
                form.wrong(field, "too_short", format!("A password has at least {shortest} characters."))
            }
            length if length > LONGEST => form.wrong(field, "too_long", format!("A password has at most {LONGEST} characters.")),
            _ if contains_a_name(&text, &names) => {
                form.wrong(field, "contains_name", "A password must not contain your name, your company's or this site's.");
            }
            _ if zxcvbn(&text, &names).score() < Score::Three => {
                form.wrong(field, "too_easy", "This password is easily guessed. Several unrelated words make a better one.");
            }
            _ => {}
        }
        Self(text)
    }

    /// Whether it is too short to stand without a second factor.
    pub(crate) fn is_short(&self) -> bool {
        self.0.chars().count() < SHORTEST
    }

    /// Its hash, as a PHC string.
    ///
    /// # Errors
    /// If the system gives no randomness or the parameters are none of Argon2's.
    pub(crate) async fn hash(self, platform: &Platform) -> Result<String> {
        let parameters = platform.settings().passwords;
        aside(platform, move || {
            let salt: [u8; 16] = crate::secret::random_bytes()?;
            let hash = hasher(parameters)?.hash_password_with_salt(self.0.as_bytes(), &salt);
            hash.map(|hash| hash.to_string()).map_err(unhashable)
        })
        .await
    }
}

/// Whether this is the password with that hash. Without a hash the same work is done in vain, so that the time taken does not
/// tell whether there is such an account (S-07). As long as some account has an old password, the work of the dearest kinds of them is
/// part of every check.
///
/// # Errors
/// If the parameters are none of Argon2's.
pub(crate) async fn verify(platform: &Platform, typed: &Secret, hash: Option<String>, old: Vec<OldKind>) -> Result<bool> {
    let parameters = platform.settings().passwords;
    let raw = Some(typed.reveal().to_owned()).filter(|typed| typed.len() <= MOST_BYTES);
    let typed = normal(typed);
    aside(platform, move || {
        let hash = typed.is_some().then_some(hash).flatten();
        let (typed, raw) = (typed.unwrap_or_default(), raw.unwrap_or_default());
        let old_hash = hash.as_deref().and_then(OldPassword::parse);
        let own = old_hash.as_ref().map(OldPassword::kind);
        let mut is_right = false;
        for kind in dearest(old.into_iter().chain(own)) {
            match old_hash.as_ref().filter(|old_hash| old_hash.kind().is_alike(kind)) {
                Some(old_hash) => {
                    is_right |= old_hash.is(&raw) && !raw.is_empty();
                    kind.exceed(old_hash.kind(), &raw);
                }
                None => in_vain(kind, &raw),
            }
        }
        match hash.filter(|_| old_hash.is_none()) {
            Some(hash) => Ok(hasher(parameters)?.verify_password(typed.as_bytes(), hash.as_str()).is_ok()),
            None => {
                let mut nothing = [0; 32];
                hasher(parameters)?.hash_password_into(typed.as_bytes(), &[0; 16], &mut nothing).map_err(unhashable)?;
                Ok(is_right)
            }
        }
    })
    .await
}

/// Hashes again what was just verified, if the settings have become stricter than its hash (S-05).
///
/// # Errors
/// As [`Password::hash`].
pub(crate) async fn rehash_if_weak(platform: &Platform, typed: &Secret, hash: &str) -> Result<Option<String>> {
    let wanted = platform.settings().passwords;
    let is_weak = PasswordHash::new(hash)
        .ok()
        .and_then(|hash| Params::try_from(&hash).ok())
        .is_none_or(|used| used.m_cost() < wanted.memory_kib || used.t_cost() < wanted.passes || used.p_cost() < wanted.lanes);
    match normal(typed).filter(|_| is_weak) {
        Some(text) => Password(text).hash(platform).await.map(Some),
        None => Ok(None),
    }
}

/// Whether a password that was just given would not be taken if it were chosen now: too short to stand alone, or easily guessed.
pub(crate) fn falls_short(typed: &Secret, settings: &Settings) -> bool {
    let mut form = Form::default();
    Password::choose(&mut form, "password", typed, &Wearer { names: Vec::new(), second_factor: false }, settings);
    form.finish().is_err()
}

/// A password as it is compared; none if it is longer than any.
fn normal(typed: &Secret) -> Option<String> {
    let typed = typed.reveal();
    (typed.len() <= MOST_BYTES).then(|| typed.nfc().collect())
}

fn contains_a_name(text: &str, names: &[&str]) -> bool {
    let text = fold(text);
    names.iter().map(|name| fold(name.trim())).any(|name| name.chars().count() >= TELLING && text.contains(&name))
}

fn hasher(parameters: Passwords) -> Result<Argon2<'static>> {
    let params = Params::new(parameters.memory_kib, parameters.passes, parameters.lanes, None).map_err(unhashable)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Does such work beside the asynchronous threads, and only so many at once.
async fn aside<T: Send + 'static>(platform: &Platform, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let place = platform.hashing().clone().acquire_owned().await.map_err(|_| Error::Busy)?;
    let done = tokio::task::spawn_blocking(move || {
        let _place = place;
        work()
    });
    done.await.map_err(|error| Error::Corrupt(format!("hashing ended early: {error}")))?
}

fn unhashable(error: impl std::fmt::Display) -> Error {
    Error::Corrupt(format!("a password could not be hashed: {error}"))
}
