//! Says once that something fails, however often it is tried, and once that it goes again: a database that is away for a minute is
//! not worth sixty lines.
//!
//! **Not here**: trying again.

use std::fmt::Display;

/// Whether it was said of something that it fails.
pub(crate) struct Trouble {
    fails: &'static str,
    goes: &'static str,
    said: bool,
}

impl Trouble {
    /// `fails` is said when it fails, `goes` when it goes again.
    pub(crate) fn new(fails: &'static str, goes: &'static str) -> Self {
        Self { fails, goes, said: false }
    }

    /// Hears that it went.
    pub(crate) fn went(&mut self) {
        if std::mem::take(&mut self.said) {
            tracing::info!("{}", self.goes);
        }
    }

    /// Hears that it failed.
    pub(crate) fn failed(&mut self, error: impl Display) {
        if std::mem::replace(&mut self.said, true) {
            tracing::debug!(%error, "{}", self.fails);
        } else {
            tracing::error!(%error, "{}", self.fails);
        }
    }
}
