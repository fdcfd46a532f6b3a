//! One's own account: profile, sessions, tokens, password, second factor, preferences.

mod account;
mod chat;
mod preferences;
mod security;
mod sessions;

pub use account::Me;
pub use chat::Chat;
pub use preferences::Preferences;
pub use security::Security;
pub use sessions::{Session, Sessions};
