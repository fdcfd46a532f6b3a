//! Answers to the offer on the table. Each names the offer by its number; if another lies there meanwhile, it is shown.

use super::offer_form;
use super::table::{self, Move, Table};
use crate::pages::{Answer, Fields, Refused, Visit, Wrongs};
use crate::text::requests as t;
use crate::view::{Form, Page, form, parts, terms};
use iescp_core::request::{
    AcceptOffer, AmendOffer, ConfirmOffer, CounterOffer, Offer, RejectRequest, RequestView, WithdrawRequest,
};
use iescp_core::{Error, Operation};
use maud::{Markup, html};

/// The table, if this can be done at it; else the way back to it.
async fn sit(visit: &Visit, what: Move) -> Result<Result<Table, poem::Response>, Refused> {
    let table = Table::of(visit).await?;
    Ok(if table.allows(what) { Ok(table) } else { Err(visit.go(&table.path())) })
}

/// The number of the offer that was answered; zero, which no offer has, if the form names none.
fn named(visit: &Visit) -> u64 {
    visit.sent().get("offer").parse().unwrap_or_default()
}

/// What was refused, on the page of the answer while that can still be given, else on the negotiation's.
async fn refused(visit: &Visit, what: Move, error: Error, page: impl Fn(&Table, &Wrongs) -> Page) -> Answer {
    let changed = matches!(&error, Error::NotNow(refusal) if refusal.code == "offer_changed");
    let mut wrong = Wrongs::of(error)?;
    if changed {
        wrong.said = Some(t::CHANGED_MEANWHILE.to_owned());
    }
    let table = Table::of(visit).await?;
    let page = if table.allows(what) { page(&table, &wrong) } else { table::page(visit, &table, &wrong) };
    Ok(visit.show_wrong(page, &wrong))
}

fn crumb(table: &Table) -> Markup {
    html! { p.crumb { a href=(table.path()) { (table.title()) " " (t::WITH) " " (table.other()) } } }
}

/// `GET /requests/{id}/accept`: what one agrees to.
///
/// # Errors
/// If the negotiation is not this person's.
pub async fn check(visit: Visit) -> Answer {
    let table = match sit(&visit, Move::Accept).await? {
        Ok(table) => table,
        Err(back) => return Ok(back),
    };
    Ok(visit.show(check_page(&visit, &table, &Wrongs::default())))
}

/// `POST /requests/{id}/accept`.
///
/// # Errors
/// If the negotiation is not this person's.
pub async fn accept(visit: Visit) -> Answer {
    visit.me()?;
    let operation = AcceptOffer { request: visit.id()?, offer: named(&visit), signed: visit.sent().text("signed") };
    match visit.run_once(operation).await {
        Ok(view) => {
            let collaboration = view.collaboration.map(|id| format!("/collaborations/{id}"));
            Ok(visit.go_saying(&collaboration.unwrap_or_else(|| format!("/requests/{}", view.request.id)), t::ACCEPTED))
        }
        Err(error) => refused(&visit, Move::Accept, error, |table, wrong| check_page(&visit, table, wrong)).await,
    }
}

fn check_page(visit: &Visit, table: &Table, wrong: &Wrongs) -> Page {
    let look = visit.look();
    let Some(offer) = table.offer() else { return table::page(visit, table, wrong) };
    // What was read when the form was sent; the new offer shows what is different from it.
    let read = table.numbered(named(visit)).filter(|read| read.number != offer.number);
    let fields = Fields::default().with("signed", visit.sent().get("signed"));
    let form = Form::new(&fields, wrong);
    let view = table.view();
    let content = html! {
        (form.summary())
        (crumb(table))
        (parts::heading(t::CHECK, Some(t::CHECK_TOLD), None))
        div.check {
            section.card.stack {
                h2 { (t::TERMS) }
                dl.terms {
                    div { dt { (t::CAMPAIGN) } dd dir="auto" { (table.title()) } }
                    div { dt { (t::SPONSOR) } dd dir="auto" { (view.sponsor_name) } }
                    div { dt { (t::INFLUENCER) } dd dir="auto" { (view.influencer_name) } }
                }
                (terms::offer(look, offer, read))
                @if !offer.note.is_empty() { blockquote { (parts::prose(&offer.note)) } }
            }
            @if let Some(campaign) = &table.at.campaign { section.card.stack { h2 { (t::BRIEF) } (terms::brief(&campaign.campaign)) } }
            section.card.stack { h2 { (t::FOLLOWS) } (table.steps(visit, offer)) }
            @if let Some(money) = table.at.campaign.as_ref().and_then(|campaign| campaign.money) {
                section.card.stack { (terms::left(look, money.available, Some(offer.amount))) }
            }
            form.form method="post" action={ (table.path()) "/accept" } novalidate {
                (form::key()) (offer_form::naming(offer.number))
                (form.line("signed", t::SIGN).hint(t::SIGN_HINT).autocomplete("name"))
                div.buttons { button.button.primary type="submit" { (t::SIGN_SEND) } a.button href=(table.path()) { (t::BACK) } }
            }
        }
    };
    Page::new(t::CHECK, content)
}

