//! A monthly report as HTML that programs for mail can show: tables, styles on the spot, bars that are cells, nothing from elsewhere.
//!
//! **Not here**: its words and figures (`iescp_core::report`), the document (`pdf`).

use iescp_core::{
    Settings,
    report::{MonthlyReport, ReportChart, ReportLayout, ReportPart, ReportTable},
};
use maud::{DOCTYPE, Markup, html};

const INK: &str = "color:#1f2a25";
const QUIET: &str = "color:#56635c";
const CELL: &str = "padding:7px 8px;border-top:1px solid #e2e3dc;font-size:14px;vertical-align:top;color:#1f2a25";
const PARTS: [&str; 3] = ["#1c7a5c", "#f2a65a", "#c9d8d1"];

/// How many bars stand beside each other at most, in hundredths.
const WHOLE: i64 = 100;

/// A monthly report as a whole page of HTML.
#[must_use]
pub fn report_as_html(report: &MonthlyReport, settings: &Settings) -> String {
    let layout = report.laid_out(settings);
    let title = format!("Monthly report: {}", layout.month);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; meta name="viewport" content="width=device-width, initial-scale=1"; title { (title) } }
            body style="margin:0;padding:24px 12px;background:#faf9f5;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif" {
                table role="presentation" align="center" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:680px;background:#ffffff;border:1px solid #e2e3dc;border-radius:14px" {
                    tr { td style="padding:28px" {
                        p style=(format!("margin:0 0 4px;font-size:14px;font-weight:700;{INK}")) { (settings.site_name) }
                        h1 style=(format!("margin:0 0 4px;font-size:24px;{INK}")) { (title) }
                        p dir="auto" style=(format!("margin:0 0 20px;font-size:14px;{QUIET}")) { (layout.whose) }
                        (body(&layout))
                    } }
                }
            }
        }
    };
    page.into_string()
}

/// The report without what stands around it.
pub(crate) fn body(layout: &ReportLayout) -> Markup {
    html! {
        (figures(layout))
        @for of in &layout.parts { (part(of)) }
        h2 style=(format!("margin:28px 0 8px;font-size:17px;{INK}")) { "How these figures are made" }
        @for (what, how) in layout.formulas { p style=(format!("margin:0 0 6px;font-size:12px;line-height:1.5;{QUIET}")) { strong { (what) } ": " (how) } }
        p style=(format!("margin:12px 0 0;font-size:12px;{QUIET}")) { "Made on " (layout.made) "." }
    }
}

fn figures(layout: &ReportLayout) -> Markup {
    html! {
        table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" {
            @for row in layout.figures.chunks(2) {
                tr { @for figure in row {
                    td width="50%" style="padding:0 8px 14px 0;vertical-align:top" {
                        div style=(format!("font-size:13px;{QUIET}")) { (figure.label) }
                        div style=(format!("font-size:20px;font-weight:700;{INK}")) { (figure.value) }
                        div style=(format!("font-size:13px;{QUIET}")) { (figure.note) }
                    }
                } }
            }
        }
    }
}

fn part(part: &ReportPart) -> Markup {
    html! {
        h2 style=(format!("margin:24px 0 8px;font-size:17px;{INK}")) { (part.heading) }
        @if let Some(told) = &part.told { p style=(format!("margin:0 0 10px;font-size:14px;{QUIET}")) { (told) } }
        @if let Some(of) = &part.chart { (chart(of)) }
        @if let Some(of) = &part.table { (table(of)) }
    }
}

fn chart(chart: &ReportChart) -> Markup {
    let most = chart.bars.iter().map(|bar| bar.whole).max().unwrap_or(0).max(1);
    html! {
        p style=(format!("margin:0 0 8px;font-size:13px;{QUIET}")) {
            @for (word, ink) in chart.legend.iter().zip(PARTS) { span style=(format!("display:inline-block;width:10px;height:10px;background:{ink}")) {} " " (word) "   " }
        }
        @for bar in &chart.bars {
            p dir="auto" style=(format!("margin:6px 0 2px;font-size:13px;{INK}")) { (bar.name) " " strong { (bar.shown) } }
            table role="presentation" width=(format!("{}%", percent(bar.whole, most).max(1))) cellpadding="0" cellspacing="0" border="0" style="height:12px;background:#f1f6f3" {
                tr {
                    @for (value, ink) in bar.parts.into_iter().zip(PARTS) {
                        @let wide = percent(value, bar.whole);
                        @if wide > 0 { td width=(format!("{wide}%")) style=(format!("height:12px;background:{ink};font-size:0;line-height:0")) { " " } }
                    }
                    td style="height:12px;font-size:0;line-height:0" { " " }
                }
            }
        }
    }
}

fn table(of: &ReportTable) -> Markup {
    let side =
        |at: usize| if of.columns.get(at).is_some_and(|(_, _, number)| *number) { "text-align:right" } else { "text-align:left" };
    html! {
        table width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:12px 0;border-collapse:collapse" {
            tr { @for (at, (name, ..)) in of.columns.iter().enumerate() { th style=(format!("padding:7px 8px;font-size:13px;{QUIET};{}", side(at))) { (name) } } }
            @for row in &of.rows { tr { @for (at, cell) in row.iter().enumerate() { td dir="auto" style=(format!("{CELL};{}", side(at))) { (cell) } } } }
            @if let Some(total) = &of.total { tr { @for (at, cell) in total.iter().enumerate() { td style=(format!("{CELL};font-weight:700;{}", side(at))) { (cell) } } } }
        }
    }
}

/// A part of a whole in hundredths.
fn percent(value: i64, whole: i64) -> i64 {
    value.max(0).saturating_mul(WHOLE) / whole.max(1)
}
