//! What accounts and sessions promise, one sentence a test. Ids such as S-07 are those of the security checklist.

mod closing;
mod cost;
mod old_passwords;
mod passwords;
mod profiles;
mod refusals;
mod registering;
mod resetting;
mod sessions;
mod signing_in;
pub(crate) mod stage;
mod supervising;
