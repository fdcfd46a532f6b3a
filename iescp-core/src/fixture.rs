//! A small market for tests: accounts as they are, without the ways that lead there.
//!
//! - `trade` leads from a campaign to an agreement and its end; `sound` asks whether everything in the store still holds.
//!
//! **Not here**: journeys through registration and sign-in; those are in `tests/`.

mod counted;
mod sound;
mod trade;

pub(crate) use counted::Counted;
pub(crate) use trade::offer;

use crate::{
    Actor, Error, ManualClock, Operation, Platform, Result, Settings,
    account::{Account, AccountState, Role},
    id::AccountId,
    ledger::gateway::{Gateway, Sandbox},
    policy::{Action, Subject},
    store::{MemoryStore, Store, record::Record},
    tx::Tx,
    value::{Email, Username},
};
use std::sync::Arc;

/// A platform over an empty store in memory, on the first of March 2026 at noon.
pub(crate) struct Market {
    pub platform: Platform,
    pub clock: ManualClock,
    pub store: Arc<dyn Store>,
}

impl Market {
    pub(crate) fn open() -> Self {
        Self::with(Settings::default())
    }

    pub(crate) fn with(settings: Settings) -> Self {
        Self::over(MemoryStore::new(), settings)
    }

    pub(crate) fn over(store: impl Store, settings: Settings) -> Self {
        Self::paying_by(Sandbox, store, settings)
    }

    /// The same store and clock under another platform, as after a restart.
    pub(crate) fn reopened(self) -> Self {
        let builder = Platform::over(self.store.clone()).clock(self.clock.clone()).settings(self.platform.settings().clone());
        Self { platform: builder.open().unwrap(), ..self }
    }

    /// A platform whose money moves through this gateway.
    pub(crate) fn paying_by(gateway: impl Gateway, store: impl Store, settings: Settings) -> Self {
        let clock = ManualClock::at("2026-03-01T12:00:00Z".parse().unwrap());
        let store: Arc<dyn Store> = Arc::new(store);
        let builder = Platform::over(store.clone()).clock(clock.clone()).settings(settings);
        Self { platform: builder.gateway(gateway).open().unwrap(), clock, store }
    }

    /// An account in a role and state.
    pub(crate) async fn account(&self, role: Role, state: AccountState) -> Account {
        let id = AccountId(self.platform.uuid_at(self.platform.clock().now()));
        let name = format!("{}-{}", role.word(), &id.to_string()[24..]);
        let account = Account {
            id,
            email: Email::parse(&format!("{name}@example.com")).unwrap(),
            username: Username::parse(&name).unwrap(),
            new_email: None,
            email_verified: true,
            role,
            state,
            state_reason: None,
            under_review: false,
            created_at: self.platform.clock().now(),
            last_login_at: None,
            picture: None,
            legacy_id: None,
        };
        self.put(&account).await;
        account
    }

    pub(crate) async fn sponsor(&self) -> Account {
        self.account(Role::Sponsor, AccountState::Active).await
    }

    pub(crate) async fn influencer(&self) -> Account {
        self.account(Role::Influencer, AccountState::Active).await
    }

    pub(crate) async fn admin(&self) -> Account {
        self.account(Role::Admin, AccountState::Active).await
    }

    /// Writes a record over whatever is there.
    pub(crate) async fn put<R: Record>(&self, record: &R) {
        self.platform.run(&Actor::system("fixture"), Put(record.clone())).await.unwrap();
    }

    /// Removes a record.
    pub(crate) async fn remove<R: Record>(&self, record: &R) {
        self.platform.run(&Actor::system("fixture"), Remove(record.clone())).await.unwrap();
    }

    /// The record at a key.
    pub(crate) async fn get<R: Record>(&self, key: crate::store::Key) -> Option<R> {
        let actor = Actor::system("fixture");
        let mut tx = Tx::new(&self.platform, &actor, Action::CleanUp, crate::sight::Seen::default());
        tx.look_up().await.unwrap();
        tx.peek_at(key).await.unwrap()
    }

    /// A counter's value.
    pub(crate) async fn counter(&self, key: crate::store::Key) -> i64 {
        let actor = Actor::system("fixture");
        let mut tx = Tx::new(&self.platform, &actor, Action::CleanUp, crate::sight::Seen::default());
        tx.look_up().await.unwrap();
        tx.counter(key).await.unwrap()
    }

    /// Runs an operation as an account.
    pub(crate) async fn run<O: Operation>(&self, account: &Account, operation: O) -> Result<O::Output> {
        self.platform.run(&Actor::account(account.id), operation).await
    }
}

/// The code of a refusal.
pub(crate) fn code<T>(result: Result<T>) -> &'static str {
    match result.err() {
        Some(Error::NotNow(refusal)) => refusal.code,
        Some(Error::Invalid(fields)) => fields.first().map_or("", |field| field.code),
        Some(Error::NotFound) => "not_found",
        Some(Error::Forbidden(_)) => "forbidden",
        Some(Error::TooOften { .. }) => "too_often",
        Some(Error::SignedOut(_)) => "signed_out",
        Some(Error::Stale) => "stale",
        Some(Error::Taken(_)) => "taken",
        Some(error) => panic!("an unexpected refusal: {error:?}"),
        None => "done",
    }
}

struct Put<R>(R);

impl<R: Record> Operation for Put<R> {
    type Output = ();
    const ACTION: Action = Action::CleanUp;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        tx.get_at::<R>(self.0.key()).await?;
        tx.put(&self.0)?;
        tx.quietly();
        Ok(())
    }
}

struct Remove<R>(R);

impl<R: Record> Operation for Remove<R> {
    type Output = ();
    const ACTION: Action = Action::CleanUp;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        tx.get_at::<R>(self.0.key()).await?;
        tx.remove(&self.0)?;
        tx.quietly();
        Ok(())
    }
}
