//! The succeeding answers.

use super::paging::Page;
use super::version::{IfNoneMatch, tag, tag_as_seen};
use poem::http::{HeaderName, HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseFromJSON, ToJSON, Type};

/// 200: one thing, with its version as `ETag`; 304 when the client has that version.
pub struct Shown<T> {
    thing: Option<T>,
    tag: Option<HeaderValue>,
}

impl<T> Shown<T> {
    /// A thing that has no version.
    pub fn plain(thing: T) -> Self {
        Self { thing: Some(thing), tag: None }
    }

    /// A thing at a version, unless the client has it.
    pub fn at(thing: T, version: u64, known: &IfNoneMatch) -> Self {
        Self { thing: (!known.knows(version)).then_some(thing), tag: Some(tag(version)) }
    }

    /// A thing at a version, where what is shown of it also depends on who asks or on other things: the tag names both.
    pub fn as_seen(thing: T, version: u64, known: &IfNoneMatch) -> Self
    where
        T: ToJSON,
    {
        let tag = tag_as_seen(version, thing.to_json_string().as_bytes());
        Self { thing: (!known.knows_tag(&tag)).then_some(thing), tag: Some(tag) }
    }
}

/// 200: a page of a list, with a `Link` to the next.
pub struct Listed<T: ParseFromJSON + ToJSON + Send + Sync> {
    page: Page<T>,
    next: Option<HeaderValue>,
}

impl<T: ParseFromJSON + ToJSON + Send + Sync> Listed<T> {
    /// This page; `next` is the address of the next one, as [`Paging::next`](super::Paging::next) makes it.
    #[must_use]
    pub fn new(page: Page<T>, next: Option<String>) -> Self {
        Self { page, next: next.and_then(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok()) }
    }
}

/// 201: something new, with its address and version.
pub struct Made<T> {
    thing: T,
    location: String,
    version: Option<u64>,
    replayed: bool,
}

impl<T> Made<T> {
    /// Something new at a path below the API's prefix: `/campaigns/…`.
    pub fn at(location: impl Into<String>, thing: T) -> Self {
        Self { thing, location: location.into(), version: None, replayed: false }
    }

    /// With its version.
    #[must_use]
    pub fn version(self, version: u64) -> Self {
        Self { version: Some(version), ..self }
    }

    /// Whether this is a remembered answer.
    #[must_use]
    pub fn replayed(self, replayed: bool) -> Self {
        Self { replayed, ..self }
    }
}

/// 200: what an action or a change made of the thing.
pub struct Done<T> {
    thing: T,
    version: Option<u64>,
    replayed: bool,
}

impl<T> Done<T> {
    /// The thing as it is now.
    pub fn new(thing: T) -> Self {
        Self { thing, version: None, replayed: false }
    }

    /// With its version.
    #[must_use]
    pub fn version(self, version: u64) -> Self {
        Self { version: Some(version), ..self }
    }

    /// Whether this is a remembered answer.
    #[must_use]
    pub fn replayed(self, replayed: bool) -> Self {
        Self { replayed, ..self }
    }
}

/// 202: it is on its way, and nothing is said of what will come of it.
pub struct Accepted;

/// 204: done, and nothing to say.
pub struct Nothing;

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

