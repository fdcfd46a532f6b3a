//! The platform: a store, a clock, settings; and the one way in.
//!
//! **Not here**: requests that are sent twice (`once`), what a transaction may do (`tx`).

use crate::{
    Error, Result,
    actor::Actor,
    basis::{Basis, Freshness},
    blob::{Blobs, HeldBlobs, Hold, MemoryBlobs},
    clock::{Clock, SystemClock},
    discovery::Finder,
    ledger::gateway::{Gateway, Sandbox},
    live::Live,
    operation::Operation,
    picture,
    secret::InstallationSecret,
    session::refusal::note_forbidden,
    settings::Settings,
    sight::Sight,
    store::{Store, StoreError},
    tx::{Landed, Tx},
};
use jiff::Timestamp;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Mutex as Turn, Semaphore};
use uuid::{ContextV7, Uuid};

/// How often an operation is run again because somebody else was quicker. One of those who compete always lands, and after
/// a few tries they queue, so this many losers in a row means that something is wrong.
const TRIES: usize = 200;

/// After so many lost races an operation waits for its turn among the losers.
const IMPATIENT: usize = 2;

/// A running platform. Cheap to clone.
#[derive(Clone)]
pub struct Platform(Arc<Inner>);

struct Inner {
    store: Arc<dyn Store>,
    blobs: Arc<dyn Blobs>,
    held: HeldBlobs,
    clock: Arc<dyn Clock>,
    settings: Settings,
    secret: InstallationSecret,
    gateway: Arc<dyn Gateway>,
    ids: Mutex<ContextV7>,
    turn: Turn<()>,
    hashing: Arc<Semaphore>,
    live: Live,
    finder: Finder,
    freshness: Freshness,
}

/// Makes a platform out of its parts; those that are not named are the shipped ones.
pub struct Builder {
    store: Arc<dyn Store>,
    blobs: Arc<dyn Blobs>,
    clock: Arc<dyn Clock>,
    settings: Settings,
    secret: Option<InstallationSecret>,
    gateway: Arc<dyn Gateway>,
}

impl Builder {
    /// Another clock.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Other settings.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Where pictures' bytes lie; without, in memory, so that they end with the process although records speak of them. Beside a
    /// store that lasts, name a place that lasts, such as [`FolderBlobs`](crate::blob::FolderBlobs).
    #[must_use]
    pub fn blobs(mut self, blobs: Arc<dyn Blobs>) -> Self {
        self.blobs = blobs;
        self
    }

    /// The secret this installation keeps; without one, links in letters end with the process.
    #[must_use]
    pub fn secret(mut self, secret: InstallationSecret) -> Self {
        self.secret = Some(secret);
        self
    }

    /// The payment provider; without one, the sandbox.
    #[must_use]
    pub fn gateway(mut self, gateway: impl Gateway) -> Self {
        self.gateway = Arc::new(gateway);
        self
    }

    /// The platform.
    ///
    /// # Errors
    /// If the operating system gives no randomness.
    pub fn open(self) -> Result<Platform> {
        let secret = match self.secret {
            Some(secret) => secret,
            None => InstallationSecret::random()?,
        };
        let hashing = Arc::new(Semaphore::new(self.settings.passwords.at_once.max(1)));
        let freshness = Freshness::since(self.store.latest());
        let held = HeldBlobs::over(self.blobs);
        Ok(Platform(Arc::new(Inner {
            store: self.store,
            blobs: Arc::new(held.clone()),
            held,
            clock: self.clock,
            settings: self.settings,
            secret,
            gateway: self.gateway,
            ids: Mutex::new(ContextV7::new()),
            turn: Turn::new(()),
            hashing,
            live: Live::default(),
            finder: Finder::new(),
            freshness,
        })))
    }
}

impl Platform {
    /// Begins a platform over a store.
    #[must_use]
    pub fn builder(store: impl Store) -> Builder {
        Self::over(Arc::new(store))
    }

    /// Begins a platform over a store that is shared already.
    #[must_use]
    pub fn over(store: Arc<dyn Store>) -> Builder {
        let (clock, blobs) = (Arc::new(SystemClock), Arc::new(MemoryBlobs::new()));
        Builder { store, blobs, clock, settings: Settings::default(), secret: None, gateway: Arc::new(Sandbox) }
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.0.store
    }

    /// Where pictures' bytes lie.
    #[must_use]
    pub fn blobs(&self) -> &Arc<dyn Blobs> {
        &self.0.blobs
    }

    /// Lets no picture's bytes go until this is dropped.
    pub(crate) async fn hold_blobs(&self) -> Result<Hold, StoreError> {
        self.0.held.hold().await
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        self.0.clock.as_ref()
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The installation's secret, from which letters derive their tokens.
    #[must_use]
    pub fn secret(&self) -> &InstallationSecret {
        &self.0.secret
    }

    /// The payment provider.
    #[must_use]
    pub fn gateway(&self) -> &dyn Gateway {
        self.0.gateway.as_ref()
    }

    /// The search indexes.
    pub(crate) fn finder(&self) -> &Finder {
        &self.0.finder
    }

    /// Builds the search indexes, which the first search would otherwise wait for; called again, brings them to the present.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn warm(&self) -> Result<()> {
        self.0.finder.catch_up(self).await
    }

