//! `/live`: the pages' own stream of what happens, opened with the cookie. Each event says what it is about, who is to hear
//! that without asking, and how much is unread now.
//!
//! Not here: what pages do with it (`assets/app.js`), how a stream runs (`live`).

use super::require_same_origin;
use crate::app::House;
use crate::identity;
use crate::live::{self, Seats, Telling};
use crate::problem::Problem;
use iescp_core::id::AccountId;
use iescp_core::live::{LiveEvent, follow};
use iescp_core::policy::Action;
use iescp_core::report::ViewGlance;
use iescp_core::{Actor, Error, Platform, Sight};
use poem::endpoint::make;
use poem::{Endpoint, Request, Response};
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /live?after=…`, the number of the event behind which to go on, or the same as `Last-Event-ID`.
pub fn stream() -> impl Endpoint<Output = Response> {
    let seats = Arc::<Seats>::default();
    make(move |request: Request| {
        let seats = Arc::clone(&seats);
        async move { begin(&seats, &request).await.map_err(poem::Error::from) }
    })
}

async fn begin(seats: &Arc<Seats>, request: &Request) -> Result<Response, Problem> {
    let house = House::of(request).map_err(crate::problem::from_poem)?;
    require_same_origin(&house, request)?;
    let actor = identity::by_cookie(&house, &Sight::new(), request, |_| Vec::new()).await?;
    let me = actor.account_id().ok_or(Error::SignedOut("Please sign in first."))?;
    let seat = seats.take(me)?;
    let query = || request.params::<Vec<(String, String)>>().unwrap_or_default();
    let asked = request.header("last-event-id").map(str::to_owned);
    let asked = asked.or_else(|| query().into_iter().find(|(name, _)| name == "after").map(|(_, value)| value));
    let after = asked.and_then(|asked| asked.trim().parse().ok());
    let follower = follow(&house.platform, &actor, after).await?;
    let telling = Pages { platform: house.platform.clone(), actor, me };
    Ok(live::answer(live::stream(follower, house.shutdown.clone(), Some(seat), telling)))
}

/// How pages are told.
struct Pages {
    platform: Platform,
    actor: Actor,
    me: AccountId,
}

impl Pages {
    /// How much is unread, beside something else.
    async fn beside(&self, told: Value) -> String {
        let unread = self.platform.run(&self.actor, ViewGlance).await;
        let counts =
            unread.map(|glance| json!({ "notifications": glance.unread_notifications, "messages": glance.unread_messages }));
        let data = json!({ "counts": counts.unwrap_or_default(), "told": told });
        format!("data: {data}\n")
    }
}

impl Telling for Pages {
    async fn event(&self, event: &LiveEvent) -> String {
        let mut about: Vec<String> = event.about.iter().map(|thing| format!("{}:{}", thing.kind, thing.id)).collect();
        about.extend(self.thread(event));
        self.beside(json!({ "about": about, "own": event.by == Some(self.me) })).await
    }

    async fn reset(&self) -> String {
        self.beside(json!({ "about": ["reset"], "own": false })).await
    }
}

impl Pages {
    /// The thread that a message was written in, as the reader calls it: by whom it is with.
    fn thread(&self, event: &LiveEvent) -> Option<String> {
        let of = |name: &str| event.detail.get(name).and_then(Value::as_str).map(str::to_owned);
        let (from, to) = (event.action == Action::SendMessage).then(|| Some((of("from")?, of("to")?))).flatten()?;
        let other = if to == self.me.to_string() { from } else { to };
        Some(format!("thread:{other}"))
    }
}
