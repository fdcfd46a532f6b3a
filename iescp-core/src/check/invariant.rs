//! Rules over several records, checked in the same walk over the store.

use crate::{
    ledger::invariants::Invariants,
    picture, shortlist,
    store::{Key, record::Record},
};
use std::any::Any;

/// A rule over several records.
///
/// It is shown every record. One that changes during the walk is shown again, or said to be gone: what was shown of a key last
/// is how it stands, and when [`finish`](Invariant::finish) is called that is the store as of one commit. So remember things
/// under their keys or ids, and judge at the end.
pub trait Invariant: Send {
    /// Its name, such as `M1`.
    fn name(&self) -> &'static str;

    /// Looks at a record.
    fn see(&mut self, shown: &Shown<'_>);

    /// Hears that there is no record under this key any more.
    fn gone(&mut self, key: &Key);

    /// Says what does not hold, each as a sentence.
    fn finish(self: Box<Self>) -> Vec<String>;
}

/// A record, as invariants are shown it.
pub struct Shown<'a> {
    /// Its key.
    pub key: &'a Key,
    pub(super) record: &'a dyn Any,
}

impl<'a> Shown<'a> {
    /// Shows a record: for tests of an invariant.
    #[cfg(test)]
    pub(crate) fn of(key: &'a Key, record: &'a dyn Any) -> Self {
        Self { key, record }
    }

    /// The record, if it is one of these.
    #[must_use]
    pub fn as_a<R: Record>(&self) -> Option<&R> {
        self.record.downcast_ref()
    }
}

/// Every invariant of the platform.
#[must_use]
pub fn of_the_platform() -> Vec<Box<dyn Invariant>> {
    vec![
        Box::<shortlist::EntriesAreCounted>::default(),
        Box::<picture::PicturesAreShown>::default(),
        Box::<Invariants>::default(),
    ]
}
