//! What people do with their accounts, one file a purpose.

mod change_password;
mod close_account;
mod first_admin;
mod own_account;
mod profiles;
mod profiles_in_full;
mod register;
mod reset_password;
mod second_factor;
mod verification;

pub use change_password::{ChangePasswordInput, change_password};
pub use close_account::{CloseAccount, ViewClosing};
pub(crate) use first_admin::FirstAdmin;
pub use first_admin::{AdminInput, CreateAdmin, MakeSetupLink, SetUp, ViewSetUp, spare_admins};
pub use own_account::{ApplyAgain, EditOwnAccount, OwnAccount, ViewOwnAccount};
pub use profiles::{PublicInfluencer, PublicSponsor, ViewInfluencer, ViewSponsor};
pub use profiles_in_full::{InfluencerInFull, SponsorInFull, ViewInfluencerInFull, ViewSponsorInFull};
pub use register::{Register, RegisterInput, Registered};
pub(crate) use reset_password::open_by_address;
pub(crate) use reset_password::send_reset;
pub use reset_password::{ForgotPassword, ResetPassword};
pub use second_factor::{ConfirmTotp, EnrolTotp, Enrolment, disable_totp};
pub use verification::{ChangeEmail, SendVerification, VerifyEmail};

use super::{Account, Influencer, Role, Sponsor};
use crate::{Result, Tx};

/// What others call the person or company of an account, besides its user name.
async fn name_of(tx: &mut Tx<'_>, account: &Account) -> Result<String> {
    Ok(match account.role {
        Role::Influencer => {
            tx.peek_at::<Influencer>(Influencer::at(account.id)).await?.map(|profile| profile.display_name.to_string())
        }
        Role::Sponsor => tx.peek_at::<Sponsor>(Sponsor::at(account.id)).await?.map(|profile| profile.company.to_string()),
        Role::Admin => None,
    }
    .unwrap_or_default())
}
