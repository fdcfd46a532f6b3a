//! The cookies of the pages: the session's secret, a sentence for the next page, and how somebody likes to look.
//!
//! Not here: whose session a secret opens (`identity`).

use crate::app::House;
use iescp_core::Secret;
use jiff::{SignedDuration, Timestamp};
use poem::Request;
use poem::http::header;

/// Which cookie.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Name {
    /// The session's secret (S-12).
    Session,
    /// What the next page says first.
    Said,
    /// Light or dark.
    Theme,
    /// The person's time zone.
    Zone,
}

impl Name {
    /// As it is called: `__Host-…` where people come over TLS.
    #[must_use]
    pub fn word(self, house: &House) -> String {
        let name = match self {
            Self::Session => "iescp",
            Self::Said => "iescp-said",
            Self::Theme => "iescp-theme",
            Self::Zone => "iescp-zone",
        };
        // The script writes the zone, which is no secret, under its plain name.
        if house.over_tls() && self != Self::Zone { format!("__Host-{name}") } else { name.to_owned() }
    }

    /// What a request brings under this name. Twice the same name is nothing.
    #[must_use]
    pub fn read(self, house: &House, request: &Request) -> Option<String> {
        let name = self.word(house);
        let lines = request.headers().get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut values = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut values = values.by_ref().filter(|(known, _)| *known == name).map(|(_, value)| value.to_owned());
        let value = values.next();
        if values.next().is_some() { None } else { value.filter(|value| !value.is_empty()) }
    }
}

/// Keeps a session's secret in the browser; only until it closes, unless the person asked to be remembered.
#[must_use]
pub fn session(house: &House, secret: &Secret, expires_at: Timestamp, remembered: bool) -> String {
    let age = expires_at.duration_since(house.now()).as_secs().max(0);
    let age = if remembered { format!("; Max-Age={age}") } else { String::new() };
    format!("{}={}; Path=/; HttpOnly; SameSite=Lax{age}{}", Name::Session.word(house), secret.reveal(), secure(house))
}

/// Keeps a value for a while.
#[must_use]
pub fn keep(house: &House, name: Name, value: &str, time: SignedDuration) -> String {
    let value = super::escaped(value);
    format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{}", name.word(house), time.as_secs(), secure(house))
}

/// Forgets a value.
#[must_use]
pub fn forget(house: &House, name: Name) -> String {
    format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{}", name.word(house), secure(house))
}

fn secure(house: &House) -> &'static str {
    if house.over_tls() { "; Secure" } else { "" }
}

/// Undoes [`super::escaped`]; what was not escaped by us comes out as best it can.
#[must_use]
pub fn unescaped(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let byte = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let rest = if byte.is_some() { part.get(2..).unwrap_or_default() } else { part };
        bytes.extend(byte);
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_comes_back_as_it_was() {
        for text in ["", "Saved.", "50 % of ünicode; and = signs", "مرحبا 🎈"] {
            assert_eq!(unescaped(&super::super::escaped(text)), text);
        }
        assert_eq!(unescaped("%zz%4"), "zz4");
    }
}
