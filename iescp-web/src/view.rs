//! How pages look: pure functions from values to markup.
//!
//! A page is a [`Page`] put into a [`Frame`] by [`layout`]; its parts are the components below. `/style-guide` shows every
//! one of them in every state.
//!
//! Not here: what pages say (`text`), where their values come from (`pages`). Nothing here escapes by hand: maud does.

pub mod browse;
pub mod cards;
pub mod chart;
pub mod form;
pub mod icon;
pub mod layout;
mod look;
mod navigation;
pub mod parts;
pub mod picture;
pub mod qr;
pub mod terms;
mod trouble;

pub use form::Form;
pub use icon::{Icon, icon};
pub use layout::{Frame, Page};
pub use look::Look;
pub use trouble::trouble;
