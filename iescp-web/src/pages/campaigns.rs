//! Campaigns: the list that fits who looks; what single campaigns show and what can be done to them is below.

mod brief;
mod confirm;
mod form;
mod mine;
mod money;
mod search;
mod show;
mod stage;

pub use confirm::{flag, give_up, remove};
pub use form::{draft, edit, new, save};
pub use money::{fund, pay};
pub use show::show;
pub use stage::{cancel, complete, flagged, pause, publish, removed, resume, unflag};

use super::{Answer, Visit};
use iescp_core::account::Role;

/// `GET /campaigns`: a sponsor's own, and for everybody else (or with `all=yes`) those that are open.
///
/// # Errors
/// A failing store.
pub async fn list(visit: Visit) -> Answer {
    let own = visit.role() == Some(Role::Sponsor) && !["all", "q"].iter().any(|name| visit.query().ticked(name));
    if own { mine::list(visit).await } else { search::list(visit).await }
}
