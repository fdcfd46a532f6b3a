//! What several pages show of a campaign: its days, its money as a bar, its requests in a line, what is wanted.

use crate::text::{campaigns as t, words};
use crate::view::chart::{self, Bar};
use crate::view::{Look, parts};
use iescp_core::campaign::{Campaign, CampaignMoney};
use iescp_core::request::RequestState;
use iescp_core::value::{Line, Money};
use maud::{Markup, html};

/// From when to when.
pub fn days(look: &Look, campaign: &Campaign) -> String {
    match (campaign.start, campaign.end) {
        (Some(start), Some(end)) => t::days(&look.date(start), &look.date(end)),
        (Some(start), None) => t::starts(&look.date(start)),
        _ => String::new(),
    }
}

/// What of the budget is paid, held, left.
pub fn bar(look: &Look, money: &CampaignMoney) -> Markup {
    let left = Money(money.budget.0.saturating_sub(money.held.0).saturating_sub(money.paid.0).max(0));
    let bar = |name: &str, amount: Money| Bar { name: name.to_owned(), value: amount.0, shown: look.amount(amount) };
    let title = format!("{} {}", t::BUDGET, look.amount(money.budget));
    html! {
        div.spent {
            p.small { (t::BUDGET) " " strong { (look.money(money.budget)) } }
            (chart::parts(&title, money.budget.0, &[("paid", bar(t::PAID, money.paid)), ("held", bar(t::HELD, money.held)), ("left", bar(t::LEFT, left))]))
        }
    }
}

/// How many requests are in which state; nothing where there are none.
pub fn counted(requests: &[(RequestState, i64)]) -> Markup {
    html! {
        @if requests.iter().any(|(_, number)| *number > 0) {
            ul.counted { @for (state, number) in requests { @if *number > 0 { li { strong { (number) } " " (words::request(*state)) } } } }
        }
    }
}

/// What is wanted.
pub fn wanted(campaign: &Campaign) -> Markup {
    let brief = &campaign.brief;
    html! {
        section.card.stack {
            h2 { (t::GOALS) }
            @if brief.goals.is_empty() { p.quiet { (t::NO_GOALS) } } @else { (parts::prose(&brief.goals)) }
            @if !brief.dos.is_empty() || !brief.donts.is_empty() {
                div.pair {
                    @if !brief.dos.is_empty() { div.do { h3 { (t::DOS) } (parts::prose(&brief.dos)) } }
                    @if !brief.donts.is_empty() { div.dont { h3 { (t::DONTS) } (parts::prose(&brief.donts)) } }
                }
            }
            (marked(t::HASHTAGS, '#', &brief.hashtags))
            (marked(t::MENTIONS, '@', &brief.mentions))
        }
    }
}

fn marked(name: &str, mark: char, words: &[Line<60>]) -> Markup {
    html! {
        @if !words.is_empty() {
            div { h3 { (name) } ul.tags { @for word in words { li.tag dir="auto" { (mark) (word) } } } }
        }
    }
}
