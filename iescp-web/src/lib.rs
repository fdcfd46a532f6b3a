//! The platform over HTTP: the API, the pages and the process that serves them.
//!
//! Open `app.rs` for every URL and the middleware in order, `problem.rs` for what goes wrong and with which status,
//! `pages.rs` for what people see and `view.rs` for how it looks, `identity.rs` for who is asking, `server/` for the limits on connections, `settings.rs` for everything that can be set.
//!
//! Not here: rules. Whatever decides about campaigns, money or people is an operation of `iescp-core`.

pub mod access_token;
pub mod admin_socket;
pub mod answers;
pub mod api;
pub mod app;
pub mod assets;
pub mod cli;
pub mod demo;
pub mod docs;
pub mod download;
pub mod health;
pub mod htmx;
pub mod identity;
pub mod jobs;
pub mod live;
pub mod metrics;
pub mod middleware;
pub mod pages;
pub mod pictures;
pub mod problem;
pub mod routes;
pub mod server;
pub mod settings;
pub mod sheet;
pub mod text;
pub mod unclean;
pub mod v2;
pub mod view;

pub use iescp_worker::installation::{self, secrets};
