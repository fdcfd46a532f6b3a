//! A sponsor's figures: each campaign's budget, and how its requests went.

use super::super::{Refused, Visit};
use super::first;
use super::waiting::figure_or;
use crate::text::dashboard as t;
use crate::view::chart::{self, Bar};
use crate::view::parts;
use iescp_core::account::AccountState;
use iescp_core::report::{CampaignFigures, Waiting};
use iescp_core::value::Money;
use maud::{Markup, html};

/// First steps for those who are new, and figures for the others.
///
/// # Errors
/// If nobody is signed in.
pub fn parts(
    visit: &Visit,
    waiting: &Waiting,
    campaigns: &[CampaignFigures],
    rating: Option<u32>,
) -> Result<(Option<Markup>, Markup), Refused> {
    let pending = visit.me()?.account.state == AccountState::Pending;
    let steps = (campaigns.is_empty() || pending).then(|| first::steps(&t::SPONSOR_STEPS, waiting, pending));
    let figures = if campaigns.is_empty() {
        html! {}
    } else {
        show(visit, campaigns, rating)
    };
    Ok((steps, figures))
}

fn show(visit: &Visit, campaigns: &[CampaignFigures], rating: Option<u32>) -> Markup {
    let look = visit.look();
    let sum = |of: fn(&CampaignFigures) -> i64| campaigns.iter().fold(0_i64, |sum, one| sum.saturating_add(of(one)));
    let asked = |states: &[&str]| {
        let of = |one: &CampaignFigures| states.iter().filter_map(|state| one.requests.get(*state)).sum::<i64>();
        campaigns.iter().map(of).sum::<i64>()
    };
    let bar = |name: &str, value: i64| Bar { name: name.to_owned(), value, shown: look.number(value) };
    let funnel = [
        bar(t::REQUESTS, asked(&["open", "accepted", "rejected", "withdrawn", "expired"])),
        bar(t::OPEN, asked(&["open"])),
        bar(t::AGREED, asked(&["accepted"])),
        bar(t::ENDED, asked(&["rejected", "withdrawn", "expired"])),
    ];
    html! {
        div.figures-row {
            (parts::figure(t::COMMITTED, &look.money(Money(sum(|one| one.committed.0))), None))
            (parts::figure(t::PAID, &look.money(Money(sum(|one| one.paid.0))), None))
            (parts::figure(t::REACH, &html! { (look.short(sum(|one| one.reach))) }, Some(&html! { (t::REACH_TOLD) })))
            (figure_or(t::RATING, rating.map(|rating| html! { (look.hundredths(rating.into())) }), None))
        }
        div.columns {
            section {
                div.heading.small-heading { h2 { (t::CAMPAIGNS) } a href="/campaigns" { (t::ALL_CAMPAIGNS) } }
                ul.rows { @for one in campaigns { (campaign(visit, one)) } }
            }
            section.card { (chart::rows(t::FUNNEL, &funnel)) }
        }
    }
}

fn campaign(visit: &Visit, one: &CampaignFigures) -> Markup {
    let look = visit.look();
    let held = one.committed.0.saturating_sub(one.paid.0);
    let bar = |name: &str, value: i64| Bar { name: name.to_owned(), value, shown: look.amount(Money(value)) };
    let shares = [("paid", bar(t::PAID, one.paid.0)), ("held", bar(t::HELD, held)), ("left", bar(t::LEFT, one.remaining.0))];
    html! {
        li.budget {
            div.grow { h3 { a href={ "/campaigns/" (one.campaign) } dir="auto" { (one.title) } } }
            (parts::campaign_state(one.state))
            (chart::parts(&one.title, one.budget.0, &shares))
        }
    }
}
