//! Shortlists: a sponsor's lists of creators, with notes that nobody else reads.

mod list;

pub use list::{ask_remove, drop, note, remove, rename, show};

use super::{Answer, Fields, Refused, Visit, Wrongs};
use crate::text::shortlists as t;
use crate::view::{Form, Icon, Page, form, parts};
use iescp_core::account::Role;
use iescp_core::id::{AccountId, ShortlistId};
use iescp_core::shortlist::{
    AddToShortlist, ListShortlists, ListShortlistsFor, MakeShortlist, Shortlist, ShortlistFor, ShortlistsFor,
};
use maud::{Markup, html};
use uuid::Uuid;

/// How many lists are on a page.
const PAGE: usize = 50;
/// Whom a list is looked for.
const FOR: &str = "for";

/// `GET /shortlists`; with `?for=…` each list has a button that adds this influencer.
///
/// # Errors
/// For all but sponsors.
pub async fn all(visit: Visit) -> Answer {
    visit.only(Role::Sponsor)?;
    let page = page(&visit, &Fields::default(), &Wrongs::default()).await?;
    Ok(visit.show(page))
}

/// `POST /shortlists`: makes a list; adds somebody to it at once, if that is what it is for.
///
/// # Errors
/// For all but sponsors; a failing store.
pub async fn make(visit: Visit) -> Answer {
    visit.only(Role::Sponsor)?;
    let name = visit.sent().text("name");
    let made = match visit.run_once(MakeShortlist { name }).await {
        Ok(made) => made,
        Err(error) => {
            let wrong = Wrongs::of(error)?;
            let page = page(&visit, visit.sent(), &wrong).await?;
            return Ok(visit.show_wrong(page, &wrong));
        }
    };
    match wanted(visit.sent()) {
        Some(influencer) => {
            visit.run(AddToShortlist { shortlist: made.id, influencer, note: String::new() }).await?;
            Ok(visit.go_saying(&format!("/influencers/{influencer}"), &t::added(&made.name)))
        }
        None => Ok(visit.go_saying(&format!("/shortlists/{}", made.id), t::MADE)),
    }
}

/// `POST /shortlists/{id}/add`: somebody new on a list; a note that is there already stays.
///
/// # Errors
/// For all but its owner; a failing store.
pub async fn add(visit: Visit) -> Answer {
    visit.only(Role::Sponsor)?;
    let (shortlist, influencer) = (visit.id::<ShortlistId>()?, wanted(visit.sent()).ok_or(iescp_core::Error::NotFound)?);
    match visit.run_once(AddToShortlist { shortlist, influencer, note: visit.sent().text("note") }).await {
        Ok(_) => Ok(visit.go_saying(&format!("/shortlists/{shortlist}"), t::ADDED)),
        Err(error) => {
            let wrong = Wrongs::of(error)?;
            let page = page(&visit, visit.sent(), &wrong).await?;
            Ok(visit.show_wrong(page, &wrong))
        }
    }
}

fn wanted(fields: &Fields) -> Option<AccountId> {
    fields.given(FOR).and_then(|id| Uuid::try_parse(id).ok()).map(AccountId)
}

async fn page(visit: &Visit, typed: &Fields, wrong: &Wrongs) -> Result<Page, Refused> {
    let influencer = wanted(visit.query()).or_else(|| wanted(typed));
    match influencer {
        Some(influencer) => {
            let found = visit.run(ListShortlistsFor { influencer, page: visit.page_of(PAGE) }).await?;
            Ok(page_for(visit, &found, typed, wrong))
        }
        None => {
            let lists = visit.run(ListShortlists { page: visit.page_of(PAGE) }).await?;
            let content = html! {
                (form::summary(wrong))
                (parts::heading(t::TITLE, Some(t::TOLD), None))
                @if lists.items.is_empty() { (parts::empty(Icon::Star, t::EMPTY, t::EMPTY_TOLD, Some(("/influencers", t::FIND)))) }
                @else { ul.rows { @for list in &lists.items { li { (row(list)) } } } }
                (parts::pager("/shortlists", visit.query(), lists.next.as_deref()))
                (making(typed, wrong, None))
            };
            Ok(Page::new(t::TITLE, content))
        }
    }
}

fn row(list: &Shortlist) -> Markup {
    html! { div.grow { a href={ "/shortlists/" (list.id) } dir="auto" { (list.name) } } span.quiet { (t::people(list.entries)) } }
}

fn page_for(visit: &Visit, found: &ShortlistsFor, typed: &Fields, wrong: &Wrongs) -> Page {
    let profile = &found.influencer.profile;
    let title = t::add_title(&profile.display_name);
    let content = html! {
        (form::summary(wrong))
        (parts::heading(&title, Some(t::TOLD), None))
        @if !found.lists.items.is_empty() {
            h2.hidden { (t::YOUR_LISTS) }
            ul.rows.below { @for ShortlistFor { shortlist, entry } in &found.lists.items {
                li {
                    (row(shortlist))
                    @if entry.is_some() { (parts::badge(parts::Tone::Good, t::ON_IT)) }
                    @else {
                        form.above method="post" action={ "/shortlists/" (shortlist.id) "/add" } {
                            (form::key()) (form::hidden(FOR, &profile.id.to_string()))
                            button.button.slim type="submit" { (t::ADD) span.hidden { ": " (shortlist.name) } }
                        }
                    }
                }
            } }
        }
        (parts::pager("/shortlists", visit.query(), found.lists.next.as_deref()))
        (making(typed, wrong, Some(profile.id)))
        p.below { a href={ "/influencers/" (profile.id) } { (t::BACK) } }
    };
    Page::new(title, content)
}

/// The form for a new list.
fn making(typed: &Fields, wrong: &Wrongs, influencer: Option<AccountId>) -> Markup {
    let form = Form::new(typed, wrong);
    html! {
        form.form.below method="post" action="/shortlists" novalidate {
            (form::key())
            @if let Some(influencer) = influencer { (form::hidden(FOR, &influencer.to_string())) }
            (form.line("name", t::NAME).longest(80))
            button.button type="submit" { (if influencer.is_some() { t::MAKE_AND_ADD } else { t::MAKE }) }
        }
    }
}
