//! The platform's figures, for admins: as they stand now, and over the days that are kept.

use super::super::{Refused, Visit};
use crate::text::dashboard as t;
use crate::text::words;
use crate::view::chart::{self, Bar};
use crate::view::parts;
use iescp_core::account::{AccountState, Role};
use iescp_core::report::{Figures, Statistics, ViewStatistics};
use iescp_core::value::Money;
use maud::{Markup, html};

/// The figures of the dashboard.
///
/// # Errors
/// If whoever asks is no admin; a failing store.
pub async fn parts(visit: &Visit) -> Result<Markup, Refused> {
    let statistics = visit.run(ViewStatistics { days: Some(30) }).await?;
    Ok(figures(visit, &statistics))
}

/// A chart over the days: its title, its value, whether that is money.
type OverTime = (&'static str, fn(&Figures) -> i64, bool);

/// As they stand, and over time.
#[must_use]
pub fn figures(visit: &Visit, statistics: &Statistics) -> Markup {
    let look = visit.look();
    let now = &statistics.now;
    let number = |value: i64| html! { (look.number(value)) };
    let of = |group: &std::collections::BTreeMap<String, i64>, words: &[&str]| -> i64 {
        words.iter().filter_map(|word| group.get(*word)).sum()
    };
    let suspended: i64 = Role::ALL.into_iter().map(|role| accounts(now, role, AccountState::Suspended)).sum();
    let charts: [OverTime; 4] = [
        (t::ACCOUNTS_BY_DAY, |one| Role::ALL.into_iter().map(|role| accounts(one, role, AccountState::Active)).sum(), false),
        (t::CAMPAIGNS_BY_DAY, |one| one.campaigns.get("active").copied().unwrap_or_default(), false),
        (t::REQUESTS_BY_DAY, |one| one.requests.values().sum(), false),
        (t::MONEY_BY_DAY, |one| one.money_paid.0, true),
    ];
    html! {
        section.stack {
            h2 { (t::PLATFORM) }
            div.figures-row {
                (parts::figure(t::INFLUENCERS, &number(accounts(now, Role::Influencer, AccountState::Active)), None))
                (parts::figure(t::SPONSORS, &number(accounts(now, Role::Sponsor, AccountState::Active)), None))
                (parts::figure(t::ACTIVE_CAMPAIGNS, &number(of(&now.campaigns, &["active"])), None))
                (parts::figure(t::OPEN_REQUESTS, &number(of(&now.requests, &["open"])), None))
                (parts::figure(t::RUNNING, &number(of(&now.collaborations, &["active", "submitted", "disputed"])), None))
                (parts::figure(t::MONEY_HELD, &look.money(now.money_held), None))
                (parts::figure(t::MONEY_PAID, &look.money(now.money_paid), None))
                (parts::figure(t::SUSPENDED, &number(suspended), Some(&html! { a href="/admin/accounts?state=suspended" { (t::SUSPENDED) } })))
                (parts::figure(t::UNDER_REVIEW, &number(now.accounts_under_review), Some(&html! { a href="/admin/accounts?review=yes" { (t::UNDER_REVIEW) } })))
                (parts::figure(t::FLAGGED, &number(now.campaigns_flagged), Some(&html! { a href="/admin/campaigns?flagged=yes" { (t::FLAGGED) } })))
            }
        }
        section.after {
            h2 { (t::OVER_TIME) }
            @if statistics.days.is_empty() { p.quiet { (t::NO_DAYS) } }
            @else {
                div.cards.wide-cards {
                    @for (title, value, is_money) in charts {
                        @let bars: Vec<Bar> = statistics.days.iter().map(|day| {
                            let value = value(&day.figures);
                            Bar { name: look.short_date(day.day), value, shown: if is_money { look.amount(Money(value)) } else { look.number(value) } }
                        }).collect();
                        section.card { (chart::columns(title, title, &bars)) }
                    }
                }
            }
        }
        (by_state(visit, now))
    }
}

fn accounts(figures: &Figures, role: Role, state: AccountState) -> i64 {
    figures.accounts.get(role.word()).and_then(|states| states.get(state.word())).copied().unwrap_or_default()
}

fn by_state(visit: &Visit, now: &Figures) -> Markup {
    let look = visit.look();
    html! {
        details.after {
            summary { (t::ALL_STATES) }
            div.table { table {
                thead { tr { th scope="col" { (crate::text::settings::ROLE) } @for state in AccountState::ALL { th.number scope="col" { (words::account(state)) } } } }
                tbody { @for role in Role::ALL { tr { th scope="row" { (words::role(role)) } @for state in AccountState::ALL { td.number { (look.number(accounts(now, role, state))) } } } } }
            } }
        }
    }
}
