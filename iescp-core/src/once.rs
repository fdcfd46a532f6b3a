//! A request that is sent twice has one effect, and both are answered alike: what is answered is remembered under the request's
//! key, in the commit of its effect (Stripe's idempotent requests; draft-ietf-httpapi-idempotency-key-header).
//!
//! **Not here**: reading keys from requests (their servers), forgetting old answers (`tidy`).

use crate::{
    Error, Platform, Result,
    actor::Actor,
    id::AccountId,
    operation::Operation,
    policy::Action,
    secret,
    store::{
        Key,
        keys::{Table, due},
        record::{Derived, Record},
    },
    tx::Tx,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::marker::PhantomData;
use uuid::Uuid;

/// Names one request of one account, so that the same request sent twice has one effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// What the client calls the request; 1 to 255 characters.
    pub key: String,
    /// What is asked for: method and path.
    pub route: String,
    /// A hash of what was sent.
    pub fingerprint: String,
}

/// What an idempotent request answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Once<T> {
    /// The answer.
    pub output: T,
    /// Whether it is that of an earlier request with the same key.
    pub replayed: bool,
}

impl Platform {
    /// Runs an operation once: a second request with the same key answers what the first did. The answer is remembered in
    /// the commit of its effect, and only when there was one.
    ///
    /// # Errors
    /// As [`run`](Self::run); also if the key was used for something else, or nobody is signed in.
    pub async fn run_once<O: Operation>(
        &self,
        actor: &Actor,
        key: Option<IdempotencyKey>,
        operation: O,
    ) -> Result<Once<O::Output>>
    where
        O::Output: Serialize + DeserializeOwned,
    {
        match key {
            Some(key) => {
                let replaying = Replaying { key: key.clone(), of: PhantomData::<O> };
                match self.run(actor, Remembering { operation, key }).await {
                    // Perhaps because an equal request was quicker: then its answer is this one's, too.
                    Err(refused) => self.run(actor, replaying).await.ok().flatten().ok_or(refused),
                    answer => answer,
                }
            }
            None => Ok(Once { output: self.run(actor, operation).await?, replayed: false }),
        }
    }
}

/// An operation whose answer is remembered under the key of its request.
struct Remembering<O> {
    operation: O,
    key: IdempotencyKey,
}

impl<O: Operation> Operation for Remembering<O>
where
    O::Output: Serialize + DeserializeOwned,
{
    type Output = Once<O::Output>;
    const ACTION: Action = O::ACTION;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Output> {
        if let Some(earlier) = Remembered::of(tx, &self.key).await? {
            return earlier.answer(&self.key);
        }
        let id = Remembered::id(tx.my_id()?, &self.key);
        let lasts = tx.settings().timers.remembered;
        let output = self.operation.run(tx).await?;
        if !tx.changes_something() {
            return Ok(Once { output, replayed: false });
        }
        tx.put(&Remembered {
            id,
            fingerprint: self.key.fingerprint.clone(),
            answer: serde_json::to_value(&output).map_err(|error| Error::Corrupt(error.to_string()))?,
            expires_at: tx.now().saturating_add(lasts).unwrap_or(Timestamp::MAX),
        })?;
        Ok(Once { output, replayed: false })
    }
}

/// The answer that was remembered for a request, if there is one: looked for anew.
struct Replaying<O> {
    key: IdempotencyKey,
    of: PhantomData<O>,
}

impl<O: Operation> Operation for Replaying<O>
where
    O::Output: Serialize + DeserializeOwned,
{
    type Output = Option<Once<O::Output>>;
    const ACTION: Action = O::ACTION;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Output> {
        let earlier = Remembered::of(tx, &self.key).await?;
        tx.settle_for_replay();
        earlier.map(|earlier| earlier.answer(&self.key)).transpose()
    }
}

/// The answer to an idempotent request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Remembered {
    pub id: Uuid,
    pub fingerprint: String,
    pub answer: Value,
    pub expires_at: Timestamp,
}

impl Remembered {
    /// What the asker was answered under this key, as long as it lasts.
    async fn of(tx: &mut Tx<'_>, key: &IdempotencyKey) -> Result<Option<Self>> {
        let id = Self::id(tx.my_id()?, key);
        let earlier: Option<Self> = tx.get_at(Self::at(id)).await?;
        let earlier = earlier.filter(|earlier| tx.now() < earlier.expires_at);
        if earlier.is_some() {
            tx.settle_for_replay();
        }
        Ok(earlier)
    }

    /// Where the answer to this request of this account is kept: under the hash of both.
    fn id(account: AccountId, key: &IdempotencyKey) -> Uuid {
        secret::uuid_of(&[&account.to_string(), &key.route, &key.key])
    }

    pub(crate) fn at(id: Uuid) -> Key {
        Table::Remembered.start().id(id).key()
    }

    fn answer<T: DeserializeOwned>(self, key: &IdempotencyKey) -> Result<Once<T>> {
        if self.fingerprint != key.fingerprint {
            let detail = "This Idempotency-Key was used for another request. Use a new one.";
            return Err(Error::invalid("Idempotency-Key", "key_reused", detail));
        }
        let output = serde_json::from_value(self.answer).map_err(|error| Error::Corrupt(error.to_string()))?;
        Ok(Once { output, replayed: true })
    }
}

impl Record for Remembered {
    const TABLE: Table = Table::Remembered;

    fn key(&self) -> Key {
        Self::at(self.id)
    }

    fn derive(&self, derived: &mut Derived) {
        derived.listed(due(self.expires_at, "remembered", self.id));
    }
}
