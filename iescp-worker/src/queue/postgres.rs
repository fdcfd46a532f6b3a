//! The queue's tables in a PostgreSQL database, for the processes of any number of machines: apalis's `jobs` and `workers` in the
//! schema `apalis`, our `iescp_period` and `iescp_suspect` beside the store's.
//!
//! Times are the database's, so that nodes whose clocks differ agree on what is due and on who is silent. Workers look each second
//! whether somebody else pushed something.
//!
//! - `schema` makes the tables; `rows` writes and reads jobs, `periods` what is regular,
//!   `suspects` who may take workers down, `held` rows on their way to another queue.
//!
//! What PostgreSQL's relatives lack is used here, because apalis does: its tables need the extensions `hstore` and `pgcrypto`,
//! functions in PL/pgSQL and advisory locks. CockroachDB has not all of them: the queue is PostgreSQL's alone.
//!
//! **Not here**: what rows mean (`queue`), how the pool's connections are made.

mod held;
mod periods;
mod rows;
mod schema;
mod suspects;

pub(super) use held::Moment;

use super::{
    NAME, QueueError,
    hands::Hands,
    life::Life,
    waking::{Polling, Pulse},
    work::Work,
};
use apalis::prelude::{Attempt, BackendExt, TaskId, WorkerBuilder, WorkerBuilderExt, WorkerContext};
use apalis_core::worker::ext::event_listener::EventListenerExt;
use apalis_postgres::{Config, PostgresStorage};
use iescp_core::store::PostgresLease;
use serde_json::Value;
use sqlx::{PgPool, Row};
use std::{sync::Arc, time::Duration};

/// How many connections a worker has of its own: one that takes rows and says how they ended, and one that is being let go of.
const CONNECTIONS: u32 = 2;

/// No question takes longer, the way to a connection included.
const PATIENCE: Duration = Duration::from_secs(10);

/// The tables of a queue.
#[derive(Clone)]
pub(super) struct Tables {
    pub(super) pool: PgPool,
    /// What our rows are called among those of others in apalis's tables.
    name: Arc<str>,
}

impl Tables {
    /// Those of a database, which are made if they are not there.
    pub(super) async fn open(pool: PgPool) -> Result<Self, QueueError> {
        schema::ensure(&pool).await?;
        let schema: String = within(async {
            let mut lease = take(&pool).await?;
            let row = sqlx::query("SELECT COALESCE(current_schema()::text, 'public')").fetch_one(&mut *lease).await?;
            lease.give_back();
            Ok(row.try_get(0)?)
        })
        .await?;
        let name = if schema == "public" { NAME.to_owned() } else { format!("{NAME}:{schema}") };
        Ok(Self { pool, name: name.into() })
    }

    /// A worker of apalis's over them, to be polled until it ends. It has connections of its own: one that waits in vain is let go
    /// of with it, and takes nobody else's place meanwhile.
    pub(super) fn worker<W: Work>(&self, context: &WorkerContext, hands: Hands<W>, polling: Polling, pulse: &Pulse) -> Life {
        let settings = hands.settings;
        let pool = self.pool.options().clone().min_connections(0).max_connections(CONNECTIONS);
        let pool = pool.connect_lazy_with((*self.pool.connect_options()).clone());
        let config = Config::default()
            .queue(&*self.name)
            .batch_size(1)
            .heartbeat_interval(settings.heartbeat.max(Duration::from_secs(1)))
            .missed_heartbeats(2)
            // Its lock, set after the fact, would take a row from whoever has it by then.
            .lock_tasks(false);
        let worker = WorkerBuilder::new(context)
            .backend(PostgresStorage::<Value>::new(&pool).with_config(config).poll_with_strategy(polling))
            .concurrency(settings.at_once.max(1))
            .on_event(pulse.listener())
            .build(move |body: Value, attempt: Attempt, id: TaskId| {
                let hands = hands.clone();
                async move { hands.take_up(body, attempt.current(), &id.to_string()).await }
            });
        Box::pin(worker.run())
    }
}

/// Takes a connection of the pool.
async fn take(pool: &PgPool) -> Result<PostgresLease, QueueError> {
    Ok(PostgresLease::of(pool).await?)
}

/// Waits for an answer, but not for ever.
async fn within<T>(question: impl Future<Output = Result<T, QueueError>>) -> Result<T, QueueError> {
    let late = |_| QueueError::of("its database has not answered in time");
    tokio::time::timeout(PATIENCE, question).await.unwrap_or_else(|elapsed| Err(late(elapsed)))
}
