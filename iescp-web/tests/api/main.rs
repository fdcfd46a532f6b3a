//! The API, told as stories over HTTP, in process.

mod auth;
mod campaigns;
mod collaborations;
mod document;
mod events;
mod journey;
mod ledger;
mod letters;
mod me;
mod nonsense;
mod privacy;
mod profiles;
mod requests;
mod shortlists;
mod supervision;
mod support;
mod threads;
