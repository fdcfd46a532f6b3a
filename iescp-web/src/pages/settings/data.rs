//! `/settings/data`: everything that is held about oneself, as one archive.
//!
//! Not here: how it is made and fetched; it is an export like others.

use super::super::{Answer, Visit};
use super::framed;
use crate::text::settings as t;
use crate::view::form;
use maud::html;

const PATH: &str = "/settings/data";

/// `GET /settings/data`.
///
/// # Errors
/// If nobody is signed in.
pub async fn show(visit: Visit) -> Answer {
    visit.me()?;
    let content = html! {
        div.cards {
            section.card { h2 { (t::DATA_HOLDS) } ul.plain { @for one in t::DATA_HOLDS_LIST { li { (one) } } } }
            section.card { h2 { (t::DATA_NOT) } ul.plain { @for one in t::DATA_NOT_LIST { li { (one) } } } }
        }
        form.after method="post" action="/exports" {
            (form::key()) (form::hidden("what", "everything.zip"))
            div.buttons { button.button.primary type="submit" { (t::DATA_MAKE) } }
        }
    };
    Ok(visit.show(framed(&visit, PATH, t::DATA, Some(t::DATA_TOLD), None, &content)))
}
