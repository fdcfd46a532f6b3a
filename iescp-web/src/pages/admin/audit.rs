//! `/admin/audit`: who did what; all of it, what happened to something, or what somebody did.

use super::super::{Answer, Fields, Visit, Wrongs};
use super::{named, names, only};
use crate::text::admin as t;
use crate::view::{Form, Icon, Page, parts};
use iescp_core::FieldError;
use iescp_core::event::{By, Event};
use iescp_core::moderation::audit::{AuditOf, VerifyAudit, ViewAudit};
use maud::{Markup, html};
use std::collections::BTreeMap;
use uuid::Uuid;

const PATH: &str = "/admin/audit";
/// How many stretches of seals are checked at once; each is five hundred.
const STRETCHES: usize = 40;

/// Which part of the trail a query asks for.
#[must_use]
pub fn wanted(query: &Fields) -> ViewAudit {
    let of = match (query.given("id").map(Uuid::try_parse), query.get("kind")) {
        (Some(Ok(id)), "by") => AuditOf::By(id.into()),
        (Some(Ok(id)), _) => AuditOf::About(id),
        _ => AuditOf::Everything,
    };
    ViewAudit { of, page: query.page(30) }
}

/// `GET /admin/audit?id=…&kind=about|by&check=yes`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn list(visit: Visit) -> Answer {
    only(&visit)?;
    let query = visit.query();
    let id = query.given("id").map(Uuid::try_parse);
    let unreadable = matches!(id, Some(Err(_))).then(|| FieldError::new("id", "id", t::NOT_AN_ID));
    let events = visit.run(wanted(query)).await?;
    let called = names(&visit, mentioned(&events.items)).await?;
    let checked = if query.ticked("check") { Some(check(&visit).await?) } else { None };
    let wrong = Wrongs::unread(unreadable.into_iter().collect());
    let asked = Form::new(query, &wrong);
    let actions = html! { a.button href={ (PATH) "?check=yes" } { (t::VERIFY_TRAIL) } };
    let content = html! {
        (asked.summary())
        (parts::heading(t::AUDIT, Some(t::AUDIT_TOLD), Some(&actions)))
        @if let Some(checked) = &checked { (checked) }
        form.filters method="get" action=(PATH) {
            (asked.line("id", t::OF).autocomplete("off"))
            (asked.choice("kind", t::KIND, vec![("about", t::KIND_ABOUT), ("by", t::KIND_BY)]))
            button.button type="submit" { (t::FILTER) }
        }
        @if events.items.is_empty() { (parts::empty(Icon::List, t::NO_AUDIT, t::NO_AUDIT_TOLD, Some((PATH, t::WHOLE_TRAIL)))) }
        @else { (table(&visit, &events.items, &called)) }
        (parts::pager(PATH, &query.clone().without(&["check"]), events.next.as_deref()))
    };
    Ok(visit.show_wrong(Page::new(t::AUDIT, content), &wrong))
}

/// Who and what events name.
fn mentioned(events: &[Event]) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for event in events {
        ids.extend(event.about.iter().take(3).map(|about| about.id));
        ids.extend(if let By::Account(account, _) = event.by { Some(account.0) } else { None });
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Walks the chain of seals.
async fn check(visit: &Visit) -> Result<Markup, super::Refused> {
    let (mut after, mut seals) = (0, 0);
    for _ in 0..STRETCHES {
        let found = visit.run(VerifyAudit { after }).await?;
        seals += found.seals;
        if let Some(broken) = found.broken {
            return Ok(parts::notice(parts::Tone::Bad, &html! { p { (t::broken(broken.number, &broken.why)) } }));
        }
        match found.next {
            Some(next) => after = next,
            None => break,
        }
    }
    Ok(parts::notice(parts::Tone::Good, &html! { p { (t::sealed(seals)) } }))
}

fn table(visit: &Visit, events: &[Event], called: &BTreeMap<Uuid, String>) -> Markup {
    html! {
        div.table tabindex="0" role="region" aria-label=(t::AUDIT) {
            table.trail {
                thead { tr { @for name in [t::WHEN, t::WHO, t::WHAT, t::TO, t::FROM] { th scope="col" { (name) } } } }
                tbody { @for event in events { (row(visit, event, called)) } }
            }
        }
    }
}

fn row(visit: &Visit, event: &Event, called: &BTreeMap<Uuid, String>) -> Markup {
    let origin = event.personal.as_ref().and_then(|personal| personal.origin.address.as_deref());
    html! {
        tr {
            td { (visit.look().moment(event.at)) }
            td dir="auto" {
                @match &event.by {
                    By::Visitor => (t::VISITOR),
                    By::Terminal => (t::TERMINAL),
                    By::System(job) => (t::job(job)),
                    By::Account(account, _) => a href={ "/admin/accounts/" (account) } { (named(called, account.0)) },
                }
            }
            td { (t::action(event.action.name())) }
            td dir="auto" {
                @for (number, about) in event.about.iter().take(3).enumerate() {
                    @if number > 0 { ", " }
                    a href={ (PATH) "?kind=about&id=" (about.id) } { (about.kind.replace('_', " ")) " " (named(called, about.id)) }
                }
                @if event.about.len() > 3 { " +" (event.about.len() - 3) }
            }
            td.quiet { (origin.unwrap_or_default()) }
        }
    }
}
