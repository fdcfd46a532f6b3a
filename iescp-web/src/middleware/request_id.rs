//! The name of one request: in its answer, in its log lines, in its problem.

use poem::Request;
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
