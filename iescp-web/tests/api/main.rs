//! The API, told as stories over HTTP, in process.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod campaigns;
mod collaborations;
mod document;
mod journey;
mod ledger;
mod nonsense;
mod privacy;
mod promise;
mod requests;
mod support;
