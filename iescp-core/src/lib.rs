//! The rules of the Influencer Engagement & Sponsorship Coordination Platform.
#![warn(missing_docs)]

pub mod account;
mod actor;
mod allowance;
pub mod campaign;
pub mod check;
mod clock;
pub mod collaboration;
pub mod demo;
pub mod discovery;
mod downtime;
mod due;
mod error;
pub mod event;
#[cfg(test)]
mod fixture;
pub mod id;
pub mod ledger;
pub mod live;
pub mod message;
pub mod moderation;
pub mod notification;
mod operation;
pub mod outbox;
mod page;
mod platform;
pub mod policy;
#[cfg(test)]
mod proofs;
pub mod report;
pub mod request;
pub mod search;
mod secret;
pub mod session;
pub mod settings;
pub mod shortlist;
pub mod store;
mod tidy;
mod tx;
pub mod value;

pub use actor::{Actor, Origin, Through};
pub use clock::{Clock, ManualClock, SystemClock};
pub use downtime::SayUp;
pub use due::{Due, DueReport, run_due};
pub use error::{Error, FieldError, Refusal, Result};
pub use operation::Operation;
pub use page::{Page, PageRequest};
pub use platform::{Builder, IdempotencyKey, Once, Platform};
pub use secret::{InstallationSecret, Secret};
pub use settings::Settings;
pub use tx::Tx;
