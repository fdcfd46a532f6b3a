//! What people do with their accounts, one file a purpose.

mod first_admin;
mod register;
mod verification;

pub use first_admin::{AdminInput, CreateAdmin, MakeSetupLink, SetUp, spare_admins};
pub use register::{Register, RegisterInput, Registered};
pub use verification::{ChangeEmail, SendVerification, VerifyEmail};
