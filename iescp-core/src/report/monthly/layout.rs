//! A report as it is read: figures, parts with charts and tables, and how each figure is made. Pages, mails and documents set the
//! same.

use super::{MonthFigures, MonthlyReport, PlatformFigures, PlatformReport, ReportContent, SponsorReport};
use crate::{Settings, value::Money};

/// What stands where a figure is not known.
pub const UNKNOWN: &str = "–";

/// A report as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportLayout {
    /// Whose it is.
    pub whose: String,
    /// The month: `October 2026`.
    pub month: String,
    /// When it was made: `1 November 2026`.
    pub made: String,
    /// The figures that are seen first.
    pub figures: Vec<ReportFigure>,
    /// What follows.
    pub parts: Vec<ReportPart>,
    /// How the figures are made: each with its formula.
    pub formulas: &'static [(&'static str, &'static str)],
}

/// A figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportFigure {
    /// What it is.
    pub label: String,
    /// The figure.
    pub value: String,
    /// How it compares with the month before, or what it is of.
    pub note: String,
}

/// A part under its own heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportPart {
    /// Its heading.
    pub heading: String,
    /// A sentence under it.
    pub told: Option<String>,
    /// A chart.
    pub chart: Option<ReportChart>,
    /// A table.
    pub table: Option<ReportTable>,
}

/// Bars, each a whole of three parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportChart {
    /// What the three parts are.
    pub legend: [&'static str; 3],
    /// The bars.
    pub bars: Vec<ReportBar>,
}

/// A bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportBar {
    /// What it is about.
    pub name: String,
    /// The whole, as it is read.
    pub shown: String,
    /// The whole.
    pub whole: i64,
    /// Its parts.
    pub parts: [i64; 3],
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportTable {
    /// Its columns: each with its name, its share of the width in hundredths, and whether numbers stand in it.
    pub columns: &'static [(&'static str, u8, bool)],
    /// Its rows.
    pub rows: Vec<Vec<String>>,
    /// What they add up to.
    pub total: Option<Vec<String>>,
}

/// How a sponsor's figures are made.
const OF_A_SPONSOR: &[(&str, &str)] = &[
    ("Campaigns", "those published before the month was over and not ended before it began; drafts do not count."),
    ("Planned", "their budgets, as they stood when this report was made."),
    ("Committed", "what is held for agreed work in them, and what was paid."),
    ("Left", "planned less committed, of campaigns that are not over; what those had left went back."),
    ("Advertisements", "those agreed in collaborations that were completed in the month."),
    ("Paid in the month", "what influencers got for the collaborations completed in it, splits and rulings included."),
    (
        "Reach bought",
        "the followers, over all their channels, of those who delivered these, at their first submissions, added up. Whoever follows two counts twice.",
    ),
    (
        "Views, engagements, clicks, sales",
        "of each piece of work the last figure that either side reported for a day up to the end of the month, added up. What nobody reported is “–”.",
    ),
    ("Growth", "the figure less that of the month before, and in per cent of that one."),
];

/// How the platform's figures are made.
const OF_THE_PLATFORM: &[(&str, &str)] = &[
    (
        "All figures",
        "the last that were kept in the month, beside the last of the month before. A month of which none were kept is “–”.",
    ),
    ("Accounts", "by their state on that day; waiting are sponsors whose approval is pending."),
    ("Completed, accepted", "from the beginning until that day; their growth is what the month added."),
    ("Paid in the month", "what influencers got between the two days; “in all” is from the beginning."),
    ("Held", "money set aside for agreed work that has not ended."),
];

impl MonthlyReport {
    /// The report as it is read.
    #[must_use]
    pub fn laid_out(&self, settings: &Settings) -> ReportLayout {
        let (figures, parts, formulas) = match &self.content {
            ReportContent::Sponsor(report) => {
                let (figures, parts) = Words(settings).sponsor(report);
                (figures, parts, OF_A_SPONSOR)
            }
            ReportContent::Platform(report) => {
                let (figures, parts) = Words(settings).platform(report);
                (figures, parts, OF_THE_PLATFORM)
            }
        };
        let made = settings.day_of(self.made_at).strftime("%-d %B %Y").to_string();
        let month = self.month.first_day().strftime("%B %Y").to_string();
        ReportLayout { whose: self.whose.clone(), month, made, figures, parts, formulas }
    }
}

/// Says figures in words.
struct Words<'a>(&'a Settings);

