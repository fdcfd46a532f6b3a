//! The rules of the Influencer Engagement & Sponsorship Coordination Platform, over any ordered key-value store.
//!
//! A [`Platform`] is a store, a clock and settings. Everything anybody can ask of it is an [`Operation`], a small struct, and
//! there is one way in: [`Platform::run`] asks the [`policy`], does it in one atomic commit, and tries again when somebody else
//! was quicker. What the rules refuse is an [`Error`] whose text can be shown to the person who asked.
//!
//! ```
//! use iescp_core::{Actor, Platform, account::*, campaign::*, moderation::accounts::ApproveSponsor, store::MemoryStore};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> iescp_core::Result<()> {
//! let platform = Platform::builder(MemoryStore::new()).open()?;
//!
//! // An administrator is made at the terminal; everybody else registers.
//! let (username, email, password) = ("warden".into(), "warden@example.com".into(), "seven quiet otters by a bridge".into());
//! let warden = platform.run(&Actor::terminal(), CreateAdmin::new(AdminInput { username, email, password })).await?;
//! let form = RegisterInput {
//!     role: "sponsor".into(),
//!     username: "teahouse".into(),
//!     email: "tea@example.com".into(),
//!     password: "nine loud herons over a meadow".into(),
//!     company: Some("The Tea House".into()),
//!     ..RegisterInput::default()
//! };
//! let sponsor = Actor::account(platform.run(&Actor::visitor(), Register::new(form)).await?.account);
//!
//! // A sponsor who waits for approval may draft and not publish: the refusal is a sentence.
//! let draft = DraftCampaign { input: CampaignInput { title: "Tea for all".into(), ..CampaignInput::default() } };
//! let campaign = platform.run(&sponsor, draft).await?.campaign.id;
//! let refused = platform.run(&sponsor, PublishCampaign { campaign }).await.unwrap_err();
//! assert_eq!(refused.to_string(), "Only its approved sponsor may do this.");
//! let account = sponsor.account_id().expect("an account");
//! platform.run(&Actor::account(warden.account), ApproveSponsor { account }).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Where to find what
//!
//! - who asks and who may: [`Actor`], [`policy`]; who can sign in: [`account`], [`session`];
//! - the main job, in its order: [`campaign`], [`discovery`], [`request`], [`collaboration`], [`ledger`];
//! - around it: [`message`], [`notification`], [`live`], [`shortlist`], [`picture`], [`moderation`], [`report`], [`export`];
//! - what falls due by the clock: [`run_due`], which somebody must call every minute; letters to be sent: [`outbox`];
//! - moving in from V2 or a spreadsheet: [`import`];
//! - where it is kept: [`store`] with its engines and what every engine must do, [`blob`] for what is too large for it; [`mod@check`] says whether all of it holds,
//!   [`backup`] brings it elsewhere, [`mod@upgrade`] brings it into the present layout.
//!
//! A few things need the outside world or a costly hash between two commits, and are functions that take the platform:
//! [`session::sign_in`], [`session::refresh`], [`account::change_password`], [`ledger::fund`], [`ledger::pay_out`].
//!
//! The feature `sled` (on by default) brings the durable store. There is no other.
//!
//! **Not here**: HTTP and pages (`iescp-web`), when timers run and how letters travel (`iescp-worker`).
#![warn(missing_docs)]

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

pub mod account;
mod actor;
mod allowance;
pub mod backup;
mod basis;
pub mod blob;
pub mod campaign;
pub mod chat;
pub mod check;
mod clock;
pub mod collaboration;
pub mod demo;
pub mod discovery;
mod downtime;
mod due;
mod error;
pub mod event;
pub mod export;
#[cfg(test)]
mod fixture;
pub mod id;
pub mod import;
pub mod ledger;
pub mod live;
pub mod message;
pub mod moderation;
pub mod notification;
mod once;
mod operation;
pub mod outbox;
mod page;
pub mod picture;
mod platform;
pub mod policy;
#[cfg(test)]
mod proofs;
pub mod report;
pub mod request;
mod seal;
pub mod search;
mod secret;
pub mod session;
pub mod settings;
pub mod shortlist;
mod sight;
pub mod store;
mod tidy;
mod tx;
pub mod upgrade;
pub mod value;

pub use actor::{Actor, Origin, Through};
pub use basis::Basis;
pub use clock::{Clock, ManualClock, SystemClock};
pub use downtime::SayUp;
pub use due::{Due, DueReport, run_due};
pub use error::{Error, FieldError, Refusal, Result};
pub use once::{IdempotencyKey, Once};
pub use operation::{Likely, Operation};
pub use page::{Page, PageRequest};
pub use platform::{Builder, Platform};
pub use secret::{InstallationSecret, Secret};
pub use settings::Settings;
pub use sight::Sight;
pub use tx::Tx;
