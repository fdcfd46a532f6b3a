//! The rules of the Influencer Engagement & Sponsorship Coordination Platform.
#![warn(missing_docs)]

pub mod account;
mod actor;
mod clock;
mod error;
pub mod event;
pub mod id;
pub mod moderation;
pub mod notification;
mod operation;
pub mod outbox;
mod page;
mod platform;
pub mod policy;
mod secret;
pub mod session;
pub mod settings;
pub mod store;
mod tx;
pub mod value;

pub use actor::{Actor, Origin, Through};
pub use clock::{Clock, ManualClock, SystemClock};
pub use error::{Error, FieldError, Refusal, Result};
pub use operation::Operation;
pub use page::{Page, PageRequest};
pub use platform::{Builder, IdempotencyKey, Once, Platform};
pub use secret::{InstallationSecret, Secret};
pub use settings::Settings;
pub use tx::Tx;
