//! Supervision: what people report, what admins do about it, and the chain that shows whether the audit trail was touched.
//!
//! - `abuse` is a report and its states, `report` and `resolve` what people and admins do with it;
//! - [`accounts`] is what admins do to accounts;
//! - [`jobs`] is what they decide about the worker's jobs;
//! - `mails` is who may look at mails that are kept;
//! - [`audit`] seals events into a chain of hashes, verifies it, shows the trail.
//!
//! **Not here**: flags on campaigns (`campaign`), rulings in disputes (`collaboration`), figures (`report`).

mod abuse;
pub mod accounts;
pub mod audit;
pub mod jobs;
mod mails;
mod report;
mod resolve;
#[cfg(test)]
mod tests;

pub use abuse::{AbuseKind, AbuseReport, AbuseState, Category, Outcome, Resolution};
pub use mails::{MailsReader, ViewMails};
pub use report::ReportAbuse;
pub use resolve::{ListAbuseReports, ResolveAbuseReport};
