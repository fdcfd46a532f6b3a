//! The web framework's own failures in our words.

use super::{FieldProblem, Problem, kinds, pointer};
use poem::error::{MethodNotAllowedError, NotFoundError, ParsePathError};
use poem::http::StatusCode;
use poem_openapi::error as openapi;

/// What a failure from anywhere in the house is: ours as it is, the framework's translated.
#[must_use]
pub fn from_poem(error: poem::Error) -> Problem {
    if error.is::<Problem>() {
        return error.downcast::<Problem>().unwrap_or_else(Problem::internal);
    }
    if error.is::<NotFoundError>() {
        return Problem::from(iescp_core::Error::NotFound);
    }
    if error.is::<MethodNotAllowedError>() {
        return Problem::new(&kinds::METHOD, "This path does not know this method.");
    }
    if let Some(openapi::ParseParamError { name, reason }) = error.downcast_ref() {
        return Problem::parameter(name, "not_readable", format!("`{name}` cannot be read: {}", plain(reason)));
    }
    if let Some(openapi::ParsePathError { name, reason }) = error.downcast_ref() {
        return Problem::parameter(name, "not_readable", format!("`{name}` cannot be read: {}", plain(reason)));
    }
    if let Some(openapi::ParseRequestPayloadError { reason }) = error.downcast_ref() {
        let detail = plain(reason);
        return Problem::new(&kinds::INVALID, detail.clone()).at(vec![FieldProblem::new(pointer(""), "not_readable", detail)]);
    }
    by_status(&error)
}

fn by_status(error: &poem::Error) -> Problem {
    match error.status() {
        _ if error.is::<ParsePathError>() => Problem::new(&kinds::BAD_PARAMETER, "The path cannot be read."),
        StatusCode::BAD_REQUEST => Problem::new(&kinds::MALFORMED, "The request cannot be read."),
        StatusCode::UNAUTHORIZED => Problem::new(&kinds::SIGNED_OUT, "Please sign in."),
        StatusCode::FORBIDDEN => Problem::new(&kinds::FORBIDDEN, "You may not do this."),
        StatusCode::NOT_FOUND => Problem::from(iescp_core::Error::NotFound),
        StatusCode::METHOD_NOT_ALLOWED => Problem::new(&kinds::METHOD, "This path does not know this method."),
        StatusCode::NOT_ACCEPTABLE => Problem::new(&kinds::NOT_ACCEPTABLE, "There is no such form of this."),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(&kinds::TOO_LARGE, "The body is too large."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::new(&kinds::MEDIA_TYPE, "The body's media type is not taken here."),
        StatusCode::REQUEST_TIMEOUT => Problem::new(&kinds::TIMEOUT, "The request took too long to arrive."),
        status if status.is_client_error() => Problem::new(&kinds::MALFORMED, "The request cannot be answered as it is."),
        _ => Problem::internal(error),
    }
}

/// The framework's reason as the end of a sentence, without the parts that name its types.
fn plain(reason: &str) -> String {
    let reason = reason.split(" (occurred while parsing").next().unwrap_or(reason);
    let reason = match reason.strip_prefix("failed to parse \"") {
        Some(rest) => rest.split_once("\": ").map_or(reason, |(_, reason)| reason),
        None => reason,
    };
    format!("{}.", reason.trim_end_matches('.'))
}
