//! What a cell means: amounts, days, moments, numbers, yes and no, texts; with what had to be changed to understand it.
//!
//! **Not here**: which field means what (`users`, `campaigns`, …).

use super::source::{Cell, Fielded};
use crate::value::{Line, MAX_MONEY, Money, Prose};
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// What had to be changed in a row, each a sentence.
#[derive(Default)]
pub(super) struct Changes(pub Vec<String>);

impl Changes {
    /// What had to be changed in a row whatever it means.
    pub(super) fn of(row: &Fielded<'_>) -> Self {
        Self(row.bytes().collect())
    }

    pub(super) fn note(&mut self, what: impl Into<String>) {
        self.0.push(what.into());
    }
}

/// A value as reports quote it: its beginning, in marks.
pub(super) fn quoted(cell: &Cell) -> String {
    let text = match cell {
        Cell::Null => return "nothing".into(),
        Cell::Integer(number) => number.to_string(),
        Cell::Real(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Bytes(bytes) => match cell.said() {
            Some(said) => said.into_owned(),
            None => return format!("{} bytes", bytes.len()),
        },
    };
    let short: String = text.chars().take(60).collect();
    if short.len() < text.len() { format!("“{short}…”") } else { format!("“{short}”") }
}

/// A text; numbers are written out. Nothing if it is blank or no text.
pub(super) fn text(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Integer(number) => Some(number.to_string()),
        Cell::Real(number) => Some(number.to_string()),
        _ => cell.said().filter(|text| !text.trim().is_empty()).map(Cow::into_owned),
    }
}

/// A word: lower case, without space around it.
pub(super) fn word(cell: &Cell) -> Option<String> {
    text(cell).map(|text| text.trim().to_lowercase())
}

/// V2's id of something: none is less than nothing.
pub(super) fn id(cell: &Cell) -> Option<i64> {
    number(cell).filter(|id| *id >= 0)
}

/// A whole number, also where a text or a floating-point number says it.
pub(super) fn number(cell: &Cell) -> Option<i64> {
    match cell {
        Cell::Integer(number) => Some(*number),
        Cell::Real(number) => whole(*number),
        _ => {
            let said = cell.said()?;
            said.trim().parse().ok().or_else(|| whole(said.trim().parse().ok()?))
        }
    }
}

fn whole(number: f64) -> Option<i64> {
    let fits = number.fract() == 0.0 && number.abs() < 9e15;
    fits.then(|| format!("{number:.0}").parse().ok()).flatten()
}

/// Yes or no; blank is no.
pub(super) fn yes(changes: &mut Changes, what: &str, cell: &Cell) -> bool {
    match word(cell).as_deref() {
        None | Some("0" | "0.0" | "false" | "f" | "no" | "n" | "none" | "null" | "off") => false,
        Some("1" | "1.0" | "true" | "t" | "yes" | "y" | "on") => true,
        Some(_) => {
            changes.note(format!("{what} {} is neither yes nor no, and counts as yes", quoted(cell)));
            true
        }
    }
}

/// How many people follow: a whole number, with thousands marks where they stand clearly, or in thousands and millions (`12k`).
pub(super) fn followers(changes: &mut Changes, cell: &Cell) -> i64 {
    if cell.is_blank() {
        return 0;
    }
    let understood = number(cell).or_else(|| text(cell).and_then(|text| counted(text.trim())));
    match understood.filter(|number| (0..=10_000_000_000).contains(number)) {
        Some(number) => {
            if cell.said().is_some_and(|said| said.trim() != number.to_string()) {
                changes.note(format!("followers {} became {number}", quoted(cell)));
            }
            number
        }
        None => {
            changes.note(format!("followers {} is no number of people, and was left out", quoted(cell)));
            0
        }
    }
}

