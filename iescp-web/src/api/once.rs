//! `Idempotency-Key`: the same request twice is done once.
//!
//! Not here: remembering; the core does that in the commit of what was done.

use crate::middleware::{Asked, BodyDigest};
use crate::problem::Problem;
use iescp_core::IdempotencyKey;
use poem::{Request, RequestBody, Result};
use poem_openapi::registry::{MetaParamIn, MetaSchema, MetaSchemaRef};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

/// An operation's argument, named `idempotency_key`: the key, if the client sent one.
pub struct Once(pub Option<IdempotencyKey>);

/// An operation's argument, named `idempotency_key`, where money moves or is held: the key, or 400.
pub struct OnceRequired(pub IdempotencyKey);

const HEADER: &str = "idempotency-key";
const LONGEST: usize = 128;

fn read(request: &Request) -> Result<Option<IdempotencyKey>, Problem> {
    let mut lines = request.headers().get_all(HEADER).iter();
    let Some(line) = lines.next() else {
        return Ok(None);
    };
    let key = line.to_str().unwrap_or_default().trim();
    let key = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(key);
    let plain = (1..=LONGEST).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if !plain || lines.next().is_some() {
        let detail = format!("`Idempotency-Key` must be there once, with 1 to {LONGEST} visible ASCII characters.");
        return Err(Problem::parameter("Idempotency-Key", "wrong_format", detail));
    }
    let digest = request.data::<BodyDigest>().ok_or_else(|| Problem::internal("a body came past the middleware"))?;
    let route = format!("{} {}", request.method(), Asked::of(request).path());
    let fingerprint = data_encoding::HEXLOWER.encode(&digest.0);
    Ok(Some(IdempotencyKey { key: key.to_owned(), route, fingerprint }))
}

fn schema() -> MetaSchemaRef {
    MetaSchemaRef::Inline(Box::new(MetaSchema {
        description: Some(
            "Any name of yours for this request, such as a UUID. Sent again with the same body it gets the same answer, for 24 hours.",
        ),
        min_length: Some(1),
        max_length: Some(LONGEST),
        ..MetaSchema::new("string")
    }))
}

impl<'a> ApiExtractor<'a> for Once {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
    type ParamType = String;
    type ParamRawType = String;

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(schema())
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<String>) -> Result<Self> {
        Ok(Self(read(request)?))
    }
}

impl<'a> ApiExtractor<'a> for OnceRequired {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
    const PARAM_IS_REQUIRED: bool = true;
    type ParamType = String;
    type ParamRawType = String;

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(schema())
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<String>) -> Result<Self> {
        let needed = || Problem::parameter("Idempotency-Key", "required", "`Idempotency-Key` is needed where money moves.");
        Ok(Self(read(request)?.ok_or_else(needed)?))
    }
}
