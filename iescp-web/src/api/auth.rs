//! Registering, signing in, and the links in letters.
//!
//! Not here: what is done once signed in (`me`), the cookie that browsers sign in with (the pages').

use super::words::RoleToRegister;
use super::{Accepted, Body, Chapter, Done, Failure, Made, Nothing};
use crate::access_token::LIFETIME;
use crate::app::House;
use crate::identity::{SignedIn, Stranger};
use crate::problem::{Problem, from_poem};
use iescp_core::account::{AdminInput, ForgotPassword, Register, RegisterInput, Registered, ResetPassword, SetUp, VerifyEmail};
use iescp_core::session::{self, SignInInput, SignOut};
use iescp_core::{Error, FieldError, Secret};
use poem::Request;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

/// The operations.
pub struct Auth;

/// What somebody registers with.
#[derive(Object)]
struct NewAccount {
    /// As what.
    role: RoleToRegister,
    /// What to sign in with: letters, digits, `_`, `-` and `.`.
    #[oai(validator(min_length = 1, max_length = 64))]
    username: String,
    /// An address; it is proven by a link that is sent there.
    #[oai(validator(min_length = 1, max_length = 320))]
    email: String,
    /// At least 15 characters, and not easily guessed.
    #[oai(validator(min_length = 1, max_length = 512))]
    password: String,
    /// What an influencer is called; the user name if nothing is said.
    #[oai(validator(max_length = 160))]
    display_name: Option<String>,
    /// A sponsor's company or own name.
    #[oai(validator(max_length = 240))]
    company: Option<String>,
}

/// An account that was made.
#[derive(Object)]
struct NewlyRegistered {
    /// Its id.
    id: Uuid,
    /// Its user name.
    username: String,
    /// `influencer`, `sponsor` or `admin`.
    role: String,
    /// `active`, or `pending` for a sponsor who waits for approval.
    state: String,
}

impl From<Registered> for NewlyRegistered {
    fn from(registered: Registered) -> Self {
        Self {
            id: registered.account.into(),
            username: registered.username.to_string(),
            role: registered.role.word().into(),
            state: registered.state.word().into(),
        }
    }
}

/// What somebody signs in with.
#[derive(Object)]
struct Credentials {
    /// The user name; this or the address.
    #[oai(validator(max_length = 320))]
    username: Option<String>,
    /// The e-mail address; this or the user name.
    #[oai(validator(max_length = 320))]
    email: Option<String>,
    /// The password.
    #[oai(validator(max_length = 512))]
    password: String,
    /// What the second factor shows now, for those who have one.
    #[oai(validator(max_length = 64))]
    totp_code: Option<String>,
    /// A recovery code in its place; each works once.
    #[oai(validator(max_length = 64))]
    recovery_code: Option<String>,
    /// Noted with the session. A session of the API lasts as long either way.
    #[oai(default)]
    remember: bool,
}

/// What a program acts with.
#[derive(Object)]
struct Tokens {
    /// For the `Authorization` header: `Bearer` and this.
    access_token: String,
    /// `Bearer`.
    token_type: String,
    /// Seconds after which the access token is to be refreshed.
    expires_in: i64,
    /// For `POST /auth/refresh`, once.
    refresh_token: String,
}

impl Tokens {
    fn of(request: &Request, signed_in: session::SignedIn) -> Result<Self, Failure> {
        let house = House::of(request).map_err(from_poem)?;
        let access = house.tokens.issue(signed_in.account.into(), signed_in.session.into(), house.now());
        Ok(Self {
            access_token: access.map_err(Problem::internal)?,
            token_type: "Bearer".into(),
            expires_in: LIFETIME,
            refresh_token: signed_in.secret.reveal().to_owned(),
        })
    }
}

/// A refresh token.
#[derive(Object)]
struct RefreshToken {
    /// The newest one of its session.
    #[oai(validator(min_length = 1, max_length = 512))]
    refresh_token: String,
}

/// An address.
#[derive(Object)]
struct ForgottenPassword {
    /// The address of the account.
    #[oai(validator(min_length = 1, max_length = 320))]
    email: String,
}

/// A new password, by a link.
#[derive(Object)]
struct PasswordReset {
    /// What stands in the letter's link.
    #[oai(validator(min_length = 1, max_length = 512))]
    token: String,
    /// The new password.
    #[oai(validator(min_length = 1, max_length = 512))]
    password: String,
}

/// A link that proves an address.
#[derive(Object)]
struct EmailLink {
    /// What stands in the letter's link.
    #[oai(validator(min_length = 1, max_length = 512))]
    token: String,
}

/// The first admin.
#[derive(Object)]
struct FirstAdmin {
    /// What stands in the link that the server printed at its first start.
    #[oai(validator(min_length = 1, max_length = 512))]
    token: String,
    /// What to sign in with.
    #[oai(validator(min_length = 1, max_length = 64))]
    username: String,
    /// An address.
    #[oai(validator(min_length = 1, max_length = 320))]
    email: String,
    /// At least 15 characters, and not easily guessed.
    #[oai(validator(min_length = 1, max_length = 512))]
    password: String,
}

