//! `/dashboard`: what waits for one first, then figures.

mod admin;
mod first;
mod influencer;
mod sponsor;
mod waiting;

pub use admin::figures as platform_figures;
pub use waiting::list as waiting_list;

use super::{Answer, Visit};
use crate::text::dashboard as t;
use crate::view::{Page, parts};
use iescp_core::PageRequest;
use iescp_core::account::{AccountState, ApplyAgain, Role};
use iescp_core::report::{Home, OwnStatistics, ViewHome, ViewWaiting};
use maud::html;

/// How many of a sponsor's campaigns are shown; all of them have a page of their own.
const SHOWN: usize = 6;

/// What sponsors and influencers see here.
#[must_use]
pub fn home() -> ViewHome {
    ViewHome { page: PageRequest::new(SHOWN, None) }
}

/// `GET /dashboard`.
///
/// # Errors
/// If nobody is signed in.
pub async fn show(visit: Visit) -> Answer {
    let me = visit.me()?;
    let (waiting, (steps, figures)) = if me.account.role == Role::Admin {
        (visit.run(ViewWaiting).await?, (None, admin::parts(&visit).await?))
    } else {
        let Home { waiting, own } = visit.run(home()).await?;
        let parts = match own {
            OwnStatistics::Influencer(figures) => influencer::parts(&visit, &waiting, &figures),
            OwnStatistics::Sponsor { campaigns, rating } => sponsor::parts(&visit, &waiting, &campaigns.items, rating)?,
            OwnStatistics::Admin => (None, html! {}),
        };
        (waiting, parts)
    };
    let new = steps.is_some();
    let tasks = first::without_steps(waiting, new);
    let content = html! {
        (parts::heading(&t::greeting(&me.name), None, None))
        @if me.account.state == AccountState::Rejected { (first::rejected(me.account.state_reason.as_deref())) }
        @if let Some(steps) = &steps { (steps) }
        @if !new || !tasks.tasks.is_empty() { (waiting::list(&visit, &tasks)) }
        (figures)
    };
    Ok(visit.show(Page::new(t::TITLE, content).about_me()))
}

/// `POST /dashboard/apply-again`.
///
/// # Errors
/// If nobody is signed in, or was not rejected.
pub async fn apply_again(visit: Visit) -> Answer {
    visit.me()?;
    visit.run_once(ApplyAgain).await?;
    Ok(visit.go_saying("/dashboard", t::APPLIED_AGAIN))
}
