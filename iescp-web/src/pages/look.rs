//! Light or dark, as somebody likes it; a cookie remembers.

use super::cookie::{self, Name};
use super::visit::add_cookie;
use super::{Answer, Visit};
use jiff::SignedDuration;

/// `POST /look`.
///
/// # Errors
/// Never.
pub async fn set(visit: Visit) -> Answer {
    let mut answer = visit.go(visit.next_or("/"));
    let line = match visit.sent().get("theme") {
        theme @ ("light" | "dark") => cookie::keep(visit.house(), Name::Theme, theme, SignedDuration::from_hours(24 * 365)),
        _ => cookie::forget(visit.house(), Name::Theme),
    };
    add_cookie(&mut answer, &line);
    Ok(answer)
}
