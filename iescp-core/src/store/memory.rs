//! (being written)
/// x
pub struct MemoryStore;
impl MemoryStore {
    /// x
    pub fn new() {}
}
