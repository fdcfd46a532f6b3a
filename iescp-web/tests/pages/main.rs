//! The pages, told as stories of people whose browsers run no script: links followed, forms filled in and sent.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod accounts;
mod browser;
mod campaigns;
mod collaborations;
mod deals;
mod earnings;
mod house;
mod house;
mod influencers;
mod requests;
mod shortlists;
