//! Other origins' scripts: none, unless their origin is listed exactly (S-23).

use crate::app::House;
use poem::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, IntoResponse, Request, Response, Result};
use std::sync::Arc;

const REQUEST_HEADERS: &str = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID";
const ANSWER_HEADERS: &str =
    "ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, Idempotency-Replayed, WWW-Authenticate, X-Request-Id";

/// Answers preflights and marks answers for listed origins. Only the API has other origins' scripts; no cookies, ever.
///
/// # Errors
/// Never inside the house; failures are settled.
pub async fn cors<E: Endpoint>(next: Arc<E>, request: Request) -> Result<Response> {
    let house = House::of(&request)?;
    let listed = &house.settings.cors_origins;
    if listed.is_empty() || !request.uri().path().starts_with("/api/") {
        return Ok(next.call(request).await?.into_response());
    }
    let origin = request.headers().get(header::ORIGIN).cloned();
    let origin = origin.filter(|origin| listed.iter().any(|known| known.as_bytes() == origin.as_bytes()));
    let preflight = request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut answer = match &origin {
        Some(_) if preflight => allowed(&house, request.uri().path()),
        _ => next.call(request).await?.into_response(),
    };
    mark(answer.headers_mut(), origin);
    Ok(answer)
}

fn allowed(house: &House, path: &str) -> Response {
    let methods = house.table.find(path).map_or_else(String::new, |place| place.allow());
    Response::builder()
        .status(StatusCode::NO_CONTENT)
        .header(header::ACCESS_CONTROL_ALLOW_METHODS, methods)
        .header(header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS)
        .header(header::ACCESS_CONTROL_MAX_AGE, "600")
        .finish()
}

fn mark(headers: &mut HeaderMap, origin: Option<HeaderValue>) {
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(ANSWER_HEADERS));
    }
}
