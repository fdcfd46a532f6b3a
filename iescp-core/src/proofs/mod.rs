//! Proofs that need the inside: a model of the tables of states walked at random beside the platform, and races for money.
//!
//! - `model` is the reference: the rules as the tables of the domain say them, in minutes and plain numbers;
//! - `acts` is what people, the clock and the worker do at random; `walk` does it to both and compares;
//! - `races` lets many do the same at once; `clock` sets the clock wrong; `nodes` are two on one database.
//!
//! **Not here**: stories of one rule each (the `tests` beside each noun).

mod acts;
mod clock;
#[cfg(feature = "postgres")]
#[allow(dead_code, reason = "proofs need less of it than the store's own tests")]
#[path = "../../tests/postgres/cluster.rs"]
pub(crate) mod cluster;
mod model;
#[cfg(feature = "postgres")]
mod nodes;
mod races;
mod walk;
