//! The keys that sign access tokens, which another process on the same database may replace.
//!
//! The one that replaces them signs with the new key at once. Whoever meets a token of a key that it does not know reads the keys
//! again, and everybody does now and then: so nobody goes on signing with a key that is no longer accepted elsewhere.
//!
//! Not here: where keys are kept and when they are replaced (`iescp_worker::installation::secrets`).

use super::LIFETIME;
use crate::secrets::{Keyring, Secrets, SigningKey};
use jiff::Timestamp;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

/// The keys are not read again sooner than this, whoever brings whatever token.
const BETWEEN: Duration = Duration::from_secs(1);

/// How long a caller waits for the keys.
const PATIENCE: Duration = Duration::from_secs(3);

/// The keys as they were read last. Cheap to clone.
#[derive(Clone)]
pub(super) struct Keys {
    held: Arc<RwLock<Arc<Held>>>,
    ring: Option<Arc<Ring>>,
}

struct Held {
    signing: SigningKey,
    retired: Option<SigningKey>,
}

struct Ring {
    ring: Keyring,
    read_at: Mutex<Option<Instant>>,
}

impl From<&Secrets> for Held {
    fn from(secrets: &Secrets) -> Self {
        Self { signing: secrets.signing.clone(), retired: secrets.retired.clone() }
    }
}

impl Held {
    fn find(&self, kid: &str, now: Timestamp) -> Option<&SigningKey> {
        if kid == self.signing.kid {
            return Some(&self.signing);
        }
        let verifies = |key: &&SigningKey| {
            let retired = key.retired_at.map_or(i64::MIN, Timestamp::as_second);
            kid == key.kid && now.as_second() <= retired.saturating_add(2 * LIFETIME)
        };
        self.retired.as_ref().filter(verifies)
    }
}

impl Keys {
    pub(super) fn new(secrets: &Secrets) -> Self {
        Self { held: Arc::new(RwLock::new(Arc::new(secrets.into()))), ring: None }
    }

    pub(super) fn with_ring(self, ring: Keyring) -> Self {
        Self { ring: Some(Arc::new(Ring { ring, read_at: Mutex::new(None) })), ..self }
    }

    pub(super) fn may_be_replaced(&self) -> bool {
        self.ring.is_some()
    }

    fn held(&self) -> Arc<Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The key that signs.
    pub(super) fn signing(&self) -> SigningKey {
        self.held().signing.clone()
    }

    /// Whether what the key of this name signed is accepted.
    pub(super) fn accepts(&self, kid: &str, now: Timestamp) -> bool {
        self.held().find(kid, now).is_some()
    }

    /// The key of this name, as long as what it signed is accepted.
    pub(super) fn find(&self, kid: &str, now: Timestamp) -> Option<SigningKey> {
        self.held().find(kid, now).cloned()
    }

    /// Whether the key of this name is known now, if need be by reading the keys again.
    pub(super) async fn learn(&self, kid: &str, now: Timestamp) -> bool {
        let Some(ring) = &self.ring else { return false };
        if self.accepts(kid, now) {
            return false;
        }
        // Those who come meanwhile wait for what the first one learns.
        let mut read_at = ring.read_at.lock().await;
        if self.accepts(kid, now) {
            return true;
        }
        if read_at.is_some_and(|read_at| read_at.elapsed() < BETWEEN) {
            return false;
        }
        *read_at = Some(Instant::now());
        self.take(&ring.ring).await;
        self.accepts(kid, now)
    }

    pub(super) async fn renew(&self) {
        if let Some(ring) = &self.ring {
            self.take(&ring.ring).await;
        }
    }

    async fn take(&self, ring: &Keyring) {
        match timeout(PATIENCE, ring.read()).await {
            Ok(Ok(secrets)) => *self.held.write().unwrap_or_else(PoisonError::into_inner) = Arc::new((&secrets).into()),
            Ok(Err(why)) => tracing::warn!(why = ?why.to_string(), "the keys could not be read again"),
            Err(_) => tracing::warn!("the keys could not be read again in time"),
        }
    }
}
