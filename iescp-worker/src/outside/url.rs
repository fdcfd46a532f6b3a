//! Addresses that people give, taken apart as browsers do it: `0x7f.1` and `[::ffff:127.0.0.1]` are what they mean.

use super::NoAnswer;
use url::{Host, Url};

/// The longest address that is looked at.
const LONGEST: usize = 2000;

/// An address that may be asked, as far as it can be told without looking its name up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    url: Url,
    pub(super) host: Host<String>,
    pub(super) port: u16,
    pub(super) encrypted: bool,
}

impl Target {
    pub(super) fn parse(text: &str, plain: bool) -> Result<Self, NoAnswer> {
        const NONE: NoAnswer = NoAnswer::NotAllowed("Please give a whole web address, such as https://example.com/picture.jpg.");
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(NoAnswer::NotAllowed("This address is too long."));
        }
        Self::of(Url::parse(text).map_err(|_| NONE)?, plain)
    }

    fn of(url: Url, plain: bool) -> Result<Self, NoAnswer> {
        let encrypted = match url.scheme() {
            "https" => true,
            "http" if plain => false,
            _ => return Err(NoAnswer::NotAllowed("Only addresses that begin with https:// are asked.")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(NoAnswer::NotAllowed("An address with a user name or password in it is not asked."));
        }
        let usual = if encrypted { 443 } else { 80 };
        let port = url.port().unwrap_or(usual);
        if port != usual {
            return Err(NoAnswer::NotAllowed("Only the usual port of the web is asked: please leave the number out."));
        }
        let host = url.host().map(|host| host.to_owned()).ok_or(NoAnswer::NotThere)?;
        Ok(Self { url, host, port, encrypted })
    }

    /// The address that a redirect from here names.
    pub(super) fn leads_to(&self, location: &str, plain: bool) -> Result<Self, NoAnswer> {
        if location.len() > LONGEST {
            return Err(NoAnswer::NotAllowed("This address leads to one that is too long."));
        }
        let next = self.url.join(location).map_err(|_| NoAnswer::NotAllowed("This address leads to something that is none."))?;
        Self::of(next, plain)
    }

    /// The host as the `Host` header says it.
    pub(super) fn authority(&self) -> String {
        self.host.to_string()
    }

    /// What is asked for at the host.
    pub(super) fn path(&self) -> String {
        let path = self.url.path();
        self.url.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"))
    }
}
