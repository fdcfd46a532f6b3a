//! How money, numbers, days and moments are written: in the person's time zone and by the custom of where they are.
//!
//! Not here: the language of the pages, which is that of `text`.

use iescp_core::Settings;
use iescp_core::value::Money;
use iso_currency::Currency;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

/// How figures are written where somebody is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Custom {
    thousands: &'static str,
    point: char,
    /// Whether the month stands before the day.
    month_first: bool,
}

const AMERICAN: Custom = Custom { thousands: ",", point: '.', month_first: true };
const BRITISH: Custom = Custom { thousands: ",", point: '.', month_first: false };
const GERMAN: Custom = Custom { thousands: ".", point: ',', month_first: false };
const FRENCH: Custom = Custom { thousands: "\u{202f}", point: ',', month_first: false };
const SWISS: Custom = Custom { thousands: "’", point: '.', month_first: false };

/// Customs by the first language that a browser asks for (after CLDR's number symbols).
fn custom(languages: &str) -> Custom {
    let first = languages.split([',', ';']).next().unwrap_or_default().trim().to_ascii_lowercase();
    let (language, region) = first.split_once('-').unwrap_or((&first, ""));
    match (language, region) {
        ("en", "" | "us" | "ph") => AMERICAN,
        (_, "ch" | "li") => SWISS,
        ("de" | "nl" | "it" | "es" | "pt" | "da" | "el" | "tr" | "id" | "hr" | "sl" | "ro" | "sr" | "vi", region)
            if !matches!(region, "mx" | "us") =>
        {
            GERMAN
        }
        ("fr" | "ru" | "uk" | "pl" | "cs" | "sk" | "sv" | "nb" | "no" | "nn" | "fi" | "hu" | "bg" | "lt" | "lv" | "et", _) => {
            FRENCH
        }
        ("" | "*", _) => AMERICAN,
        _ => BRITISH,
    }
}

/// How this person reads figures.
#[derive(Clone, Debug)]
pub struct Look {
    /// The installation's currency.
    pub currency: Currency,
    /// The moment at which the page is made.
    pub now: Timestamp,
    custom: Custom,
    zone: TimeZone,
    zone_name: String,
}

impl Look {
    /// From what the browser says; the installation's zone where it says none that there is.
    #[must_use]
    pub fn new(settings: &Settings, now: Timestamp, languages: Option<&str>, zone: Option<&str>) -> Self {
        let named = zone.filter(|zone| zone.len() < 60);
        let zone = named.and_then(|name| TimeZone::get(name).ok()).unwrap_or_else(|| settings.time_zone.clone());
        let zone_name = zone.iana_name().unwrap_or("UTC").to_owned();
        Self { currency: settings.currency, now, custom: custom(languages.unwrap_or_default()), zone, zone_name }
    }

