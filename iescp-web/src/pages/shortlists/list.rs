//! One shortlist: who is on it, with notes; its name; its end.

use crate::pages::{Answer, Fields, Refused, Visit, Wrongs};
use crate::text::shortlists as t;
use crate::view::{Form, Icon, Look, Page, cards, form, icon, parts, picture};
use iescp_core::Error;
use iescp_core::id::{AccountId, ShortlistId};
use iescp_core::shortlist::{
    AddToShortlist, EditShortlist, RemoveFromShortlist, RemoveShortlist, ShortlistInFull, Shortlisted, ViewShortlistInFull,
};
use maud::{Markup, html};
use uuid::Uuid;

/// How many are on a page.
const PAGE: usize = 20;

/// `GET /shortlists/{id}`.
///
/// # Errors
/// For all but its owner.
pub async fn show(visit: Visit) -> Answer {
    visit.me()?;
    let page = page(&visit, &Wrongs::default(), None).await?;
    Ok(visit.show(page))
}

async fn seen(visit: &Visit) -> Result<ShortlistInFull, Refused> {
    Ok(visit.run(ViewShortlistInFull { shortlist: visit.id()?, page: visit.page_of(PAGE) }).await?)
}

/// The list; with somebody who was just taken off it, and can be put back.
async fn page(visit: &Visit, wrong: &Wrongs, dropped: Option<AccountId>) -> Result<Page, Refused> {
    let ShortlistInFull { shortlist, people, .. } = seen(visit).await?;
    let path = format!("/shortlists/{}", shortlist.id);
    let fields =
        if visit.sent().has("name") { visit.sent().clone() } else { Fields::default().with("name", shortlist.name.to_string()) };
    let form = Form::new(&fields, wrong);
    let find = html! { a.button href="/influencers" { (t::FIND) } };
    let content = html! {
        (form.summary())
        @if let Some(influencer) = dropped { (undo(&path, influencer, visit.sent().get("note"))) }
        (parts::heading(&shortlist.name, Some(&t::people(shortlist.entries)), (!people.items.is_empty()).then_some(&find)))
        @if people.items.is_empty() { (parts::empty(Icon::Star, t::NONE_ON, t::NONE_ON_TOLD, Some(("/influencers", t::FIND)))) }
        @else { ul.stack { @for one in &people.items { (somebody(visit.look(), &path, one, visit.sent(), wrong)) } } }
        (parts::pager(&path, visit.query(), people.next.as_deref()))
        details.aside open[wrong.at("name").is_some()] {
            summary { (t::RENAME) }
            form.form method="post" action={ (path) "/rename" } novalidate {
                (form::key())
                (form.line("name", t::NEW_NAME).longest(80))
                button.button type="submit" { (t::SAVE) }
            }
        }
        p.aside { a.button.danger href={ (path) "/remove" } { (t::REMOVE) } }
    };
    Ok(Page::new(shortlist.name.to_string(), content))
}

fn somebody(look: &Look, path: &str, one: &Shortlisted, typed: &Fields, wrong: &Wrongs) -> Markup {
    let id = one.entry.influencer.to_string();
    let name = one.found.as_ref().map_or(t::GONE, |found| &found.profile.display_name);
    let note = if typed.get("influencer") == id && typed.has("note") { typed.get("note") } else { &one.entry.note };
    let field = format!("note-{id}");
    html! {
        li.card.listed {
            @match &one.found {
                Some(found) => {
                    div.who {
                        (picture::face(name, found.profile.picture))
                        div.grow {
                            h2 dir="auto" { a href={ "/influencers/" (id) } { (name) } }
                            p.small.quiet {
                                @if let Some(place) = &found.profile.location { span dir="auto" { (place) } " · " }
                                (crate::text::influencers::reach(&look.short(found.profile.reach))) " · " (t::ADDED_ON) " " (look.ago(one.entry.added_at))
                            }
                            (cards::niches(&found.profile.niches))
                        }
                        (cards::rating(look, &found.standing))
                    }
                }
                None => { h2 { (t::GONE) } p.small.quiet { (t::GONE_TOLD) } }
            }
            form.note method="post" action={ (path) "/note" } {
                (form::key()) (form::hidden("influencer", &id))
                label for=(field) { (t::NOTE) span.hidden { ": " (t::note_for(name)) } }
                @if typed.get("influencer") == id { @if let Some(wrong) = wrong.at("note") { p.wrong { (icon(Icon::Alert)) (wrong) } } }
                textarea id=(field) name="note" rows="2" maxlength="1000" placeholder=(t::NOTE_HINT) { "\n" (note) }
                button.button.slim type="submit" { (t::SAVE) span.hidden { ": " (t::note_for(name)) } }
            }
            div.actions {
                @if one.found.is_some() { a.button.slim.primary href={ "/influencers/" (id) "/invite" } { (t::INVITE) span.hidden { " " (name) } } }
                form.inline method="post" action={ (path) "/drop" } {
                    (form::key()) (form::hidden("influencer", &id)) (form::hidden("note", &one.entry.note))
                    button.button.slim type="submit" { (t::DROP) span.hidden { ": " (name) } }
                }
            }
        }
    }
}

