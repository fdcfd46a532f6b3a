//! The API, told as stories over HTTP, in process.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod answers;
mod auth;
mod campaigns;
mod collaborations;
mod document;
mod events;
mod exports;
mod guard;
mod journey;
mod ledger;
mod letters;
mod me;
mod nonsense;
mod pictures;
mod privacy;
mod profiles;
mod promise;
mod reports;
mod requests;
mod routes;
mod shortlists;
#[path = "../store/mod.rs"]
mod store;
mod supervision;
mod support;
mod threads;
#[path = "../worker/mod.rs"]
mod worker;
