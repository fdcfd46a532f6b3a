//! `/admin`: the queue, and the figures.

use super::super::dashboard::{platform_figures, waiting_list};
use super::super::{Answer, Visit};
use super::only;
use crate::text::admin as t;
use crate::view::{Page, parts};
use iescp_core::report::{ViewStatistics, ViewWaiting};
use maud::html;

/// `GET /admin`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn show(visit: Visit) -> Answer {
    only(&visit)?;
    let waiting = visit.run(ViewWaiting).await?;
    let statistics = visit.run(ViewStatistics { days: Some(90) }).await?;
    let content = html! {
        (parts::heading(t::QUEUE, Some(t::QUEUE_TOLD), None))
        (waiting_list(&visit, &waiting))
        (platform_figures(&visit, &statistics))
    };
    Ok(visit.show(Page::new(t::QUEUE, content)))
}
