//! What keeps an account safe: password, address, second factor, proving again who one is.

use super::super::auth::{named, one_of};
use super::super::{Accepted, Body, Chapter, Done, Failure, Nothing, Once};
use crate::identity::SignedIn;
use iescp_core::account::{
    ChangeEmail, ChangePasswordInput, ConfirmTotp, EnrolTotp, SendVerification, change_password, disable_totp,
};
use iescp_core::{Secret, session};
use poem_openapi::{Object, OpenApi};

/// The operations.
pub struct Security;

/// Another password.
#[derive(Object)]
struct NewPassword {
    /// The present one.
    #[oai(validator(max_length = 512))]
    current_password: String,
    /// At least 15 characters, 8 beside a second factor; not easily guessed.
    #[oai(validator(min_length = 1, max_length = 512))]
    new_password: String,
}

/// Another address.
#[derive(Object)]
struct NewEmail {
    /// It counts once the link that is sent there is followed.
    #[oai(validator(min_length = 1, max_length = 320))]
    email: String,
}

/// A second factor that waits for a code of it.
#[derive(Object)]
struct TotpEnrolment {
    /// The seed in base 32, to be typed into a program that shows codes.
    secret: String,
    /// The same as an `otpauth:` address, to be shown as a picture.
    otpauth_url: String,
}

/// A code of the second factor.
#[derive(Object)]
struct TotpCode {
    /// What it shows now.
    #[oai(validator(min_length = 1, max_length = 64))]
    code: String,
}

/// A code of the second factor, or a recovery code.
#[derive(Object)]
struct SecondFactorCode {
    /// What it shows now.
    #[oai(validator(max_length = 64))]
    totp_code: Option<String>,
    /// Or a recovery code.
    #[oai(validator(max_length = 64))]
    recovery_code: Option<String>,
}

/// Recovery codes.
#[derive(Object)]
struct RecoveryCodes {
    /// Each works once in place of the second factor. Shown this once.
    recovery_codes: Vec<String>,
}

/// What proves again who one is.
#[derive(Object)]
struct PasswordAgain {
    /// The password.
    #[oai(validator(max_length = 512))]
    password: String,
    /// What the second factor shows now, for those who have one.
    #[oai(validator(max_length = 64))]
    totp_code: Option<String>,
    /// Or a recovery code.
    #[oai(validator(max_length = 64))]
    recovery_code: Option<String>,
}

/// A code under one of its two names, and that name.
fn code(totp: Option<String>, recovery: Option<String>) -> Result<(Option<Secret>, &'static str), Failure> {
    let field = if recovery.is_some() { "recovery_code" } else { "totp_code" };
    Ok((one_of(("totp_code", totp), ("recovery_code", recovery))?.map(Secret::from), field))
}

#[OpenApi(tag = "Chapter::Me")]
impl Security {
    /// Prove again who one is
    ///
    /// What can do harm needs the password given within the last ten minutes: signing in counts, and so does this.
    #[oai(path = "/me/reauthenticate", method = "post", operation_id = "reauthenticate")]
    async fn reauthenticate(&self, who: SignedIn, body: Body<PasswordAgain>) -> Result<Nothing, Failure> {
        let PasswordAgain { password, totp_code, recovery_code } = body.0;
        let (code, field) = code(totp_code, recovery_code)?;
        let proven = session::reauthenticate(&who.0.platform, &who.0.actor, &password.into(), code.as_ref()).await;
        proven.map_err(|error| named(error, field))?;
        Ok(Nothing)
    }

    /// Change the password
    ///
    /// The present one must be given. All other sessions end; personal tokens stay.
    #[oai(path = "/me/password", method = "post", operation_id = "change_password")]
    async fn change_password(&self, who: SignedIn, body: Body<NewPassword>) -> Result<Nothing, Failure> {
        let NewPassword { current_password, new_password } = body.0;
        let input = ChangePasswordInput { current_password: current_password.into(), new_password: new_password.into() };
        change_password(&who.0.platform, &who.0.actor, &input).await?;
        Ok(Nothing)
    }

    /// Ask for another address
    ///
    /// A link is sent to the new address, a warning to the old one, which stays until the link is followed. Answered alike
    /// whether or not another account has that address. Needs the password given a short while ago.
    #[oai(path = "/me/email", method = "post", operation_id = "change_email")]
    async fn change_email(&self, who: SignedIn, idempotency_key: Once, body: Body<NewEmail>) -> Result<Accepted, Failure> {
        who.0.run_once(idempotency_key.0, ChangeEmail { email: body.0.email }).await?;
        Ok(Accepted)
    }

    /// Send the link that proves the address once more
    ///
    /// The link before it ends.
    #[oai(path = "/me/email/verification", method = "post", operation_id = "send_verification")]
    async fn send_verification(&self, who: SignedIn, idempotency_key: Once) -> Result<Accepted, Failure> {
        who.0.run_once(idempotency_key.0, SendVerification).await?;
        Ok(Accepted)
    }

    /// Ask for a second factor
    ///
    /// It counts once `POST /me/totp/confirm` brought a code of it. Needs the password given a short while ago.
    #[oai(path = "/me/totp", method = "post", operation_id = "enrol_totp")]
    async fn enrol_totp(&self, who: SignedIn) -> Result<Done<TotpEnrolment>, Failure> {
        let enrolment = who.0.run(EnrolTotp).await?;
        let (secret, url) = (enrolment.seed.reveal().to_owned(), enrolment.url.reveal().to_owned());
        Ok(Done::new(TotpEnrolment { secret, otpauth_url: url }))
    }

    /// Confirm the second factor
    ///
    /// With a code that it shows now. The answer has the recovery codes, this once.
    #[oai(path = "/me/totp/confirm", method = "post", operation_id = "confirm_totp")]
    async fn confirm_totp(&self, who: SignedIn, body: Body<TotpCode>) -> Result<Done<RecoveryCodes>, Failure> {
        let codes = who.0.run(ConfirmTotp { code: body.0.code.into() }).await?;
        let recovery_codes = codes.iter().map(|code| code.reveal().to_owned()).collect();
        Ok(Done::new(RecoveryCodes { recovery_codes }))
    }

    /// Turn the second factor off
    ///
    /// With a code that it shows now, or a recovery code. Needs the password given a short while ago.
    #[oai(path = "/me/totp/disable", method = "post", operation_id = "disable_totp")]
    async fn disable_totp(&self, who: SignedIn, body: Body<SecondFactorCode>) -> Result<Nothing, Failure> {
        let (code, field) = code(body.0.totp_code, body.0.recovery_code)?;
        let disabled = disable_totp(&who.0.platform, &who.0.actor, &code.unwrap_or_default()).await;
        disabled.map_err(|error| named(error, field))?;
        Ok(Nothing)
    }
}
