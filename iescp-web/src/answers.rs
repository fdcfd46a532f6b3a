//! Answers that are kept and given again: what many ask for and seldom changes.
//!
//! An answer is kept for whoever asked and for exactly the address they asked for, never for anybody else. It is given again
//! while nothing that it rests on has changed: what the core's operations read is noted ([`Basis`]), the asker's own session,
//! token and account included, and the store's changes are looked at before every answer. So who has just signed out, been
//! suspended, or changed something sees that at once. What depends on the clock is late by [`LASTING`] at most.
//!
//! Only whole successes are kept, of operations that read and did nothing else; an admin's look that is noted in the audit
//! trail is none of these.
//!
//! Not here: rates, logs, compression and headers, which every answer passes through anew.

use crate::api::none_match;
use crate::app::House;
use crate::identity::Caller;
use crate::middleware::Trace;
use crate::problem::Edge;
use crate::routes::Place;
use bytes::Bytes;
use iescp_core::Basis;
use jiff::{SignedDuration, Timestamp};
use moka::sync::Cache;
use poem::http::{HeaderMap, Method, StatusCode, header};
use poem::{Endpoint, IntoResponse, Request, Response, Result};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// The places whose answers are kept; their handlers ask the core through [`Asker`](crate::identity::Asker) alone.
const PLACES: [&str; 5] =
    ["/api/v1/campaigns", "/api/v1/campaigns/{id}", "/api/v1/influencers", "/api/v1/influencers/{id}", "/api/v1/sponsors/{id}"];

/// How long an answer is given again.
pub const LASTING: Duration = Duration::from_secs(1);

/// Bytes that all kept answers may take together.
const ROOM: u64 = 32 * 1024 * 1024;

/// Room for the headers that are added on the way out.
const HEADERS: usize = 32;

/// What an answer takes beside its body and address, roughly.
const OVERHEAD: usize = 2048;

/// Who asks for what: what an answer may depend on beside the store and the clock.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Question {
    asker: Asking,
    address: String,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Asking {
    Nobody,
    Session {
        account: Uuid,
        session: Uuid,
    },
    /// By the SHA-256 of the token.
    Personal([u8; 32]),
}

struct Kept {
    basis: Basis,
    since: Timestamp,
    headers: HeaderMap,
    body: Bytes,
}

/// The answers that are kept.
pub struct Answers(Cache<Question, Arc<Kept>>);

/// Collects what an answer rests on while it is made.
#[derive(Clone)]
pub struct Noting(Arc<Mutex<Basis>>);

impl Noting {
    /// The request's; none when its answer will not be kept.
    #[must_use]
    pub fn of(request: &Request) -> Option<Self> {
        request.data::<Self>().cloned()
    }

    /// It rests on this, too.
    pub fn add(&self, basis: Basis) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).add(basis);
    }

    fn basis(&self) -> Basis {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Default for Answers {
    fn default() -> Self {
        let weight = |question: &Question, kept: &Arc<Kept>| {
            u32::try_from(question.address.len() + kept.body.len() + OVERHEAD).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().weigher(weight).max_capacity(ROOM).time_to_live(LASTING).build())
    }
}

impl Answers {
    /// The kept answer, if there is one that still holds.
    async fn again(&self, house: &House, question: &Question) -> Option<Response> {
        let kept = self.0.get(question)?;
        let age = house.now().duration_since(kept.since);
        let young = SignedDuration::ZERO <= age && age.unsigned_abs() < LASTING;
        if !young || !house.platform.holds(&kept.basis).await.unwrap_or(false) {
            self.0.invalidate(question);
            return None;
        }
        Some(kept.again())
    }
}

impl Kept {
    fn again(&self) -> Response {
        let mut answer = Response::builder().body(self.body.clone());
        let mut headers = HeaderMap::with_capacity(HEADERS);
        headers.extend(self.headers.clone());
        *answer.headers_mut() = headers;
        answer
    }
}

/// What is asked, if its answer may be kept.
fn question(request: &Request) -> Option<Question> {
    let plain = ![header::CONTENT_LENGTH, header::TRANSFER_ENCODING].iter().any(|name| request.headers().contains_key(name));
    let place = Place::of(request)?;
    if request.method() != Method::GET || !plain || !PLACES.contains(&place.pattern.as_str()) {
        return None;
    }
    let asker = match Caller::of(request) {
        Caller::Nobody => Asking::Nobody,
        Caller::Session(claims) => Asking::Session { account: claims.sub, session: claims.sid },
        Caller::Personal(token) => Asking::Personal(Sha256::digest(token.reveal()).into()),
        Caller::Rejected(_) => return None,
    };
    Some(Question { asker, address: request.uri().path_and_query()?.as_str().to_owned() })
}

/// Gives a kept answer, or keeps the one that is made.
///
/// # Errors
/// Never inside the house; failures are settled.
pub async fn answers<E: Endpoint>(next: Arc<E>, mut request: Request) -> Result<Response> {
    let house = House::of(&request)?;
    let Some(question) = question(&request) else {
        return Ok(next.call(request).await?.into_response());
    };
    let known = request.headers().clone();
    if let Some(answer) = house.answers.again(&house, &question).await {
        Trace::of(&request).given_again();
        return Ok(unless_known(answer, &known));
    }
    let (since, noting) = (house.now(), Noting(Arc::new(Mutex::new(house.platform.basis()))));
    let edge = Edge::of(&request);
    request.set_data(noting.clone());
    // Whether the client has it is asked of the whole answer, kept or not.
    request.headers_mut().remove(header::IF_NONE_MATCH);
    let answer = next.call(request).await?.into_response();
    let basis = noting.basis();
    if answer.status() != StatusCode::OK || !basis.only_read() {
        return Ok(unless_known(answer, &known));
    }
    let (parts, body) = answer.into_parts();
    let body = match body.into_bytes().await {
        Ok(body) => body,
        Err(why) => return Ok(edge.refuse(crate::problem::Problem::internal(why))),
    };
    let kept = Kept { basis, since, headers: parts.headers, body };
    let answer = kept.again();
    house.answers.0.insert(question, Arc::new(kept));
    Ok(unless_known(answer, &known))
}

/// 304 in place of an answer that the client has.
fn unless_known(answer: Response, asked: &HeaderMap) -> Response {
    let tag = answer.headers().get(header::ETAG).filter(|_| answer.status() == StatusCode::OK);
    match tag {
        Some(tag) if asked.contains_key(header::IF_NONE_MATCH) && none_match(asked, tag.to_str().unwrap_or_default()) => {
            Response::builder().status(StatusCode::NOT_MODIFIED).header(header::ETAG, tag.clone()).finish()
        }
        _ => answer,
    }
}