fn counted(text: &str) -> Option<i64> {
    let lower = text.to_lowercase();
    for (mark, zeros) in [('k', 3_u32), ('m', 6)] {
        if let Some(said) = lower.strip_suffix(mark) {
            let (whole, fraction) = said.trim().split_once('.').unwrap_or((said.trim(), ""));
            if fraction.len() > zeros as usize || !digits(whole) || !(fraction.is_empty() || digits(fraction)) {
                return None;
            }
            let more = 10_i64.checked_pow(zeros - u32::try_from(fraction.len()).ok()?)?;
            return format!("{whole}{fraction}").parse::<i64>().ok()?.checked_mul(more);
        }
    }
    ungrouped(text)?.parse().ok()
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A whole number without its thousands marks, if they stand where they must: `1,234,567`, `1 234 567`, `1'234'567`.
fn ungrouped(text: &str) -> Option<String> {
    let mark = text
        .chars()
        .find(|c| !c.is_ascii_digit())
        .filter(|mark| matches!(mark, ',' | ' ' | '\'' | '_' | '\u{a0}' | '\u{202f}'))?;
    let mut groups = text.split(mark);
    let first = groups.next().filter(|first| digits(first) && first.len() <= 3)?;
    groups.try_fold(first.to_owned(), |all, group| (digits(group) && group.len() == 3).then(|| all + group))
}

/// An amount of money in minor units: the shortest decimal of a floating-point number, rounded half to even where it is finer than
/// the currency. Blank is nothing.
///
/// # Errors
/// Why it is none.
pub(super) fn amount(changes: &mut Changes, what: &str, cell: &Cell, exponent: u32) -> Result<Money, String> {
    let refused = |why: &str| Err(format!("{what} {} {why}", quoted(cell)));
    let said = cell.said();
    let decimal = match cell {
        _ if cell.is_blank() => return Ok(Money::ZERO),
        Cell::Integer(number) => number.to_string(),
        Cell::Real(number) if number.is_finite() => number.to_string(),
        _ if said.is_some() => {
            let plain = said.as_deref().unwrap_or_default().trim().trim_start_matches(['$', '€', '£', '₹', '+']).trim();
            let (whole, fraction) = plain.split_once('.').map_or((plain, None), |(whole, rest)| (whole, Some(rest)));
            let whole = ungrouped(whole).unwrap_or_else(|| whole.to_owned());
            fraction.map_or(whole.clone(), |fraction| format!("{whole}.{fraction}"))
        }
        _ => return refused("is no amount"),
    };
    if decimal.starts_with('-') && decimal.contains(|c: char| ('1'..='9').contains(&c)) {
        return refused("is less than nothing");
    }
    let Some((minor, exact)) = minor_units(decimal.trim_start_matches('-'), exponent) else { return refused("is no amount") };
    if minor > MAX_MONEY {
        return refused("is more than anybody may name");
    }
    if !exact {
        changes.note(format!("{what} {} was rounded to {minor} minor units", quoted(cell)));
    }
    Ok(Money(minor))
}

/// The minor units of a plain decimal, and whether they are exactly it.
fn minor_units(decimal: &str, exponent: u32) -> Option<(i64, bool)> {
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || fraction.len() > 400 || !all_digits(fraction) {
        return None;
    }
    let exponent = exponent as usize;
    let kept: String = fraction.chars().chain(std::iter::repeat('0')).take(exponent).collect();
    let rest = fraction.get(exponent..).unwrap_or_default();
    let minor: i64 = format!("{whole}{kept}").parse().ok()?;
    let half = rest.starts_with('5') && rest.get(1..).is_some_and(|after| after.bytes().all(|byte| byte == b'0'));
    let above = rest.bytes().next().is_some_and(|first| first >= b'5');
    let up = if half { minor % 2 == 1 } else { above };
    Some((minor + i64::from(up), rest.bytes().all(|byte| byte == b'0')))
}

/// A rate in per cent as hundredths of a per cent, from 0 to 100.
pub(super) fn basis_points(said: &str) -> Option<i64> {
    minor_units(said, 2).map(|(points, _)| points).filter(|points| *points <= 10_000)
}

/// A day, in any of the forms that V2 left: ISO with or without time, `DD/MM/YYYY`, seconds since 1970.
///
/// # Errors
/// If it is something and no day.
pub(super) fn day(changes: &mut Changes, what: &str, cell: &Cell, zone: &TimeZone) -> Option<Date> {
    let read = moment_or_day(cell, zone);
    match read {
        Some((_, day)) => day.filter(|day| (1970..=2199).contains(&day.year())).or_else(|| {
            changes.note(format!("{what} {} is no day between 1970 and 2199, and was left out", quoted(cell)));
            None
        }),
        None => None,
    }
}

/// A moment that is not ahead.
pub(super) fn moment(changes: &mut Changes, what: &str, cell: &Cell, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    let (moment, _) = moment_or_day(cell, zone)?;
    match moment.filter(|moment| *moment <= now && moment.as_second() >= 0) {
        Some(moment) => Timestamp::from_millisecond(moment.as_millisecond()).ok(),
        None => {
            changes.note(format!("{what} {} is no moment of the past, and was left out", quoted(cell)));
            None
        }
    }
}

/// What a cell says of time; nothing if it is blank, and neither moment nor day if it is not understood.
fn moment_or_day(cell: &Cell, zone: &TimeZone) -> Option<(Option<Timestamp>, Option<Date>)> {
    if cell.is_blank() {
        return None;
    }
    if let Some(seconds) = number(cell) {
        // What could be no year: seconds since 1970.
        let moment = (seconds >= 100_000_000).then(|| Timestamp::from_second(seconds).ok()).flatten();
        return Some((moment, moment.map(|moment| moment.to_zoned(zone.clone()).date())));
    }
    let Some(text) = cell.said() else { return Some((None, None)) };
    let text = text.trim();
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some((Some(moment), Some(moment.to_zoned(zone.clone()).date())));
    }
    let civil = civil(text);
    // V2 wrote its moments without a zone, in UTC.
    let moment = civil.and_then(|civil| civil.to_zoned(TimeZone::UTC).ok()).map(|zoned| zoned.timestamp());
    Some((moment, civil.map(DateTime::date)))
}

