//! Ratings as indexes hold them.

use crate::search::MISSING;

/// A mean rating in hundredths; none if nobody rated.
pub(super) fn mean(sum: i64, count: i64) -> i64 {
    if count > 0 { sum.saturating_mul(100) / count } else { MISSING }
}
