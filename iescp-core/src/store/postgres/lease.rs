//! A connection for one question: put back when the answer is there, closed when it is not.
//!
//! A connection that was let go of in the midst of a question, because the time was over or nobody waits any more, would otherwise
//! keep its place in the pool until the network gives it up, which may take a quarter of an hour; and one whose host only reads
//! since another took over would stay there for ever.
//!
//! **Not here**: how long an answer is waited for (`patience`).

use super::address::LET_IN;
use sqlx::{Connection, PgConnection, PgPool, Postgres, pool::PoolConnection};
use std::{
    ops::{Deref, DerefMut},
    time::Duration,
};
use tokio::time::timeout;

/// How often it is tried to get one.
const TRIES: usize = 4;

/// How long a connection that nobody uses may take to say that it is well.
const A_WORD: Duration = Duration::from_secs(1);

/// How long a connection may take to go back to its pool; then it is closed.
const GOING_BACK: Duration = Duration::from_secs(2);

/// A connection of a pool that is closed unless it is given back.
#[derive(Debug)]
pub struct PostgresLease {
    connection: PoolConnection<Postgres>,
    whole: bool,
}

impl PostgresLease {
    /// Takes a connection. Whoever makes one to a host that does not let it in tries anew after a while: the host may be back.
    ///
    /// # Errors
    /// If there is none after some tries, or the pool says so before.
    pub async fn of(pool: &PgPool) -> Result<Self, sqlx::Error> {
        for _ in 0..TRIES {
            if let Ok(acquired) = timeout(LET_IN, pool.acquire()).await {
                return Ok(Self { connection: acquired?, whole: false });
            }
        }
        Err(sqlx::Error::PoolTimedOut)
    }

    /// Takes one that says that it is well, after one was not.
    pub(super) async fn that_is_well(pool: &PgPool) -> Result<Self, sqlx::Error> {
        for _ in 0..=pool.options().get_max_connections() {
            let mut lease = Self::of(pool).await?;
            if is_well(&mut lease).await {
                return Ok(lease);
            }
        }
        Err(sqlx::Error::PoolTimedOut)
    }

    /// Puts it back: what was asked is answered. A host that fell silent since does not keep its place.
    pub fn give_back(mut self) {
        self.whole = true;
        tokio::spawn(timeout(GOING_BACK, self.connection.return_to_pool()));
    }
}

impl Deref for PostgresLease {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for PostgresLease {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

impl Drop for PostgresLease {
    fn drop(&mut self) {
        if !self.whole {
            self.connection.close_on_drop();
        }
    }
}

/// Whether a connection that nobody used for a while answers. The driver asks the same and waits for ever.
pub(super) async fn is_well(connection: &mut PgConnection) -> bool {
    timeout(A_WORD, connection.ping()).await.is_ok_and(|said| said.is_ok())
}
