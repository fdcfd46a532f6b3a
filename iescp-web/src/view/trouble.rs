//! The page that is shown when another cannot be: what happened, and where to go from here.

use super::Page;
use crate::problem::Problem;
use crate::text::{errors as e, frame as t};
use maud::html;
use poem::http::StatusCode;

/// The page that is shown when another cannot be.
#[must_use]
pub fn trouble(problem: &Problem, request: &str) -> Page {
    let status = problem.status();
    let title = match status {
        StatusCode::NOT_FOUND => e::NOT_THERE,
        StatusCode::FORBIDDEN => e::NOT_YOURS,
        StatusCode::TOO_MANY_REQUESTS => e::TOO_OFTEN,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::INSUFFICIENT_STORAGE => e::AWAY,
        status if status.is_server_error() => e::OUR_FAULT,
        _ => problem.kind.title,
    };
    let content = html! {
        section.trouble role="alert" data-focus tabindex="-1" {
            p.code aria-hidden="true" { (status.as_u16()) }
            h1 { (title) }
            @if status == StatusCode::NOT_FOUND { p { (e::NOT_THERE_TOLD) } } @else { p { (problem.detail) } }
            @if status.is_server_error() { p { (e::OUR_FAULT_TOLD) } p.quiet { (e::REQUEST) " " code { (request) } } }
            p.actions {
                a.button href="/" { (e::START) }
                a.button href="/campaigns" { (t::CAMPAIGNS) }
                a.button href="/influencers" { (t::INFLUENCERS) }
            }
        }
    };
    Page::new(title, content).wrong()
}
