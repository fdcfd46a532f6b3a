//! Ids that follow from the source: the same row of the same source has the same id in every run, so that bringing it over twice
//! brings it once.
//!
//! They are UUIDs of version 7 whose moments lie in the year 2000 and keep the order of V2's own ids: everything brought over comes
//! before everything made here.

use super::cell;
use super::source::{Cell, Fielded};
use crate::secret::uuid_of;
use uuid::{Builder, Uuid};

/// The first moment of the year 2000, in milliseconds.
const BEGIN: u64 = 946_684_800_000;
/// V2's ids up to this are in order here.
const ORDERED: i64 = 1_000_000_000;
/// How many things of one kind can follow from one row, in order.
const PLACES: u64 = 16;

/// A row as it is named in reports and ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RowName {
    /// Its id there, or `#` and its number.
    pub text: String,
    /// Its id there; where it has none, its number in the table below nothing, by which no other row names it.
    pub legacy: i64,
}

impl RowName {
    /// The name of a row by its field `id`, or else by its number.
    pub(super) fn of(row: &Fielded<'_>) -> Self {
        let id = row.get("id");
        match (cell::id(id), id) {
            (Some(legacy), _) => Self { text: legacy.to_string(), legacy },
            (_, Cell::Null) => Self { text: format!("#{}", row.number), legacy: -row.number },
            _ => Self { text: format!("#{} ({})", row.number, cell::quoted(id)), legacy: -row.number },
        }
    }
}

/// The id of the `place`th thing of a kind that follows from a row.
pub(super) fn id(source: &str, kind: &str, row: &RowName, place: u64) -> Uuid {
    let order = u64::try_from(row.legacy.min(ORDERED)).unwrap_or(0) * PLACES + place.min(PLACES - 1);
    let hashed = uuid_of(&[source, kind, &row.text, &place.to_string()]);
    let mut random = [0; 10];
    random.iter_mut().zip(hashed.as_bytes().iter().copied()).for_each(|(byte, hashed)| *byte = hashed);
    Builder::from_unix_timestamp_millis(BEGIN + order, &random).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(legacy: i64) -> RowName {
        RowName { text: legacy.to_string(), legacy }
    }

    #[test]
    fn ids_follow_from_source_kind_and_row_and_keep_their_order() {
        let of = |legacy, place| id("v2", "message", &named(legacy), place);
        assert_eq!(of(7, 0), of(7, 0));
        assert!(of(7, 0) < of(7, 1) && of(7, 15) < of(8, 0) && of(8, 0) < of(1_000_000, 0));
        assert_ne!(of(7, 0), id("v1", "message", &named(7), 0));
        assert_ne!(of(7, 0), id("v2", "campaign", &named(7), 0));
        assert!(of(i64::MAX, 15) < Uuid::now_v7(), "what is brought over comes before what is made here");
        assert_eq!(of(7, 0).get_version_num(), 7);
    }
}
