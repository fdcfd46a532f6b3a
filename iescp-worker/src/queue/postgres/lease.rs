//! A connection for one question: put back when the answer is there, closed when it is not.
//!
//! A connection that was let go of in the midst of a question, because the time was over or nobody waits any more, would otherwise
//! keep its place in the pool until the network gives it up, which may take a quarter of an hour; and one whose host only reads
//! since another took over would stay there for ever.

use crate::queue::QueueError;
use sqlx::{PgConnection, PgPool, Postgres, pool::PoolConnection};
use std::{
    future::Future,
    ops::{Deref, DerefMut},
    time::Duration,
};

/// No question takes longer, the way to a connection included.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection that is closed unless it is given back.
pub(super) struct Lease {
    connection: PoolConnection<Postgres>,
    whole: bool,
}

/// Takes a connection of the pool.
pub(super) async fn take(pool: &PgPool) -> Result<Lease, QueueError> {
    Ok(Lease { connection: pool.acquire().await?, whole: false })
}

impl Lease {
    /// Puts it back: what was asked is answered.
    pub(super) fn give_back(mut self) {
        self.whole = true;
    }
}

impl Deref for Lease {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !self.whole {
            self.connection.close_on_drop();
        }
    }
}

/// Waits for an answer, but not for ever.
pub(super) async fn within<T>(question: impl Future<Output = Result<T, QueueError>>) -> Result<T, QueueError> {
    let late = |_| QueueError::of("its database has not answered in time");
    tokio::time::timeout(PATIENCE, question).await.unwrap_or_else(|elapsed| Err(late(elapsed)))
}