    /// A number: `12,400`.
    #[must_use]
    pub fn number(&self, number: i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let mut grouped = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push_str(self.custom.thousands);
            }
            grouped.push(digit);
        }
        if number < 0 { format!("−{grouped}") } else { grouped }
    }

    /// A large number, shortened: `12.4 k`, `3.1 m`.
    #[must_use]
    pub fn short(&self, number: i64) -> String {
        let (unit, letter) = match number.unsigned_abs() {
            0..10_000 => return self.number(number),
            10_000..1_000_000 => (1_000, "k"),
            1_000_000..1_000_000_000 => (1_000_000, "m"),
            _ => (1_000_000_000, "bn"),
        };
        let tenths = number / (unit / 10);
        let (whole, tenth) = (tenths / 10, (tenths % 10).abs());
        let point = self.custom.point;
        if tenth == 0 || whole.abs() >= 100 {
            format!("{whole}\u{202f}{letter}")
        } else {
            format!("{whole}{point}{tenth}\u{202f}{letter}")
        }
    }

    /// Hundredths, as in ratings: 450 is `4.5`.
    #[must_use]
    pub fn hundredths(&self, number: i64) -> String {
        format!("{}{}{}", number / 100, self.custom.point, (number % 100).abs() / 10)
    }

    /// Hundredths of a per cent: 315 is `3.15 %`.
    #[must_use]
    pub fn per_cent(&self, number: i64) -> String {
        format!("{}{}{:02}\u{202f}%", number / 100, self.custom.point, (number % 100).abs())
    }

    /// An amount with its currency as text: `$1,200.50`.
    #[must_use]
    pub fn amount(&self, money: Money) -> String {
        let exponent = u32::from(self.currency.exponent().unwrap_or(0));
        let unit = 10_i64.saturating_pow(exponent);
        let whole = self.number(i64::try_from(money.0.unsigned_abs() / unit.unsigned_abs()).unwrap_or(i64::MAX));
        let cents = money.0.unsigned_abs() % unit.unsigned_abs();
        let fraction = if exponent == 0 {
            String::new()
        } else {
            format!("{}{cents:0width$}", self.custom.point, width = exponent as usize)
        };
        let sign = if money.0 < 0 { "−" } else { "" };
        let symbol = self.currency.symbol().to_string();
        // A dollar sign alone says too little about which dollar unless it is the one people mean by it.
        let plain = symbol != "$" || self.currency == Currency::USD;
        match (plain, self.custom.point) {
            (true, '.') if symbol.chars().count() == 1 => format!("{sign}{symbol}{whole}{fraction}"),
            (true, _) if symbol.chars().count() == 1 => format!("{sign}{whole}{fraction}\u{a0}{symbol}"),
            _ => format!("{sign}{whole}{fraction}\u{a0}{}", self.currency.code()),
        }
    }

    /// An amount as it stands in running text and tables.
    #[must_use]
    pub fn money(&self, money: Money) -> Markup {
        html! { data.money value=(money.show(self.currency)) { (self.amount(money)) } }
    }

    /// An amount as it stands in a field: `1200.50`.
    #[must_use]
    pub fn typed(&self, money: Money) -> String {
        let exponent = usize::from(self.currency.exponent().unwrap_or(0));
        let digits = format!("{:0width$}", money.0.unsigned_abs(), width = exponent + 1);
        let (whole, fraction) = digits.split_at(digits.len() - exponent);
        let sign = if money.0 < 0 { "-" } else { "" };
        if fraction.bytes().all(|byte| byte == b'0') { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }

    /// A day as text: `Nov 30, 2026` or `30 Nov 2026`.
    #[must_use]
    pub fn date(&self, day: Date) -> String {
        day.strftime(if self.custom.month_first { "%b %-d, %Y" } else { "%-d %b %Y" }).to_string()
    }

    /// A day of about now, without its year: `Nov 30` or `30 Nov`.
    #[must_use]
    pub fn short_date(&self, day: Date) -> String {
        day.strftime(if self.custom.month_first { "%b %-d" } else { "%-d %b" }).to_string()
    }

    /// A month: `2026-11` is `Nov`, and a January has its year with it.
    #[must_use]
    pub fn month(&self, month: &str) -> String {
        let first: Option<Date> = format!("{month}-01").parse().ok();
        first
            .map_or_else(|| month.to_owned(), |first| first.strftime(if first.month() == 1 { "%b %Y" } else { "%b" }).to_string())
    }

    /// A day.
    #[must_use]
    pub fn day(&self, day: Date) -> Markup {
        html! { time datetime=(day) { (self.date(day)) } }
    }

    /// The day it is now, where the person is.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now.to_zoned(self.zone.clone()).date()
    }

    /// A moment with its time: `Nov 30, 2026, 14:05`.
    #[must_use]
    pub fn moment(&self, at: Timestamp) -> Markup {
        html! { time datetime=(at.strftime("%Y-%m-%dT%H:%M:%SZ")) title=(self.zone_name) { (self.clock(at)) } }
    }

    fn clock(&self, at: Timestamp) -> String {
        let local = at.to_zoned(self.zone.clone());
        format!("{}, {}", self.date(local.date()), local.strftime("%H:%M"))
    }

    /// A moment as how long ago it was, or how long it is until then; the moment itself is its title.
    #[must_use]
    pub fn ago(&self, at: Timestamp) -> Markup {
        let gone = self.now.duration_since(at);
        let said = match (gone.abs() < SignedDuration::from_secs(45), gone.is_negative()) {
            (true, _) => crate::text::time::NOW.to_owned(),
            (false, false) => crate::text::time::ago(&span(gone)),
            (false, true) => crate::text::time::until(&span(gone.abs())),
        };
        html! { time datetime=(at.strftime("%Y-%m-%dT%H:%M:%SZ")) title={ (self.clock(at)) " " (self.zone_name) } { (said) } }
    }

    /// A length of time: `3 days`, `5 hours`.
    #[must_use]
    pub fn span(&self, seconds: i64) -> String {
        span(SignedDuration::from_secs(seconds.max(0)))
    }

    /// The name of the zone that moments are written in.
    #[must_use]
    pub fn zone_name(&self) -> &str {
        &self.zone_name
    }
}

