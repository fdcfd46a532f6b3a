//! The name of one request, in its answer, its log lines and its problem; and what it asked for.

use poem::Request;
use poem::http::Uri;
use std::fmt;
use uuid::Uuid;

/// A request's name. Always ours; what a client sends as `X-Request-Id` is not believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RequestId(Uuid);

impl RequestId {
    /// A new one.
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }

    /// The request's; a new one for a request that came past the middleware.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        request.data::<Self>().copied().unwrap_or_default()
    }
}

/// The address that was asked for, whole; inside of a nest the request itself knows only the rest.
#[derive(Clone, Debug)]
pub struct Asked(pub Uri);

impl Asked {
    /// The request's.
    #[must_use]
    pub fn of(request: &Request) -> Uri {
        request.data::<Self>().map_or_else(|| request.uri().clone(), |asked| asked.0.clone())
    }
}

impl Default for RequestId {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
