//! The domain's values among the settings: name, currency, time zone.

use iescp_core::value::Line;
use iso_currency::Currency;
use jiff::civil::Time;
use jiff::tz::TimeZone;

/// A name of 1 to 60 characters on one line.
pub(super) fn site_name(text: &str) -> Result<String, String> {
    Line::<60>::parse(text).map(|name| name.to_string()).map_err(|wrong| wrong.detail)
}

/// A currency by its code.
pub(super) fn currency(text: &str) -> Result<Currency, String> {
    let code = text.trim().to_ascii_uppercase();
    Currency::from_code(&code).ok_or_else(|| format!("`{text}` is no currency code such as EUR"))
}

/// A time zone by its name in the IANA database.
pub(super) fn time_zone(text: &str) -> Result<TimeZone, String> {
    match text.trim() {
        "UTC" => Ok(TimeZone::UTC),
        name => {
            TimeZone::get(name).map_err(|_| format!("`{text}` is no time zone that this machine knows, such as Europe/Berlin"))
        }
    }
}

/// A time of day, such as 18:00.
pub(super) fn time_of_day(text: &str) -> Result<Time, String> {
    Time::strptime("%H:%M", text.trim()).map_err(|_| format!("`{text}` is no time of day such as 18:00"))
}
