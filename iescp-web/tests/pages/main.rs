//! The pages, told as stories of people whose browsers run no script: links followed, forms filled in and sent.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod accounts;
mod admin;
mod browser;
mod campaigns;
mod chat;
mod collaborations;
mod dashboard;
mod deals;
mod earnings;
mod exports;
mod guard;
mod house;
mod influencers;
mod live;
mod mails;
mod messages;
mod moving;
mod pictures;
mod reports;
mod requests;
mod safety;
mod settings;
mod shortlists;
#[path = "../store/mod.rs"]
mod store;
mod trips;
mod unsubscribe;
#[path = "../worker/mod.rs"]
mod worker;
