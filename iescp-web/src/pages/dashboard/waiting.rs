//! The list of what waits: the most urgent first, one action each.

use super::super::Visit;
use crate::text::{dashboard as t, reports};
use crate::view::parts;
use crate::view::{Icon, icon};
use iescp_core::moderation::Category;
use iescp_core::report::{Task, Waiting, What};
use jiff::SignedDuration;
use maud::{Markup, html};

/// How near a deadline must be to be told as urgent.
const SOON: SignedDuration = SignedDuration::from_hours(48);

/// What waits for somebody; that nothing does, if nothing does.
#[must_use]
pub fn list(visit: &Visit, waiting: &Waiting) -> Markup {
    html! {
        section.waits {
            @if waiting.tasks.is_empty() {
                p.all-done { (icon(Icon::Check)) (t::NOTHING_WAITS) }
            } @else {
                h2 { (t::WAITS) }
                ol.rows { @for task in &waiting.tasks { (row(visit, task)) } }
                @if waiting.more { p.quiet.small { (t::MORE_WAITS) } }
            }
        }
    }
}

fn row(visit: &Visit, task: &Task) -> Markup {
    let (told, word) = t::task(task.what);
    let (place, look) = (place(task), visit.look());
    let called = match task.what {
        What::Resolve => Category::named(&task.called).map_or("", |one| reports::category(one).0),
        _ => task.called.as_str(),
    };
    let soon = task.by.is_some_and(|by| by.duration_since(look.now) < SOON);
    html! {
        li {
            div.grow {
                h3 { a href=(place) { (told) } }
                p.quiet.small {
                    @if !called.is_empty() { span dir="auto" { (called) } }
                    @if !task.with.is_empty() { @if !called.is_empty() { " · " } span dir="auto" { (task.with) } }
                    @if let Some(amount) = task.amount { " · " (look.money(amount)) }
                }
            }
            div.at-end {
                @match task.by {
                    Some(by) => span.by.soon[soon] { (icon(Icon::Clock)) (t::deadline(task.what)) " " (look.ago(by)) },
                    None if matches!(task.what, What::Approve | What::Resolve) => small.quiet { (look.ago(task.since)) },
                    None => {}
                }
                @if task.what == What::ProveEmail { (parts::action("/settings/security/verification", word, "slim")) }
                @else { a.button.slim.above href=(place) aria-hidden="true" tabindex="-1" { (word) } }
            }
        }
    }
}

/// Where the task is done.
fn place(task: &Task) -> String {
    let id = task.about.id;
    match task.what {
        What::Rule => format!("/admin/disputes/{id}"),
        What::Resolve => format!("/admin/abuse-reports#r-{id}"),
        What::Approve => format!("/admin/accounts/{id}"),
        What::AnswerInvitation | What::AnswerApplication | What::AnswerOffer | What::ConfirmOffer => format!("/requests/{id}"),
        What::AnswerSplit | What::MakeChanges | What::HandIn | What::ReviewWork | What::LeaveReview => {
            format!("/collaborations/{id}")
        }
        What::FundCampaign => format!("/campaigns/{id}/fund"),
        What::PublishCampaign => format!("/campaigns/{id}"),
        What::ProveEmail => "/settings/security".to_owned(),
        What::CompleteProfile => "/settings".to_owned(),
    }
}

/// A figure, or that there is nothing to count yet.
pub(super) fn figure_or(name: &str, value: Option<Markup>, told: Option<&Markup>) -> Markup {
    match value {
        Some(value) => parts::figure(name, &value, told),
        None => parts::figure(name, &html! { span.quiet { (t::NOT_YET) } }, Some(&html! { (t::NOT_YET_TOLD) })),
    }
}
