//! Rows as comma-separated values: RFC 4180, UTF-8, lines that end with CR LF, a first line with the names of the columns.
//!
//! A text that a spreadsheet could take for a formula begins with an apostrophe (S-38); a number stays one, also below zero.

use super::cut::Sink;
use csv::{Terminator, Writer, WriterBuilder};
use iescp_core::{
    export::{Cell, ExportKind},
    value::Money,
};
use iso_currency::Currency;
use serde_json::Value;
use std::{
    borrow::Cow,
    fs::File,
    io::{self, Write},
};

/// Writes rows into a file as they come.
pub(super) struct Lines<'a> {
    file: &'a File,
    kind: ExportKind,
    currency: Currency,
    begun: bool,
}

impl<'a> Lines<'a> {
    pub fn new(file: &'a File, kind: ExportKind, currency: Currency) -> Self {
        Self { file, kind, currency, begun: false }
    }
}

impl Sink for Lines<'_> {
    fn take(&mut self, rows: &[Vec<Cell>]) -> io::Result<()> {
        if !self.begun {
            self.begun = true;
            self.file.write_all(&head(self.kind)?)?;
        }
        self.file.write_all(&lines(rows, self.currency)?)
    }
}

/// The first line.
pub(super) fn head(kind: ExportKind) -> io::Result<Vec<u8>> {
    let mut writer = writer();
    writer.write_record(kind.columns())?;
    done(writer)
}

/// The lines of some rows.
pub(super) fn lines(rows: &[Vec<Cell>], currency: Currency) -> io::Result<Vec<u8>> {
    let mut writer = writer();
    for row in rows {
        for cell in row {
            writer.write_field(said(cell, currency).as_bytes())?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    done(writer)
}

/// A line of texts.
pub(super) fn texts<'a>(cells: impl Iterator<Item = &'a str>) -> io::Result<Vec<u8>> {
    let mut writer = writer();
    for cell in cells {
        writer.write_field(safe(cell).as_bytes())?;
    }
    writer.write_record(None::<&[u8]>)?;
    done(writer)
}

/// A line of values of JSON: what has parts of its own is JSON in its cell, what is not there is empty.
pub(super) fn values<'a>(cells: impl Iterator<Item = Option<&'a Value>>) -> io::Result<Vec<u8>> {
    let mut writer = writer();
    for cell in cells {
        match cell {
            None | Some(Value::Null) => writer.write_field("")?,
            Some(Value::String(text)) => writer.write_field(safe(text).as_bytes())?,
            Some(other) => writer.write_field(other.to_string())?,
        }
    }
    writer.write_record(None::<&[u8]>)?;
    done(writer)
}

fn writer() -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new())
}

fn done(writer: Writer<Vec<u8>>) -> io::Result<Vec<u8>> {
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

fn said(cell: &Cell, currency: Currency) -> Cow<'_, str> {
    match cell {
        Cell::None => Cow::Borrowed(""),
        Cell::Text(text) => safe(text),
        Cell::Word(word) => Cow::Borrowed(word),
        Cell::Id(id) => Cow::Owned(id.to_string()),
        Cell::Number(number) => Cow::Owned(number.to_string()),
        Cell::Amount(amount) => Cow::Owned(decimal(*amount, currency)),
        Cell::Day(day) => Cow::Owned(day.to_string()),
        Cell::Moment(moment) => Cow::Owned(moment.to_string()),
        Cell::Currency => Cow::Borrowed(currency.code()),
    }
}

/// A text that no spreadsheet takes for a formula.
fn safe(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// An amount in major units: digits, a point where the currency has decimals, and a sign below zero.
fn decimal(amount: Money, currency: Currency) -> String {
    let exponent = usize::from(currency.exponent().unwrap_or(0));
    let digits = format!("{:0width$}", amount.0.unsigned_abs(), width = exponent + 1);
    let (whole, fraction) = digits.split_at(digits.len() - exponent);
    let sign = if amount.0 < 0 { "-" } else { "" };
    let point = if exponent > 0 { "." } else { "" };
    format!("{sign}{whole}{point}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(cells: Vec<Cell>) -> String {
        String::from_utf8(lines(&[cells], Currency::USD).unwrap()).unwrap()
    }

    #[test]
    fn s_38_no_text_is_a_formula_and_numbers_stay_numbers() {
        for text in ["=1+1", "+1", "-5", "@SUM(A1)", "\t=1", "\r=1", "\0=1"] {
            let written = line(vec![Cell::Text(text.to_owned())]);
            assert!(written.trim_start_matches('"').starts_with('\''), "{written:?}");
        }
        assert_eq!(line(vec![Cell::Number(-5), Cell::Amount(Money(-5)), Cell::Text("5-5".into())]), "-5,-0.05,5-5\r\n");
    }

    #[test]
    fn a_strict_reader_reads_back_what_was_written() {
        let texts = ["plain", "a,b", "say \"hi\"", "two\r\nlines", "Ζωή, Жизнь, 生活", "", " kept "];
        let written = line(texts.map(|text| Cell::Text(text.to_owned())).to_vec());
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(written.as_bytes());
        let read = reader.records().next().unwrap().unwrap();
        assert_eq!(read.iter().collect::<Vec<_>>(), texts);
    }

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        for (amount, currency, written) in [
            (125_000, Currency::USD, "1250.00"),
            (7, Currency::USD, "0.07"),
            (125_000, Currency::JPY, "125000"),
            (1, Currency::KWD, "0.001"),
            (-101, Currency::EUR, "-1.01"),
        ] {
            assert_eq!(decimal(Money(amount), currency), written);
        }
    }
}
