//! THE list of steps from each layout to the next, the oldest first. What a step did stays as it was: stores of every age come by.
//!
//! **Not here**: how steps are gone through.

use super::{Kind, Step};
use crate::store::{Key, Scan, Write};

/// The first leads from layout 1 to layout 2, and so on.
pub(super) const STEPS: &[Step] = &[Step {
    name: "links are no longer found by their secrets",
    kind: Kind::Contracts,
    keys: links_by_secret,
    change: |key, _| Ok(vec![Write::Delete(key.clone())]),
}];

/// The table 131 of layout 1: links by the hash of their secret. Since then the secret is derived from the link's id.
fn links_by_secret() -> Scan {
    Scan { from: Key(vec![131]), to: Key(vec![132]), descending: false, limit: usize::MAX }
}
