//! Access tokens: five minutes, one algorithm, every claim checked.
//!
//! The header of a token is only asked for its type and its key's name; the algorithm is ours (HS256 with a random
//! 256-bit key), whatever the header says.
//!
//! Not here: whether the session behind a token still lives (`iescp-core` asks its store at every use), and refresh tokens.

mod keys;
#[cfg(test)]
mod tests;

use crate::secrets::{Keyring, Secrets};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use keys::Keys;
use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Seconds that a token lives.
pub const LIFETIME: i64 = 300;
/// Seconds by which clocks may differ.
const LEEWAY: i64 = 30;
/// Longest text that is looked at.
const LONGEST: usize = 2048;
/// Tokens whose signatures are remembered.
const REMEMBERED: u64 = 10_000;
const TYPE: &str = "at+jwt";
const AUDIENCE: &str = "iescp-api";

/// What a token says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it: the platform's public address.
    pub iss: String,
    /// For what: the API.
    pub aud: String,
    /// The account.
    pub sub: Uuid,
    /// The session it belongs to, and dies with.
    pub sid: Uuid,
    /// The token's own name.
    pub jti: Uuid,
    /// Issued at, in seconds.
    pub iat: i64,
    /// Not before, in seconds.
    pub nbf: i64,
    /// Expires at, in seconds.
    pub exp: i64,
}

/// Why a token is not accepted; a sentence for the caller.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rejected {
    /// Nothing that we signed, or signed for something else.
    NotOurs,
    /// Ours, but its time is over.
    Expired,
}

impl Rejected {
    /// The sentence.
    #[must_use]
    pub fn why(self) -> &'static str {
        match self {
            Self::NotOurs => "The bearer token is not valid. Please sign in again.",
            Self::Expired => "The access token has expired. Please refresh it.",
        }
    }
}

/// Issues and verifies. Cheap to clone.
#[derive(Clone)]
pub struct AccessTokens {
    issuer: String,
    keys: Keys,
    /// Tokens, by their whole text, whose signature was found right: only that is not done again.
    proven: Cache<String, Proven>,
}

/// A token that one of our keys signed.
#[derive(Clone)]
struct Proven {
    kid: Arc<str>,
    claims: Arc<Claims>,
}

impl AccessTokens {
    /// With these keys, in the name of the platform at `public_url`.
    #[must_use]
    pub fn new(secrets: &Secrets, public_url: &str) -> Self {
        let proven = Cache::builder().max_capacity(REMEMBERED).time_to_live(Duration::from_secs(LIFETIME.unsigned_abs())).build();
        Self { issuer: public_url.to_owned(), keys: Keys::new(secrets), proven }
    }

    /// The same, where other processes may replace the keys in this ring.
    #[must_use]
    pub fn with_ring(self, ring: Keyring) -> Self {
        Self { keys: self.keys.with_ring(ring), ..self }
    }

    /// Reads the keys again, if others may have replaced them.
    pub async fn renew(&self) {
        self.keys.renew().await;
    }

    /// Learns of the key that signed this token, if another process may have made it; whether that was of any use.
    pub async fn learn(&self, token: &str, now: Timestamp) -> bool {
        if token.len() > LONGEST || !self.keys.may_be_replaced() {
            return false;
        }
        match decode_header(token).ok().and_then(|header| header.kid) {
            Some(kid) => self.keys.learn(&kid, now).await,
            None => false,
        }
    }

    /// A token for a session of an account.
    ///
    /// # Errors
    /// When the signature cannot be made, which no input brings about.
    pub fn issue(&self, account: Uuid, session: Uuid, now: Timestamp) -> Result<String, jsonwebtoken::errors::Error> {
        let now = now.as_second();
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.into(),
            sub: account,
            sid: session,
            jti: Uuid::now_v7(),
            iat: now,
            nbf: now,
            exp: now + LIFETIME,
        };
        let signing = self.keys.signing();
        let header = Header { typ: Some(TYPE.into()), kid: Some(signing.kid), ..Header::new(Algorithm::HS256) };
        encode(&header, &claims, &EncodingKey::from_secret(signing.key.bytes()))
    }

    /// What the token says, when it is ours and its time is now.
    ///
    /// # Errors
    /// [`Rejected::NotOurs`] for everything but a well-made token that is merely too old.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Arc<Claims>, Rejected> {
        if token.len() > LONGEST {
            return Err(Rejected::NotOurs);
        }
        if let Some(proven) = self.proven.get(token) {
            if !self.keys.accepts(&proven.kid, now) {
                return Err(Rejected::NotOurs);
            }
            self.check(&proven.claims, now.as_second())?;
            return Ok(proven.claims);
        }
        let header = decode_header(token).map_err(|_| Rejected::NotOurs)?;
        if header.typ.as_deref() != Some(TYPE) || header.crit.is_some() {
            return Err(Rejected::NotOurs);
        }
        let kid = header.kid.as_deref().ok_or(Rejected::NotOurs)?;
        let key = self.keys.find(kid, now).ok_or(Rejected::NotOurs)?;
        let claims: Claims =
            decode(token, &DecodingKey::from_secret(key.key.bytes()), &signature_only()).map_err(|_| Rejected::NotOurs)?.claims;
        self.check(&claims, now.as_second())?;
        let proven = Proven { kid: kid.into(), claims: Arc::new(claims) };
        self.proven.insert(token.to_owned(), proven.clone());
        Ok(proven.claims)
    }

    fn check(&self, claims: &Claims, now: i64) -> Result<(), Rejected> {
        let ours = claims.iss == self.issuer && claims.aud == AUDIENCE;
        let whole = claims.nbf >= claims.iat && claims.exp > claims.iat && claims.exp.saturating_sub(claims.iat) <= LIFETIME;
        let begun = claims.iat.max(claims.nbf) <= now.saturating_add(LEEWAY);
        if !(ours && whole && begun) {
            return Err(Rejected::NotOurs);
        }
        if claims.exp <= now.saturating_sub(LEEWAY) {
            return Err(Rejected::Expired);
        }
        Ok(())
    }
}

/// The library checks the signature with the one algorithm; the claims are checked above, against our clock.
fn signature_only() -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}
