//! Finding each other: sponsors search influencers, influencers search listed campaigns, by any combination of filters.
//!
//! The search index (`search`) is derived from the store and lives beside it: built at the first search (or by
//! [`Platform::warm`](crate::Platform::warm)), then fed by the store's changes before each answer, so that a search sees every
//! commit that was acknowledged before it. What a search answers is read and checked again on the way out: an index can lag,
//! a listing cannot leak.
//!
//! **Not here**: how the index works (`search`), lists that people keep (`shortlist`).

mod campaigns;
mod feed;
mod influencers;
mod market;
mod rating;

pub use campaigns::{CampaignSearch, CampaignSort, FoundCampaign, SearchCampaigns};
pub(crate) use feed::{Finder, touched};
pub use influencers::{FoundInfluencer, InfluencerSearch, InfluencerSort, SearchInfluencers};
pub use market::{Market, ViewMarket};

use crate::{
    Error, Result,
    search::{AnyOf, Cursor, Facet, Range},
    value::{Form, fold},
};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

/// One page of a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPage<T> {
    /// What was found.
    pub items: Vec<T>,
    /// The cursor of the next page, if there may be more.
    pub next: Option<String>,
    /// Whether the work for one page was used up before it was full: the next page goes on from there.
    pub unfinished: bool,
}

/// The longest search text, in characters.
const LONGEST_TEXT: usize = 200;

fn read_cursor(text: Option<&str>) -> Result<Option<Cursor>> {
    let Some(text) = text else { return Ok(None) };
    let decoded = BASE64URL_NOPAD.decode(text.as_bytes()).ok();
    let cursor = decoded.and_then(|json| serde_json::from_slice(&json).ok());
    cursor.map(Some).ok_or_else(|| Error::invalid("cursor", "cursor", "This cursor is none of ours."))
}

fn write_cursor(cursor: &Cursor) -> Result<String> {
    let json = serde_json::to_vec(cursor).map_err(|error| Error::Corrupt(error.to_string()))?;
    Ok(BASE64URL_NOPAD.encode(&json))
}

/// The words of a place, as facets that must all be there.
fn place_facets(field: u8, place: &str) -> Vec<Facet> {
    fold(place)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(8)
        .map(|word| Facet::new(field, word))
        .collect()
}

/// One group of facets for each list of words that was asked for.
fn any_of(field: u8, words: &[String]) -> Option<AnyOf> {
    let facets: Vec<Facet> = words.iter().map(|word| Facet::new(field, word.trim().to_lowercase())).collect();
    (!facets.is_empty()).then_some(AnyOf(facets))
}

fn range(column: usize, min: Option<i64>, max: Option<i64>) -> Option<Range> {
    (min.is_some() || max.is_some()).then_some(Range { column, min, max })
}

fn check_text(form: &mut Form, text: Option<&str>) {
    if text.is_some_and(|text| text.chars().count() > LONGEST_TEXT) {
        form.wrong("q", "too_long", format!("Please search for at most {LONGEST_TEXT} characters."));
    }
}

fn check_words(form: &mut Form, field: &str, words: &[String], known: impl Fn(&str) -> bool) {
    form.length(field, words, 0, 20);
    for word in words.iter().take(20) {
        if !known(&word.trim().to_lowercase()) {
            form.wrong(field, "unknown", "There is no such choice.");
        }
    }
}

#[cfg(test)]
mod tests;
