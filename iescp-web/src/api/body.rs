//! An operation's body, which the contract has read and checked already.

use crate::problem::Problem;
use poem::{Request, RequestBody, Result};
use poem_openapi::error::ParseRequestPayloadError;
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseError, ParseFromJSON};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde_json::Value;
use std::sync::Arc;

/// A body that the document allows; `None` where none was sent and none is needed.
#[derive(Clone)]
pub(super) struct Admitted(pub(super) Arc<Option<Value>>);

impl Admitted {
    fn read<T: ParseFromJSON>(request: &Request) -> Result<T> {
        let admitted = request.data::<Self>().ok_or_else(|| Problem::internal("a body came past the contract"))?;
        let refused = |error: ParseError<T>| ParseRequestPayloadError { reason: error.into_message() };
        Ok(T::parse_from_json(admitted.0.as_ref().clone()).map_err(refused)?)
    }
}

/// The bytes of a file, which the contract has taken as they came.
#[derive(Clone)]
pub(super) struct AdmittedFile(pub(super) bytes::Bytes);

/// What the document calls the bytes of a file.
pub(super) const FILE: &str = "application/octet-stream";

/// The bytes of a picture: as `application/octet-stream`, which the document says because client generators know no other, or
/// as the `image/…` that they are. What they are is seen by looking.
pub struct File(pub Vec<u8>);

impl<'a> ApiExtractor<'a> for File {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn request_meta() -> Option<MetaRequest> {
        // No `maxLength` beside it: progenitor takes a plain one only.
        let schema = MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "binary")));
        let content = vec![MetaMediaType { content_type: FILE, schema }];
        let description = "A JPEG, PNG, WebP or GIF of at most 2 MiB and 25 megapixels. Also taken as `image/…`.";
        Some(MetaRequest { description: Some(description), content, required: true })
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> Result<Self> {
        let admitted = request.data::<AdmittedFile>().ok_or_else(|| Problem::internal("a body came past the contract"))?;
        Ok(Self(admitted.0.to_vec()))
    }
}

/// A JSON body, `application/json`.
pub struct Body<T>(pub T);

/// A merge patch (RFC 7396): what is absent stays, what is null is emptied. It may come as `application/json`, which the
/// document says because client generators know no other, or under its own name `application/merge-patch+json`.
pub struct Patch<T>(pub T);

const MERGE_PATCH: &str =
    "A merge patch (RFC 7396): what is absent stays, what is null is emptied. Also taken as `application/merge-patch+json`.";

fn request_meta(description: Option<&'static str>, schema: MetaSchemaRef, required: bool) -> MetaRequest {
    MetaRequest { description, content: vec![MetaMediaType { content_type: "application/json", schema }], required }
}

impl<'a, T: ParseFromJSON> ApiExtractor<'a> for Body<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        Some(request_meta(None, T::schema_ref(), T::IS_REQUIRED))
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> Result<Self> {
        Admitted::read(request).map(Self)
    }
}

impl<'a, T: ParseFromJSON> ApiExtractor<'a> for Patch<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        Some(request_meta(Some(MERGE_PATCH), T::schema_ref(), true))
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> Result<Self> {
        Admitted::read(request).map(Self)
    }
}
