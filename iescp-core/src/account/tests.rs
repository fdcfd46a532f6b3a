//! What accounts and sessions promise, one sentence a test. Ids such as S-07 are those of the security checklist.

mod registering;
pub(crate) mod stage;
