//! THE list of steps from each layout to the next, the oldest first. What a step did stays as it was: stores of every age come by.
//!
//! **Not here**: how steps are gone through.

use super::{Kind, Step};
use crate::store::{
    Key, Scan, Write,
    keys::{KeyParts, Table, list},
};

/// The first leads from layout 1 to layout 2, and so on.
pub(super) const STEPS: &[Step] = &[
    Step {
        name: "links are no longer found by their secrets",
        kind: Kind::Contracts,
        keys: links_by_secret,
        change: |key, _| Ok(vec![Write::Delete(key.clone())]),
    },
    Step {
        name: "transfers are listed by budget only",
        kind: Kind::Contracts,
        keys: || list("transfers-of").range(),
        change: |key, _| Ok(is_left_over(key).then(|| Write::Delete(key.clone())).into_iter().collect()),
    },
];

/// The table 131 of layout 1: links by the hash of their secret. Since then the secret is derived from the link's id.
fn links_by_secret() -> Scan {
    Scan { from: Key(vec![131]), to: Key(vec![132]), descending: false, limit: usize::MAX }
}

/// Whether a derived key is of an earlier layout: nothing follows to it any more, and the step that takes it away may still wait
/// for programs of the version before. In layout 2 transfers were listed by every account of the ledger, and nobody read that.
pub(crate) fn is_left_over(key: &Key) -> bool {
    let begins = |of: KeyParts| key.0.starts_with(&of.key().0);
    key.0.first() == Some(&(Table::List as u8)) && begins(list("transfers-of")) && !begins(list("transfers-of").word("budget"))
}
