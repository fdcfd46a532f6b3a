//! The API by its nouns, each a story over HTTP.

mod auth;
mod me;
mod supervision;
mod support;
