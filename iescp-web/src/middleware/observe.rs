//! Outermost: names the request, answers `HEAD`, writes the access log and counts.

use super::{Asked, ClientAddress, RequestId};
use crate::app::House;
use crate::identity::Caller;
use crate::pages::is_open_to_all;
use crate::problem::Edge;
use crate::routes::Place;
use poem::http::{HeaderValue, Method, header};
use poem::{Endpoint, IntoResponse, Request, Response, Result};
use std::sync::{Arc, OnceLock};
use std::time::Instant;
use uuid::Uuid;

/// What the inner middleware finds out and the log wants to know. It travels in with the request.
#[derive(Clone, Default)]
pub struct Trace(Arc<Found>);

#[derive(Default)]
struct Found {
    place: OnceLock<Arc<Place>>,
    account: OnceLock<Uuid>,
    address: OnceLock<ClientAddress>,
    again: OnceLock<()>,
}

impl Trace {
    /// The request's.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        request.data::<Self>().cloned().unwrap_or_default()
    }

    /// The path is this one.
    pub fn matched(&self, place: &Arc<Place>) {
        let _known = self.0.place.set(Arc::clone(place));
    }

    /// This one asks.
    pub fn asked_by(&self, caller: &Caller) {
        let _known = caller.account().map(|account| self.0.account.set(account));
    }

    /// From here.
    pub fn at(&self, address: ClientAddress) {
        let _known = self.0.address.set(address);
    }

    /// It is answered with what was made, and logged, for the same question a moment ago.
    pub fn given_again(&self) {
        let _known = self.0.again.set(());
    }
}

/// Names, logs, counts.
///
/// # Errors
/// Never inside the house; every failure has become an answer.
pub async fn observe<E: Endpoint>(next: Arc<E>, mut request: Request) -> Result<Response> {
    let house = House::of(&request)?;
    let begun = Instant::now();
    let id = RequestId::new();
    let trace = Trace::default();
    request.set_data(id);
    request.set_data(trace.clone());
    request.set_data(Asked(request.uri().clone()));
    let edge = Edge::of(&request);
    let method = request.method().clone();
    let path = without_token(request.uri().path()).to_owned();
    if method == Method::HEAD {
        request.set_method(Method::GET);
    }
    let mut answer = edge.settle(next.call(request).await.map(IntoResponse::into_response));
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        answer.headers_mut().insert("x-request-id", value);
    }
    if method == Method::HEAD {
        empty(&mut answer);
    }
    let (found, status, took) = (&trace.0, answer.status(), begun.elapsed());
    house.metrics.count(&method, found.place.get(), status, took);
    if found.again.get().is_some() && !tracing::enabled!(tracing::Level::DEBUG) {
        return Ok(answer);
    }
    tracing::info!(
        request_id = %id,
        method = method.as_str(),
        path = ?path,
        place = found.place.get().map_or("none", |place| place.pattern.as_str()),
        status = status.as_u16(),
        micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        account = found.account.get().map(tracing::field::display),
        address = found.address.get().map(|address| tracing::field::display(address.0)),
        "request"
    );
    Ok(answer)
}

/// A path as it may be logged: the token in a mail's link is nobody else's to read (S-61).
fn without_token(path: &str) -> &str {
    if is_open_to_all(path) { "/unsubscribe/…" } else { path }
}

/// `HEAD`: the headers of the answer to `GET`, with its length, without its body.
fn empty(answer: &mut Response) {
    let body = answer.take_body();
    let length = http_body::Body::size_hint(&poem_body(body)).exact();
    if let Some(length) = length.filter(|_| !answer.headers().contains_key(header::CONTENT_LENGTH)) {
        answer.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
}

fn poem_body(body: poem::Body) -> impl http_body::Body {
    let answer: hyper::Response<_> = Response::builder().body(body).into();
    answer.into_body()
}
