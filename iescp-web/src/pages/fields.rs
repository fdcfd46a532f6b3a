//! What a form or a query says: names and values, as they were typed.
//!
//! Not here: whether it is right; the core's operations read what people typed.

use super::picture::Upload;
use iescp_core::value::Money;
use iescp_core::{FieldError, PageRequest};
use iso_currency::Currency;
use jiff::civil::Date;
use poem::web::{Form, Multipart};
use poem::{FromRequest, Request, RequestBody};

/// Most fields that a form may have.
const MOST: usize = 400;

/// Names and values, in the order in which they were sent.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Which page of a list a query asks for.
    #[must_use]
    pub fn page(&self, limit: usize) -> PageRequest {
        PageRequest::new(limit, self.given("after").map(str::to_owned))
    }

    /// Those of a query.
    #[must_use]
    pub fn of_query(request: &Request) -> Self {
        let mut fields = request.params::<Vec<(String, String)>>().unwrap_or_default();
        fields.truncate(MOST);
        Self(fields)
    }

    /// Those of a form, and the files it brings; none if the body is no form.
    pub async fn of_body(request: &mut Request) -> Option<(Self, Vec<Upload>)> {
        let mut body = RequestBody::new(request.take_body());
        if request.content_type().is_some_and(|kind| kind.starts_with("multipart/form-data")) {
            return Self::of_parts(Multipart::from_request(request, &mut body).await.ok()?).await;
        }
        let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, &mut body).await.ok()?;
        (fields.len() <= MOST).then_some((Self(fields), Vec::new()))
    }

    /// Those of a form in parts. A part with a file name is a file; one that is empty is the field of a file nobody chose.
    async fn of_parts(mut parts: Multipart) -> Option<(Self, Vec<Upload>)> {
        let (mut fields, mut files) = (Self::default(), Vec::new());
        while let Some(part) = parts.next_field().await.ok()? {
            let (field, is_file) = (part.name()?.to_owned(), part.file_name().is_some());
            let bytes = part.bytes().await.ok()?;
            if !is_file {
                fields.0.push((field, String::from_utf8(bytes).ok()?));
            } else if !bytes.is_empty() {
                files.push(Upload { field, bytes });
            }
            if fields.0.len() + files.len() > MOST {
                return None;
            }
        }
        Some((fields, files))
    }

    /// The first value of that name; nothing if there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// The same as text of its own.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        self.get(name).to_owned()
    }

    /// The value, if something was typed.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.get(name).trim()).filter(|value| !value.is_empty())
    }

    /// Every value of that name, without the empty ones.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(known, value)| known == name && !value.trim().is_empty()).map(|(_, value)| value.clone()).collect()
    }

    /// Whether a box of that name was ticked.
    #[must_use]
    pub fn ticked(&self, name: &str) -> bool {
        self.given(name).is_some()
    }

    /// Whether anything of that name was sent.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// The same with another value.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), value.into()));
        self
    }

    /// The same with one more value of that name.
    #[must_use]
    pub fn and(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.push((name.to_owned(), value.into()));
        self
    }

    /// The same without those names.
    #[must_use]
    pub fn without(mut self, names: &[&str]) -> Self {
        self.0.retain(|(known, _)| !names.contains(&known.as_str()));
        self
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// As a query, without empty values.
    #[must_use]
    pub fn query(&self) -> String {
        let given = self.0.iter().filter(|(_, value)| !value.trim().is_empty());
        let pairs: Vec<String> = given.map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
        pairs.join("&")
    }
}

/// Text as it stands in a query.
#[must_use]
pub fn escaped(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/') {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
        escaped
    })
}

/// Reads what people write as amounts, numbers and days, and remembers what could not be read.
///
/// What cannot be read becomes a value that no operation takes, so that the operation says everything else that is wrong, too.
#[derive(Default)]
pub struct Reading {
    /// What could not be read.
    pub wrong: Vec<FieldError>,
}

/// An amount or number that no operation takes.
const NO_AMOUNT: i64 = i64::MIN;

impl Reading {
    /// An amount in minor units: `$1,200.50`, ` 1200 `, `1 200,5`. Nothing typed is zero.
    pub fn money(&mut self, fields: &Fields, name: &str, currency: Currency) -> i64 {
        fields.given(name).map_or(0, |text| match amount(text, currency) {
            Some(Money(amount)) => amount,
            None => self.unreadable(name, "amount", "Please write an amount, such as 1200 or 1,200.50."),
        })
    }

    /// The same, where nothing may be said.
    pub fn money_if(&mut self, fields: &Fields, name: &str, currency: Currency) -> Option<i64> {
        fields.given(name)?;
        Some(self.money(fields, name, currency))
    }

