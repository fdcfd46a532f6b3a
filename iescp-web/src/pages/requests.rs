//! Negotiations: the inbox here; one negotiation in `table`, answers to its offers in `answer`, beginning one in `ask`.
//!
//! Not here: how terms are written (`view::terms`), what follows from an agreement (`collaborations`).

mod answer;
mod ask;
mod offer_form;
mod table;

pub use answer::{accept, amend, check, confirm, counter, decline, edit, reject, reply, withdraw, withdrawal};
pub use ask::{application, apply, invitation, invite};
pub use table::show;

use super::{Answer, Visit};
use crate::text::{requests as t, words};
use crate::view::parts::{self, Tone};
use crate::view::{Icon, Look, Page, picture};
use iescp_core::account::Role;
use iescp_core::campaign::ViewCampaign;
use iescp_core::id::CampaignId;
use iescp_core::request::{Direction, ListCampaignRequests, ListRequests, RequestState, RequestView};
use maud::{Markup, html};
use uuid::Uuid;

/// `GET /requests?state=…&campaign=…`: one's own negotiations, or those in one campaign. An admin has none of their own, and is
/// led to all campaigns.
///
/// # Errors
/// If nobody is signed in; if the campaign is not one's own.
pub async fn list(visit: Visit) -> Answer {
    let role = visit.me()?.account.role;
    let query = visit.query();
    let wanted = query.given("state").filter(|state| t::TABS.iter().any(|(word, _)| word == state)).unwrap_or("open");
    let state = RequestState::ALL.into_iter().find(|state| state.word() == wanted);
    let page = visit.page_of(20);
    let campaign = query.given("campaign").and_then(|id| Uuid::try_parse(id).ok()).map(CampaignId);
    if role == Role::Admin && campaign.is_none() {
        return Ok(visit.go("/admin/campaigns"));
    }
    let (items, about) = match campaign {
        Some(campaign) => {
            let about = visit.run(ViewCampaign { campaign }).await?.campaign.title.to_string();
            (visit.run(ListCampaignRequests { campaign, state, page }).await?, Some(about))
        }
        None => (visit.run(ListRequests { state, page }).await?, None),
    };
    let (mine, others): (Vec<RequestView>, Vec<RequestView>) = items.items.into_iter().partition(|view| view.your_turn);
    let told = if role == Role::Sponsor { t::TOLD_SPONSOR } else { t::TOLD_INFLUENCER };
    let split = wanted == "open" && !mine.is_empty();
    let content = html! {
        (parts::heading(about.as_deref().unwrap_or(t::TITLE), Some(if about.is_some() { t::OF_CAMPAIGN } else { told }), None))
        @if about.is_some() { p.above-tabs { a href=(if role == Role::Admin { "/admin/campaigns" } else { "/requests" }) { (t::ALL_CAMPAIGNS) } } }
        nav.tabs aria-label=(t::STATES) {
            @for (word, name) in t::TABS {
                @let to = query.clone().without(&["after"]).with("state", if word == "open" { "" } else { word }).query();
                a href=(if to.is_empty() { "/requests".to_owned() } else { format!("/requests?{to}") }) aria-current=[(word == wanted).then_some("page")] { (name) }
            }
        }
        @if mine.is_empty() && others.is_empty() { (nothing(role, wanted)) }
        @if split { section.waiting-here { h2 { (t::YOUR_TURN) } (rows(&visit, &mine)) } }
        @else if !mine.is_empty() { (rows(&visit, &mine)) }
        @if split && !others.is_empty() { section { h2 { (t::THEIR_TURN) } (rows(&visit, &others)) } }
        @else if !others.is_empty() { (rows(&visit, &others)) }
        (parts::pager("/requests", query, items.next.as_deref()))
    };
    let title = about.map_or_else(|| t::TITLE.to_owned(), |about| format!("{}: {about}", t::TITLE));
    let title = if wanted == "open" { title } else { format!("{title} ({})", words_of(wanted)) };
    Ok(visit.show(Page::new(title, content).about_me()))
}

fn words_of(tab: &str) -> &'static str {
    t::TABS.iter().find(|(word, _)| *word == tab).map_or("", |(_, name)| name)
}

fn nothing(role: Role, wanted: &str) -> Markup {
    match (wanted, role) {
        ("open" | "all", Role::Sponsor) => {
            parts::empty(Icon::Inbox, t::NONE, t::NONE_SPONSOR, Some(("/influencers", t::FIND_CREATORS)))
        }
        ("open" | "all", _) => parts::empty(Icon::Inbox, t::NONE, t::NONE_INFLUENCER, Some(("/campaigns", t::FIND_CAMPAIGNS))),
        _ => parts::empty(Icon::Inbox, t::NONE_SO, t::NONE_SO_TOLD, Some(("/requests", t::SHOW_OPEN))),
    }
}

fn rows(visit: &Visit, views: &[RequestView]) -> Markup {
    let role = visit.role();
    html! { ul.rows.deals { @for view in views { (row(visit.look(), role, view)) } } }
}

fn row(look: &Look, role: Option<Role>, view: &RequestView) -> Markup {
    let request = &view.request;
    let (other, picture) = match role {
        Some(Role::Influencer) => (&view.sponsor_name, view.sponsor_picture),
        _ => (&view.influencer_name, view.influencer_picture),
    };
    let title = if view.campaign_title.is_empty() { t::A_CAMPAIGN } else { &view.campaign_title };
    let begun = match (request.direction, role) {
        (Direction::Application, Some(Role::Influencer)) => t::YOU_APPLIED,
        (Direction::Application, Some(Role::Sponsor)) => t::APPLIED_TO_YOU,
        (Direction::Application, _) => t::APPLIED,
        (Direction::Invitation, Some(Role::Sponsor)) => t::YOU_INVITED,
        (Direction::Invitation, Some(Role::Influencer)) => t::INVITED_YOU,
        (Direction::Invitation, _) => t::INVITED,
    };
    html! {
        li {
            (picture::face(other, picture))
            div.grow {
                a href={ "/requests/" (request.id) } dir="auto" { (other) }
                p.quiet.small { span dir="auto" { (title) } " · " (begun) }
            }
            @if let Some(offer) = view.offers.first() { span.amount { (look.money(offer.amount)) } }
            div.state {
                @if view.your_turn { (parts::badge(Tone::Waiting, t::YOUR_TURN)) } @else { (parts::request_state(view.state)) }
                p.quiet.small {
                    @if view.state == RequestState::Open { (t::EXPIRES) " " (look.ago(request.expires_at)) }
                    @else { (look.ago(request.ended_at.unwrap_or(request.expires_at))) }
                }
            }
        }
    }
}

/// The state of a negotiation, as a sentence begins.
fn state_word(state: RequestState) -> &'static str {
    words::request(state)
}
