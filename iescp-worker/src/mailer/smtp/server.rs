//! Where a mail server is, as one line of the settings says it.

use std::{fmt, net::IpAddr, str::FromStr};

/// How a connection to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// By TLS from its first byte on: `smtps://`.
    Tls,
    /// By TLS that begins after a greeting, and without which nothing is sent: `smtp+starttls://`.
    Starttls,
    /// Not at all: `smtp://`.
    None,
}

impl Protection {
    const ALL: [(&'static str, Self, u16); 3] =
        [("smtps://", Self::Tls, 465), ("smtp+starttls://", Self::Starttls, 587), ("smtp://", Self::None, 25)];
}

/// A mail server: `smtps://user@mail.example.com:465`. The password is a setting of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpServer {
    /// How connections are protected.
    pub protection: Protection,
    /// Who signs in there.
    pub user: Option<String>,
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
}

impl SmtpServer {
    /// Whether it runs on this machine, so that nothing crosses a network.
    #[must_use]
    pub fn is_on_this_machine(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

impl FromStr for SmtpServer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        // What was given is not repeated: it may hold a password.
        let wrong = || "a mail server is written as smtps://user@mail.example.com, smtp+starttls://… or smtp://…".to_owned();
        let (protection, rest, port) = Protection::ALL
            .iter()
            .find_map(|(scheme, protection, port)| Some((*protection, text.strip_prefix(scheme)?, *port)))
            .ok_or_else(wrong)?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (user, place) = rest.rsplit_once('@').map_or((None, rest), |(user, place)| (Some(user), place));
        if user.is_some_and(|user| user.contains(':')) {
            return Err("the mail server's password is no part of its address: give it as IESCP_SMTP_PASSWORD".to_owned());
        }
        let (host, port) = match place.strip_prefix('[').and_then(|place| place.split_once(']')) {
            Some((host, "")) => (host, port),
            Some((host, after)) => (host, after.strip_prefix(':').and_then(|port| port.parse().ok()).ok_or_else(wrong)?),
            None => match place.split_once(':') {
                Some((host, port)) => (host, port.parse().map_err(|_| wrong())?),
                None => (place, port),
            },
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._:%".contains(c);
        if host.is_empty() || !host.chars().all(plain) || port == 0 {
            return Err(wrong());
        }
        let user = user.filter(|user| !user.is_empty()).map(unescaped).transpose()?;
        Ok(Self { protection, user, host: host.to_owned(), port })
    }
}

/// A user name as addresses write it: `%40` is an @.
fn unescaped(user: &str) -> Result<String, String> {
    let wrong = || "the mail server's user is not written as in addresses, with %40 for @".to_owned();
    let mut bytes = Vec::with_capacity(user.len());
    let mut rest = user.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next().ok_or_else(wrong)?, rest.next().ok_or_else(wrong)?];
                let digits = std::str::from_utf8(&digits).map_err(|_| wrong())?;
                u8::from_str_radix(digits, 16).map_err(|_| wrong())?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok().filter(|user| !user.chars().any(char::is_control)).ok_or_else(wrong)
}

impl fmt::Display for SmtpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = Protection::ALL.iter().find(|(_, protection, _)| *protection == self.protection).map_or("", |found| found.0);
        write!(f, "{scheme}{}:{}", self.host, self.port)
    }
}
