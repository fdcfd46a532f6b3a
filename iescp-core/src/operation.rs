//! One thing somebody can ask of the platform.
//!
//! An operation is a small struct with parsed fields. It reads and writes through its [`Tx`] alone, asks the policy before it
//! does anything, and may be run again from the start when somebody else was quicker. The list of operations is the list of
//! features.

use crate::{Result, policy::Action, tx::Tx};
use std::future::Future;

/// One thing somebody can ask. Run it with [`Platform::run`](crate::Platform::run).
pub trait Operation: Send + Sync {
    /// What the asker gets.
    type Output: Send;

    /// The row of the policy table this operation must ask.
    const ACTION: Action;

    /// Does it, within one atomic commit.
    fn run(&self, tx: &mut Tx<'_>) -> impl Future<Output = Result<Self::Output>> + Send;
}
