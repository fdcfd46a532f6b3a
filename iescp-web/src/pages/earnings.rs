//! `/earnings`: an influencer's earnings and withdrawals, or a sponsor's spending.
//!
//! Not here: paying into a campaign (its own page).

use super::{Answer, Fields, Reading, Refused, Visit, Wrongs};
use crate::text::earnings as t;
use crate::view::chart::{self, Bar};
use crate::view::form::{hidden, key};
use crate::view::{Form, Icon, Look, Page, parts};
use iescp_core::account::Role;
use iescp_core::campaign::{CampaignView, ListOwnCampaigns};
use iescp_core::ledger::{Balances, Cause, LedgerAccount, RequestPayout, Transfer, ViewBalances};
use iescp_core::report::{Entry, Month, ViewStatement};
use iescp_core::value::Money;
use iescp_core::{Error, FieldError};
use maud::{Markup, html};
use uuid::Uuid;

/// `GET /earnings`, by role.
///
/// # Errors
/// If nobody is signed in, or an admin is.
pub async fn show(visit: Visit) -> Answer {
    match visit.me()?.account.role {
        Role::Influencer => earnings(visit).await,
        Role::Sponsor => spending(visit).await,
        Role::Admin => Err(Error::NotFound.into()),
    }
}

async fn earnings(visit: Visit) -> Answer {
    let statement = visit.run(ViewStatement { campaign: None, page: visit.page_of(20) }).await?;
    let (look, balances) = (visit.look(), &statement.balances);
    let actions = html! { (parts::exports()) @if balances.earnings > Money::ZERO { a.button.primary href="/earnings/withdraw" { (t::WITHDRAW) } } };
    let content = html! {
        (parts::heading(t::EARNINGS, Some(t::EARNINGS_TOLD), Some(&actions)))
        @if statement.entries.items.is_empty() && visit.query().given("after").is_none() {
            (parts::empty(Icon::Money, t::NONE, t::NONE_TOLD, Some(("/campaigns", t::FIND))))
        } @else {
            div.stack-wide {
                (figures(look, balances))
                section.card { (chart::columns(t::BY_MONTH, t::EARNED, &bars(look, &statement.months))) }
                section { h2.above { (t::ENTRIES) } (entries(&visit, &statement.entries.items)) (parts::pager("/earnings", visit.query(), statement.entries.next.as_deref())) }
            }
        }
    };
    Ok(visit.show(Page::new(t::EARNINGS, content)))
}

fn figures(look: &Look, balances: &Balances) -> Markup {
    html! {
        div.figures-row {
            (parts::figure(t::AVAILABLE, &look.money(balances.earnings), None))
            (parts::figure(t::ON_ITS_WAY, &look.money(balances.on_its_way), None))
            (parts::figure(t::EARNED, &look.money(balances.earned), None))
            @if balances.earned_before > Money::ZERO { (parts::figure(t::EARNED_BEFORE, &look.money(balances.earned_before), Some(&html! { (t::EARNED_BEFORE_TOLD) }))) }
        }
    }
}

fn bars(look: &Look, months: &[Month]) -> Vec<Bar> {
    let name = |month: &str| {
        let first = format!("{month}-01").parse::<jiff::civil::Date>();
        first.map_or_else(|_| month.to_owned(), |first| first.strftime("%b %y").to_string())
    };
    let bar = |month: &Month| Bar { name: name(&month.month), value: month.earned.0, shown: look.amount(month.earned) };
    months.iter().map(bar).collect()
}

/// What a movement did to what somebody has: more, less, or neither.
fn sign(transfer: &Transfer, role: Option<Role>) -> &'static str {
    match (transfer.cause, role) {
        (Cause::Paid, Some(Role::Influencer)) | (Cause::PayoutFailed | Cause::Funded, _) => "+",
        (Cause::Paid | Cause::Withdrawn | Cause::Refunded, _) => "−",
        (Cause::Imported, _) => {
            if transfer.from == LedgerAccount::External {
                "+"
            } else {
                "−"
            }
        }
        _ => "",
    }
}

