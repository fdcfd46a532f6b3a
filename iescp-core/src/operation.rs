//! One thing somebody can ask of the platform.
//!
//! An operation is a small struct with parsed fields. It reads and writes through its [`Tx`] alone, asks the policy before it
//! does anything, and may be run again from the start when somebody else was quicker. The list of operations is the list of
//! features.

use crate::{Result, account::Role, id::AccountId, policy::Action, store::Read, tx::Tx};
use jiff::civil::Date;
use std::future::Future;

/// Who asks, by what they say themselves: enough to read ahead by, and for nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Likely {
    /// The account.
    pub account: AccountId,
    /// Its role.
    pub role: Role,
    /// The day it is, in the installation's zone.
    pub today: Date,
}

/// One thing somebody can ask. Run it with [`Platform::run`](crate::Platform::run).
pub trait Operation: Send + Sync {
    /// What the asker gets.
    type Output: Send;

    /// The row of the policy table this operation must ask.
    const ACTION: Action;

    /// What it reads in any case, so that it can be read together with who asks. Saying too little costs a round trip, saying
    /// too much a read; nothing rests on it.
    fn foresees(&self, _asker: Likely) -> Vec<Read> {
        Vec::new()
    }

    /// Does it, within one atomic commit.
    fn run(&self, tx: &mut Tx<'_>) -> impl Future<Output = Result<Self::Output>> + Send;
}
