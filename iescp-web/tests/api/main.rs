//! The API, told as stories over HTTP, in process.

mod campaigns;
mod collaborations;
mod document;
mod journey;
mod ledger;
mod nonsense;
mod privacy;
mod requests;
mod support;