fn civil(text: &str) -> Option<DateTime> {
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
    let [one, two, three] = parts.as_slice() else { return None };
    if ![*one, *two, *three].iter().all(|part| digits(part) && part.len() <= 4) {
        return None;
    }
    let number = |text: &str| text.parse::<i16>().ok();
    let (first, middle, last) = (number(one)?, number(two)?, number(three)?);
    let (year, month, day) = if one.len() == 4 {
        (first, middle, last)
    } else if three.len() == 4 && middle > 12 {
        // Only the American order makes a day of this.
        (last, first, middle)
    } else if three.len() == 4 {
        (last, middle, first)
    } else {
        return None;
    };
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let time = time.trim().trim_end_matches('Z');
    if time.is_empty() { Some(date.at(0, 0, 0, 0)) } else { Some(date.to_datetime(time.parse().ok()?)) }
}

/// One line of a text: control characters become spaces, and what is too long is cut.
pub(super) fn line<const MAX: usize>(changes: &mut Changes, what: &str, text: &str) -> Option<Line<MAX>> {
    let cleaned = clean(changes, what, text, false);
    let cut = cut(changes, what, &cleaned, MAX);
    Line::parse(&cut).ok()
}

/// Prose: control characters other than line breaks go, and what is too long is cut.
pub(super) fn prose<const MAX: usize>(changes: &mut Changes, what: &str, text: &str) -> Prose<MAX> {
    let cleaned = clean(changes, what, text, true);
    let cut = cut(changes, what, &cleaned, MAX);
    Prose::parse(&cut).unwrap_or_default()
}

/// A text without what no text may have here, in Unicode's NFC.
pub(super) fn clean(changes: &mut Changes, what: &str, text: &str, lines: bool) -> String {
    let unbroken = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut dropped = 0_usize;
    let kept: String = unbroken
        .nfc()
        .filter_map(|c| match c {
            '\n' | '\t' if lines => Some(c),
            '\n' | '\t' => Some(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffd}' => {
                dropped += 1;
                None
            }
            c if c.is_control() => {
                dropped += 1;
                None
            }
            c => Some(c),
        })
        .collect();
    if dropped > 0 {
        changes.note(format!("{what}: {dropped} control characters were removed"));
    }
    kept.trim().to_owned()
}

