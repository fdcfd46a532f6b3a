//! `/reports`: what each past month came to, for a sponsor's campaigns or, for admins, the platform; each also as a document.
//!
//! Not here: the words and figures (`iescp_core::report`), the document's looks (`iescp_worker`).

use super::{Answer, Refused, Visit};
use crate::download;
use crate::problem::Problem;
use crate::text::monthly as t;
use crate::view::chart::{self, Bar};
use crate::view::{Icon, Page, icon, parts};
use iescp_core::Error;
use iescp_core::account::Role;
use iescp_core::report::{
    ListMonthlyReports, MonthlyReport, ReportChart, ReportLayout, ReportMonth, ReportPart, ReportTable, ViewMonthlyReport,
};
use iescp_worker::report_as_pdf;
use maud::{Markup, html};
use poem::Response;
use poem::http::header;

const PATH: &str = "/reports";

/// How the parts of a bar are drawn.
const PARTS: [&str; 3] = ["paid", "held", "left"];

/// `GET /reports?year=2026`.
///
/// # Errors
/// Not found, for influencers: they have their earnings statement.
pub async fn list(visit: Visit) -> Answer {
    let role = reader(&visit)?;
    let year = visit.query().given("year").and_then(|year| year.parse().ok());
    let reports = visit.run(ListMonthlyReports { year }).await?;
    let settings = visit.house().platform.settings();
    let content = html! {
        (parts::heading(t::TITLE, Some(t::told(role)), Some(&parts::exports())))
        @if reports.is_empty() {
            (parts::empty(Icon::Chart, t::NONE, t::NONE_TOLD, None))
        } @else {
            ul.cards {
                @for brief in &reports {
                    @let report = MonthlyReport { account: MonthlyReport::platform(), month: brief.month, made_at: brief.made_at, whose: String::new(), content: brief.content.clone() };
                    @let layout = report.laid_out(settings);
                    li.card.stack {
                        header { h2 { a href={ (PATH) "/" (brief.month) } { (layout.month) } } }
                        dl.pairs { @for figure in layout.figures.iter().take(3) { div { dt { (figure.label) } dd { (figure.value) } } } }
                        p { a href={ (PATH) "/" (brief.month) "/document" } hx-boost="false" download { (t::DOCUMENT) span.hidden { ": " (layout.month) } } }
                    }
                }
            }
        }
        (years(&reports.iter().map(|brief| brief.month).collect::<Vec<_>>(), year))
    };
    Ok(visit.show(Page::new(t::TITLE, content)))
}

/// The way to the year before, if the one shown begins with a report, and back to the latest.
fn years(shown: &[ReportMonth], asked: Option<i16>) -> Markup {
    let first = shown.last().filter(|month| month.before().year() < month.year());
    html! {
        @if first.is_some() || asked.is_some() {
            nav.pager aria-label=(t::YEARS) {
                @if let Some(month) = first { @let before = month.before().year(); a.button href={ (PATH) "?year=" (before) } { (before) } }
                @if asked.is_some() { a.button href=(PATH) { (t::LATEST) } }
            }
        }
    }
}

/// `GET /reports/{month}`.
///
/// # Errors
/// Not found, if there is no such report of whoever asks.
pub async fn show(visit: Visit) -> Answer {
    let report = found(&visit).await?;
    let layout = report.laid_out(visit.house().platform.settings());
    let title = format!("{}: {}", t::TITLE_OF_ONE, layout.month);
    let actions = html! {
        a.button href=(PATH) { (t::ALL) }
        a.button.primary href={ (PATH) "/" (report.month) "/document" } hx-boost="false" download { (icon(Icon::Download)) " " (t::DOCUMENT) }
    };
    let content = html! {
        (parts::heading(&title, Some(&layout.whose), Some(&actions)))
        div.stack-wide {
            div.figures-row.report-figures { @for figure in &layout.figures { (parts::figure(&figure.label, &html! { (figure.value) }, Some(&html! { (figure.note) }))) } }
            @for part in &layout.parts { (section(part)) }
            (formulas(&layout))
        }
    };
    Ok(visit.show(Page::new(title, content)))
}

fn section(part: &ReportPart) -> Markup {
    html! {
        section.stack {
            h2 { (part.heading) }
            @if let Some(told) = &part.told { p.quiet { (told) } }
            @if let Some(chart) = &part.chart { (bars(chart)) }
            @if let Some(of) = &part.table { (table(&part.heading, of)) }
        }
    }
}

fn bars(chart: &ReportChart) -> Markup {
    let bar = |(name, value): (&str, i64)| Bar { name: name.to_owned(), value, shown: String::new() };
    html! {
        div.card.stack {
            @for one in &chart.bars {
                @let of = chart.legend.into_iter().zip(one.parts).map(bar);
                div.report-bar {
                    p { span dir="auto" { (one.name) } " " strong { (one.shown) } }
                    (chart::parts(&one.name, one.whole, &PARTS.into_iter().zip(of).collect::<Vec<_>>()))
                }
            }
        }
    }
}

fn table(title: &str, of: &ReportTable) -> Markup {
    let number = |at: usize| of.columns.get(at).is_some_and(|(_, _, number)| *number);
    html! {
        div.table tabindex="0" role="region" aria-label=(title) {
            table.report {
                thead { tr { @for (name, _, number) in of.columns { th.number[*number] scope="col" { @if name.is_empty() { span.hidden { (t::FIGURE) } } @else { (name) } } } } }
                tbody {
                    @for row in &of.rows {
                        tr { @for (at, cell) in row.iter().enumerate() {
                            @if at == 0 { th scope="row" dir="auto" { (cell) } } @else { td.number[number(at)] dir="auto" { (cell) } }
                        } }
                    }
                }
                @if let Some(total) = &of.total {
                    tfoot { tr { @for (at, cell) in total.iter().enumerate() { @if at == 0 { th scope="row" { (cell) } } @else { td.number[number(at)] { strong { (cell) } } } } } }
                }
            }
        }
    }
}

fn formulas(layout: &ReportLayout) -> Markup {
    html! {
        section.stack {
            h2 { (t::FORMULAS) }
            dl.small { @for (what, how) in layout.formulas { dt { strong { (what) } } dd { (how) } } }
            p.quiet.small { (t::MADE) " " (layout.made) "." }
        }
    }
}

/// `GET /reports/{month}/document`: the same as a PDF.
///
/// # Errors
/// Not found, if there is no such report of whoever asks.
pub async fn document(visit: Visit) -> Answer {
    let report = found(&visit).await?;
    let settings = visit.house().platform.settings().clone();
    let name = format!("iescp-report-{}.pdf", report.month);
    let setting = tokio::task::spawn_blocking(move || report_as_pdf(&report, &settings));
    let bytes = setting.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    let answer =
        Response::builder().content_type("application/pdf").header(header::CONTENT_DISPOSITION, download::attachment(&name));
    Ok(answer.body(bytes))
}

async fn found(visit: &Visit) -> Result<MonthlyReport, Refused> {
    reader(visit)?;
    let month = ReportMonth::parse(visit.token()).ok_or(Error::NotFound)?;
    Ok(visit.run(ViewMonthlyReport { month }).await?)
}

/// The role of somebody who gets reports.
fn reader(visit: &Visit) -> Result<Role, Refused> {
    match visit.me()?.account.role {
        Role::Influencer => Err(Error::NotFound.into()),
        role => Ok(role),
    }
}
