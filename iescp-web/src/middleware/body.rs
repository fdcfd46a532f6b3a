//! Reads a request's body, so far and so long as it may be (S-71).
//!
//! Whoever sends too much is told so: the rest is read and thrown away, within bounds, since a connection that is cut
//! while the client still writes loses the answer.

use crate::app::House;
use crate::problem::{Edge, Problem, kinds};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use poem::http::header;
use poem::{Body, Endpoint, IntoResponse, Request, Response, Result};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// SHA-256 of the body, for requests that bring an `Idempotency-Key`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BodyDigest(pub [u8; 32]);

/// Bytes beyond the limit that are read and thrown away.
const THROWN_AWAY: usize = 16 * 1024 * 1024;
const THROWING_AWAY: Duration = Duration::from_secs(5);

/// Reads the body within the request's time, then gives the handler what is left of it.
///
/// # Errors
/// Never inside the house; failures are settled.
pub async fn body<E: Endpoint>(next: Arc<E>, mut request: Request) -> Result<Response> {
    let house = House::of(&request)?;
    let edge = Edge::of(&request);
    let (limit, time) = (house.body_limit(&request), house.settings.request_time());
    let begun = Instant::now();
    // Whoever sends much waits until there is room for it.
    let _room = match limit > house.settings.max_body as usize && !announces(&request, house.settings.max_body.into()) {
        true => timeout(time, house.uploads.acquire()).await.ok(),
        false => None,
    };
    let bytes = match timeout(time, read(&mut request, limit)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(problem)) => return Ok(edge.refuse(problem)),
        Err(_) => return Ok(edge.refuse(Problem::new(&kinds::TIMEOUT, "The body did not arrive in time."))),
    };
    if request.headers().contains_key("idempotency-key") {
        request.set_data(BodyDigest(Sha256::digest(&bytes).into()));
    }
    request.set_body(Body::from_bytes(bytes));
    Ok(match timeout(time.saturating_sub(begun.elapsed()), next.call(request)).await {
        Ok(answered) => edge.settle(answered.map(IntoResponse::into_response)),
        Err(_) => {
            edge.refuse(Problem::new(&kinds::GAVE_UP, "This was not done in time. It may have been done or not.").again_in(1))
        }
    })
}

/// Whether a request says that its body has no more bytes than these.
fn announces(request: &Request, most: u64) -> bool {
    length(request).is_some_and(|length| length <= most)
}

fn length(request: &Request) -> Option<u64> {
    request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok())
}

async fn read(request: &mut Request, limit: usize) -> Result<Bytes, Problem> {
    let too_large =
        || Problem::new(&kinds::TOO_LARGE, format!("The body is larger than the {limit} bytes that this route takes."));
    let announced = length(request);
    let mut stream = Box::pin(request.take_body().into_bytes_stream());
    if announced.is_some_and(|length| length > limit as u64) {
        throw_away(stream).await;
        return Err(too_large());
    }
    let mut whole = BytesMut::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| Problem::new(&kinds::MALFORMED, "The body broke off."))?;
        if whole.len() + chunk.len() > limit {
            throw_away(stream).await;
            return Err(too_large());
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.freeze())
}

async fn throw_away(mut stream: impl Stream<Item = std::io::Result<Bytes>> + Unpin) {
    let reading = async {
        let mut thrown = 0;
        while let Some(Ok(chunk)) = stream.next().await {
            thrown += chunk.len();
            if thrown > THROWN_AWAY {
                break;
            }
        }
    };
    let _late = timeout(THROWING_AWAY, reading).await;
}
