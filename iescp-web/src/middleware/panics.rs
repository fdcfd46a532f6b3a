//! Innermost: a handler that panics fails like any other, and the process lives on (S-62).

use crate::problem::{Edge, Problem};
use futures_util::FutureExt;
use poem::{Endpoint, IntoResponse, Request, Response, Result};
use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// Catches panics.
///
/// # Errors
/// Never inside the house; failures are settled.
pub async fn panics<E: Endpoint>(next: Arc<E>, request: Request) -> Result<Response> {
    let edge = Edge::of(&request);
    let outcome = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let outcome = outcome.unwrap_or_else(|panic| Err(Problem::internal(said(panic.as_ref())).into()));
    Ok(edge.settle(outcome.map(IntoResponse::into_response)))
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    format!("a handler panicked: {}", text.unwrap_or("without a word"))
}
