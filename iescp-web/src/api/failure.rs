//! The one failing answer of all operations.

use crate::problem::Problem;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::{Any, Type};
use poem_openapi::{ApiResponse, Object};
use serde_json::Value;

/// What an operation fails with. The core's errors become one by `?`; the edge of the house makes it an answer.
pub struct Failure(Problem);

impl From<iescp_core::Error> for Failure {
    fn from(error: iescp_core::Error) -> Self {
        Self(error.into())
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<Failure> for poem::Error {
    fn from(failure: Failure) -> Self {
        failure.0.into()
    }
}

/// RFC 9457: what went wrong, for programs and for people.
#[derive(Object)]
#[oai(rename = "Problem")]
pub(super) struct ProblemBody {
    /// Where this kind of problem is explained.
    #[oai(rename = "type")]
    kind: String,
    /// The kind's name.
    title: String,
    /// The HTTP status.
    status: u16,
    /// A sentence for a person.
    detail: String,
    /// The request's id.
    instance: String,
    /// A stable word for programs, finer than the type.
    code: String,
    /// Every wrong place.
    #[oai(skip_serializing_if_is_none)]
    errors: Option<Vec<WrongPlace>>,
    /// The offer on the table, when another one was named.
    #[oai(skip_serializing_if_is_none)]
    offer: Option<Any<Value>>,
    /// The present state, when that is what stands in the way.
    #[oai(skip_serializing_if_is_none)]
    current: Option<Any<Value>>,
}

/// One wrong place in a request.
#[derive(Object)]
struct WrongPlace {
    /// A JSON pointer into the body, or `/` and a parameter's name.
    pointer: String,
    /// A stable word for programs.
    code: String,
    /// A sentence for a person.
    detail: String,
}

/// In the document this is a stand-in: `document.rs` puts in its place the failures that the operation can have.
impl ApiResponse for Failure {
    fn meta() -> MetaResponses {
        let content = MetaMediaType { content_type: "application/problem+json", schema: ProblemBody::schema_ref() };
        let response = MetaResponse {
            description: "A failure.",
            status: None,
            status_range: None,
            content: vec![content],
            headers: Vec::new(),
        };
        MetaResponses { responses: vec![response] }
    }

    fn register(registry: &mut Registry) {
        ProblemBody::register(registry);
    }
}
