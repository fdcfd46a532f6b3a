//! What the measures share.
