//! Pages of lists: `limit`, an opaque `cursor`, and the way to the next page.

use crate::middleware::Asked;
use data_encoding::BASE64URL_NOPAD;
use poem::Request;
use poem_openapi::Object;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseFromParameter, ParseResult, ToJSON, Type};
use std::borrow::Cow;

/// Items on a page when nothing is said.
const USUAL: u32 = 20;
/// Items on a page at most.
const MOST: u32 = 100;
/// Longest cursor, as text.
const LONGEST: usize = 1024;

/// An operation's `limit`: how many items a page has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limit(pub u32);

/// An operation's `cursor`: where the next page begins. What is in it is the core's affair.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cursor(pub Vec<u8>);

impl Cursor {
    /// As text for clients.
    #[must_use]
    pub fn text(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }
}

/// What page is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Paging {
    /// How many items.
    pub limit: usize,
    /// From where; `None` from the beginning.
    pub after: Option<Vec<u8>>,
}

impl Paging {
    /// From an operation's `limit` and `cursor`.
    #[must_use]
    pub fn new(limit: Option<Limit>, cursor: Option<Cursor>) -> Self {
        Self { limit: limit.map_or(USUAL, |limit| limit.0) as usize, after: cursor.map(|cursor| cursor.0) }
    }

    /// The address of the next page: this request's, with another cursor.
    #[must_use]
    pub fn next(request: &Request, cursor: &Cursor) -> String {
        let uri = Asked::of(request);
        let kept = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
        let query: Vec<String> = kept.map(str::to_owned).chain([format!("cursor={}", cursor.text())]).collect();
        format!("{}?{}", uri.path(), query.join("&"))
    }
}

/// A page of a list.
#[derive(Object)]
pub struct Page<T: ParseFromJSON + ToJSON + Send + Sync> {
    /// The items, in order.
    #[oai(validator(max_items = 100))]
    pub items: Vec<T>,
    /// Where the next page begins; null on the last.
    #[oai(nullable)]
    pub next_cursor: Option<String>,
    /// Present and true when a search stopped before the page was full, because its combination is rare: the next page goes on
    /// from there.
    #[oai(skip_serializing_if_is_none)]
    pub unfinished: Option<bool>,
}

impl<T: ParseFromJSON + ToJSON + Send + Sync> Page<T> {
    /// These items, and where to go on.
    #[must_use]
    pub fn new(items: Vec<T>, next: Option<&Cursor>) -> Self {
        Self { items, next_cursor: next.map(Cursor::text), unfinished: None }
    }
}

impl Type for Limit {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "limit".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            minimum: Some(1.0),
            maximum: Some(f64::from(MOST)),
            default: Some(USUAL.into()),
            ..MetaSchema::new_with_format("integer", "int32")
        }))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromParameter for Limit {
    fn parse_from_parameter(text: &str) -> ParseResult<Self> {
        let limit = text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
        limit.map(Self).ok_or_else(|| ParseError::custom(format!("it must be a number from 1 to {MOST}")))
    }
}

impl Type for Cursor {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "cursor".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            min_length: Some(1),
            max_length: Some(LONGEST),
            ..MetaSchema::new("string")
        }))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromParameter for Cursor {
    fn parse_from_parameter(text: &str) -> ParseResult<Self> {
        let bytes = (text.len() <= LONGEST).then(|| BASE64URL_NOPAD.decode(text.as_bytes()).ok()).flatten();
        bytes.map(Self).ok_or_else(|| ParseError::custom("it is none that we gave out; begin again without one"))
    }
}
