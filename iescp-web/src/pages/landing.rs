//! `/`: what this is, open campaigns, creators to meet.

use super::{Answer, Visit};
use crate::text::landing as t;
use crate::view::{Icon, Page, cards, parts};
use iescp_core::account::ViewSetUp;
use iescp_core::discovery::{Market, ViewMarket};
use maud::html;

/// `GET /`.
///
/// # Errors
/// A failing store.
pub async fn show(visit: Visit) -> Answer {
    let set_up = visit.run(ViewSetUp).await?;
    let Market { campaigns, influencers: people } = visit.run(ViewMarket { most: 6 }).await?;
    let content = html! {
        @if !set_up { (parts::notice(parts::Tone::Waiting, &html! { p { (t::NO_ADMIN) } })) }
        section.hero {
            h1 { (t::TITLE) }
            p { (t::TOLD) }
            @if visit.person().is_none() {
                div.actions {
                    a.button.primary href="/register?role=influencer" { (t::AS_INFLUENCER) }
                    a.button href="/register?role=sponsor" { (t::AS_SPONSOR) }
                }
            }
        }
        section.market-head {
            h2 { (t::LISTED) }
            @if !campaigns.is_empty() { a href="/campaigns?all=yes" { (t::ALL_CAMPAIGNS) } }
        }
        @if campaigns.is_empty() { (parts::empty(Icon::Campaign, t::NONE_LISTED, t::NONE_LISTED_TOLD, None)) } @else { (cards::campaigns(visit.look(), &campaigns)) }
        @if !people.is_empty() {
            section.market-head { h2 { (t::FEATURED) } a href="/influencers" { (t::ALL_INFLUENCERS) } }
            (cards::influencers(visit.look(), &people))
        }
        section.promises { @for (title, told) in t::PROMISES { div { h2 { (title) } p { (told) } } } }
    };
    Ok(visit.show(Page::new(t::TITLE, content).described(t::DESCRIPTION)))
}
