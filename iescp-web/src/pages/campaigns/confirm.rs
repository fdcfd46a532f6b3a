//! What cannot be undone is asked about first, on a page of its own that says what follows.

use crate::pages::{Answer, Refused, Visit, Wrongs};
use crate::text::campaigns as t;
use crate::view::{Form, Page, form, parts};
use iescp_core::Error;
use iescp_core::account::Role;
use iescp_core::campaign::{CampaignInFull, ViewCampaignInFull};
use iescp_core::request::RequestState;
use maud::{Markup, html};

/// A question before something final.
struct Question<'a> {
    title: &'a str,
    verb: &'a str,
    yes: &'a str,
    follows: Vec<String>,
}

async fn own(visit: &Visit) -> Result<CampaignInFull, Refused> {
    let me = visit.me()?.account.id;
    let full = visit.run(ViewCampaignInFull { campaign: visit.id()? }).await?;
    if full.view.campaign.sponsor == me { Ok(full) } else { Err(Error::NotFound.into()) }
}

/// `GET /campaigns/{id}/complete` and `/cancel`.
///
/// # Errors
/// For all but its sponsor.
pub async fn give_up(visit: Visit) -> Answer {
    let full = own(&visit).await?;
    let open = full.requests.iter().find(|(state, _)| *state == RequestState::Open).map_or(0, |(_, number)| *number);
    let left = full.view.money.as_ref().map(|money| money.funded.0 - money.held.0 - money.paid.0).filter(|left| *left > 0);
    let mut follows = vec![t::NO_NEW.to_owned(), t::requests_expire(open), t::work_goes_on(full.running)];
    follows.extend(left.map(|left| t::goes_back(&visit.look().amount(iescp_core::value::Money(left)))));
    follows.push(t::NO_UNDO.to_owned());
    let cancels = visit.path().ends_with("/cancel");
    let (title, verb, yes) =
        if cancels { (t::CANCEL_ASK, "cancel", t::CANCEL) } else { (t::COMPLETE_ASK, "complete", t::COMPLETE) };
    Ok(ask(&visit, &full, &Question { title, verb, yes, follows }, cancels))
}

/// `GET /campaigns/{id}/remove`.
///
/// # Errors
/// For all but its sponsor.
pub async fn remove(visit: Visit) -> Answer {
    let full = own(&visit).await?;
    let question = Question { title: t::REMOVE_ASK, verb: "remove", yes: t::REMOVE, follows: vec![t::REMOVE_NO_UNDO.to_owned()] };
    Ok(ask(&visit, &full, &question, true))
}

fn ask(visit: &Visit, full: &CampaignInFull, question: &Question<'_>, danger: bool) -> poem::Response {
    let campaign = &full.view.campaign;
    let path = format!("/campaigns/{}", campaign.id);
    let content = html! {
        (parts::heading(question.title, Some(&campaign.title), None))
        ul.follows { @for one in &question.follows { li { (one) } } }
        form.buttons method="post" action={ (path) "/" (question.verb) } {
            (form::key())
            button.button.danger[danger].primary[!danger] type="submit" { (question.yes) }
            a.button href=(path) { (t::KEEP) }
        }
    };
    visit.show(Page::new(t::page_of(question.title, &campaign.title), content))
}

/// `GET /campaigns/{id}/flag`.
///
/// # Errors
/// For all but admins.
pub async fn flag(visit: Visit) -> Answer {
    visit.only(Role::Admin)?;
    let page = flag_page(&visit, &Wrongs::default()).await?;
    Ok(visit.show(page))
}

/// The form with which an admin flags, with what was typed.
pub async fn flag_page(visit: &Visit, wrong: &Wrongs) -> Result<Page, Refused> {
    let full = visit.run(ViewCampaignInFull { campaign: visit.id()? }).await?;
    let (campaign, form) = (&full.view.campaign, Form::new(visit.sent(), wrong));
    let path = format!("/campaigns/{}", campaign.id);
    let about: Markup = html! { (form.prose("reason", t::FLAG_REASON, 4).hint(t::FLAG_REASON_HINT).longest(1000)) };
    let content = html! {
        (form.summary())
        (parts::heading(t::FLAG, Some(&campaign.title), None))
        form.form method="post" action={ (path) "/flag" } novalidate {
            (form::key())
            p { (t::FLAG_TOLD) }
            (about)
            div.buttons { button.button.danger type="submit" { (t::FLAG) } a href=(path) { (t::KEEP) } }
        }
    };
    Ok(Page::new(t::page_of(t::FLAG, &campaign.title), content))
}
