//! The name of one request, in its answer, its log lines and its problem; and what it asked for.

use poem::Request;
use poem::http::Uri;
use std::fmt;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::{Builder, Uuid};

/// A request's name. Always ours; what a client sends as `X-Request-Id` is not believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RequestId(Uuid);

impl RequestId {
    /// A new one. It is no secret: this moment, and a number that counts on from anywhere.
    #[must_use]
    pub fn new() -> Self {
        static NEXT: LazyLock<AtomicU64> = LazyLock::new(|| AtomicU64::new(Uuid::now_v7().as_u64_pair().1));
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let mut rest = [0; 10];
        rest.iter_mut().rev().zip(number.to_le_bytes()).for_each(|(place, byte)| *place = byte);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(Builder::from_unix_timestamp_millis(u64::try_from(now.as_millis()).unwrap_or(u64::MAX), &rest).into_uuid())
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