impl Words<'_> {
    fn sponsor(&self, report: &SponsorReport) -> (Vec<ReportFigure>, Vec<ReportPart>) {
        let (month, before) = (&report.month, &report.before);
        let views = |figures: &MonthFigures| figures.results.views;
        let figures = vec![
            figure("Campaigns", number(report.campaigns), format!("{} planned", self.money(report.planned))),
            figure(
                "Advertisements",
                number(month.advertisements),
                self.growth(Some(month.advertisements), Some(before.advertisements)),
            ),
            figure("Paid in the month", self.money(month.paid), self.growth_of_money(month.paid, before.paid)),
            figure("Reach bought", maybe(month.reach), self.growth(month.reach, before.reach)),
            figure("Views", maybe(views(month)), self.growth(views(month), views(before))),
            figure("Left to promise", self.money(report.left), format!("of {}", self.money(report.planned))),
        ];
        let mut parts = vec![self.budgets(report), self.results(report)];
        parts.extend((!report.work.is_empty()).then(|| work(report)));
        (figures, parts)
    }

    fn budgets(&self, report: &SponsorReport) -> ReportPart {
        let heading = format!("Budgets, {}", self.0.currency.code());
        if report.lines.is_empty() {
            let told = Some("No campaign was open in this month.".to_owned());
            return ReportPart { heading, told, ..ReportPart::default() };
        }
        let bars = report.lines.iter().take(12).map(|line| ReportBar {
            name: line.title.clone(),
            shown: self.amount(line.planned),
            whole: line.planned.0,
            parts: [line.paid.0, line.held.0, line.left.0],
        });
        let row = |name: String, [planned, held, paid, left]: [Money; 4]| {
            [vec![name], [planned, held, paid, left].map(|money| self.amount(money)).to_vec()].concat()
        };
        let rows = report
            .lines
            .iter()
            .map(|line| row(format!("{} ({})", line.title, line.state.word()), [line.planned, line.held, line.paid, line.left]));
        let held = Money(report.committed.0.saturating_sub(report.paid.0));
        let total = row("All campaigns".to_owned(), [report.planned, held, report.paid, report.left]);
        let listed = report.lines.len() as i64;
        let told = (listed < report.campaigns)
            .then(|| format!("The {listed} largest of {} campaigns are listed; the sums are of all.", report.campaigns));
        ReportPart {
            heading,
            told,
            chart: Some(ReportChart { legend: ["Paid", "Held for agreed work", "Left"], bars: bars.collect() }),
            table: Some(ReportTable {
                columns: &[
                    ("Campaign", 40, false),
                    ("Planned", 15, true),
                    ("Held", 15, true),
                    ("Paid", 15, true),
                    ("Left", 15, true),
                ],
                rows: rows.collect(),
                total: Some(total),
            }),
        }
    }

    fn results(&self, report: &SponsorReport) -> ReportPart {
        let (month, before) = (&report.month, &report.before);
        let row = |name: &str, now: Option<i64>, then: Option<i64>| {
            vec![name.to_owned(), maybe(now), maybe(then), self.growth(now, then)]
        };
        let rows = vec![
            row("Collaborations completed", Some(month.completed), Some(before.completed)),
            row("Advertisements", Some(month.advertisements), Some(before.advertisements)),
            row("Reach bought", month.reach, before.reach),
            row("Views, in all", month.results.views, before.results.views),
            row("Engagements, in all", month.results.engagements, before.results.engagements),
            row("Clicks, in all", month.results.clicks, before.results.clicks),
            row("Sales, in all", month.results.sales, before.results.sales),
        ];
        ReportPart {
            heading: "Results".to_owned(),
            told: report
                .more
                .then(|| "There is more work than one report goes through; the figures are of its first part.".to_owned()),
            chart: None,
            table: Some(ReportTable {
                columns: &[("", 34, false), ("This month", 18, true), ("Month before", 18, true), ("Growth", 30, true)],
                rows,
                total: None,
            }),
        }
    }

    fn platform(&self, report: &PlatformReport) -> (Vec<ReportFigure>, Vec<ReportPart>) {
        let (now, before) = (report.figures.as_ref(), report.before.as_ref());
        let of = |label: &str, get: fn(&PlatformFigures) -> i64| {
            let (now, before) = (now.map(get), before.map(get));
            figure(label, maybe(now), self.growth(now, before))
        };
        let money = |label: &str, get: fn(&PlatformFigures) -> Money| {
            let (now, before) = (now.map(get), before.map(get));
            let growth = now.zip(before).map_or_else(|| UNKNOWN.to_owned(), |(now, before)| self.growth_of_money(now, before));
            figure(label, now.map_or_else(|| UNKNOWN.to_owned(), |now| self.money(now)), growth)
        };
        let paid = match now.zip(before) {
            Some((now, before)) => self.money(Money(now.money_paid.0.saturating_sub(before.money_paid.0))),
            None => UNKNOWN.to_owned(),
        };
        let in_all = now.map_or_else(|| UNKNOWN.to_owned(), |now| format!("{} in all", self.money(now.money_paid)));
        let paid = figure("Paid in the month", paid, in_all);
        let figures = vec![
            of("Active sponsors", |figures| figures.sponsors),
            of("Active influencers", |figures| figures.influencers),
            of("Active campaigns", |figures| figures.campaigns_active),
            paid,
            money("Held for agreed work", |figures| figures.money_held),
            of("In dispute", |figures| figures.disputes),
        ];
        let row = |label: &str, get: fn(&PlatformFigures) -> i64| {
            let (now, before) = (now.map(get), before.map(get));
            vec![label.to_owned(), maybe(now), maybe(before), self.growth(now, before)]
        };
        let rows = vec![
            row("Active sponsors", |figures| figures.sponsors),
            row("Active influencers", |figures| figures.influencers),
            row("Sponsors waiting for approval", |figures| figures.waiting),
            row("Suspended accounts", |figures| figures.suspended),
            row("Active campaigns", |figures| figures.campaigns_active),
            row("Campaigns completed", |figures| figures.campaigns_completed),
            row("Flagged campaigns", |figures| figures.flagged),
            row("Open requests", |figures| figures.requests_open),
            row("Requests accepted", |figures| figures.requests_accepted),
            row("Collaborations completed", |figures| figures.collaborations_completed),
            row("Collaborations in dispute", |figures| figures.disputes),
        ];
        let told = match report.day {
            Some(day) => format!("As kept on {}.", day.strftime("%-d %B %Y")),
            None => "No figures were kept in this month.".to_owned(),
        };
        let table = ReportTable {
            columns: &[("", 34, false), ("At its end", 18, true), ("A month before", 18, true), ("Growth", 30, true)],
            rows,
            total: None,
        };
        let part = ReportPart { heading: "The platform".to_owned(), told: Some(told), chart: None, table: Some(table) };
        (figures, vec![part])
    }

    fn money(&self, money: Money) -> String {
        money.show(self.0.currency)
    }

    /// An amount without its currency.
    fn amount(&self, money: Money) -> String {
        let said = self.money(money);
        said.rsplit_once(' ').map_or_else(|| said.clone(), |(amount, _)| amount.to_owned())
    }

    fn growth(&self, now: Option<i64>, before: Option<i64>) -> String {
        let Some((now, before)) = now.zip(before) else { return UNKNOWN.to_owned() };
        let by = now.saturating_sub(before);
        grown(by, before, &number(by.saturating_abs()))
    }

    fn growth_of_money(&self, now: Money, before: Money) -> String {
        let by = now.0.saturating_sub(before.0);
        grown(by, before.0, &self.amount(Money(by.saturating_abs())))
    }
}

