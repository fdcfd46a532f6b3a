//! The audit trail's chain: each event is sealed by a hash over itself and the seal before, so that whoever changes, removes
//! or moves one breaks the chain there.
//!
//! Events are written in the commit of their cause; a job seals them afterwards ([`SealAudit`]), so the chain's head is no key
//! that writers meet at. An event's hash covers everything but what is personal; that enters by its own salted hash, which
//! stays when it is erased ([`erase_personal`]).
//!
//! **Not here**: what is an event (`event`); proofs towards outsiders: who can rewrite the whole store can rewrite the chain,
//! unless its latest hash was noted elsewhere.

mod seal;
mod verify;
mod view;

pub use seal::{Seal, SealAudit, Sealed};
pub(crate) use verify::verify_page;
pub use verify::{Break, Verified, VerifyAudit};
pub use view::{AuditOf, ViewAudit, erase_personal};