/// `GET /requests/{id}/counter`.
///
/// # Errors
/// If the negotiation is not this person's.
pub async fn reply(visit: Visit) -> Answer {
    new_offer(visit, Move::Counter).await
}

/// `GET /requests/{id}/amend`.
///
/// # Errors
/// If the negotiation is not this person's.
pub async fn edit(visit: Visit) -> Answer {
    new_offer(visit, Move::Amend).await
}

async fn new_offer(visit: Visit, what: Move) -> Answer {
    let table = match sit(&visit, what).await? {
        Ok(table) => table,
        Err(back) => return Ok(back),
    };
    let name = visit.me()?.name.clone();
    let mut fields = table.offer().map(|offer| offer_form::of(&visit, offer, &name)).unwrap_or_default();
    if let Some(offer) = table.offer().filter(|_| what == Move::Amend) {
        fields = fields.with("note", &*offer.note).with("signed", &*offer.signed);
    }
    Ok(visit.show(offer_page(&visit, &table, what, &fields, &Wrongs::default())))
}

/// `POST /requests/{id}/counter`.
///
/// # Errors
/// If the negotiation is not this person's.
pub async fn counter(visit: Visit) -> Answer {
    let (request, offer) = (visit.id()?, named(&visit));
    let (terms, unread) = offer_form::read(&visit);
    lay(visit, Move::Counter, CounterOffer { request, offer, terms }, unread, t::COUNTER_DONE).await
}

/// `POST /requests/{id}/amend`.
///
/// # Errors
/// If the negotiation is not this person's.
pub async fn amend(visit: Visit) -> Answer {
    let (request, offer) = (visit.id()?, Some(named(&visit)));
    let (terms, unread) = offer_form::read(&visit);
    lay(visit, Move::Amend, AmendOffer { request, offer, terms }, unread, t::AMEND_DONE).await
}

async fn lay<O>(visit: Visit, what: Move, operation: O, unread: Vec<iescp_core::FieldError>, said: &str) -> Answer
where
    O: Operation<Output = RequestView>,
{
    visit.me()?;
    if let Some(fields) = offer_form::rearranged(visit.sent()) {
        let table = Table::of(&visit).await?;
        return Ok(visit.show(offer_page(&visit, &table, what, &fields, &Wrongs::default())));
    }
    match visit.run_once(operation).await {
        Ok(view) => Ok(visit.go_saying(&format!("/requests/{}", view.request.id), said)),
        Err(error) => {
            let page = |table: &Table, wrong: &Wrongs| {
                let wrong = wrong.clone().and_unread(unread.clone());
                offer_page(&visit, table, what, visit.sent(), &wrong)
            };
            refused(&visit, what, error, page).await
        }
    }
}

fn offer_page(visit: &Visit, table: &Table, what: Move, fields: &Fields, wrong: &Wrongs) -> Page {
    let number = table.request().offer;
    let (title, told, path) = match what {
        Move::Amend if number == 0 => (t::FIRST_OFFER_TITLE.to_owned(), t::NO_OFFER_TOLD, format!("{}/amend", table.path())),
        _ if number == 0 => (t::FIRST_OFFER_TITLE.to_owned(), t::NO_OFFER_TOLD, format!("{}/counter", table.path())),
        Move::Amend => (t::amend_own(number), t::AMEND_TOLD, format!("{}/amend", table.path())),
        _ => (t::counter_to(number), t::COUNTER_TOLD, format!("{}/counter", table.path())),
    };
    // If another offer came while this one was written, it is shown with what is different.
    let read = table.numbered(named(visit)).filter(|read| read.number != number);
    let changed: Option<(&Offer, &Offer)> = table.offer().zip(read);
    let content = html! {
        (form::summary(wrong))
        (crumb(table))
        (parts::heading(&title, Some(told), None))
        div.columns {
            div {
                @if let Some((offer, read)) = changed { section.card.stack.changed-offer { h2 { (t::offer(offer.number)) } (terms::offer(visit.look(), offer, Some(read))) } }
                (offer_form::markup(visit, &path, fields, wrong, &offer_form::naming(number), t::COUNTER_SEND))
            }
            aside.stack { (table::figures(visit, table)) }
        }
    };
    Page::new(title, content)
}

