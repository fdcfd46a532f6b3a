//! `/admin/jobs`: what the worker has in hand, what it gave up and why, when what is regular comes next.

use super::super::{Answer, Refused, Visit};
use super::only;
use crate::jobs;
use crate::text::jobs as t;
use crate::view::{Icon, Page, parts};
use iescp_core::moderation::jobs::{DiscardJob, RetryJob, ViewJobs};
use iescp_worker::{DeadLetter, Desk, Stock, Turn};
use jiff::{Timestamp, tz::TimeZone};
use maud::{Markup, html};
use uuid::Uuid;

const PATH: &str = "/admin/jobs";
/// Jobs that were given up, on a page.
const SHOWN: u32 = 20;
/// Running jobs that are named.
const NAMED: u32 = 10;

/// `GET /admin/jobs?after=…`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn show(visit: Visit) -> Answer {
    only(&visit)?;
    visit.run(ViewJobs).await?;
    let Ok(desk) = jobs::desk(visit.house()) else {
        let content = html! {
            (parts::heading(t::JOBS, Some(t::JOBS_TOLD), None))
            (parts::notice(parts::Tone::Calm, &html! { p { (t::ELSEWHERE) } }))
        };
        return Ok(visit.show(Page::new(t::JOBS, content)));
    };
    let after = visit.query().given("after").and_then(|id| Uuid::try_parse(id).ok());
    let stock = jobs::told(desk.stock().await)?;
    let turns = jobs::told(desk.regular(visit.house().now()).await)?;
    let running = jobs::told(desk.running(NAMED).await)?;
    let mut dead = jobs::told(desk.given_up(SHOWN + 1, after).await)?;
    let more = dead.len() > SHOWN as usize;
    dead.truncate(SHOWN as usize);
    let next = dead.last().filter(|_| more).map(|last| last.id.to_string());
    let content = html! {
        (parts::heading(t::JOBS, Some(t::JOBS_TOLD), None))
        (figures(&visit, stock))
        section.stack aria-labelledby="given-up" {
            h2 #given-up { (t::GIVEN_UP) }
            @if dead.is_empty() { (parts::empty(Icon::Check, t::NONE_GIVEN_UP, t::NONE_GIVEN_UP_TOLD, None)) }
            @else { p.quiet { (t::GIVEN_UP_TOLD) } @for job in &dead { (card(&visit, job)) } }
            (parts::pager(PATH, visit.query(), next.as_deref()))
        }
        div.stack.after {
            h2 { (t::NEXT_RUNS) }
            (table(desk, &turns))
        }
        @if !running.is_empty() {
            section.stack.after aria-labelledby="running" {
                h2 #running { (t::RUNS_NOW) }
                ul.rows { @for job in &running { li { div { code { (job.key) } " " span.quiet { (visit.look().ago(job.since)) } } } } }
            }
        }
    };
    Ok(visit.show(Page::new(t::JOBS, content)))
}

fn figures(visit: &Visit, stock: Stock) -> Markup {
    let figure = |name, number: u64| {
        let number = visit.look().number(i64::try_from(number).unwrap_or(i64::MAX));
        parts::figure(name, &html! { (number) }, None)
    };
    html! {
        div.figures-row {
            (figure(t::WAITING, stock.waiting.saturating_sub(stock.later)))
            (figure(t::LATER, stock.later))
            (figure(t::RUNNING, stock.running))
            (figure(t::FAILED, stock.dead))
        }
    }
}

fn table(desk: &Desk, turns: &[Turn]) -> Markup {
    let zone = desk.zone();
    html! {
        div.table tabindex="0" role="region" aria-label=(t::NEXT_RUNS) {
            table {
                thead { tr { @for name in [t::NAME, t::LAST, t::NEXT] { th scope="col" { (name) } } } }
                tbody {
                    @for turn in turns {
                        tr {
                            td { (t::regular(turn.name)) }
                            td.whole { @match &turn.last { Some((period, at)) => { (period) " " span.quiet { "(" (clock(*at, zone)) ")" } }, None => span.quiet { (t::NEVER) } } }
                            td.whole { @if let Some((_, at)) = &turn.next { (clock(*at, zone)) } }
                        }
                    }
                    tr { td { (t::regular("timers")) } td {} td { (t::EACH_MINUTE) } }
                }
            }
        }
        p.quiet.small { (t::in_zone(zone.iana_name().unwrap_or("UTC"))) }
    }
}

/// A moment in the installation's zone, whatever the reader's is.
fn clock(at: Timestamp, zone: &TimeZone) -> Markup {
    let local = at.to_zoned(zone.clone());
    html! { time datetime=(at.strftime("%Y-%m-%dT%H:%M:%SZ")) { (local.strftime("%a %Y-%m-%d, %H:%M")) } }
}

fn card(visit: &Visit, job: &DeadLetter) -> Markup {
    let path = format!("{PATH}/{}", job.id);
    html! {
        article.card.stack id={ "j-" (job.id) } {
            div.heading.small-heading { h3 { (jobs::kind(job)) } (parts::badge(parts::Tone::Bad, t::GIVEN_UP)) }
            @if job.reason.is_empty() { p.quiet { (t::NO_REASON) } } @else { (parts::prose(&job.reason)) }
            (parts::facts(&[
                (t::JOB, html! { code { (job.key) } }),
                (t::ATTEMPTS, html! { (t::times(job.attempts)) }),
                (t::GIVEN_UP_AT, visit.look().ago(job.at)),
            ]))
            div.actions {
                (parts::action(&format!("{path}/retry"), t::RETRY, "primary"))
                (parts::action(&format!("{path}/discard"), t::DISCARD, "plain"))
            }
        }
    }
}

/// `POST /admin/jobs/{id}/retry`.
///
/// # Errors
/// Not found, for all but admins, and if it was not given up any more.
pub async fn retry(visit: Visit) -> Answer {
    let (desk, job) = wanted(&visit).await?;
    visit.run_once(RetryJob(jobs::named(&job))).await?;
    jobs::told(desk.retry(job.id).await)?;
    Ok(visit.go_saying(PATH, t::RETRIED))
}

/// `POST /admin/jobs/{id}/discard`.
///
/// # Errors
/// As [`retry`].
pub async fn discard(visit: Visit) -> Answer {
    let (desk, job) = wanted(&visit).await?;
    visit.run_once(DiscardJob(jobs::named(&job))).await?;
    jobs::told(desk.discard(job.id).await)?;
    Ok(visit.go_saying(PATH, t::DISCARDED))
}

async fn wanted(visit: &Visit) -> Result<(&Desk, DeadLetter), Refused> {
    only(visit)?;
    let desk = jobs::desk(visit.house())?;
    Ok((desk, jobs::given_up(desk, visit.id()?).await?))
}
