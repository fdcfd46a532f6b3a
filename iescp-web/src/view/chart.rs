//! Charts as SVG, each with the same figures as a table beside it for those who read or listen (WCAG 1.1.1).

use maud::{Markup, html};

/// One bar: its name, its value, and the value as it is read.
pub struct Bar {
    /// What it stands for.
    pub name: String,
    /// How long it is.
    pub value: i64,
    /// The value as people read it.
    pub shown: String,
}

const WIDTH: i64 = 640;
const HEIGHT: i64 = 180;
const FLOOR: i64 = 156;

/// Upright bars, for what happened in each of several spans of time.
#[must_use]
pub fn columns(title: &str, unit: &str, bars: &[Bar]) -> Markup {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or_default().max(1);
    let count = i64::try_from(bars.len()).unwrap_or(1).max(1);
    let step = WIDTH / count;
    let width = (step * 7 / 10).max(2);
    let every = (count + 5) / 6;
    html! {
        figure.chart {
            figcaption { (title) }
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(title) preserveAspectRatio="xMidYMid meet" {
                line.floor x1="0" x2=(WIDTH) y1=(FLOOR) y2=(FLOOR) {}
                @for (at, bar) in (0_i64..).zip(bars) {
                    @let height = (bar.value.max(0).saturating_mul(FLOOR - 16) / most).max(i64::from(bar.value > 0));
                    rect.bar x=(at * step + (step - width) / 2) y=(FLOOR - height) width=(width) height=(height) rx="3" { title { (bar.name) ": " (bar.shown) } }
                    @if at % every == 0 { text.tick x=(at * step + step / 2) y=(HEIGHT - 6) text-anchor="middle" { (bar.name) } }
                }
            }
            (table(title, unit, bars))
        }
    }
}

/// Lying bars, each with its name before it and its value behind it: they are their own table.
#[must_use]
pub fn rows(title: &str, bars: &[Bar]) -> Markup {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or_default().max(1);
    html! {
        figure.chart {
            table.lying {
                caption { (title) }
                tbody {
                    @for bar in bars {
                        @let width = (bar.value.max(0).saturating_mul(1000) / most).max(i64::from(bar.value > 0) * 8);
                        tr {
                            th scope="row" { (bar.name) }
                            td { svg viewBox="0 0 1000 16" aria-hidden="true" preserveAspectRatio="none" { rect.rest width="1000" height="16" {} rect.bar width=(width) height="16" {} } }
                            td.number { (bar.shown) }
                        }
                    }
                }
            }
        }
    }
}

/// A line of parts of a whole: each with a class for its colour.
#[must_use]
pub fn parts(title: &str, whole: i64, parts: &[(&str, Bar)]) -> Markup {
    let whole = whole.max(parts.iter().map(|(_, bar)| bar.value).sum()).max(1);
    let drawn = parts.iter().scan(0, |end, (class, bar)| {
        let (from, width) = (*end, bar.value.max(0).saturating_mul(1000) / whole);
        *end += width;
        Some((class, bar, from, width))
    });
    html! {
        figure.chart.parts {
            svg viewBox="0 0 1000 24" role="img" aria-label=(title) preserveAspectRatio="none" {
                rect.rest x="0" y="0" width="1000" height="24" rx="6" {}
                @for (class, bar, from, width) in drawn {
                    rect class=(class) x=(from) y="0" width=(width) height="24" { title { (bar.name) ": " (bar.shown) } }
                }
            }
            ul.legend { @for (class, bar) in parts { li { span.dot.(class) aria-hidden="true" {} (bar.name) " " strong { (bar.shown) } } } }
        }
    }
}

fn table(title: &str, unit: &str, bars: &[Bar]) -> Markup {
    html! {
        details.figures {
            summary { (crate::text::dashboard::AS_TABLE) span.hidden { ": " (title) } }
            table {
                thead { tr { th scope="col" { (crate::text::dashboard::WHEN) } th scope="col" { (unit) } } }
                tbody { @for bar in bars { tr { th scope="row" { (bar.name) } td { (bar.shown) } } } }
            }
        }
    }
}
