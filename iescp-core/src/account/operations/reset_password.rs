//! Choosing a new password by a link, for those who forgot theirs (S-09).
//!
//! Asking is answered alike whether there is such an account or not. Only proven addresses get the letter; a newer link ends
//! the one before, and so does a change of the password.

use super::change_password::set_password;
use crate::{
    Error, Operation, Result, Secret, Tx,
    account::{Account, Credentials, Link, Purpose},
    event::thing,
    id::AccountId,
    outbox::Letter,
    policy::{Action, Subject},
    session::{attempts::Bucket, end_everything},
    value::{Email, Form},
};
use serde_json::json;
use tokio::sync::OnceCell;
use uuid::Uuid;

/// Asks for a link to choose a new password.
#[derive(Clone, Debug)]
pub struct ForgotPassword {
    /// The address of the account.
    pub email: String,
}

impl Operation for ForgotPassword {
    type Output = ();
    const ACTION: Action = Action::ForgotPassword;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        let mut form = Form::default();
        let email = form.take("email", Email::parse(&self.email)).folded();
        form.finish()?;
        if let Some(bucket) = Bucket::letters_from(tx) {
            bucket.take(tx).await?;
        }
        // For an unknown address a place is taken too, and a link is made that nobody is sent: one commit of much the same size
        // either way, so that the time it takes tells nothing.
        let may_write = Bucket::letters_to(tx, &email).take_if_free(tx).await?;
        let owner: Option<AccountId> = tx.led_to(Account::by_email(&email)).await?;
        let looked_at = owner.unwrap_or(AccountId(Uuid::nil()));
        tx.load(&[Account::at(looked_at), Credentials::at(looked_at)]).await?;
        let account: Option<Account> = tx.get_at(Account::at(looked_at)).await?;
        match account.filter(|account| may_write && account.state.can_sign_in()) {
            Some(account) => send_reset(tx, &account).await,
            None => {
                let decoy = Link::issue(tx, Purpose::ResetPassword, None, None)?;
                tx.happened([thing("link", decoy)], json!({}));
                Ok(())
            }
        }
    }
}

/// Sends a link to choose a new password to a proven address.
pub(crate) async fn send_reset(tx: &mut Tx<'_>, account: &Account) -> Result<()> {
    let mut credentials: Credentials = tx.fetch_at(Credentials::at(account.id)).await?;
    Link::revoke(tx, credentials.reset_link.take()).await?;
    let link = Link::issue(tx, Purpose::ResetPassword, Some(account.id), Some(account.email.clone()))?;
    credentials.reset_link = Some(link);
    tx.put(&credentials)?;
    tx.send(Letter::ResetPassword { account: account.id, to: account.email.clone(), link });
    tx.happened([thing("account", account.id)], json!({}));
    Ok(())
}

/// Chooses a new password by a link. Every session and token ends; a second factor stays.
pub struct ResetPassword {
    token: Secret,
    password: Secret,
    hashed: OnceCell<String>,
}

impl ResetPassword {
    /// Chooses this password by the link with this token.
    #[must_use]
    pub fn new(token: Secret, password: Secret) -> Self {
        Self { token, password, hashed: OnceCell::new() }
    }
}

impl Operation for ResetPassword {
    type Output = ();
    const ACTION: Action = Action::ResetPassword;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        let link = Link::redeem(tx, Purpose::ResetPassword, &self.token).await?;
        let account: Account = tx.fetch_at(Account::at(link.account.ok_or(Error::NotFound)?)).await?;
        let mut credentials: Credentials = tx.fetch_at(Credentials::at(account.id)).await?;
        if !account.state.can_sign_in() {
            return Err(Error::not_now("cannot_sign_in", "This account cannot sign in."));
        }
        credentials.reset_link = None;
        set_password(tx, &account, &mut credentials, "password", &self.password, &self.hashed).await?;
        end_everything(tx, account.id).await?;
        // Read and written again, so that a sign-in at this very moment finds that it must look once more.
        tx.put(&account)?;
        tx.put(&credentials)?;
        tx.happened([thing("account", account.id)], json!({}));
        Ok(())
    }
}
