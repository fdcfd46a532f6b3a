//! What concerns one, the moment it happens: server-sent events that can be resumed without a gap.
//!
//! Each event has the number of its commit as `id:`; whoever comes back with it as `Last-Event-ID` goes on behind it. While
//! nothing happens a heartbeat moves that number on. A stream ends with its session, and when the server stops.
//!
//! Not here: what concerns whom (`iescp-core`'s `live`), the pages' own stream.

use super::happening::{Thing, word_of};
use super::{Chapter, Failure, Timestamp};
use crate::app::House;
use crate::identity::SignedIn;
use crate::problem::{Problem, from_poem, kinds};
use crate::server::Shutdown;
use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream::unfold;
use iescp_core::id::AccountId;
use iescp_core::live::{Follower, LiveEvent, Told, follow};
use poem::http::{HeaderName, HeaderValue, header};
use poem::{Body, IntoResponse, Request, Response};
use poem_openapi::param::Header;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchemaRef, Registry};
use poem_openapi::types::{Any, ToJSON, Type};
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde_json::Value;
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

/// The operations.
#[derive(Default)]
pub struct Events {
    open: Arc<Open>,
}

/// Something that happened.
#[derive(Object)]
struct LiveMessage {
    /// The event's id.
    id: Uuid,
    /// What was done, such as `accept_offer`; also the event's name in the stream.
    action: String,
    /// To what.
    about: Vec<Thing>,
    /// When.
    at: Timestamp,
    /// Numbers, states, reasons.
    detail: Any<Value>,
}

impl From<&LiveEvent> for LiveMessage {
    fn from(event: &LiveEvent) -> Self {
        Self {
            id: event.event.into(),
            action: word_of(event.action),
            about: event.about.iter().cloned().map(Thing::from).collect(),
            at: Timestamp(event.at),
            detail: Any(event.detail.clone()),
        }
    }
}

#[OpenApi(tag = "Chapter::Notifications")]
impl Events {
    /// Follow what concerns one
    ///
    /// A stream of server-sent events: `id:` is the number to go on behind (send it as `Last-Event-ID`), `event:` what was
    /// done, `data:` the event as JSON. `event: reset` says that what happened since is no longer kept: read everything afresh
    /// and go on. The stream ends with the session that asked for it.
    #[oai(path = "/events", method = "get", operation_id = "follow_events")]
    async fn follow_events(
        &self,
        who: SignedIn,
        request: &Request,
        #[oai(name = "Last-Event-ID", validator(max_length = 20))] last_event_id: Header<Option<String>>,
    ) -> Result<Streaming, Failure> {
        let shutdown = House::of(request).map_err(from_poem)?.shutdown.clone();
        let seat = who.0.actor.account_id().map(|account| self.open.take(account)).transpose()?;
        let follower = follow(&who.0.platform, &who.0.actor, after(last_event_id.0)?).await?;
        Ok(Streaming(Body::from_bytes_stream(stream(follower, shutdown, seat))))
    }
}

/// The number behind which a client goes on.
fn after(last: Option<String>) -> Result<Option<u64>, Problem> {
    let unreadable = |_| Problem::parameter("Last-Event-ID", "not_readable", "`Last-Event-ID` must be an `id:` of this stream.");
    last.map(|last| last.trim().parse()).transpose().map_err(unreadable)
}

/// What has been said in a stream so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Greeting,
    Following,
    Over,
}

/// The stream of one follower.
fn stream(follower: Follower, shutdown: Shutdown, seat: Option<Seat>) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    unfold((follower, shutdown, seat, Stage::Greeting), |(mut follower, shutdown, seat, stage)| async move {
        let (said, stage) = match stage {
            Stage::Over => return None,
            Stage::Greeting => (format!("retry: {RETRY}\nid: {}\n\n", follower.position()), Stage::Following),
            Stage::Following => tokio::select! {
                biased;
                () = shutdown.begun() => (farewell(), Stage::Over),
                told = follower.next() => match told {
                    Ok(Told::Event(event)) => (message(&event), Stage::Following),
                    Ok(Told::Reset { number }) => (format!("id: {number}\nevent: reset\ndata: {{}}\n\n"), Stage::Following),
                    Err(error) => {
                        tracing::debug!(%error, "a stream ends");
                        return None;
                    }
                },
                () = tokio::time::sleep(HEARTBEAT) => (format!(": still here\nid: {}\n\n", follower.position()), Stage::Following),
            },
        };
        Some((Ok(Bytes::from(said)), (follower, shutdown, seat, stage)))
    })
}

/// One event in the stream; JSON has no line breaks of its own.
fn message(event: &LiveEvent) -> String {
    let data = LiveMessage::from(event);
    format!("id: {}\nevent: {}\ndata: {}\n\n", event.number, data.action, data.to_json_string())
}

/// Tells clients when to come back: not all at once.
fn farewell() -> String {
    format!("retry: {}\n\n", RETRY + Uuid::new_v4().as_u128() % SPREAD)
}

/// How many streams each account has open.
#[derive(Default)]
struct Open(Mutex<HashMap<AccountId, usize>>);

/// One open stream.
struct Seat {
    open: Arc<Open>,
    account: AccountId,
}

impl Open {
    fn take(self: &Arc<Self>, account: AccountId) -> Result<Seat, Problem> {
        let mut seats = self.seats();
        let taken = seats.entry(account).or_default();
        if *taken >= MOST {
            let detail = format!("You have {MOST} streams open already. Please close one first.");
            return Err(Problem::new(&kinds::QUOTA, detail).coded("too_many_streams").again_in(5));
        }
        *taken += 1;
        Ok(Seat { open: Arc::clone(self), account })
    }

    fn seats(&self) -> MutexGuard<'_, HashMap<AccountId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.open.seats();
        match seats.get_mut(&self.account) {
            Some(taken) if *taken > 1 => *taken -= 1,
            _ => drop(seats.remove(&self.account)),
        }
    }
}

/// 200: a stream of events.
struct Streaming(Body);

impl IntoResponse for Streaming {
    fn into_response(self) -> Response {
        let mut answer = Response::builder().content_type("text/event-stream").body(self.0);
        let headers = answer.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
        answer
    }
}

impl ApiResponse for Streaming {
    fn meta() -> MetaResponses {
        let schema: MetaSchemaRef = LiveMessage::schema_ref();
        let response = MetaResponse {
            description: "The stream; each event's `data:` is of this shape.",
            status: Some(200),
            status_range: None,
            content: vec![MetaMediaType { content_type: "text/event-stream", schema }],
            headers: Vec::new(),
        };
        MetaResponses { responses: vec![response] }
    }

    fn register(registry: &mut Registry) {
        LiveMessage::register(registry);
    }
}
