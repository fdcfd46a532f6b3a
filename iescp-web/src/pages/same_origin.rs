//! Refuses forms that other sites send (S-20, S-24).
//!
//! Browsers say where a request comes from (`Sec-Fetch-Site`); older ones at least its origin. Whoever says neither is no
//! browser that somebody is signed in with, and is refused, too: programs have the API.

use crate::app::House;
use crate::problem::{Problem, kinds};
use poem::Request;
use poem::http::header;

/// Where every post is answered, wherever it comes from: the link at which mails of one kind are switched off is posted to by
/// programs for mail, which say no origin (RFC 8058). The token in it is all that counts there, and all that it can do.
const OPEN: &str = "/unsubscribe/";

/// Whether a path is open to forms from anywhere.
#[must_use]
pub fn is_open_to_all(path: &str) -> bool {
    path.strip_prefix(OPEN).is_some_and(|token| !token.contains('/'))
}

/// Whether a request that may change something comes from one of our own pages.
///
/// # Errors
/// Forbidden, if it does not or does not say.
pub fn require_same_origin(house: &House, request: &Request) -> Result<(), Problem> {
    let says = |name: &str| request.header(name);
    let referrer = says(header::REFERER.as_str()).and_then(origin_of);
    let ours = match (says("sec-fetch-site"), says(header::ORIGIN.as_str()).or(referrer)) {
        (Some(_), _) => request.headers().get_all("sec-fetch-site").iter().all(|site| site == "same-origin"),
        (None, Some(origin)) => is_ours(house, request, origin),
        (None, None) => false,
    };
    if ours { Ok(()) } else { Err(Problem::new(&kinds::FORBIDDEN, "This form came from another site, so nothing was done.")) }
}

/// The public address; on a plain address also the one that was asked, for people on this machine.
fn is_ours(house: &House, request: &Request, origin: &str) -> bool {
    let plain = origin.strip_prefix("http://").filter(|_| !house.over_tls());
    origin == house.public_url || (plain.is_some() && plain == request.header(header::HOST))
}

fn origin_of(url: &str) -> Option<&str> {
    let begin = url.find("://")? + 3;
    let end = url.get(begin..)?.find('/').map_or(url.len(), |at| begin + at);
    url.get(..end)
}
