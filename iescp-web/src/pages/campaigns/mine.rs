//! A sponsor's own campaigns, by state, each with its money and requests.

use super::brief;
use crate::pages::{Answer, Visit};
use crate::text::{campaigns as t, words};
use crate::view::{Icon, Look, Page, parts};
use iescp_core::campaign::{CampaignState, ListOwnCampaignsInFull, OwnCampaign};
use maud::{Markup, html};

/// How many are on a page.
const PAGE: usize = 12;

/// `GET /campaigns?state=…` for sponsors.
///
/// # Errors
/// A failing store.
pub async fn list(visit: Visit) -> Answer {
    let (query, look) = (visit.query(), visit.look());
    let state = CampaignState::ALL.into_iter().find(|state| state.word() == query.get("state"));
    let own = visit.run(ListOwnCampaignsInFull { state, page: visit.page_of(PAGE) }).await?;
    let all: i64 = own.states.iter().map(|(_, number)| number).sum();
    let actions = html! {
        a.button href="/campaigns?all=yes" { (t::OTHERS) }
        @if all > 0 { a.button.primary href="/campaigns/new" { (t::NEW) } }
    };
    let content = html! {
        (parts::heading(t::TITLE, Some(t::MINE_TOLD), Some(&actions)))
        @if all == 0 {
            (parts::empty(Icon::Campaign, t::NO_OWN, t::NO_OWN_TOLD, Some(("/campaigns/new", t::NEW))))
        } @else {
            (tabs(&own.states, state, all))
            @if own.campaigns.items.is_empty() {
                (parts::empty(Icon::Campaign, t::NONE_IN_STATE, t::NONE_IN_STATE_TOLD, Some(("/campaigns", t::TAB_ALL))))
            } @else {
                ul.runs { @for one in &own.campaigns.items { (row(look, one)) } }
            }
            (parts::pager("/campaigns", query, own.campaigns.next.as_deref()))
        }
    };
    Ok(visit.show(Page::new(t::TITLE, content).about_me()))
}

fn tabs(states: &[(CampaignState, i64)], chosen: Option<CampaignState>, all: i64) -> Markup {
    let current = |state: Option<CampaignState>| (state == chosen).then_some("page");
    html! {
        nav.tabs aria-label=(t::STATES) {
            a href="/campaigns" aria-current=[current(None)] { (t::TAB_ALL) " " span.quiet { (all) } }
            @for (state, number) in states {
                @if *number > 0 || chosen == Some(*state) {
                    a href={ "/campaigns?state=" (state.word()) } aria-current=[current(Some(*state))] { (words::campaign(*state)) " " span.quiet { (number) } }
                }
            }
        }
    }
}

fn row(look: &Look, own: &OwnCampaign) -> Markup {
    let campaign = &own.view.campaign;
    html! {
        li.card.as-link.run {
            div {
                h2 dir="auto" { a href={ "/campaigns/" (campaign.id) } { (campaign.title) } }
                p.behind { (parts::campaign_state(campaign.state)) @if campaign.flagged.is_some() { (parts::badge(parts::Tone::Bad, t::FLAGGED_BADGE)) } span.quiet { (brief::days(look, campaign)) } }
                (brief::counted(&own.requests))
            }
            @if let Some(money) = own.view.money.as_ref().filter(|money| money.budget.0 > 0) { (brief::bar(look, money)) }
        }
    }
}
