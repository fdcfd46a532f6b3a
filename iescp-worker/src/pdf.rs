//! Documents to print or forward: pages set from a few parts, in our own colours, with text that can be selected.
//!
//! Whatever people wrote reaches a page as text and nothing else; no font, picture or address comes from it (S-39). A document has
//! at most [`MOST_PAGES`] pages; what does not fit is left out, and it says so.
//!
//! - `paper` keeps the pages and where on them comes next, `table` and `chart` are the larger parts;
//! - `face` measures text and knows which letters there are, `ink` draws it all;
//! - `statement` sets an influencer's earnings, `report` a monthly report.
//!
//! **Not here**: which figures there are (`iescp_core`), HTML.

mod chart;
mod face;
mod ink;
mod paper;
mod report;
mod statement;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use paper::{Figure, Paper, Title};
pub use report::report_as_pdf;
pub(crate) use statement::Statement;

use std::fmt;

/// How many pages a document has at most.
const MOST_PAGES: usize = 100;

/// How many bytes a document has at most.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// Why there is no document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoPdf(String);

impl fmt::Display for NoPdf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the document could not be made: {}", self.0)
    }
}

impl std::error::Error for NoPdf {}
