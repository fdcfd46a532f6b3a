//! A store in PostgreSQL, for any number of processes: the same contract over three plain tables.
//!
//! | table | a row is |
//! |---|---|
//! | `iescp_head` | the one row that says in which layout the store is, the latest commit, and the latest that is forgotten |
//! | `iescp_record` | a key and its value, framed with the number of its commit and a checksum |
//! | `iescp_change` | a commit: its number, its batch's id, what it changed |
//!
//! Every process has one committer, which takes all waiting batches, locks the head, reads what they rest on, decides them as
//! the embedded engines do, and lands those that may in one transaction of four round trips. Commits of all processes stand in
//! one queue that way: their numbers have no gaps, whoever reads a number reads all before it, and what is expensive, the
//! database's sync, is paid once for a whole group. A connection that broke during a commit is not guessed about: the head is
//! locked again, which waits for whatever still goes on, and the batch's id tells whether it landed.
//!
//! - `address` reads the URL, several hosts and TLS included; `schema` makes the tables; `committer` lands, `reading` reads;
//!   `news` hears of other processes' commits and knows whether the database answers; `failure` reads errors;
//!   `patience` says how long anything is waited for, and [`PostgresLease`] takes a connection for one question and closes it
//!   when no answer came; `filling` brings all of a store in at once; `along` is for rows of others that are written together with what they follow
//!   from; [`PostgresBeside`] leads to the same database for what others keep there.
//!
//! SQL that PostgreSQL's relatives lack is not used, with one exception: where `LISTEN` is refused, other processes' commits are
//! asked for ten times a second instead.
//!
//! **Not here**: deciding and framing (`committer` of the embedded engines), a queue for jobs.

mod address;
mod along;
mod beside;
mod committer;
mod failure;
mod filling;
mod lease;
mod news;
mod patience;
mod reading;
mod schema;

pub use along::GoesAlong;
pub use beside::PostgresBeside;
pub use filling::PostgresFilling;
pub use lease::PostgresLease;

use super::{Batch, Change, DEFAULT_KEPT_COMMITS, Found, Pending, Read, Store, StoreError, committer::decision::Plan};
use address::Addresses;
use committer::{Committer, Waiting};
use failure::Failure;
use news::News;
use patience::{PATIENCE, Patience, answered};
use sqlx::{Connection, PgConnection, PgPool, postgres::PgPoolOptions};
use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
    time::timeout,
};

/// How long a commit is waited for where the database does not answer. Whether it landed is then found out without its caller.
const COMMITTED: Duration = Duration::from_secs(5);

/// Making tables takes no longer, waiting for others who make them included.
const OPENING: Duration = Duration::from_secs(60);

/// A connection for reading that was used so short a time ago is thought well: a question costs a round trip less, and is asked
/// again if that was wrong.
const TRUSTED: Duration = Duration::from_secs(1);

/// How many batches wait for the committer at most; whoever comes then waits for a place.
const QUEUE: usize = 2048;

/// How a [`PostgresStore`] behaves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PostgresOptions {
    /// The schema that holds the tables; `public` unless set. It is made if it is not there.
    pub schema: String,
    /// How many connections read at once; 10 unless set. Two more commit and listen, and up to eight are for what stands
    /// beside.
    pub readers: u32,
    /// How many commits [`Store::changes`] can look back on; [`DEFAULT_KEPT_COMMITS`] unless set, at least one.
    pub kept_commits: u64,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self { schema: "public".into(), readers: 10, kept_commits: DEFAULT_KEPT_COMMITS }
    }
}

/// A [`Store`] in a PostgreSQL database. Dropping it lets go of its connections.
pub struct PostgresStore {
    shared: Arc<Shared>,
    queue: mpsc::Sender<Waiting>,
    news: JoinHandle<()>,
}

/// What the store and its tasks see.
struct Shared {
    addresses: Addresses,
    /// For reading.
    pool: PgPool,
    /// For what stands beside the store.
    beside: PgPool,
    latest: watch::Sender<u64>,
    patience: Patience,
    /// Where commits are told to other processes.
    channel: String,
    /// Who writes in the transactions of commits.
    along: Arc<OnceLock<Arc<dyn GoesAlong>>>,
}

impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresStore").field("latest", &self.latest()).finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// Connects, and makes the tables if there are none. The URL is `postgres://user:password@host:port/database`, with several
    /// hosts separated by commas if one of them may take over from another; without `sslmode` in it, a host elsewhere must show
    /// a certificate that proves its name (`sslmode=verify-full`).
    ///
    /// # Errors
    /// [`StoreError::Failed`] if the URL cannot be read or nobody answers who can write, [`StoreError::Newer`] if a newer
    /// version of this program made the tables.
    pub async fn connect(url: &str, options: PostgresOptions) -> Result<Self, StoreError> {
        let addresses = Addresses::read(url, &options.schema)?;
        let mut first = addresses.connect().await?;
        let made = timeout(OPENING, schema::ensure(&mut first, &options.schema)).await;
        let latest = made.unwrap_or_else(|_| Err(Failure::late().into()))?;
        Ok(Self::over(addresses, first, latest, options))
    }

    /// The store over tables that are there.
    fn over(addresses: Addresses, first: PgConnection, latest: u64, options: PostgresOptions) -> Self {
        let shared = Arc::new(Shared {
            pool: pool(&addresses, options.readers.max(1), TRUSTED),
            beside: pool(&addresses, beside::CONNECTIONS, Duration::ZERO),
            addresses,
            latest: watch::Sender::new(latest),
            patience: Patience::default(),
            channel: format!("iescp_{}", options.schema),
            along: Arc::default(),
        });
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(Committer::new(shared.clone(), waiting, first, options.kept_commits).run());
        let news = tokio::spawn(News::new(shared.clone()).follow());
        Self { shared, queue, news }
    }

    /// Whether there is a store already: nothing is made.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub async fn is_there(url: &str, options: &PostgresOptions) -> Result<bool, StoreError> {
        let mut connection = Addresses::read(url, &options.schema)?.connect().await?;
        let found = answered(async { Ok(schema::found(&mut connection).await?) }).await?;
        let _closed_anyway = connection.close().await;
        Ok(found.is_some())
    }
}

/// Connections that are made when they are needed, to a host that writes. One that was not used for longer than `trusted` is asked
/// whether it is well before it is used again.
fn pool(addresses: &Addresses, most: u32, trusted: Duration) -> PgPool {
    PgPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .before_acquire(move |connection, meta| {
            Box::pin(async move { Ok(meta.idle_for < trusted || lease::is_well(connection).await) })
        })
        .after_connect(|connection, _| Box::pin(address::must_write(connection)))
        .connect_lazy_with(addresses.current())
}

impl Drop for PostgresStore {
    fn drop(&mut self) {
        // The committer ends by itself when nobody can hand it anything any more.
        self.news.abort();
    }
}

impl Shared {
    /// Notes a commit that somebody made.
    fn reached(&self, number: u64) {
        self.latest.send_if_modified(|latest| {
            let grown = number > *latest;
            *latest = number.max(*latest);
            grown
        });
    }
}

impl Store for PostgresStore {
    fn read(&self, reads: Vec<Read>) -> Pending<'_, Vec<Found>> {
        Box::pin(async move { self.shared.patience.answered(reading::read(&self.shared.pool, reads)).await })
    }

    fn commit(&self, batch: Batch) -> Pending<'_, u64> {
        Box::pin(async move {
            let id = batch.id;
            let plan = Plan::new(batch)?;
            let ended = || StoreError::Stopped("the committer has ended".into());
            let (answer, answered) = oneshot::channel();
            let committed = async {
                self.queue.send(Waiting { plan, id, answer }).await.map_err(|_| ended())?;
                answered.await.map_err(|_| ended())?
            };
            tokio::select! {
                biased;
                answer = committed => answer,
                () = self.shared.patience.lasts(COMMITTED) => {
                    Err(StoreError::Failed("the database does not answer; whether this batch lands is not known".into()))
                }
            }
        })
    }

    fn changes(&self, after: u64, limit: usize) -> Pending<'_, Vec<Change>> {
        Box::pin(async move { self.shared.patience.answered(reading::changes(&self.shared.pool, after, limit)).await })
    }

    fn latest(&self) -> u64 {
        *self.shared.latest.borrow()
    }

    fn newest(&self) -> Pending<'_, u64> {
        Box::pin(async move {
            let newest = self.shared.patience.answered(reading::newest(&self.shared.pool)).await?;
            self.shared.reached(newest);
            Ok(newest)
        })
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.shared.latest.subscribe()
    }

    fn health(&self) -> Result<(), StoreError> {
        self.shared.patience.trouble().map_or(Ok(()), Err)
    }
}
