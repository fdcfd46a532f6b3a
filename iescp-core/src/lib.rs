//! The rules of the Influencer Engagement & Sponsorship Coordination Platform.
#![warn(missing_docs)]

mod clock;
mod error;
pub mod id;
pub mod search;
pub mod store;

pub use clock::{Clock, ManualClock, SystemClock};
pub use error::{Error, FieldError, Refusal, Result};
