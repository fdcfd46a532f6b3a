//! What admins do and see: accounts, abuse reports, the audit trail, the worker's jobs, the platform's figures.
//!
//! Not here: flags on campaigns (`campaigns`), rulings in disputes (`collaborations`), setting anybody's password, which no
//! admin can (S-10).

mod accounts;
mod audit;
mod jobs;
mod reports;

pub use accounts::Accounts;
pub use audit::Audit;
pub use jobs::Jobs;
pub use reports::Reports;
