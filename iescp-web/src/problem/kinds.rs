//! Every kind of problem: the table that the reference page shows and `type` points into.

use poem::http::StatusCode;

/// One kind of problem.
#[derive(PartialEq, Eq, Debug)]
pub struct Kind {
    /// The anchor on the page of problems, and the end of `type`.
    pub slug: &'static str,
    /// The status it is answered with.
    pub status: StatusCode,
    /// The word for programs, unless the case has a finer one.
    pub code: &'static str,
    /// Its name.
    pub title: &'static str,
    /// What it means and what to do, for the page of problems.
    pub meaning: &'static str,
}

impl Kind {
    /// The `type` member: where it is explained.
    #[must_use]
    pub fn uri(&self) -> String {
        format!("/api/docs/problems#{}", self.slug)
    }
}

const fn kind(status: StatusCode, slug: &'static str, code: &'static str, title: &'static str, meaning: &'static str) -> Kind {
    Kind { slug, status, code, title, meaning }
}

/// The request cannot be read.
pub static MALFORMED: Kind = kind(
    StatusCode::BAD_REQUEST,
    "malformed",
    "malformed",
    "The request cannot be read",
    "The body is not the JSON it should be: broken syntax, a member twice, nested too deeply. Nothing was done.",
);
/// A parameter cannot be read.
pub static BAD_PARAMETER: Kind = kind(
    StatusCode::BAD_REQUEST,
    "bad-parameter",
    "bad_parameter",
    "A parameter cannot be read",
    "A path, query or header parameter is unknown, repeated, missing or not of its type. `errors` names it.",
);
/// You are not signed in.
pub static SIGNED_OUT: Kind = kind(
    StatusCode::UNAUTHORIZED,
    "signed-out",
    "signed_out",
    "You are not signed in",
    "There is no bearer token, or it is expired, ended or not ours. Refresh it or sign in again.",
);
/// You may not do this.
pub static FORBIDDEN: Kind =
    kind(StatusCode::FORBIDDEN, "forbidden", "forbidden", "You may not do this", "You may see the thing but not do this to it.");
/// There is nothing here.
pub static NOT_FOUND: Kind = kind(
    StatusCode::NOT_FOUND,
    "not-found",
    "not_found",
    "There is nothing here",
    "No such path, no such thing, or none that you may know of; the three look the same on purpose.",
);
/// The method is not allowed here.
pub static METHOD: Kind = kind(
    StatusCode::METHOD_NOT_ALLOWED,
    "method-not-allowed",
    "method_not_allowed",
    "The method is not allowed here",
    "The path exists but not with this method. `Allow` lists those it knows.",
);
/// No acceptable form of the answer.
pub static NOT_ACCEPTABLE: Kind = kind(
    StatusCode::NOT_ACCEPTABLE,
    "not-acceptable",
    "not_acceptable",
    "No acceptable form of the answer",
    "The thing cannot be given in any of the forms that `Accept` lists.",
);
/// The request took too long to arrive.
pub static TIMEOUT: Kind = kind(
    StatusCode::REQUEST_TIMEOUT,
    "timeout",
    "timeout",
    "The request took too long to arrive",
    "The body did not arrive in time. Nothing was done.",
);
/// It cannot be done in the present state.
pub static NOT_NOW: Kind = kind(
    StatusCode::CONFLICT,
    "not-now",
    "not_now",
    "It cannot be done in the present state",
    "The thing has moved on, or has not come so far. `code` says why, and the present state may be included.",
);
/// Somebody has it already.
pub static TAKEN: Kind =
    kind(StatusCode::CONFLICT, "taken", "taken", "Somebody has it already", "A name or a place that only one can have is taken.");
