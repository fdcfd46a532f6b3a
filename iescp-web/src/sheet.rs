//! Reads influencers from a spreadsheet: a file of separated values (RFC 4180) with the columns' names in its first line.
//!
//! What separates is found out: commas, semicolons or tabs, whichever the first line has most of. A byte-order mark, quoted line
//! breaks and rows of uneven length are taken as they come.
//!
//! Not here: what a column means (`iescp_core::import`), writing spreadsheets (`iescp_worker`).

use csv::ReaderBuilder;
use iescp_core::import::{Cell, Source, Table};
use std::fs;
use std::path::Path;

/// The largest file, in bytes: it is held in memory as a whole.
const LARGEST: u64 = 200_000_000;
/// The most columns.
const COLUMNS: usize = 200;

/// Reads everybody there is to bring over, under this name.
///
/// # Errors
/// A sentence: the file cannot be read, or is no such text.
pub fn read(file: &Path, name: &str) -> Result<Source, String> {
    let shown = file.display();
    let about = fs::metadata(file).map_err(|e| format!("{shown} cannot be read: {e}"))?;
    if about.len() > LARGEST {
        return Err(format!("{shown} is larger than {} MB", LARGEST / 1_000_000));
    }
    let bytes = fs::read(file).map_err(|e| format!("{shown} cannot be read: {e}"))?;
    let text =
        String::from_utf8(bytes).map_err(|_| format!("{shown} is no text in UTF-8: save the spreadsheet as “CSV UTF-8”"))?;
    let users =
        table(text.trim_start_matches('\u{feff}')).map_err(|why| format!("{shown} cannot be read as a spreadsheet: {why}"))?;
    Ok(Source { name: name.to_owned(), users, by_address: true, ..Source::default() })
}

/// The rows, each an influencer.
fn table(text: &str) -> Result<Table, String> {
    if let Some(line) = unclosed(text) {
        return Err(format!("the quotation mark in line {line} is never closed, so what follows would be one single value"));
    }
    let mut reader =
        ReaderBuilder::new().delimiter(separator(text)).flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut records = reader.records();
    let head = records.next().ok_or("it is empty")?.map_err(|e| e.to_string())?;
    let mut columns: Vec<String> = std::iter::once("role").chain(head.iter().map(str::trim)).map(str::to_owned).collect();
    let mut rows = Vec::new();
    for record in records {
        let record = record.map_err(|e| e.to_string())?;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if record.len() >= COLUMNS {
            return Err(format!("row {} has more than {COLUMNS} columns", rows.len() + 1));
        }
        let cells = record.iter().map(|cell| if cell.trim().is_empty() { Cell::Null } else { Cell::Text(cell.to_owned()) });
        rows.push(std::iter::once(Cell::Text("influencer".to_owned())).chain(cells).collect::<Vec<_>>());
    }
    let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
    let named = columns.len();
    columns.extend((named..widest).map(|at| format!("column {at}, without a name")));
    rows.iter_mut().for_each(|row| row.resize(columns.len(), Cell::Null));
    Ok(Table { columns, rows })
}

/// The line of a quotation mark that opens a value and is never closed.
fn unclosed(text: &str) -> Option<usize> {
    let separator = separator(text);
    let (mut line, mut opened, mut begins) = (1, None, true);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match (byte, opened) {
            (b'"', Some(_)) if bytes.next_if_eq(&b'"').is_none() => opened = None,
            (b'"', None) if begins => opened = Some(line),
            _ => {}
        }
        begins = opened.is_none() && (byte == separator || byte == b'\n' || byte == b'\r');
        line += usize::from(byte == b'\n');
    }
    opened
}

/// What separates: whichever mark the first line has most of, outside of quotes.
fn separator(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(mark, _)| *mark == byte).for_each(|(_, count)| *count += 1),
        }
    }
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(mark, _)| *mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        let table = table(text).unwrap();
        let text = |cell: &Cell| if let Cell::Text(text) = cell { text.clone() } else { String::new() };
        std::iter::once(table.columns.clone()).chain(table.rows.iter().map(|row| row.iter().map(text).collect())).collect()
    }

    #[test]
    fn commas_semicolons_and_tabs_separate_and_quoted_line_breaks_do_not() {
        for mark in [",", ";", "\t"] {
            let text = ["Name", "E-mail\n"].join(mark) + &["\"Ann,;\t\nLee\"", "ann@example.com\n"].join(mark);
            assert_eq!(cells(&text), [["role", "Name", "E-mail"], ["influencer", "Ann,;\t\nLee", "ann@example.com"]]);
        }
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_is_told_with_its_line() {
        for good in ["name\n\"a \"\"b\"\"\"\n", "name\na \"b\n", "name,email\n\"\",\"x\n\ny\"\n", "name\n5\" screen\n"] {
            assert_eq!(unclosed(good), None, "{good}");
        }
        let why = table("name,email\nann,a@example.com\nbob,\"b@example.com\ncid,c@example.com\n").unwrap_err();
        assert!(why.contains("line 3"), "{why}");
    }

    #[test]
    fn rows_may_be_shorter_longer_or_empty() {
        let rows = cells("name,email\nann\n\n , \nbob,b@example.com,extra\n");
        assert_eq!(rows[0], ["role", "name", "email", "column 3, without a name"]);
        assert_eq!(rows[1], ["influencer", "ann", "", ""]);
        assert_eq!(rows[2], ["influencer", "bob", "b@example.com", "extra"]);
        assert_eq!(rows.len(), 3);
    }
}