fn answer(status: StatusCode, thing: &impl ToJSON, version: Option<u64>, replayed: bool) -> Response {
    let mut answer = Response::builder().status(status).content_type("application/json").body(thing.to_json_string());
    if let Some(tag) = version.map(tag) {
        answer.headers_mut().insert(header::ETAG, tag);
    }
    if replayed {
        answer.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    answer
}

impl<T: ToJSON> IntoResponse for Shown<T> {
    fn into_response(self) -> Response {
        let mut shown = match &self.thing {
            Some(thing) => answer(StatusCode::OK, thing, None, false),
            None => StatusCode::NOT_MODIFIED.into(),
        };
        if let Some(tag) = self.tag {
            shown.headers_mut().insert(header::ETAG, tag);
        }
        shown
    }
}

impl<T: ParseFromJSON + ToJSON + Send + Sync> IntoResponse for Listed<T> {
    fn into_response(self) -> Response {
        let mut answer = answer(StatusCode::OK, &self.page, None, false);
        if let Some(next) = self.next {
            answer.headers_mut().insert(header::LINK, next);
        }
        answer
    }
}

impl<T: ToJSON> IntoResponse for Made<T> {
    fn into_response(self) -> Response {
        let mut answer = answer(StatusCode::CREATED, &self.thing, self.version, self.replayed);
        if let Ok(location) = HeaderValue::from_str(&format!("{}{}", super::PREFIX, self.location)) {
            answer.headers_mut().insert(header::LOCATION, location);
        }
        answer
    }
}

impl<T: ToJSON> IntoResponse for Done<T> {
    fn into_response(self) -> Response {
        answer(StatusCode::OK, &self.thing, self.version, self.replayed)
    }
}

impl IntoResponse for Accepted {
    fn into_response(self) -> Response {
        StatusCode::ACCEPTED.into()
    }
}

impl IntoResponse for Nothing {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into()
    }
}

const ETAG: (&str, &str) = ("ETag", "The thing's version, for If-Match and If-None-Match.");
const LINK: (&str, &str) = ("Link", "The address of the next page, `rel=\"next\"`.");
const LOCATION: (&str, &str) = ("Location", "The path of what was made.");
const REMEMBERED: (&str, &str) =
    ("Idempotency-Replayed", "`true` when this is the remembered answer to an earlier request with the same key.");

fn meta(status: u16, description: &'static str, schema: Option<MetaSchemaRef>, headers: &[(&str, &str)]) -> MetaResponse {
    let header = |(name, says): &(&str, &str)| MetaHeader {
        name: (*name).to_owned(),
        description: Some((*says).to_owned()),
        required: false,
        deprecated: false,
        schema: String::schema_ref(),
    };
    MetaResponse {
        description,
        status: Some(status),
        status_range: None,
        content: schema.map(|schema| MetaMediaType { content_type: "application/json", schema }).into_iter().collect(),
        headers: headers.iter().map(header).collect(),
    }
}

impl<T: ToJSON> ApiResponse for Shown<T> {
    fn meta() -> MetaResponses {
        let shown = meta(200, "The thing.", Some(T::schema_ref()), &[ETAG]);
        MetaResponses { responses: vec![shown, meta(304, "The client has this version.", None, &[ETAG])] }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: ParseFromJSON + ToJSON + Send + Sync> ApiResponse for Listed<T> {
    fn meta() -> MetaResponses {
        MetaResponses { responses: vec![meta(200, "A page of the list.", Some(Page::<T>::schema_ref()), &[LINK])] }
    }

    fn register(registry: &mut Registry) {
        Page::<T>::register(registry);
    }
}

impl<T: ToJSON> ApiResponse for Made<T> {
    fn meta() -> MetaResponses {
        MetaResponses { responses: vec![meta(201, "It was made.", Some(T::schema_ref()), &[LOCATION, ETAG, REMEMBERED])] }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: ToJSON> ApiResponse for Done<T> {
    fn meta() -> MetaResponses {
        MetaResponses { responses: vec![meta(200, "It was done.", Some(T::schema_ref()), &[ETAG, REMEMBERED])] }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl ApiResponse for Accepted {
    fn meta() -> MetaResponses {
        MetaResponses { responses: vec![meta(202, "It was accepted.", None, &[])] }
    }

    fn register(_: &mut Registry) {}
}

impl ApiResponse for Nothing {
    fn meta() -> MetaResponses {
        MetaResponses { responses: vec![meta(204, "It was done.", None, &[])] }
    }

    fn register(_: &mut Registry) {}
}
