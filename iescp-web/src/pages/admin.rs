//! `/admin`: what admins supervise. To everybody else none of these pages exists.

mod abuse;
mod account;
mod accounts;
mod audit;
mod campaigns;
mod dispute;
mod jobs;
mod mails;
mod queue;

pub use abuse::{list as abuse_reports, resolve, wanted as wanted_reports};
pub use account::{approve, end_sessions, flag, reject, reset, review, show as account, unflag, unverify, verify};
pub use accounts::{list as accounts, wanted as wanted_accounts};
pub use audit::{list as audit, wanted as wanted_audit};
pub use campaigns::{flag as flag_campaign, list as campaigns, unflag as unflag_campaign};
pub use dispute::{list as disputes, rule, show as dispute};
pub use jobs::{discard as discard_job, retry as retry_job, show as jobs};
pub use mails::{list as mails, set as mail_html, show as mail};
pub use queue::show as queue;

use super::{Refused, Visit};
use iescp_core::account::Role;
use iescp_core::report::ViewNames;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Only for admins; to others the page does not exist, not even behind a sign-in that would let them.
fn only(visit: &Visit) -> Result<(), Refused> {
    visit.only(Role::Admin).map(drop)
}

/// What accounts and campaigns are called.
async fn names(visit: &Visit, of: Vec<Uuid>) -> Result<BTreeMap<Uuid, String>, Refused> {
    Ok(visit.run(ViewNames { of }).await?)
}

/// What one of them is called; the beginning of its id, if nobody knows.
fn named<'a>(names: &'a BTreeMap<Uuid, String>, id: Uuid) -> std::borrow::Cow<'a, str> {
    names.get(&id).map_or_else(|| id.to_string().chars().take(8).collect::<String>().into(), |name| name.as_str().into())
}
