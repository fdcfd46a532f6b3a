//! `/dashboard`: what waits for one first, then figures.

use super::{Answer, Visit};
use crate::text::dashboard as t;
use crate::view::{Page, parts};
use maud::html;

/// `GET /dashboard`.
///
/// # Errors
/// If nobody is signed in.
pub async fn show(visit: Visit) -> Answer {
    let me = visit.me()?;
    let content = html! { (parts::heading(&t::greeting(&me.name), None, None)) };
    Ok(visit.show(Page::new(t::TITLE, content)))
}
