//! Every `HX-` header there is: what htmx asks for, and what it is told.
//!
//! The same URL answers a whole page, or what stands inside of the page's `#view`; which of the two is decided here, once.
//!
//! Not here: the attributes in pages (`view`).

use poem::http::{HeaderMap, HeaderName, HeaderValue, header};
use poem::{Request, Response};

/// What of a page is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// All of it, from the doctype on.
    Whole,
    /// What stands inside of `#view`, with a title.
    View,
    /// Something smaller, for an element that is not `#view`.
    Piece,
}

/// The element that navigation fills.
const VIEW: &str = "div#view";

impl Part {
    /// What a request asks for. Whatever selects from a page itself, or restores history, gets the whole of it.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        let says = |name: &str| request.header(name);
        if says("hx-request") != Some("true") || says("hx-request-type") == Some("full") {
            return Self::Whole;
        }
        if says("hx-target") == Some(VIEW) { Self::View } else { Self::Piece }
    }
}

/// An answer to a form that was not done: the address stays what it was, and all of the view is shown.
pub fn stay(answer: &mut Response) {
    set(answer.headers_mut(), "hx-push-url", "false");
    set(answer.headers_mut(), "hx-retarget", "#view");
    set(answer.headers_mut(), "hx-reswap", "innerHTML");
}

/// Leaves for another page altogether, when only a piece of this one was asked for.
pub fn leave(answer: &mut Response, path: &str) {
    set(answer.headers_mut(), "hx-redirect", path);
}

/// Caches must know that htmx gets something else.
pub fn vary(answer: &mut Response) {
    for name in ["HX-Request", "HX-Request-Type", "HX-Target", "Cookie"] {
        answer.headers_mut().append(header::VARY, HeaderValue::from_static(name));
    }
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(headers: &[(&str, &str)]) -> Part {
        let asked = headers.iter().fold(Request::builder(), |request, (name, value)| request.header(*name, *value));
        Part::of(&asked.finish())
    }

    #[test]
    fn fragments_are_only_for_htmx() {
        assert_eq!(part(&[]), Part::Whole);
        assert_eq!(part(&[("hx-target", "div#view")]), Part::Whole);
        assert_eq!(part(&[("hx-request", "true"), ("hx-target", "div#view")]), Part::View);
        assert_eq!(part(&[("hx-request", "true"), ("hx-target", "li#n7")]), Part::Piece);
        assert_eq!(part(&[("hx-request", "true"), ("hx-request-type", "full"), ("hx-target", "div#view")]), Part::Whole);
    }
}
