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
use iescp_core::account::{AccountState, ApplyAgain, Role};
use iescp_core::report::ViewWaiting;
use maud::html;

/// `GET /dashboard`.
///
/// # Errors
/// If nobody is signed in.
pub async fn show(visit: Visit) -> Answer {
    let me = visit.me()?;
    let waiting = visit.run(ViewWaiting).await?;
    let (steps, figures) = match me.account.role {
        Role::Influencer => influencer::parts(&visit, &waiting).await?,
        Role::Sponsor => sponsor::parts(&visit, &waiting).await?,
        Role::Admin => (None, admin::parts(&visit).await?),
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
    Ok(visit.show(Page::new(t::TITLE, content)))
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
