//! How people are named and reached: user name, e-mail address, web address.

use super::Wrong;
use serde::{Deserialize, Serialize};
use std::{fmt, ops::Deref};
use unicode_normalization::UnicodeNormalization;

/// What somebody signs in with: 3 to 32 ASCII letters, digits, `.`, `_` or `-`, beginning with a letter or digit. Unique
/// without regard to case.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Username(String);

impl Username {
    /// Parses a user name.
    ///
    /// # Errors
    /// `required`, `too_short`, `too_long` or `characters`.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        match text.len() {
            0 => return Err(Wrong::new("required", "Please choose a user name.")),
            1 | 2 => return Err(Wrong::new("too_short", "A user name has at least 3 characters.")),
            33.. => return Err(Wrong::new("too_long", "A user name has at most 32 characters.")),
            _ => {}
        }
        let begins_well = text.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !begins_well || !text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)) {
            let detail = "A user name consists of the letters a to z, digits, dots, dashes and underscores, and begins with a letter or digit.";
            return Err(Wrong::new("characters", detail));
        }
        Ok(Self(text.to_owned()))
    }

    /// As user names are compared.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// An e-mail address: a local part and a domain, at most 254 characters (RFC 5321). Compared without regard to case.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Parses an address. Quoted local parts and address literals, which nobody has, are refused.
    ///
    /// # Errors
    /// `required`, `too_long` or `email`.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let text: String = text.trim().nfc().collect();
        if text.is_empty() {
            return Err(Wrong::new("required", "Please give an e-mail address."));
        }
        if text.len() > 254 {
            return Err(Wrong::new("too_long", "An e-mail address has at most 254 characters."));
        }
        let wrong = || Wrong::new("email", "Please give an e-mail address like name@example.com.");
        let (local, domain) = text.rsplit_once('@').ok_or_else(wrong)?;
        if !local.is_ascii() {
            let detail =
                "Please give an address with only plain letters (a to z) before the @: mails to others do not arrive everywhere.";
            return Err(Wrong::new("email", detail));
        }
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom_character));
        if !local_ok || !is_domain(domain) {
            return Err(wrong());
        }
        Ok(Self(text))
    }

    /// As addresses are compared.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }

    /// The part before the `@`.
    #[must_use]
    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }
}

fn is_atom_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c)
}

fn is_domain(domain: &str) -> bool {
    domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
        && !domain.split('.').next_back().is_some_and(|last| last.chars().all(|c| c.is_ascii_digit()))
}

/// A web address: `https` or `http`, a host with a dot, at most 500 characters, no credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WebUrl(String);

impl WebUrl {
    /// Parses a web address.
    ///
    /// # Errors
    /// `required`, `too_long` or `url`.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Wrong::new("required", "Please give a web address."));
        }
        if text.len() > 500 {
            return Err(Wrong::new("too_long", "A web address has at most 500 characters."));
        }
        let wrong = || Wrong::new("url", "Please give a web address like https://example.com/page.");
        let is_scheme = |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
        let scheme = ["https://", "http://"].into_iter().find(|scheme| is_scheme(scheme)).ok_or_else(wrong)?;
        let rest = text.get(scheme.len()..).ok_or_else(wrong)?;
        if rest.chars().any(|c| c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c)) {
            return Err(wrong());
        }
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
        if !is_domain(host) || port.parse::<u16>().is_err() {
            return Err(wrong());
        }
        Ok(Self(format!("{scheme}{}{path}", authority.to_lowercase())))
    }
}

macro_rules! reads_as_text {
    ($($name:ident),+) => {$(
        impl Deref for $name {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

reads_as_text!(Username, Email, WebUrl);
