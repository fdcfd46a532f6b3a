//! How a stream of server-sent events runs: for the API's and for the pages'.
//!
//! Each event has the number of its commit as `id:`; whoever comes back with it goes on behind it. While nothing happens a
//! heartbeat moves that number on. A stream ends with its session, and when the server stops.
//!
//! Not here: what concerns whom (`iescp-core`'s `live`), in which words it is told (whoever calls).

use crate::problem::{Problem, kinds};
use crate::server::Shutdown;
use bytes::Bytes;
use futures_util::stream::unfold;
use iescp_core::id::AccountId;
use iescp_core::live::{Follower, LiveEvent, Told};
use poem::http::{HeaderName, HeaderValue, header};
use poem::{Body, Response};
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// Streams that one account may have open at once.
const MOST: usize = 16;
/// How often a silent stream says that it is still there.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Milliseconds after which a client comes back when its stream broke.
const RETRY: u128 = 3_000;
/// Milliseconds over which clients spread that all lost their streams at once.
const SPREAD: u128 = 5_000;

/// In which words events are told: lines of a block, without its `id:`.
pub trait Telling: Send + Sync + 'static {
    /// Something happened.
    fn event(&self, event: &LiveEvent) -> impl Future<Output = String> + Send;

    /// What happened before is no longer kept.
    fn reset(&self) -> impl Future<Output = String> + Send;
}

/// What has been said in a stream so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Greeting,
    Following,
    Over,
}

/// One stream under way.
struct Stream<T> {
    follower: Follower,
    shutdown: Shutdown,
    telling: T,
    stage: Stage,
    _seat: Option<Seat>,
}

impl<T: Telling> Stream<T> {
    /// The next block; none when the stream is over.
    async fn next(&mut self) -> Option<String> {
        match self.stage {
            Stage::Over => return None,
            Stage::Greeting => {
                self.stage = Stage::Following;
                return Some(format!("retry: {RETRY}\nid: {}\n\n", self.follower.position()));
            }
            Stage::Following => {}
        }
        let told = tokio::select! {
            biased;
            () = self.shutdown.begun() => {
                self.stage = Stage::Over;
                return Some(farewell());
            }
            told = self.follower.next() => told,
            () = tokio::time::sleep(HEARTBEAT) => return Some(format!(": still here\nid: {}\n\n", self.follower.position())),
        };
        match told {
            Ok(Told::Event(event)) => Some(format!("id: {}\n{}\n", event.number, self.telling.event(&event).await)),
            Ok(Told::Reset { number }) => Some(format!("id: {number}\n{}\n", self.telling.reset().await)),
            Err(error) => {
                tracing::debug!(%error, "a stream ends");
                None
            }
        }
    }
}

/// The stream of one follower.
pub fn stream<T: Telling>(follower: Follower, shutdown: Shutdown, seat: Option<Seat>, telling: T) -> Body {
    let stream = Stream { follower, shutdown, telling, stage: Stage::Greeting, _seat: seat };
    Body::from_bytes_stream(unfold(stream, |mut stream| async move {
        let said = stream.next().await?;
        Some((Ok::<_, io::Error>(Bytes::from(said)), stream))
    }))
}

/// The answer that carries a stream.
#[must_use]
pub fn answer(body: Body) -> Response {
    let mut answer = Response::builder().content_type("text/event-stream").body(body);
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("Cookie, Origin, Sec-Fetch-Site"));
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    answer
}

/// Tells clients when to come back: not all at once.
fn farewell() -> String {
    format!("retry: {}\n\n", RETRY + Uuid::new_v4().as_u128() % SPREAD)
}

/// How many streams each account has open.
#[derive(Default)]
pub struct Seats(Mutex<HashMap<AccountId, usize>>);

/// One open stream.
pub struct Seat {
    seats: Arc<Seats>,
    account: AccountId,
}

impl Seats {
    /// Takes a seat, which is free again when it is dropped.
    ///
    /// # Errors
    /// If the account has too many already.
    pub fn take(self: &Arc<Self>, account: AccountId) -> Result<Seat, Problem> {
        let mut seats = self.taken();
        let taken = seats.entry(account).or_default();
        if *taken >= MOST {
            let detail = format!("You have {MOST} streams open already. Please close one first.");
            return Err(Problem::new(&kinds::QUOTA, detail).coded("too_many_streams").again_in(5));
        }
        *taken += 1;
        Ok(Seat { seats: Arc::clone(self), account })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<AccountId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.seats.taken();
        match seats.get_mut(&self.account) {
            Some(taken) if *taken > 1 => *taken -= 1,
            _ => drop(seats.remove(&self.account)),
        }
    }
}
