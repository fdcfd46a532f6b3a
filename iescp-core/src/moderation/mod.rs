//! Supervision: what admins see and do.

pub mod accounts;
