//! What concerns one, the moment it happens: server-sent events that can be resumed without a gap.
//!
//! Not here: how a stream runs (`live`), what concerns whom (`iescp-core`'s `live`), the pages' own stream (`pages`).

use super::happening::{Thing, word_of};
use super::{Chapter, Failure, Timestamp};
use crate::app::House;
use crate::identity::SignedIn;
use crate::live::{self, Seats, Telling};
use crate::problem::{Problem, from_poem};
use iescp_core::live::{LiveEvent, follow};
use poem::{Body, IntoResponse, Request, Response};
use poem_openapi::param::Header;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchemaRef, Registry};
use poem_openapi::types::{Any, ToJSON, Type};
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde_json::Value;
use std::sync::Arc;
use uuid::Uuid;

/// The operations.
#[derive(Default)]
pub struct Events {
    seats: Arc<Seats>,
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
        let seat = who.0.actor.account_id().map(|account| self.seats.take(account)).transpose()?;
        let follower = follow(&who.0.platform, &who.0.actor, after(last_event_id.0)?).await?;
        Ok(Streaming(live::stream(follower, shutdown, seat, Api)))
    }
}

/// The number behind which a client goes on.
fn after(last: Option<String>) -> Result<Option<u64>, Problem> {
    let unreadable = |_| Problem::parameter("Last-Event-ID", "not_readable", "`Last-Event-ID` must be an `id:` of this stream.");
    last.map(|last| last.trim().parse()).transpose().map_err(unreadable)
}

/// 200: a stream of events.
struct Streaming(Body);

/// How the API tells events: by name, with their particulars.
struct Api;

impl Telling for Api {
    async fn event(&self, event: &LiveEvent) -> String {
        let data = LiveMessage::from(event);
        format!("event: {}\ndata: {}\n", data.action, data.to_json_string())
    }

    async fn reset(&self) -> String {
        "event: reset\ndata: {}\n".to_owned()
    }
}

impl IntoResponse for Streaming {
    fn into_response(self) -> Response {
        live::answer(self.0)
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
