//! Search: a derived, in-memory index that answers any combination of filters, in any order, in flat time.
//!
//! ```
//! use iescp_core::search::{AnyOf, Document, Facet, Index, MISSING, Query, Sort};
//! use uuid::Uuid;
//!
//! const NICHE: u8 = 1;
//! const FOLLOWERS: usize = 0;
//! const RATING: usize = 1;
//!
//! let mut index = Index::new(2, FOLLOWERS);
//! let ada = Uuid::now_v7();
//! index.insert(Document {
//!     id: ada,
//!     facets: vec![Facet::new(NICHE, "travel")],
//!     numbers: vec![12_000, MISSING],
//!     text: vec![(3, "Ada Kovač".into()), (1, "Slow journeys by night train".into())],
//! });
//!
//! let page = index.find(&Query {
//!     text: Some("kovac trian".into()),
//!     facets: vec![AnyOf(vec![Facet::new(NICHE, "travel"), Facet::new(NICHE, "food")])],
//!     sort: Sort::Column { column: RATING, descending: true },
//!     limit: 20,
//!     ..Query::default()
//! });
//! assert_eq!(page.ids, [ada]);
//! ```
//!
//! How it stays flat. Every column keeps all documents in its order, in blocks of at most 64 (`order`), and every common facet keeps one
//! 64-bit word for each block of each column (`facets`): a `walk` in sort order tests 64 documents with one `and`. Whatever is rare is
//! fetched and sorted instead; `plan` weighs the two for every query, and bounds both. Text (`vocabulary`) is an inverted index from words,
//! and from their first letters, to sets of documents.
//!
//! Not here: what an influencer or a campaign looks like as a document, who may see it, the lock around the index, and how it follows
//! the store. It is derived: throw it away and build it again.

mod block;
mod document;
mod documents;
mod facets;
mod filter;
mod find;
mod index;
mod near;
mod order;
mod plan;
mod postings;
mod query;
mod vocabulary;
mod walk;
mod words;

#[cfg(test)]
mod tests;

pub use document::{Document, Facet, MISSING};
pub use index::Index;
pub use query::{AnyOf, Cursor, MAX_LIMIT, Page, Query, Range, Sort};