/// It was changed since you read it.
pub static STALE: Kind = kind(
    StatusCode::PRECONDITION_FAILED,
    "stale",
    "stale",
    "It was changed since you read it",
    "`If-Match` names an older version. Read the thing again, merge, and send the new version.",
);
/// The body is too large.
pub static TOO_LARGE: Kind = kind(
    StatusCode::PAYLOAD_TOO_LARGE,
    "too-large",
    "too_large",
    "The body is too large",
    "The body is larger than this route takes. Nothing was done.",
);
/// There is no such part of it.
pub static RANGE: Kind = kind(
    StatusCode::RANGE_NOT_SATISFIABLE,
    "no-such-part",
    "no_such_part",
    "There is no such part of it",
    "`Range` asks for bytes beyond the end of the file. `Content-Range` says how many there are.",
);
/// The body's media type is not taken here.
pub static MEDIA_TYPE: Kind = kind(
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    "unsupported-media-type",
    "unsupported_media_type",
    "The body's media type is not taken here",
    "Bodies are `application/json`, or `application/merge-patch+json` for PATCH, and not compressed.",
);
/// Something in it is not valid.
pub static INVALID: Kind = kind(
    StatusCode::UNPROCESSABLE_ENTITY,
    "invalid",
    "invalid",
    "Something in it is not valid",
    "The request was understood but a value is not acceptable. `errors` names every place. Nothing was done.",
);
/// Say which version you are changing.
pub static VERSION_NEEDED: Kind = kind(
    StatusCode::PRECONDITION_REQUIRED,
    "version-needed",
    "version_needed",
    "Say which version you are changing",
    "Send `If-Match` with the `ETag` of the version that you read.",
);
/// Too many requests.
pub static QUOTA: Kind = kind(
    StatusCode::TOO_MANY_REQUESTS,
    "quota-exceeded",
    "quota_exceeded",
    "Too many requests",
    "Wait as `Retry-After` says. `RateLimit` tells in each answer how many requests are left.",
);
/// The headers are too large.
pub static HEADERS_TOO_LARGE: Kind = kind(
    StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
    "headers-too-large",
    "headers_too_large",
    "The headers are too large",
    "All headers together may have 16 kB.",
);
/// Something went wrong on our side.
pub static INTERNAL: Kind = kind(
    StatusCode::INTERNAL_SERVER_ERROR,
    "internal",
    "internal",
    "Something went wrong on our side",
    "Our fault. `instance` identifies the request in our log.",
);
/// Something stored is damaged.
pub static CORRUPT: Kind = kind(
    StatusCode::INTERNAL_SERVER_ERROR,
    "damaged",
    "damaged",
    "Something stored is damaged",
    "A stored record cannot be read. `instance` identifies the request in our log.",
);
/// Too many at once.
pub static BUSY: Kind = kind(
    StatusCode::SERVICE_UNAVAILABLE,
    "busy",
    "busy",
    "Too many at once",
    "Nothing was changed. Try again after `Retry-After`.",
);
/// It was not done in time.
pub static GAVE_UP: Kind = kind(
    StatusCode::SERVICE_UNAVAILABLE,
    "gave-up",
    "gave_up",
    "It was not done in time",
    "The server gave up waiting. It may have been done or not; an `Idempotency-Key` makes it safe to try again.",
);

/// The store does not answer.
pub static STORE: Kind = kind(
    StatusCode::SERVICE_UNAVAILABLE,
    "unavailable",
    "unavailable",
    "The store does not answer",
    "Nothing was changed as far as we know. Try again; an `Idempotency-Key` makes that safe.",
);
/// There is no room.
pub static STORE_FULL: Kind =
    kind(StatusCode::INSUFFICIENT_STORAGE, "full", "full", "There is no room", "Nothing was changed. Reading still works.");

/// Every kind there is, in the order of the page of problems.
pub static KINDS: &[&Kind] = &[
    &MALFORMED,
    &BAD_PARAMETER,
    &SIGNED_OUT,
    &FORBIDDEN,
    &NOT_FOUND,
    &METHOD,
    &NOT_ACCEPTABLE,
    &TIMEOUT,
    &NOT_NOW,
    &TAKEN,
    &STALE,
    &TOO_LARGE,
    &RANGE,
    &MEDIA_TYPE,
    &INVALID,
    &VERSION_NEEDED,
    &QUOTA,
    &HEADERS_TOO_LARGE,
    &INTERNAL,
    &CORRUPT,
    &BUSY,
    &GAVE_UP,
    &STORE,
    &STORE_FULL,
];
