//! An influencer's earnings as a document: what came, what went, and every movement, the last first.

use super::{Figure, NoPdf, Paper, Title, chart::Bar, table::Column};
use iescp_core::{
    export::{Cell, ExportKind},
    ledger::Cause,
    report::ReportMonth,
    value::Money,
};
use iso_currency::Currency;
use jiff::{Timestamp, tz::TimeZone};
use std::collections::{BTreeMap, VecDeque};

/// How many movements are listed; of more, the last ones.
const MOST_LISTED: usize = 3000;

/// How many months of earnings are drawn.
const MONTHS: usize = 12;

/// A statement while its movements are read, the first first.
pub(crate) struct Statement {
    currency: Currency,
    zone: TimeZone,
    listed: VecDeque<Movement>,
    left_out: u64,
    earned: i64,
    withdrawn: i64,
    balance: i64,
    months: BTreeMap<ReportMonth, i64>,
}

struct Movement {
    at: Timestamp,
    what: &'static str,
    campaign: String,
    change: i64,
    balance: i64,
}

impl Statement {
    pub fn new(currency: Currency, zone: TimeZone) -> Self {
        let (listed, months) = (VecDeque::new(), BTreeMap::new());
        Self { currency, zone, listed, left_out: 0, earned: 0, withdrawn: 0, balance: 0, months }
    }

    /// Takes the next movements: rows of [`ExportKind::Statement`].
    pub fn read(&mut self, rows: &[Vec<Cell>]) {
        let place = |name| ExportKind::Statement.columns().iter().position(|column| *column == name);
        let places = ["at", "cause", "change_of_earnings", "campaign"].map(place);
        for row in rows {
            let [at, cause, change, campaign] = places.map(|place| place.and_then(|place| row.get(place)));
            let (Some(Cell::Moment(at)), Some(Cell::Word(cause)), Some(Cell::Amount(change))) = (at, cause, change) else {
                continue;
            };
            let campaign = if let Some(Cell::Text(title)) = campaign { title.clone() } else { String::new() };
            self.count(*at, cause, change.0);
            if let Some(what) = words(cause) {
                self.list(Movement { at: *at, what, campaign, change: change.0, balance: self.balance });
            }
        }
    }

    fn count(&mut self, at: Timestamp, cause: &str, change: i64) {
        self.balance = self.balance.saturating_add(change);
        if change < 0 || cause == Cause::PayoutFailed.word() {
            self.withdrawn = self.withdrawn.saturating_sub(change);
        } else if change > 0 {
            self.earned = self.earned.saturating_add(change);
            let month = ReportMonth::of(at.to_zoned(self.zone.clone()).date());
            let sum = self.months.entry(month).or_insert(0);
            *sum = sum.saturating_add(change);
            if self.months.len() > MONTHS {
                self.months.pop_first();
            }
        }
    }

    fn list(&mut self, movement: Movement) {
        if self.listed.len() == MOST_LISTED {
            self.listed.pop_front();
            self.left_out += 1;
        }
        self.listed.push_back(movement);
    }

    /// The months that are drawn: up to the last with earnings, also those between that had none.
    fn drawn(&self) -> Vec<ReportMonth> {
        let (Some((first, _)), Some((last, _))) = (self.months.first_key_value(), self.months.last_key_value()) else {
            return Vec::new();
        };
        let back = std::iter::successors(Some(*last), |month| Some(month.before()));
        let mut months: Vec<ReportMonth> = back.take_while(|month| month >= first).take(MONTHS).collect();
        months.reverse();
        months
    }

    /// Sets the document.
    pub fn set(self, site: &str, whose: &str, as_of: Timestamp) -> Result<Vec<u8>, NoPdf> {
        let money = |amount: i64| shown(amount, self.currency);
        let moment = as_of.to_zoned(self.zone.clone());
        let when = format!("as of {}", moment.strftime("%-d %B %Y, %H:%M %Z"));
        let foot = format!("{site}  ·  made of the ledger {when}");
        let what = "Earnings statement".to_owned();
        let title = Title { site: site.to_owned(), what, whose: whose.to_owned(), when, foot };
        let mut paper = Paper::new(title)?;
        let figure = |label: &str, amount: i64| Figure {
            label: label.to_owned(),
            value: format!("{} {}", money(amount), self.currency.code()),
            note: None,
        };
        paper.figures(&[
            figure("Earned in all", self.earned),
            figure("Withdrawn, less what came back", self.withdrawn),
            figure("Can be withdrawn", self.balance),
        ]);
        if !self.months.is_empty() {
            paper.heading(&format!("Earned by month, {}", self.currency.code()));
            let bar = |month: ReportMonth| {
                let sum = self.months.get(&month).copied().unwrap_or_default();
                Bar { name: month.first_day().strftime("%b %y").to_string(), value: sum, shown: money(sum) }
            };
            let bars: Vec<Bar> = self.drawn().into_iter().map(bar).collect();
            paper.columns(&bars);
        }
        paper.heading(&format!("Movements, {}", self.currency.code()));
        if self.listed.is_empty() {
            paper.prose("Nothing was earned yet.");
        } else {
            let columns = [
                Column::text("Day", 0.15),
                Column::text("What", 0.24),
                Column::text("Campaign", 0.31),
                Column::number("Change", 0.15),
                Column::number("Balance", 0.15),
            ];
            let day = |at: Timestamp| at.to_zoned(self.zone.clone()).strftime("%-d %b %Y").to_string();
            let row = |movement: &Movement| {
                let change = if movement.change == 0 { "–".to_owned() } else { signed(movement.change, self.currency) };
                vec![day(movement.at), movement.what.to_owned(), movement.campaign.clone(), change, money(movement.balance)]
            };
            paper.table(&columns, self.listed.iter().rev().map(row), None);
        }
        if self.left_out > 0 {
            let left_out = self.left_out;
            paper.note(&format!("The last {MOST_LISTED} movements are listed; {left_out} earlier ones are in the figures above, and in the statement as a spreadsheet."));
        }
        paper.note(
            "Earned: what campaigns paid for work. Withdrawn: what was taken out, less withdrawals that failed and came back. \
             Can be withdrawn: earned less withdrawn. Amounts are those of the ledger, where nothing is ever changed.",
        );
        paper.finish()
    }
}

/// What a movement is called; none for those that an influencer's money has no part in.
fn words(cause: &str) -> Option<&'static str> {
    Some(match cause {
        "paid" => "Paid for work",
        "withdrawn" => "Withdrawal",
        "paid_out" => "Withdrawal sent",
        "payout_failed" => "Withdrawal failed, money back",
        "imported" => "Brought over from before",
        _ => return None,
    })
}

/// An amount without its currency.
pub(super) fn shown(amount: i64, currency: Currency) -> String {
    let said = Money(amount).show(currency);
    said.rsplit_once(' ').map_or_else(|| said.clone(), |(amount, _)| amount.replace('-', "−"))
}

fn signed(amount: i64, currency: Currency) -> String {
    let sign = if amount < 0 { "−" } else { "+" };
    format!("{sign} {}", shown(amount.saturating_abs(), currency))
}
