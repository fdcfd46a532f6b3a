//! The first steps of a new account: what there is to do, in order, with what is done ticked off.

use crate::text::dashboard as t;
use crate::view::parts::{self, Tone};
use crate::view::{Icon, icon};
use iescp_core::report::{Waiting, What};
use maud::{Markup, html};

/// The steps of which the first two are those of an account: address and profile.
pub fn steps(steps: &[t::Step], waiting: &Waiting, pending: bool) -> Markup {
    let lacks = |what: What| waiting.tasks.iter().any(|task| task.what == what);
    let done = [!lacks(What::ProveEmail), !lacks(What::CompleteProfile)];
    html! {
        section.first {
            h2 { (t::FIRST) }
            @if pending { (parts::notice(Tone::Waiting, &html! { p { (t::PENDING) } })) }
            ol.tour {
                @for (number, (title, told, path, link)) in steps.iter().enumerate() {
                    @let is_done = done.get(number).copied().unwrap_or(false);
                    li.done[is_done] {
                        span.step aria-hidden="true" { @if is_done { (icon(Icon::Check)) } @else { (number + 1) } }
                        div {
                            h3 { (title) @if is_done { span.hidden { " – " (t::DONE) } } }
                            @if !is_done { p.quiet { (told) } a href=(path) { (link) } }
                        }
                    }
                }
            }
        }
    }
}

/// What waits, without what the first steps say already.
pub fn without_steps(mut waiting: Waiting, new: bool) -> Waiting {
    waiting.tasks.retain(|task| !new || !matches!(task.what, What::ProveEmail | What::CompleteProfile));
    waiting
}

/// Why a sponsor was turned down, and the way to ask again.
pub fn rejected(reason: Option<&str>) -> Markup {
    parts::notice(
        Tone::Bad,
        &html! {
            p { strong { (t::REJECTED) } }
            @if let Some(reason) = reason { (parts::prose(reason)) }
            p.after { (parts::action("/dashboard/apply-again", t::APPLY_AGAIN, "slim")) }
        },
    )
}
