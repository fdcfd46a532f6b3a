//! Whatever people type: every value type refuses it with a sentence or makes it clean; what is clean stays as it is.
#![no_main]

use arbitrary::Arbitrary;
use iescp_core::value::{
    Email, Form, Format, Line, MAX_MONEY, Money, Prose, SocialPlatform, Username, WebUrl, Wrong, day_of, end_of, fold, later,
    seconds_until_tomorrow,
};
use iso_currency::Currency;
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Typed<'a> {
    amounts: [i64; 2],
    seconds: i64,
    // Last, so that it takes all the rest of the input.
    text: &'a str,
}

/// Parses twice: a clean value is its own clean form, short enough and without control characters.
fn settle<T>(text: &str, most: usize, breaks: bool, parse: impl Fn(&str) -> Result<T, Wrong>)
where
    T: std::ops::Deref<Target = str>,
{
    match parse(text) {
        Ok(value) => {
            assert!(value.chars().count() <= most, "{:?} is longer than {most}", &*value);
            assert!(!value.chars().any(|c| c.is_control() && !(breaks && matches!(c, '\n' | '\t'))), "{:?}", &*value);
            let again = parse(&value).unwrap_or_else(|wrong| panic!("{:?} is refused the second time: {wrong:?}", &*value));
            assert_eq!(&*again, &*value);
        }
        Err(wrong) => said(&wrong),
    }
}

fn said(wrong: &Wrong) {
    assert!(!wrong.code.is_empty() && wrong.detail.ends_with('.') && wrong.detail.contains(' '), "{wrong:?}");
}

fn texts(text: &str) {
    settle(text, 1, false, Line::<1>::parse);
    settle(text, 120, false, Line::<120>::parse);
    settle(text, 5000, true, Prose::<5000>::parse);
    settle(text, 32, false, Username::parse);
    settle(text, 254, false, Email::parse);
    settle(text, 500, false, WebUrl::parse);
    for wrong in [Format::parse(text).err(), SocialPlatform::parse(text).err()].into_iter().flatten() {
        said(&wrong);
    }
    let folded = fold(text);
    if text.is_ascii() {
        assert_eq!(folded, text.to_ascii_lowercase());
    }
}

fn amounts([one, other]: [i64; 2]) {
    let (a, b) = (Money(one), Money(other));
    for currency in [Currency::USD, Currency::JPY, Currency::BHD] {
        assert!(a.show(currency).ends_with(currency.code()));
    }
    if let Ok(sum) = a.plus(b) {
        assert_eq!(sum.minus(b).unwrap(), a);
    }
    let mut form = Form::default();
    let taken = form.money("amount", one, 1);
    assert_eq!(form.finish().is_ok(), (1..=MAX_MONEY).contains(&one));
    assert!((0..=MAX_MONEY).contains(&taken.0));
}

fn moments(text: &str, seconds: i64) {
    let moment = Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX);
    for zone in [TimeZone::UTC, TimeZone::fixed(jiff::tz::offset(14)), TimeZone::fixed(jiff::tz::offset(-12))] {
        let day = day_of(moment, &zone);
        if let Ok(end) = end_of(day, &zone) {
            assert!(moment < end, "{moment} is before the end of {day}");
        }
        assert!(seconds_until_tomorrow(moment, &zone) >= 1);
        if let Ok(day) = text.parse::<Date>() {
            let _far = end_of(day, &zone);
        }
    }
    assert!(later(moment, SignedDuration::from_secs(seconds.saturating_abs())) >= moment);
}

fuzz_target!(|typed: Typed<'_>| {
    texts(typed.text);
    amounts(typed.amounts);
    moments(typed.text, typed.seconds);
});
