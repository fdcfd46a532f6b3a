//! (being written)
/// x
pub struct MemoryStore;
