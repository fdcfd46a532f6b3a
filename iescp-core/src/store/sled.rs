//! (being written)
/// x
pub struct SledStore;
/// x
pub struct SledOptions;
