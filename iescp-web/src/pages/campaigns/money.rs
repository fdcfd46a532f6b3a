//! Paying into a campaign.

use super::{brief, form::own};
use crate::pages::{Answer, Fields, Reading, Visit, Wrongs};
use crate::text::campaigns as t;
use crate::view::{Form, Page, form, parts};
use iescp_core::campaign::CampaignView;
use iescp_core::ledger::{self, FundCampaign, PaymentState};
use maud::html;

/// Whether the amount was a suggestion of ours.
const SUGGESTED: &str = "suggested";

/// `GET /campaigns/{id}/fund`.
///
/// # Errors
/// For all but its sponsor.
pub async fn fund(visit: Visit) -> Answer {
    let view = own(&visit, visit.id()?).await?;
    let missing = view.money.as_ref().and_then(|money| money.budget.minus(money.funded).ok()).filter(|missing| missing.0 > 0);
    let fields = missing.map(|missing| Fields::default().with("amount", visit.look().typed(missing)).with(SUGGESTED, "yes"));
    Ok(visit.show(page(&visit, &view, &fields.unwrap_or_default(), &Wrongs::default())))
}

/// `POST /campaigns/{id}/fund`.
///
/// # Errors
/// For all but its sponsor; a failing store.
pub async fn pay(visit: Visit) -> Answer {
    let (campaign, mut reading) = (visit.id()?, Reading::default());
    let amount = reading.money(visit.sent(), "amount", visit.look().currency);
    let order = FundCampaign { campaign, amount };
    match ledger::fund(&visit.house().platform, visit.actor(), visit.key(), order).await {
        Ok(paid) => {
            let payment = paid.output;
            let said = match payment.state {
                PaymentState::Settled => t::paid_in(&visit.look().amount(payment.amount)),
                _ => t::PAYMENT_PENDING.to_owned(),
            };
            Ok(visit.go_saying(&format!("/campaigns/{campaign}"), &said))
        }
        Err(error) => {
            let wrong = Wrongs::of(error)?.and_unread(reading.wrong);
            let view = own(&visit, campaign).await?;
            Ok(visit.show_wrong(page(&visit, &view, visit.sent(), &wrong), &wrong))
        }
    }
}

fn page(visit: &Visit, view: &CampaignView, fields: &Fields, wrong: &Wrongs) -> Page {
    let (form, currency) = (Form::new(fields, wrong), visit.look().currency.code());
    let path = format!("/campaigns/{}", view.campaign.id);
    let content = html! {
        (form.summary())
        (parts::heading(t::FUND_TITLE, Some(&view.campaign.title), None))
        @if let Some(money) = &view.money {
            div.card.form {
                (brief::bar(visit.look(), money))
                p.small { (t::FUNDED) " " strong { (visit.look().money(money.funded)) } }
            }
        }
        form.form.below method="post" action={ (path) "/fund" } novalidate {
            (form::key())
            @if fields.has(SUGGESTED) { (form::hidden(SUGGESTED, "yes")) (form.money("amount", t::AMOUNT, currency).hint(t::AMOUNT_HINT)) }
            @else { (form.money("amount", t::AMOUNT, currency)) }
            p.quiet { (t::FUND_HELD) }
            div.buttons { button.button.primary type="submit" { (t::FUND) } a href=(path) { (t::KEEP) } }
        }
    };
    Page::new(t::page_of(t::FUND_TITLE, &view.campaign.title), content)
}
