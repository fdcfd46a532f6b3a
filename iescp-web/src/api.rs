//! The API: one file a noun, and the few pieces that all of them are made of.
//!
//! To add an endpoint, write a method in a noun's file: [`SignedIn`](crate::identity::SignedIn) or
//! [`Anyone`](crate::identity::Anyone) for who asks, `Path`, `Query`, [`Body`] or [`Patch`] for what, [`IfMatch`] and
//! [`Once`] where they belong, and one of [`Shown`], [`Listed`], [`Made`], [`Done`], [`Nothing`] in a
//! `Result<_, Failure>` as the answer. Its first doc line is the summary, the rest the description.
//!
//! The document is the contract: what it does not allow never reaches a handler (`contract.rs`), and which failures an
//! operation can answer follows from what it takes (`document.rs`).
//!
//! Not here: rules. Handlers turn strings into value types, build an operation, run it, and turn the value into JSON.

pub mod about;
pub mod abuse;
pub mod admin;
pub mod amount;
mod answer;
pub mod auth;
mod body;
pub mod campaigns;
pub mod collaborations;
mod contract;
mod document;
pub mod events;
pub mod exports;
mod failure;
mod happening;
mod json;
pub mod ledger;
mod listing;
pub mod me;
pub mod notifications;
mod once;
mod paging;
pub mod pictures;
pub mod profiles;
mod reports;
pub mod requests;
mod schema;
pub mod search;
pub mod shortlists;
pub mod statistics;
pub mod threads;
mod value;
mod version;
pub mod words;

pub use answer::{Accepted, Done, Listed, Made, Nothing, Shown};
pub use body::{Body, File, Patch};
pub use contract::{Contract, enforce};
pub use document::document;
pub use failure::Failure;
pub use once::{Once, OnceRequired};
pub use paging::{Cursor, Limit, Page, Paging};
pub use schema::Schemas;
pub use value::{Date, Money, Timestamp};
pub use version::{IfMatch, IfNoneMatch, none_match, tag, tag_as_seen};

use poem_openapi::{ContactObject, LicenseObject, OpenApi, OpenApiService, Tags};

/// Where the API's paths begin.
pub const PREFIX: &str = "/api/v1";

/// The document's chapters.
#[derive(Tags)]
pub enum Chapter {
    /// What this platform is and how it is to be asked.
    About,
    /// Registering, signing in, and the links in letters.
    SigningIn,
    /// One's own account: profile, sessions, tokens, security, preferences, chat.
    Me,
    /// Finding influencers and campaigns.
    Search,
    /// Influencers and sponsors, as everyone sees them.
    Profiles,
    /// What sponsors want done, by when, for how much.
    Campaigns,
    /// Negotiations between a sponsor and an influencer, by numbered offers.
    Requests,
    /// The agreed work, from acceptance to payment and reviews.
    Collaborations,
    /// The ledger, balances and payouts.
    Money,
    /// What sponsors and influencers say to each other.
    Messages,
    /// What one is told, and live events.
    Notifications,
    /// A sponsor's named lists of influencers.
    Shortlists,
    /// One's own rows as files, made on demand.
    Exports,
    /// What a month came to.
    Reports,
    /// Reports of abuse, and what admins do and see.
    Supervision,
}

/// The API that is shipped.
#[must_use]
pub fn shipped() -> impl OpenApi + 'static {
    (
        about::About,
        auth::Auth,
        own(),
        (search::Search, profiles::Profiles),
        (campaigns::Campaigns, requests::Requests, collaborations::Collaborations, ledger::Ledger),
        talk(),
        (shortlists::Shortlists, exports::Exports, reports::MonthlyReports),
        supervision(),
        statistics::Statistics,
    )
}

/// One's own account.
fn own() -> impl OpenApi + 'static {
    (me::Me, me::Sessions, me::Security, me::Preferences, me::Chat, pictures::Pictures)
}

/// What people say, and what they are told.
fn talk() -> impl OpenApi + 'static {
    (threads::Threads, notifications::Notifications, events::Events::default())
}

/// Reports of abuse, and what admins do and see.
fn supervision() -> impl OpenApi + 'static {
    (abuse::Abuse, admin::Accounts, admin::Reports, admin::Audit, admin::Jobs)
}

/// The service around an API, with what its document says about itself.
pub fn service<A: OpenApi>(api: A) -> OpenApiService<A, ()> {
    OpenApiService::new(api, "IESCP", env!("CARGO_PKG_VERSION"))
        .description(
            "Sponsors and influencers find each other, negotiate, agree, deliver and settle. \
             JSON, `snake_case`; ids are UUIDs; times are RFC 3339 in UTC; money is in minor units. \
             Every failure is RFC 9457 `application/problem+json`.",
        )
        .contact(ContactObject::new().name("The people who run this platform"))
        .license(LicenseObject::new("MIT OR Apache-2.0").url("https://spdx.org/licenses/MIT.html"))
        .server(PREFIX)
}