fn work(report: &SponsorReport) -> ReportPart {
    let row = |line: &super::WorkLine| {
        let results = line.results;
        let counts = [results.views, results.engagements, results.clicks, results.sales].map(maybe);
        [vec![line.title.clone(), line.influencer.clone(), line.what.clone()], counts.to_vec()].concat()
    };
    ReportPart {
        heading: "Completed or reported work".to_owned(),
        told: None,
        chart: None,
        table: Some(ReportTable {
            columns: &[
                ("Campaign", 22, false),
                ("Influencer", 17, false),
                ("Work", 17, false),
                ("Views", 11, true),
                ("Engaged", 11, true),
                ("Clicks", 11, true),
                ("Sales", 11, true),
            ],
            rows: report.work.iter().map(row).collect(),
            total: None,
        }),
    }
}

fn figure(label: &str, value: String, note: String) -> ReportFigure {
    ReportFigure { label: label.to_owned(), value, note }
}

fn maybe(value: Option<i64>) -> String {
    value.map_or_else(|| UNKNOWN.to_owned(), number)
}

/// A number with its thousands apart.
fn number(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut said = String::from(if value < 0 { "−" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            said.push(',');
        }
        said.push(digit);
    }
    said
}

/// By how much something grew: `+12 (+8 %)`; of nothing there are no per cent.
fn grown(by: i64, before: i64, shown: &str) -> String {
    let sign = match by {
        0 => return "as before".to_owned(),
        1.. => '+',
        _ => '−',
    };
    if before <= 0 {
        return format!("{sign}{shown}");
    }
    // In per cent, rounded half away from nought.
    let share = (i128::from(by.unsigned_abs()) * 200 + i128::from(before)) / (2 * i128::from(before));
    format!("{sign}{shown} ({sign}{}\u{a0}%)", number(i64::try_from(share).unwrap_or(i64::MAX)))
}
