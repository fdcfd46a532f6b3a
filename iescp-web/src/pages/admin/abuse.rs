//! `/admin/abuse-reports`: what people reported, and what is decided about it.

use super::super::{Answer, Fields, Refused, Visit, Wrongs};
use super::{named, names, only};
use crate::text::{admin as t, reports as r};
use crate::view::{Form, Icon, Page, form, parts};
use iescp_core::id::AbuseReportId;
use iescp_core::moderation::{AbuseKind, AbuseReport, AbuseState, ListAbuseReports, Outcome, ResolveAbuseReport};
use maud::{Markup, html};
use std::collections::BTreeMap;
use uuid::Uuid;

const PATH: &str = "/admin/abuse-reports";

/// `GET /admin/abuse-reports?show=open|all`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn list(visit: Visit) -> Answer {
    Ok(visit.show(page(&visit, &Fields::default(), &Wrongs::default()).await?))
}

/// `POST /admin/abuse-reports/{id}/resolve`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn resolve(visit: Visit) -> Answer {
    only(&visit)?;
    let (report, sent): (AbuseReportId, _) = (visit.id()?, visit.sent());
    let [outcome, reason] = fields_of(report);
    let decision = ResolveAbuseReport { report, outcome: sent.text(&outcome), reason: sent.text(&reason) };
    match visit.run_once(decision).await {
        Ok(_) => Ok(visit.go_saying(PATH, t::RESOLVED)),
        Err(error) => {
            let wrong = Wrongs::of(error)?.renamed("outcome", &outcome).renamed("reason", &reason);
            Ok(visit.show_wrong(page(&visit, sent, &wrong).await?, &wrong))
        }
    }
}

/// The fields of a report's form: there are several on the page.
fn fields_of(report: AbuseReportId) -> [String; 2] {
    ["outcome", "reason"].map(|name| format!("{name}-{report}"))
}

/// Which reports a query asks for.
#[must_use]
pub fn wanted(query: &Fields) -> ListAbuseReports {
    ListAbuseReports { state: (query.get("show") != "all").then_some(AbuseState::Open), page: query.page(10) }
}

async fn page(visit: &Visit, fields: &Fields, wrong: &Wrongs) -> Result<Page, Refused> {
    only(visit)?;
    let wanted = wanted(visit.query());
    let all = wanted.state.is_none();
    let reports = visit.run(wanted).await?;
    let ids = reports.items.iter().flat_map(|report| [report.accused.0, report.reporter.0, report.target]);
    let called = names(visit, ids.collect()).await?;
    let asked = Form::new(fields, wrong);
    let content = html! {
        (asked.summary())
        (parts::heading(t::REPORTS, Some(t::REPORTS_TOLD), None))
        nav.tabs aria-label=(t::REPORTS) {
            a href=(PATH) aria-current=[(!all).then_some("page")] { (t::OPEN) }
            a href={ (PATH) "?show=all" } aria-current=[all.then_some("page")] { (t::ALL) }
        }
        @if reports.items.is_empty() { (parts::empty(Icon::Flag, t::NO_REPORTS, t::NO_REPORTS_TOLD, None)) }
        @else { div.stack { @for report in &reports.items { (card(visit, report, &called, asked)) } } }
        (parts::pager(PATH, visit.query(), reports.next.as_deref()))
    };
    Ok(Page::new(t::REPORTS, content))
}

fn card(visit: &Visit, report: &AbuseReport, called: &BTreeMap<Uuid, String>, asked: Form<'_>) -> Markup {
    let look = visit.look();
    let accused = named(called, report.accused.0);
    let tone = if report.state == AbuseState::Open { parts::Tone::Waiting } else { parts::Tone::Calm };
    html! {
        article.card.stack id={ "r-" (report.id) } {
            div.heading.small-heading { h2 { (r::category(report.category).0) ": " (r::about(report.kind)) } (parts::badge(tone, r::state(report.state))) }
            (parts::facts(&[
                (t::ACCUSED, html! {
                    a href={ "/admin/accounts/" (report.accused) } dir="auto" { (accused) }
                    @if report.kind == AbuseKind::Campaign { " · " a href={ "/campaigns/" (report.target) } dir="auto" { (named(called, report.target)) } }
                }),
                (t::REPORTED_BY, html! { a href={ "/admin/accounts/" (report.reporter) } dir="auto" { (named(called, report.reporter.0)) } ", " (look.ago(report.at)) }),
            ]))
            (parts::prose(&report.text))
            @if let Some(quote) = &report.quote { blockquote { p.quiet.small { (t::QUOTE) } (parts::prose(quote)) } }
            @match &report.resolution {
                Some(done) => div.notice.calm { div { p.small.quiet { (t::DECIDED) " " (look.ago(done.at)) } (parts::prose(&done.reason)) } },
                None => (decision(report, asked)),
            }
        }
    }
}

fn decision(report: &AbuseReport, asked: Form<'_>) -> Markup {
    let [outcome, reason] = fields_of(report.id);
    let outcomes = Outcome::ALL.iter().map(|one| {
        let (name, told) = r::outcome(*one);
        (one.word(), name, told)
    });
    let begun = asked.wrong.at(&outcome).or(asked.wrong.at(&reason)).is_some();
    html! {
        details open[begun] {
            summary.button { (t::RESOLVE) }
            form.form.after method="post" action={ (PATH) "/" (report.id) "/resolve" } novalidate {
                (form::key())
                (asked.radios(outcome, t::OUTCOME, outcomes.collect()))
                (asked.prose(reason, t::OUTCOME_WHY, 3).longest(1000))
                button.button.primary type="submit" { (t::RESOLVE) }
            }
        }
    }
}