fn entries(visit: &Visit, entries: &[Entry]) -> Markup {
    let look = visit.look();
    html! {
        @if entries.is_empty() { p.quiet { (t::NO_ENTRIES) } } @else {
            ul.rows.entries {
                @for Entry { transfer, campaign_title } in entries {
                    li {
                        div.grow {
                            @if let Some(collaboration) = transfer.collaboration { a href={ "/collaborations/" (collaboration) } { (t::cause(transfer.cause)) } }
                            @else if transfer.cause == Cause::Imported { strong { (t::imported(transfer.from == LedgerAccount::External)) } }
                            @else { strong { (t::cause(transfer.cause)) } }
                            p.quiet.small { @if let Some(title) = campaign_title { span dir="auto" { (title) } " · " } (look.moment(transfer.at)) }
                        }
                        span.amount { (sign(transfer, visit.role())) (look.money(transfer.amount)) }
                    }
                }
            }
        }
    }
}

async fn spending(visit: Visit) -> Answer {
    let query = visit.query();
    let campaign = query.given("campaign").and_then(|id| Uuid::try_parse(id).ok()).map(iescp_core::id::CampaignId);
    let movements = campaign.is_some() || query.given("view") == Some("movements");
    let look = visit.look();
    let tabs = html! {
        nav.tabs aria-label=(t::VIEWS) {
            a href="/earnings" aria-current=[(!movements).then_some("page")] { (t::BY_CAMPAIGN) }
            a href="/earnings?view=movements" aria-current=[movements.then_some("page")] { (t::ALL_MOVEMENTS) }
        }
    };
    let (title, inner, next) = if movements {
        let statement = visit.run(ViewStatement { campaign, page: visit.page_of(20) }).await?;
        let about = statement.entries.items.first().filter(|_| campaign.is_some()).and_then(|entry| entry.campaign_title.clone());
        let title =
            about.clone().map_or_else(|| format!("{}: {}", t::SPENDING, t::ENTRIES), |about| format!("{}: {about}", t::SPENDING));
        let inner = html! { @if let Some(about) = about { h2.above dir="auto" { (about) } } @else { h2.above { (t::ENTRIES) } } (entries(&visit, &statement.entries.items)) };
        (title, inner, statement.entries.next)
    } else {
        let page = visit.run(ListOwnCampaigns { state: None, page: visit.page_of(20) }).await?;
        let empty = page.items.is_empty();
        let inner = html! {
            @if empty { (parts::empty(Icon::Money, t::NO_SPENDING, t::NO_SPENDING_TOLD, Some(("/campaigns/new", t::NEW_CAMPAIGN)))) }
            @else { (by_campaign(look, &page.items)) }
        };
        (t::SPENDING.to_owned(), inner, page.next)
    };
    let content = html! {
        (parts::heading(t::SPENDING, Some(t::SPENDING_TOLD), Some(&parts::exports())))
        (tabs)
        (inner)
        (parts::pager("/earnings", query, next.as_deref()))
    };
    Ok(visit.show(Page::new(title, content)))
}

fn by_campaign(look: &Look, campaigns: &[CampaignView]) -> Markup {
    let bar = |name: &str, money: Money| Bar { name: name.to_owned(), value: money.0, shown: look.amount(money) };
    html! {
        ul.cards.spending {
            @for view in campaigns { @if let Some(money) = view.money {
                li.card.stack {
                    header { h2 dir="auto" { a href={ "/campaigns/" (view.campaign.id) } { (&*view.campaign.title) } } (parts::campaign_state(view.campaign.state)) }
                    (chart::parts(&format!("{}: {}", &*view.campaign.title, t::BUDGET), money.budget.0.max(money.funded.0), &[("paid", bar(t::PAID, money.paid)), ("held", bar(t::HELD, money.held)), ("left", bar(t::LEFT, money.available))]))
                    dl.pairs {
                        div { dt { (t::BUDGET) } dd { (look.money(money.budget)) } }
                        div { dt { (t::FUNDED) } dd { (look.money(money.funded)) } }
                    }
                    p { a href={ "/earnings?campaign=" (view.campaign.id) } { (t::ENTRIES) span.hidden { ": " (&*view.campaign.title) } } }
                }
            } }
        }
        p.quiet.small.just-below { (t::NET) }
    }
}

