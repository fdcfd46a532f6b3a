//! Paths, methods and header sizes, before anything is done for a request.

use super::observe::Trace;
use crate::app::House;
use crate::problem::{Edge, Kind, Problem, kinds};
use poem::http::{HeaderMap, Method, StatusCode, header};
use poem::{Endpoint, IntoResponse, Request, Response, Result};
use std::sync::Arc;

/// All headers together, in bytes (S-71).
const HEADERS: usize = 16 * 1024;

/// Answers for paths that are not there, methods they do not know, and `OPTIONS`; remembers the place of all others.
///
/// # Errors
/// Never inside the house; failures are settled.
pub async fn paths<E: Endpoint>(next: Arc<E>, mut request: Request) -> Result<Response> {
    let house = House::of(&request)?;
    let path = request.uri().path();
    let Some(place) = house.table.find(path) else {
        if path.starts_with("/api/") || path.starts_with("/assets/") || path == "/api" || !path.starts_with('/') {
            return Ok(Edge::of(&request).refuse(Problem::from(iescp_core::Error::NotFound)));
        }
        return Ok(next.call(request).await?.into_response());
    };
    Trace::of(&request).matched(&place);
    Ok(if request.method() == Method::OPTIONS && !place.knows(&Method::OPTIONS) {
        Response::builder().status(StatusCode::NO_CONTENT).header(header::ALLOW, place.allow()).finish()
    } else if place.knows(request.method()) {
        request.set_data(place);
        next.call(request).await?.into_response()
    } else {
        let detail = format!("This path knows {}, not {}.", place.allow(), request.method());
        Edge::of(&request).refuse(Problem { allow: Some(place.allow().into()), ..Problem::new(&kinds::METHOD, detail) })
    })
}

/// Refuses headers that are too large, or that say two things where only one can be meant.
///
/// # Errors
/// Never inside the house; failures are settled.
pub async fn header_size<E: Endpoint>(next: Arc<E>, request: Request) -> Result<Response> {
    let asked = request.uri().path_and_query().map_or(0, |asked| asked.as_str().len());
    if asked + size(request.headers()) > HEADERS {
        let kind: &'static Kind = &kinds::HEADERS_TOO_LARGE;
        return Ok(Edge::of(&request).refuse(Problem::new(kind, "All headers together may have 16 kB.")));
    }
    Ok(next.call(request).await?.into_response())
}

fn size(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}