    /// Bounds how many passwords are hashed at once.
    pub(crate) fn hashing(&self) -> &Arc<Semaphore> {
        &self.0.hashing
    }

    /// The reader that live streams share.
    pub(crate) fn live(&self) -> &Live {
        &self.0.live
    }

    /// A new id of this moment (UUIDv7, RFC 9562); ids made here one after the other are in order.
    pub(crate) fn uuid_at(&self, now: Timestamp) -> Uuid {
        let ids = self.0.ids.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = u64::try_from(now.as_second()).unwrap_or(0);
        let nanoseconds = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
        Uuid::new_v7(uuid::Timestamp::from_unix(&*ids, seconds, nanoseconds))
    }

    /// Runs an operation: the one way in. Lands it whole, or changes nothing and says why.
    ///
    /// # Errors
    /// What the operation's rules refuse; [`Error::Busy`] if others were quicker every time; what the store reports.
    pub async fn run<O: Operation>(&self, actor: &Actor, operation: O) -> Result<O::Output> {
        self.run_noting(actor, operation, None, None).await
    }

    /// Runs an operation, and adds to a basis what its answer rests on. What fails spoils the basis.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn run_on<O: Operation>(&self, basis: &mut Basis, actor: &Actor, operation: O) -> Result<O::Output> {
        let mut mine = self.basis();
        let outcome = self.run_noting(actor, operation, Some(&mut mine), None).await;
        if outcome.is_err() {
            mine.spoil();
        }
        basis.add(mine);
        outcome
    }

    /// Runs an operation of a request that runs several: one that reads begins with what those before it have read; one that
    /// changes something reads for itself, and then all is forgotten.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn run_in<O: Operation>(&self, sight: &Sight, actor: &Actor, operation: O) -> Result<O::Output> {
        if O::ACTION.reads() {
            return self.run_noting(actor, operation, None, Some(sight)).await;
        }
        let outcome = self.run(actor, operation).await;
        sight.forget();
        outcome
    }

    async fn run_noting<O: Operation>(
        &self,
        actor: &Actor,
        operation: O,
        mut basis: Option<&mut Basis>,
        mut sight: Option<&Sight>,
    ) -> Result<O::Output> {
        let mut turn = None;
        for lost in 0..TRIES {
            if lost >= IMPATIENT && turn.is_none() {
                turn = Some(self.0.turn.lock().await);
            }
            // Boxed: it is by far the largest part of whatever calls it, and would be moved with that.
            match Box::pin(self.attempt(actor, &operation, basis.as_deref_mut(), sight.take())).await {
                Ok(Some(output)) => return Ok(output),
                Ok(None) => {}
                Err(error) => {
                    if matches!(error, Error::Forbidden(_)) {
                        note_forbidden(self, actor, O::ACTION).await;
                    }
                    return Err(error);
                }
            }
        }
        Err(Error::Busy)
    }

    /// Runs an operation; nothing if somebody else was quicker.
    async fn attempt<O: Operation>(
        &self,
        actor: &Actor,
        operation: &O,
        basis: Option<&mut Basis>,
        sight: Option<&Sight>,
    ) -> Result<Option<O::Output>> {
        let mut tx = Tx::new(self, actor, O::ACTION, sight.map(Sight::lend).unwrap_or_default());
        let outcome = match tx.look_up().await {
            Ok(()) => operation.run(&mut tx).await,
            Err(error) => Err(error),
        };
        if let Some(sight) = sight {
            sight.take_back(tx.seen());
        }
        let output = outcome?;
        if let Some(basis) = basis {
            tx.note(basis);
        }
        let left = tx.left();
        if tx.land().await? == Landed::Again {
            return Ok(None);
        }
        for name in left {
            picture::tell(self.0.blobs.delete(name)).await;
        }
        Ok(Some(output))
    }

    /// The basis of an answer that begins to be made now.
    #[must_use]
    pub fn basis(&self) -> Basis {
        Basis::since(self.0.store.latest())
    }

    /// Whether an answer may be given again: nothing that it rests on has changed, by all that was acknowledged before this
    /// call. The clock is not asked.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn holds(&self, basis: &Basis) -> Result<bool> {
        self.0.freshness.holds(self.0.store.as_ref(), basis).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[allow(dead_code, reason = "compiling it is the test: every run can move between threads")]
    fn runs_are_send<O: Operation<Output = u8> + 'static>(platform: Platform, operation: O, again: O) {
        fn send<T: Send>(_: T) {}
        let actor = Actor::visitor();
        send(platform.run(&actor, operation));
        send(platform.run_once(&actor, None, again));
    }
}