fn undo(path: &str, influencer: AccountId, note: &str) -> Markup {
    parts::undone(
        t::DROPPED,
        &html! {
            form.inline method="post" action={ (path) "/note" } {
                (form::key()) (form::hidden("influencer", &influencer.to_string())) (form::hidden("note", note)) (form::hidden("undo", "yes"))
                button.button.slim type="submit" { (t::UNDO) }
            }
        },
    )
}

fn influencer(visit: &Visit) -> Result<AccountId, Refused> {
    let id = visit.sent().given("influencer").and_then(|id| Uuid::try_parse(id).ok());
    Ok(AccountId(id.ok_or(Error::NotFound)?))
}

async fn refused(visit: &Visit, error: Error) -> Answer {
    let wrong = Wrongs::of(error)?;
    let page = page(visit, &wrong, None).await?;
    Ok(visit.show_wrong(page, &wrong))
}

/// `POST /shortlists/{id}/note`.
///
/// # Errors
/// For all but its owner; a failing store.
pub async fn note(visit: Visit) -> Answer {
    let (shortlist, influencer) = (visit.id::<ShortlistId>()?, influencer(&visit)?);
    match visit.run_once(AddToShortlist { shortlist, influencer, note: visit.sent().text("note") }).await {
        Ok(_) => {
            let said = if visit.sent().ticked("undo") { t::PUT_BACK } else { t::NOTED };
            Ok(visit.go_saying(&format!("/shortlists/{shortlist}"), said))
        }
        Err(error) => refused(&visit, error).await,
    }
}

/// `POST /shortlists/{id}/drop`: answered by the list itself, so that the note is at hand to be put back with whom it is about.
///
/// # Errors
/// For all but its owner; a failing store.
pub async fn drop(visit: Visit) -> Answer {
    let (shortlist, influencer) = (visit.id::<ShortlistId>()?, influencer(&visit)?);
    match visit.run_once(RemoveFromShortlist { shortlist, influencer }).await {
        Ok(()) => Ok(visit.show(page(&visit, &Wrongs::default(), Some(influencer)).await?)),
        Err(error) => refused(&visit, error).await,
    }
}

/// `POST /shortlists/{id}/rename`.
///
/// # Errors
/// For all but its owner; a failing store.
pub async fn rename(visit: Visit) -> Answer {
    let shortlist: ShortlistId = visit.id()?;
    match visit.run_once(EditShortlist { shortlist, name: visit.sent().text("name"), version: None }).await {
        Ok(_) => Ok(visit.go_saying(&format!("/shortlists/{shortlist}"), t::RENAMED)),
        Err(error) => refused(&visit, error).await,
    }
}

/// `GET /shortlists/{id}/remove`.
///
/// # Errors
/// For all but its owner.
pub async fn ask_remove(visit: Visit) -> Answer {
    visit.me()?;
    let shortlist = seen(&visit).await?.shortlist;
    let (path, title) = (format!("/shortlists/{}", shortlist.id), t::remove_ask(&shortlist.name));
    let content = html! {
        (parts::heading(&title, Some(&t::people(shortlist.entries)), None))
        p { (t::REMOVE_TOLD) }
        form.buttons method="post" action={ (path) "/remove" } {
            (form::key())
            button.button.danger type="submit" { (t::REMOVE_YES) }
            a.button href=(path) { (t::KEEP) }
        }
    };
    Ok(visit.show(Page::new(title, content)))
}

/// `POST /shortlists/{id}/remove`.
///
/// # Errors
/// For all but its owner; a failing store.
pub async fn remove(visit: Visit) -> Answer {
    let shortlist: ShortlistId = visit.id()?;
    match visit.run_once(RemoveShortlist { shortlist, version: None }).await {
        Ok(()) => Ok(visit.go_saying("/shortlists", t::REMOVED)),
        Err(error) => refused(&visit, error).await,
    }
}
