//! `/settings/blocks`: whom one wants to hear nothing from.

use super::super::{Answer, Visit};
use super::framed;
use crate::text::settings as t;
use crate::view::{Icon, parts};
use iescp_core::id::AccountId;
use iescp_core::message::{ListBlocks, UnblockAccount};
use maud::html;

const PATH: &str = "/settings/blocks";

/// `GET /settings/blocks`.
///
/// # Errors
/// If nobody is signed in.
pub async fn show(visit: Visit) -> Answer {
    visit.me()?;
    let blocks = visit.run(ListBlocks { page: visit.page_of(20) }).await?;
    let look = visit.look();
    let content = html! {
        @if blocks.items.is_empty() { (parts::empty(Icon::Check, t::NO_BLOCKS, t::NO_BLOCKS_TOLD, None)) }
        @else {
            ul.rows {
                @for one in &blocks.items {
                    li {
                        (parts::avatar(&one.name))
                        div.grow { strong dir="auto" { (one.name) } p.quiet.small { (t::SINCE) " " (look.moment(one.of.at)) } }
                        div.above { (parts::action(&format!("{PATH}/{}/unblock", one.of.whom), t::UNBLOCK, "slim")) }
                    }
                }
            }
        }
        (parts::pager(PATH, visit.query(), blocks.next.as_deref()))
    };
    Ok(visit.show(framed(&visit, PATH, t::BLOCKS, Some(t::BLOCKS_TOLD), None, &content)))
}

/// `POST /settings/blocks/{id}/unblock`.
///
/// # Errors
/// Not found, if there is no such block.
pub async fn unblock(visit: Visit) -> Answer {
    visit.run_once(UnblockAccount { account: visit.id::<AccountId>()? }).await?;
    Ok(visit.go_saying(visit.next_or(PATH), t::UNBLOCKED))
}
