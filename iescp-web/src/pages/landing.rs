//! `/`: what this is, open campaigns, creators to meet.

use super::{Answer, Visit};
use crate::text::landing as t;
use crate::view::{Page, parts};
use iescp_core::account::ViewSetUp;
use maud::html;

/// `GET /`.
///
/// # Errors
/// A failing store.
pub async fn show(visit: Visit) -> Answer {
    let set_up = visit.run(ViewSetUp).await?;
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
        section.promises { @for (title, told) in t::PROMISES { div { h2 { (title) } p { (told) } } } }
    };
    Ok(visit.show(Page::new(t::TITLE, content).described(t::DESCRIPTION)))
}