    /// A whole number: `12`, `1,200`, `1 200`. Nothing typed is zero.
    pub fn number(&mut self, fields: &Fields, name: &str) -> i64 {
        fields.given(name).map_or(0, |text| {
            let digits: String = text.chars().filter(|c| !matches!(c, ',' | ' ' | '.' | '\u{a0}' | '\u{202f}' | '_')).collect();
            digits.parse().unwrap_or_else(|_| self.unreadable(name, "number", "Please write a whole number."))
        })
    }

    /// The same, where nothing may be said.
    pub fn number_if(&mut self, fields: &Fields, name: &str) -> Option<i64> {
        fields.given(name)?;
        Some(self.number(fields, name))
    }

    /// A rate in hundredths of a per cent: `3.5`, `3,5 %`; nothing, where nothing is said.
    pub fn per_cent_if(&mut self, fields: &Fields, name: &str) -> Option<i64> {
        let text = fields.given(name)?.trim_end_matches('%').trim().replace(',', ".");
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let plain = fraction.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let rate = format!("{whole}{fraction:0<2}").parse().ok().filter(|_| plain && !whole.is_empty());
        Some(rate.unwrap_or_else(|| self.unreadable(name, "per_cent", "Please write a share in per cent, such as 3.5.")))
    }

    /// A day: `2026-11-30`.
    pub fn day(&mut self, fields: &Fields, name: &str) -> Option<Date> {
        let text = fields.given(name)?;
        let day = text.parse().ok();
        if day.is_none() {
            self.unreadable(name, "day", "Please write a day as year-month-day, such as 2026-11-30.");
        }
        day
    }

    fn unreadable(&mut self, name: &str, code: &'static str, detail: &str) -> i64 {
        self.wrong.push(FieldError::new(name, code, detail));
        NO_AMOUNT
    }
}

/// What somebody means by an amount. The last point or comma with one or two digits behind it is the decimal one.
fn amount(text: &str, currency: Currency) -> Option<Money> {
    let exponent = usize::from(currency.exponent().unwrap_or(0));
    let symbol = currency.symbol().to_string();
    let text = text.trim().trim_start_matches(symbol.as_str()).trim_end_matches(symbol.as_str());
    let text = text.trim().trim_start_matches(currency.code()).trim_end_matches(currency.code()).trim();
    let text: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'')).collect();
    let point = text.rfind(['.', ',']).filter(|at| exponent > 0 && (1..=exponent).contains(&(text.len() - at - 1)));
    let (whole, fraction) = point.map_or((text.as_str(), ""), |at| (&text[..at], &text[at + 1..]));
    let (sign, whole) = whole.strip_prefix('-').map_or((1, whole), |whole| (-1, whole));
    let whole: String = whole.chars().filter(|c| !matches!(c, ',' | '.')).collect();
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let digits = format!("{whole}{fraction:0<exponent$}");
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse::<i64>().ok()).flatten().map(|amount| Money(sign * amount))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, cents) in [
            ("1200", 120_000),
            (" 1200 ", 120_000),
            ("$1,200.50", 120_050),
            ("1.200,50", 120_050),
            ("1 200,5", 120_050),
            ("1,200", 120_000),
            ("USD 12", 1_200),
            ("12.00 USD", 1_200),
            (".5", 50),
            ("-3", -300),
            ("0", 0),
        ] {
            assert_eq!(amount(text, Currency::USD), Some(Money(cents)), "{text}");
        }
        for text in ["", "$", "twelve", "1e5", "12x", "--1", "99999999999999999999"] {
            assert_eq!(amount(text, Currency::USD), None, "{text}");
        }
        assert_eq!(amount("1,200", Currency::JPY), Some(Money(1_200)));
    }

    #[test]
    fn what_cannot_be_read_is_remembered_and_taken_by_no_operation() {
        let fields = Fields::default().with("budget", "a lot").with("start", "tomorrow");
        let mut reading = Reading::default();
        assert_eq!(reading.money(&fields, "budget", Currency::USD), NO_AMOUNT);
        assert_eq!(reading.day(&fields, "start"), None);
        assert_eq!(reading.number_if(&fields, "followers"), None);
        for (text, rate) in [("3.5", 350), ("3,25 %", 325), ("12%", 1_200), ("0.1", 10)] {
            assert_eq!(reading.per_cent_if(&Fields::default().with("rate", text), "rate"), Some(rate), "{text}");
        }
        let wrong: Vec<&str> = reading.wrong.iter().map(|wrong| wrong.field.as_str()).collect();
        assert_eq!(wrong, ["budget", "start"]);
    }
}
