//! What happens to every request on its way in and to every answer on its way out; the order stands in `app.rs`.
//!
//! Each is one function `(next, request) -> response`. Those that add to an answer settle failures first, so that
//! an error has the same headers as a success.
//!
//! Not here: anything that only some paths need.

mod address;
mod body;
mod compression;
mod cors;
mod headers;
mod observe;
mod panics;
mod paths;
mod rate;
mod request_id;

pub use address::{ClientAddress, address};
pub use body::{BodyDigest, body};
pub use compression::compression;
pub use cors::cors;
pub use headers::{CONTENT_SECURITY_POLICY, headers};
pub use observe::{Trace, observe};
pub use panics::panics;
pub use paths::{header_size, paths};
pub use rate::{Rates, rate, tell_each_other};
pub use request_id::{Asked, RequestId};