/// `GET /earnings/withdraw`.
///
/// # Errors
/// Only influencers earn.
pub async fn withdrawal(visit: Visit) -> Answer {
    visit.only(Role::Influencer)?;
    let balances = visit.run(ViewBalances).await?;
    Ok(visit.show(amount_page(&visit, &balances, visit.query(), &Wrongs::default())))
}

/// `POST /earnings/withdraw`: first what it comes to, then, once confirmed, the withdrawal.
///
/// # Errors
/// Only influencers earn.
pub async fn withdraw(visit: Visit) -> Answer {
    visit.only(Role::Influencer)?;
    let (fields, mut reading) = (visit.sent(), Reading::default());
    let amount = reading.money(fields, "amount", visit.look().currency);
    let confirmed = fields.ticked("confirmed");
    let wrong = if confirmed {
        match visit.run_once(RequestPayout { amount }).await {
            Ok(_) => return Ok(visit.go_saying("/earnings", t::WITHDRAW_DONE)),
            Err(error) => Wrongs::of(error)?.and_unread(reading.wrong),
        }
    } else {
        checked(&visit, Money(amount), reading).await?
    };
    let balances = visit.run(ViewBalances).await?;
    if wrong.is_empty() {
        return Ok(visit.show(check_page(&visit, &balances, Money(amount))));
    }
    Ok(visit.show_wrong(amount_page(&visit, &balances, fields, &wrong), &wrong))
}

async fn checked(visit: &Visit, amount: Money, reading: Reading) -> Result<Wrongs, Refused> {
    let most = visit.run(ViewBalances).await?.earnings;
    let mut wrong = reading.wrong;
    if wrong.is_empty() && amount <= Money::ZERO {
        wrong.push(FieldError::new("amount", "amount", t::TOO_LITTLE));
    } else if wrong.is_empty() && amount > most {
        wrong.push(FieldError::new("amount", "too_much", t::too_much(&visit.look().amount(most))));
    }
    Ok(Wrongs::unread(wrong))
}

fn amount_page(visit: &Visit, balances: &Balances, fields: &Fields, wrong: &Wrongs) -> Page {
    let look = visit.look();
    let told = t::withdraw_told(&look.amount(balances.earnings));
    let fields = if fields.has("amount") { fields.clone() } else { fields.clone().with("amount", look.typed(balances.earnings)) };
    let form = Form::new(&fields, wrong);
    let content = html! {
        (form.summary())
        p.crumb { a href="/earnings" { (t::EARNINGS) } }
        (parts::heading(t::WITHDRAW_TITLE, Some(&told), None))
        form.form method="post" action="/earnings/withdraw" novalidate {
            (form.money("amount", t::WITHDRAW_AMOUNT, look.currency.code()))
            div.buttons { button.button.primary type="submit" { (t::WITHDRAW_NEXT) } a.button href="/earnings" { (t::BACK) } }
        }
    };
    Page::new(t::WITHDRAW_TITLE, content)
}

fn check_page(visit: &Visit, balances: &Balances, amount: Money) -> Page {
    let look = visit.look();
    let typed = look.typed(amount);
    let content = html! {
        p.crumb { a href="/earnings" { (t::EARNINGS) } }
        (parts::heading(t::CHECK_TITLE, Some(t::CHECK_TOLD), None))
        section.card.check { dl.pairs {
            div { dt { (t::AMOUNT) } dd { (look.money(amount)) } }
            div { dt { (t::CHECK_LEFT) } dd { (look.money(Money(balances.earnings.0.saturating_sub(amount.0)))) } }
        } }
        form.form method="post" action="/earnings/withdraw" {
            (key()) (hidden("amount", &typed)) (hidden("confirmed", "yes"))
            div.buttons { button.button.primary type="submit" { (t::WITHDRAW_SEND) } a.button href={ "/earnings/withdraw?amount=" (typed) } { (t::WITHDRAW_CHANGE) } }
        }
    };
    Page::new(t::CHECK_TITLE, content)
}