fn span(time: SignedDuration) -> String {
    let minutes = (time.as_secs() + 30) / 60;
    let hours = (minutes + 30) / 60;
    let days = (hours + 12) / 24;
    let (number, unit) = match (minutes, hours, days) {
        (..60, ..) => (minutes.max(1), crate::text::time::MINUTE),
        (_, ..36, _) => (hours, crate::text::time::HOUR),
        (_, _, ..60) => (days, crate::text::time::DAY),
        (_, _, ..730) => (days / 30, crate::text::time::MONTH),
        _ => (days / 365, crate::text::time::YEAR),
    };
    crate::text::plural(number, unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(languages: &str, zone: Option<&str>) -> Look {
        Look::new(&Settings::default(), "2026-11-23T12:00:00Z".parse().unwrap(), Some(languages), zone)
    }

    #[test]
    fn figures_follow_the_custom_of_where_somebody_is() {
        let amounts = |languages: &str| look(languages, None).amount(Money(120_050));
        assert_eq!(amounts("en-US,en;q=0.9"), "$1,200.50");
        assert_eq!(amounts("de-DE,de;q=0.9"), "1.200,50\u{a0}$");
        assert_eq!(amounts("fr"), "1\u{202f}200,50\u{a0}$");
        assert_eq!(look("en", None).date(jiff::civil::date(2026, 11, 30)), "Nov 30, 2026");
        assert_eq!(look("en-GB", None).date(jiff::civil::date(2026, 11, 30)), "30 Nov 2026");
        assert_eq!(look("", None).amount(Money(-5)), "−$0.05");
    }

    #[test]
    fn moments_are_in_the_persons_zone_and_a_zone_that_is_none_is_the_installations() {
        let at = "2026-11-23T23:30:00Z".parse().unwrap();
        assert!(look("en", Some("Europe/Berlin")).moment(at).into_string().contains("Nov 24, 2026, 00:30"));
        assert!(look("en", Some("Nowhere/City")).moment(at).into_string().contains("Nov 23, 2026, 23:30"));
    }

    #[test]
    fn spans_are_rounded_as_people_do() {
        let look = look("en", None);
        for (seconds, said) in
            [(5, "1 minute"), (3_000, "50 minutes"), (7_300, "2 hours"), (86_400 * 3, "3 days"), (86_400 * 100, "3 months")]
        {
            assert_eq!(look.span(seconds), said);
        }
    }

    #[test]
    fn large_numbers_are_shortened() {
        let look = look("en", None);
        assert_eq!(
            [9_999, 12_400, 250_000, 3_100_000].map(|n| look.short(n)),
            ["9,999", "12.4\u{202f}k", "250\u{202f}k", "3.1\u{202f}m"]
        );
    }
}
