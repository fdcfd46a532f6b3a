//! Collaborations: the list here; one of them in `work`, what can be done to it in `deeds` and `forms`, its contract in `agreement`.
//!
//! Not here: how the work was agreed (`requests`), how disputes are ruled (the admins' pages).

mod agreement;
mod deeds;
mod forms;
mod parts_of_work;
mod record;
mod work;

pub use agreement::show as agreement;
pub use deeds::{
    accept_split, approve, ask, cancel, dispute, propose_split, report, request_changes, review, step_down, submit,
    withdraw_dispute, withdraw_split,
};
pub use work::show;

use super::{Answer, Visit};
use crate::text::collaborations as t;
use crate::view::{Icon, Look, Page, parts, picture};
use iescp_core::account::Role;
use iescp_core::collaboration::{CollaborationState, CollaborationView, ListCollaborations};
use maud::{Markup, html};

/// `GET /collaborations?state=…`.
///
/// # Errors
/// If nobody is signed in.
pub async fn list(visit: Visit) -> Answer {
    if visit.me()?.account.role == Role::Admin {
        return Ok(visit.go("/admin/disputes"));
    }
    let query = visit.query();
    let wanted = query.given("state").filter(|state| t::TABS.iter().any(|(word, _)| word == state)).unwrap_or("all");
    let state = CollaborationState::ALL.into_iter().find(|state| state.word() == wanted);
    let page = visit.run(ListCollaborations { state, page: visit.page_of(20) }).await?;
    let content = html! {
        (parts::heading(t::TITLE, Some(t::TOLD), None))
        nav.tabs aria-label=(t::STATES) {
            @for (word, name) in t::TABS.iter().rev().take(1).chain(t::TABS.iter().take(5)) {
                a href=(if *word == "all" { "/collaborations".to_owned() } else { format!("/collaborations?state={word}") })
                    aria-current=[(*word == wanted).then_some("page")] { (name) }
            }
        }
        @if page.items.is_empty() {
            @if wanted == "all" { (parts::empty(Icon::Hands, t::NONE, t::NONE_TOLD, Some(("/requests", t::TO_REQUESTS)))) }
            @else { (parts::empty(Icon::Hands, t::NONE_SO, t::NONE_SO_TOLD, Some(("/collaborations", t::SHOW_ALL)))) }
        } @else {
            ul.rows.deals { @for view in &page.items { (row(visit.look(), visit.role(), view)) } }
        }
        (parts::pager("/collaborations", query, page.next.as_deref()))
    };
    let name = t::TABS.iter().find(|(word, _)| *word == wanted && wanted != "all").map(|(_, name)| *name);
    let title = name.map_or_else(|| t::TITLE.to_owned(), |name| format!("{} ({name})", t::TITLE));
    Ok(visit.show(Page::new(title, content).about_me()))
}

fn row(look: &Look, role: Option<Role>, view: &CollaborationView) -> Markup {
    let work = &view.collaboration;
    let (other, picture) = match role {
        Some(Role::Sponsor) => (&view.influencer_name, view.influencer_picture),
        _ => (&view.sponsor_name, view.sponsor_picture),
    };
    html! {
        li {
            (picture::face(other, picture))
            div.grow { a href={ "/collaborations/" (work.id) } dir="auto" { (view.campaign_title) } p.quiet.small { (t::WITH) " " span dir="auto" { (other) } } }
            span.amount { @if let Some(amount) = work.amount { (look.money(amount)) } @else { span.quiet.small { (t::NOT_RECORDED) } } }
            div.state { (parts::collaboration_state(work.state)) p.quiet.small { (when(look, view)) } }
        }
    }
}

/// The moment that matters next.
fn when(look: &Look, view: &CollaborationView) -> Markup {
    let work = &view.collaboration;
    html! {
        @match (work.state, &work.review, &work.end) {
            (_, _, Some(end)) => { (look.ago(end.at)) }
            (CollaborationState::Active, ..) if work.due_at < look.now => { (t::OVERDUE) " " (look.day(work.due)) }
            (CollaborationState::Active, ..) => { (t::DUE) " " (look.ago(work.due_at)) }
            (CollaborationState::Submitted, Some(clock), _) => { (t::REVIEW_ENDS) " " (look.ago(clock.ends_at)) }
            _ => { (look.ago(work.dispute.map_or(work.submitted_at.unwrap_or(work.created_at), |open| open.since))) }
        }
    }
}
