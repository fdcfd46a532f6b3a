//! An influencer's figures: what was earned, and what sponsors see of how one works.

use super::super::Visit;
use super::first;
use super::waiting::figure_or;
use crate::text::dashboard as t;
use crate::view::chart::{self, Bar};
use crate::view::parts;
use iescp_core::report::{InfluencerFigures, Waiting};
use maud::{Markup, html};

/// First steps for those who are new, and figures for the others.
pub fn parts(visit: &Visit, waiting: &Waiting, figures: &InfluencerFigures) -> (Option<Markup>, Markup) {
    let new = figures.earned.0 == 0 && figures.standing.answers_within.is_none() && figures.standing.delivered == 0;
    let busy = waiting.tasks.iter().any(|task| task.by.is_some());
    if new && !busy {
        return (Some(first::steps(&t::INFLUENCER_STEPS, waiting, false)), html! {});
    }
    (None, show(visit, figures))
}

fn show(visit: &Visit, figures: &InfluencerFigures) -> Markup {
    let look = visit.look();
    let share = figures.standing.delivered_on_time.saturating_mul(100).checked_div(figures.standing.delivered);
    let bars = figures.months.iter().map(|month| Bar {
        name: look.month(&month.month),
        value: month.earned.0,
        shown: look.amount(month.earned),
    });
    html! {
        div.figures-row {
            (parts::figure(t::EARNED, &look.money(figures.earned), Some(&html! { a href="/earnings" { (t::ALL_EARNINGS) } })))
            (figure_or(t::ANSWERS_WITHIN, figures.standing.answers_within.map(|seconds| html! { (look.span(seconds)) }), None))
            (figure_or(t::ON_TIME, share.map(|share| html! { (share) "\u{202f}%" }), Some(&html! { (t::of_delivered(figures.standing.delivered_on_time, figures.standing.delivered)) })))
            (figure_or(t::RATING, figures.standing.rating.map(|rating| html! { (look.hundredths(rating.into())) }), Some(&html! { (t::ratings(figures.standing.ratings)) })))
        }
        section.card { (chart::columns(t::EARNED_BY_MONTH, t::EARNED_UNIT, &bars.collect::<Vec<_>>())) }
    }
}
