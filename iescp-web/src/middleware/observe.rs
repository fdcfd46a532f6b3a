//! Outermost: names the request, answers `HEAD`, writes the access log and counts.

use super::{Asked, ClientAddress, RequestId};
use crate::app::House;
use crate::identity::Caller;
use crate::problem::Edge;
use crate::routes::Place;
use poem::http::{HeaderValue, Method, header};
use poem::{Endpoint, IntoResponse, Request, Response, Result};
use std::sync::Arc;
use std::time::Instant;

/// What the inner middleware found out and the log wants to know; it travels back with the answer.
#[derive(Clone, Default)]
pub struct Trace {
    /// The pattern of the path.
    pub place: Option<Arc<Place>>,
    /// Who asked.
    pub caller: Option<Caller>,
    /// From where.
    pub address: Option<ClientAddress>,
}

/// Names, logs, counts.
///
/// # Errors
/// Never inside the house; every failure has become an answer.
pub async fn observe<E: Endpoint>(next: Arc<E>, mut request: Request) -> Result<Response> {
    let house = House::of(&request)?;
    let begun = Instant::now();
    let id = RequestId::new();
    request.set_data(id);
    request.set_data(Asked(request.uri().clone()));
    let edge = Edge::of(&request);
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
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
    let trace = answer.data::<Trace>().cloned().unwrap_or_default();
    let place = trace.place.as_ref().map_or("none", |place| place.pattern.as_str());
    let status = answer.status();
    house.metrics.count(&method, trace.place.as_ref(), status, begun.elapsed());
    tracing::info!(
        request_id = %id,
        method = method.as_str(),
        path = ?path,
        place,
        status = status.as_u16(),
        micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX),
        account = trace.caller.as_ref().and_then(Caller::account).map(tracing::field::display),
        address = trace.address.map(|address| tracing::field::display(address.0)),
        "request"
    );
    Ok(answer)
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