/// `POST /requests/{id}/confirm`.
///
/// # Errors
/// If the negotiation is not this person's.
pub async fn confirm(visit: Visit) -> Answer {
    visit.me()?;
    match visit.run_once(ConfirmOffer { request: visit.id()?, offer: named(&visit) }).await {
        Ok(view) => Ok(visit.go_saying(&format!("/requests/{}", view.request.id), t::CONFIRM_DONE)),
        Err(error) => refused(&visit, Move::Confirm, error, |table, wrong| table::page(&visit, table, wrong)).await,
    }
}

/// `GET /requests/{id}/reject`.
///
/// # Errors
/// If the negotiation is not this person's.
pub async fn decline(visit: Visit) -> Answer {
    match sit(&visit, Move::Reject).await? {
        Ok(table) => Ok(visit.show(end_page(&visit, &table, Move::Reject, &Wrongs::default()))),
        Err(back) => Ok(back),
    }
}

/// `POST /requests/{id}/reject`.
///
/// # Errors
/// If the negotiation is not this person's.
pub async fn reject(visit: Visit) -> Answer {
    let reason = visit.sent().text("reason");
    let operation = RejectRequest { request: visit.id()?, offer: named(&visit), reason };
    over(visit, Move::Reject, operation, t::REJECT_DONE).await
}

/// `GET /requests/{id}/withdraw`.
///
/// # Errors
/// If the negotiation is not this person's.
pub async fn withdrawal(visit: Visit) -> Answer {
    match sit(&visit, Move::Withdraw).await? {
        Ok(table) => Ok(visit.show(end_page(&visit, &table, Move::Withdraw, &Wrongs::default()))),
        Err(back) => Ok(back),
    }
}

/// `POST /requests/{id}/withdraw`.
///
/// # Errors
/// If the negotiation is not this person's.
pub async fn withdraw(visit: Visit) -> Answer {
    let operation = WithdrawRequest { request: visit.id()?, reason: visit.sent().text("reason") };
    over(visit, Move::Withdraw, operation, t::WITHDRAW_DONE).await
}

async fn over<O: Operation<Output = RequestView>>(visit: Visit, what: Move, operation: O, said: &str) -> Answer {
    visit.me()?;
    match visit.run_once(operation).await {
        Ok(view) => Ok(visit.go_saying(&format!("/requests/{}", view.request.id), said)),
        Err(error) => refused(&visit, what, error, |table, wrong| end_page(&visit, table, what, wrong)).await,
    }
}

fn end_page(visit: &Visit, table: &Table, what: Move, wrong: &Wrongs) -> Page {
    let (title, told, send, path) = match what {
        Move::Reject => (t::REJECT_TITLE, t::REJECT_TOLD, t::REJECT_SEND, "reject"),
        _ => (t::WITHDRAW_TITLE, t::WITHDRAW_TOLD, t::WITHDRAW_SEND, "withdraw"),
    };
    let form = Form::new(visit.sent(), wrong);
    let reason = form.prose("reason", t::REASON, 4).hint(t::REASON_HINT);
    let content = html! {
        (form.summary())
        (crumb(table))
        (parts::heading(title, Some(told), None))
        @if let Some(offer) = table.offer() { section.card.check { h2 { (t::offer(offer.number)) } (terms::offer(visit.look(), offer, None)) } }
        form.form method="post" action={ (table.path()) "/" (path) } novalidate {
            (form::key()) (offer_form::naming(table.request().offer))
            @if what == Move::Reject { (reason) } @else { (reason.optional()) }
            div.buttons { button.button.danger type="submit" { (send) } a.button href=(table.path()) { (t::KEEP) } }
        }
    };
    Page::new(title, content)
}