#[OpenApi(tag = "Chapter::SigningIn")]
impl Auth {
    /// Register
    ///
    /// An influencer is active at once; a sponsor waits for an admin's approval. A letter with a link proves the address. The
    /// answer is the same whether or not the address has an account already.
    #[oai(path = "/auth/register", method = "post", operation_id = "register")]
    async fn register(&self, who: Stranger, body: Body<NewAccount>) -> Result<Made<NewlyRegistered>, Failure> {
        let Body(NewAccount { role, username, email, password, display_name, company }) = body;
        let input = RegisterInput { role: role.word(), username, email, password: password.into(), display_name, company };
        Ok(Made::at("/me", who.0.run(Register::new(input)).await?.into()))
    }

    /// Sign in
    ///
    /// With the user name or the address. A wrong name, a wrong password and an account that cannot sign in are answered
    /// alike. Who has a second factor and sends no code is asked for it with 422 at `totp_code`.
    #[oai(path = "/auth/login", method = "post", operation_id = "log_in")]
    async fn log_in(&self, who: Stranger, request: &Request, body: Body<Credentials>) -> Result<Done<Tokens>, Failure> {
        let Body(Credentials { username, email, password, totp_code, recovery_code, remember }) = body;
        let login = one_of(("username", username), ("email", email))?
            .ok_or_else(|| Error::invalid("username", "required", "Please give your user name or your e-mail address."))?;
        let field = if recovery_code.is_some() { "recovery_code" } else { "totp_code" };
        let code = one_of(("totp_code", totp_code), ("recovery_code", recovery_code))?.map(Secret::from);
        let input = SignInInput { login, password: password.into(), code, remember, refreshable: true };
        let signed_in = session::sign_in(&who.0.platform, &who.0.actor, &input).await.map_err(|error| named(error, field))?;
        Ok(Done::new(Tokens::of(request, signed_in)?))
    }

    /// Refresh the access token
    ///
    /// Each refresh token works once and answers the next. One that is used again ends its session for everybody who holds it.
    #[oai(path = "/auth/refresh", method = "post", operation_id = "refresh")]
    async fn refresh(&self, who: Stranger, request: &Request, body: Body<RefreshToken>) -> Result<Done<Tokens>, Failure> {
        let token = body.0.refresh_token.into();
        let signed_in = session::refresh(&who.0.platform, &who.0.actor, &token).await?;
        Ok(Done::new(Tokens::of(request, signed_in)?))
    }

    /// Sign out
    ///
    /// Ends the session that asks, and with it its access and refresh tokens. A personal token is not ended by this; revoke it.
    #[oai(path = "/auth/logout", method = "post", operation_id = "log_out")]
    async fn log_out(&self, who: SignedIn) -> Result<Nothing, Failure> {
        who.0.run(SignOut).await?;
        Ok(Nothing)
    }

    /// Ask for a link to choose a new password
    ///
    /// Answered alike whether or not there is such an account. Only a proven address gets the letter.
    #[oai(path = "/auth/password/forgot", method = "post", operation_id = "forget_password")]
    async fn forget_password(&self, who: Stranger, body: Body<ForgottenPassword>) -> Result<Accepted, Failure> {
        who.0.run(ForgotPassword { email: body.0.email }).await?;
        Ok(Accepted)
    }

    /// Choose a new password by a link
    ///
    /// Works once. Every session and personal token of the account ends; a second factor stays.
    #[oai(path = "/auth/password/reset", method = "post", operation_id = "reset_password")]
    async fn reset_password(&self, who: Stranger, body: Body<PasswordReset>) -> Result<Nothing, Failure> {
        who.0.run(ResetPassword::new(body.0.token.into(), body.0.password.into())).await?;
        Ok(Nothing)
    }

    /// Prove an address by a link
    ///
    /// Works once.
    #[oai(path = "/auth/email/verify", method = "post", operation_id = "verify_email")]
    async fn verify_email(&self, who: Stranger, body: Body<EmailLink>) -> Result<Nothing, Failure> {
        who.0.run(VerifyEmail { token: body.0.token.into() }).await?;
        Ok(Nothing)
    }

    /// Make the first admin
    ///
    /// With the one-time token that the server prints at its first start. Only while there is no admin.
    #[oai(path = "/auth/setup", method = "post", operation_id = "set_up")]
    async fn set_up(&self, who: Stranger, body: Body<FirstAdmin>) -> Result<Made<NewlyRegistered>, Failure> {
        let Body(FirstAdmin { token, username, email, password }) = body;
        let input = AdminInput { username, email, password: password.into() };
        Ok(Made::at("/me", who.0.run(SetUp::new(token.into(), input)).await?.into()))
    }
}

/// One of two fields, of which at most one may be given.
pub(super) fn one_of(one: (&str, Option<String>), other: (&str, Option<String>)) -> Result<Option<String>, Failure> {
    match (one.1, other.1) {
        (Some(_), Some(_)) => {
            let detail = format!("Please give `{}` or `{}`, not both.", one.0, other.0);
            Err(Error::invalid(other.0, "one_of", detail).into())
        }
        (one, other) => Ok(one.or(other)),
    }
}

/// The core speaks of a `code`; here it has the name under which it was sent.
pub(super) fn named(error: Error, field: &str) -> Error {
    let name = |wrong: FieldError| if wrong.field == "code" { FieldError { field: field.into(), ..wrong } } else { wrong };
    match error {
        Error::Invalid(fields) => Error::Invalid(fields.into_iter().map(name).collect()),
        error => error,
    }
}