fn cut(changes: &mut Changes, what: &str, text: &str, most: usize) -> String {
    let length = text.chars().count();
    if length <= most {
        return text.to_owned();
    }
    changes.note(format!("{what}: cut from {length} to {most} characters"));
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Cell {
        Cell::Text(text.into())
    }

    fn money(cell: &Cell) -> Result<(i64, usize), String> {
        let mut changes = Changes::default();
        amount(&mut changes, "budget", cell, 2).map(|money| (money.0, changes.0.len()))
    }

    #[test]
    fn an_amount_is_the_shortest_decimal_rounded_half_to_even() {
        for (real, minor, changes) in [
            (0.1 + 0.2, 30, 1),
            (1234.5, 123_450, 0),
            (19.99, 1999, 0),
            (0.125, 12, 1),
            (0.135, 14, 1),
            (0.145, 14, 1),
            (0.0, 0, 0),
            (-0.0, 0, 0),
            (1e9, 100_000_000_000, 0),
            (2.675, 268, 1),
        ] {
            assert_eq!(money(&Cell::Real(real)), Ok((minor, changes)), "{real}");
        }
        assert_eq!(money(&Cell::Integer(500)), Ok((50_000, 0)));
        assert_eq!(money(&said(" $1,234.50 ")), Ok((123_450, 0)));
        assert_eq!(money(&Cell::Null), Ok((0, 0)));
    }

    #[test]
    fn what_is_no_amount_is_refused_with_the_value() {
        for cell in [
            Cell::Real(f64::NAN),
            Cell::Real(f64::INFINITY),
            Cell::Real(-0.01),
            Cell::Integer(-5),
            said("NaN"),
            said("12,34.5"),
            said("a lot"),
            said("1e3"),
            Cell::Real(1e300),
            Cell::Integer(i64::MAX),
            Cell::Bytes(vec![0, 1, 2]),
        ] {
            assert!(money(&cell).unwrap_err().starts_with("budget "), "{cell:?}");
        }
    }

    #[test]
    fn days_are_read_in_every_form_that_v2_left() {
        let read = |cell: &Cell| day(&mut Changes::default(), "day", cell, &TimeZone::UTC).map(|day| day.to_string());
        for text in [
            "2024-03-01",
            "2024-03-01 10:20:30",
            "2024-03-01 10:20:30.123456",
            "2024-03-01T10:20:30",
            "2024-03-01T10:20:30.5Z",
            "2024-03-01T10:20:30+00:00",
            "2024-03-01 10:20",
            "01/03/2024",
            "1/3/2024",
            "01-03-2024",
            "01/03/2024 10:20",
            "2024/03/01",
            " 2024-03-01 ",
            "1709251200",
        ] {
            assert_eq!(read(&said(text)).as_deref(), Some("2024-03-01"), "{text}");
        }
        assert_eq!(read(&said("03/25/2024")).as_deref(), Some("2024-03-25"));
        assert_eq!(read(&Cell::Integer(1_709_251_200)).as_deref(), Some("2024-03-01"));
        for cell in [
            said("soon"),
            said("31/02/2024"),
            said("2024-13-01"),
            said("20240301"),
            Cell::Integer(7),
            said("0001-01-01"),
            Cell::Bytes(vec![0; 9]),
        ] {
            let mut changes = Changes::default();
            assert_eq!(day(&mut changes, "day", &cell, &TimeZone::UTC), None, "{cell:?}");
            assert_eq!(changes.0.len(), 1, "{cell:?}");
        }
        assert_eq!(read(&Cell::Null), None);
    }

    #[test]
    fn followers_are_counted_where_it_is_clear_how_many_there_are() {
        let read = |text: &str| {
            let mut changes = Changes::default();
            (followers(&mut changes, &said(text)), changes.0.len())
        };
        assert_eq!(read("1200"), (1200, 0));
        for (text, number) in [("1,200", 1200), ("1 200 000", 1_200_000), ("12k", 12_000), ("1.5M", 1_500_000), ("1200.0", 1200)]
        {
            assert_eq!(read(text), (number, 1), "{text}");
        }
        for text in ["1.200,5", "many", "-5", "1,2", "12kk", "1.23456k", "99999999999"] {
            assert_eq!(read(text), (0, 1), "{text}");
        }
    }

    #[test]
    fn texts_lose_control_characters_and_what_is_too_long_and_nothing_else() {
        let mut changes = Changes::default();
        let formula: Option<Line<80>> = line(&mut changes, "name", "=1+1 <b>x</b>");
        assert_eq!(formula.as_deref(), Some("=1+1 <b>x</b>"));
        assert!(changes.0.is_empty());
        let cleaned: Option<Line<80>> = line(&mut changes, "name", " a\u{0}b\u{202e}\nc ");
        assert_eq!(cleaned.as_deref(), Some("ab c"));
        let short: Prose<10> = prose(&mut changes, "text", &"ä".repeat(100));
        assert_eq!(short.chars().count(), 10);
        assert_eq!(changes.0, ["name: 2 control characters were removed", "text: cut from 100 to 10 characters"]);
    }
}
