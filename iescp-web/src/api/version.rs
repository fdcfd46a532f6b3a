//! Versions of things as `ETag`, `If-Match` and `If-None-Match` (A-03).
//!
//! A tag is `"v7"`, or `"v7+br"` on a compressed answer; both name version 7. `"v7.1f0c…"` names version 7 as it was seen: with
//! a digest of the answer, which may also depend on who asks and on other things. A weak form is understood, never sent.

use super::failure::Failure;
use crate::problem::{Problem, kinds};
use data_encoding::HEXLOWER;
use poem::http::{HeaderMap, HeaderName, HeaderValue, header};
use poem::{Request, RequestBody, Result};
use poem_openapi::registry::{MetaParamIn, MetaSchema, MetaSchemaRef};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use sha2::{Digest, Sha256};

/// The tag of a version.
#[must_use]
pub fn tag(version: u64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"v{version}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// The tag of a version as it is seen: of an answer that also depends on who asks or on other things.
#[must_use]
pub fn tag_as_seen(version: u64, answer: &[u8]) -> HeaderValue {
    let digest: [u8; 32] = Sha256::digest(answer).into();
    let seen = HEXLOWER.encode(digest.get(..8).unwrap_or(&digest));
    HeaderValue::from_str(&format!("\"v{version}.{seen}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Whether `If-None-Match` names this tag, in whatever coding.
#[must_use]
pub fn none_match(headers: &HeaderMap, tag: &str) -> bool {
    named(headers, header::IF_NONE_MATCH).iter().any(|named| named == "*" || named == plain(tag))
}

/// The tags that a header lists, without quotes, weakness and coding.
fn named(headers: &HeaderMap, name: HeaderName) -> Vec<String> {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(|tag| plain(tag).to_owned()).collect()
}

fn plain(tag: &str) -> &str {
    let tag = tag.trim();
    let tag = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
    tag.split('+').next().unwrap_or(tag)
}

fn version(tag: &str) -> Option<u64> {
    tag.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// An operation's argument: the version that is to be changed. Without it 428.
pub enum IfMatch {
    /// `*`: whatever the version is.
    Any,
    /// One of these.
    OneOf(Vec<u64>),
}

impl IfMatch {
    /// The version that the operation must find; `None` for any.
    ///
    /// # Errors
    /// Stale when the header names none of ours, a bad parameter when it names several.
    pub fn expected(&self) -> Result<Option<u64>, Failure> {
        match self {
            Self::Any => Ok(None),
            Self::OneOf(versions) => match versions.as_slice() {
                [] => Err(iescp_core::Error::Stale.into()),
                [version] => Ok(Some(*version)),
                _ => {
                    Err(Problem::parameter("If-Match", "several", "`If-Match` names several versions; name the one you read.")
                        .into())
                }
            },
        }
    }
}

/// An operation's argument: the versions that the client has.
pub struct IfNoneMatch(Vec<String>);

impl IfNoneMatch {
    /// Whether the client has this version.
    #[must_use]
    pub fn knows(&self, version: u64) -> bool {
        self.knows_tag(&tag(version))
    }

    /// Whether the client has what this tag names.
    #[must_use]
    pub fn knows_tag(&self, tag: &HeaderValue) -> bool {
        let tag = tag.to_str().map(plain).unwrap_or_default();
        self.0.iter().any(|named| named == "*" || named == tag)
    }
}

fn schema(description: &'static str) -> MetaSchemaRef {
    MetaSchemaRef::Inline(Box::new(MetaSchema {
        description: Some(description),
        max_length: Some(512),
        ..MetaSchema::new("string")
    }))
}

impl<'a> ApiExtractor<'a> for IfMatch {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
    const PARAM_IS_REQUIRED: bool = true;
    type ParamType = String;
    type ParamRawType = String;

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(schema("The `ETag` of the version that you read and are changing."))
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<String>) -> Result<Self> {
        if !request.headers().contains_key(header::IF_MATCH) {
            let detail = "Send If-Match with the ETag of the version that you read.";
            return Err(Problem::new(&kinds::VERSION_NEEDED, detail).into());
        }
        let named = named(request.headers(), header::IF_MATCH);
        if named.iter().any(|tag| tag == "*") {
            return Ok(Self::Any);
        }
        Ok(Self::OneOf(named.iter().filter_map(|tag| version(tag)).collect()))
    }
}

impl<'a> ApiExtractor<'a> for IfNoneMatch {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
    type ParamType = String;
    type ParamRawType = String;

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(schema("The `ETag` of the version that you have; 304 when it is still that."))
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<String>) -> Result<Self> {
        Ok(Self(named(request.headers(), header::IF_NONE_MATCH)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_03_tags_name_versions_in_every_coding() {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static("\"v6\", W/\"v7+br\""));
        assert!(none_match(&headers, tag(7).to_str().unwrap()) && !none_match(&headers, "\"v8\""));
        let known = IfNoneMatch(named(&headers, header::IF_NONE_MATCH));
        assert!(known.knows(6) && known.knows(7) && !known.knows(67));
    }

    #[test]
    fn a_03_a_tag_of_what_was_seen_names_its_version_and_differs_with_the_answer() {
        let (one, other) = (tag_as_seen(7, b"one"), tag_as_seen(7, b"other"));
        let known = IfNoneMatch(vec![plain(one.to_str().unwrap()).to_owned()]);
        assert!(known.knows_tag(&one) && !known.knows_tag(&other) && !known.knows(7));
        assert_eq!(version(plain(other.to_str().unwrap())), Some(7));
    }

    #[test]
    fn a_03_if_match_asks_for_one_version_of_ours() {
        assert_eq!(IfMatch::OneOf(vec![7]).expected().ok(), Some(Some(7)));
        assert_eq!(IfMatch::Any.expected().ok(), Some(None));
        assert!(IfMatch::OneOf(vec![]).expected().is_err() && IfMatch::OneOf(vec![1, 2]).expected().is_err());
        assert_eq!(version("v18446744073709551616"), None);
    }
}
