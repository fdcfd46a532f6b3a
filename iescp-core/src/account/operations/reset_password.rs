//! Choosing a new password by a link, for those who forgot theirs (S-09).
//!
//! Asking is the same work whether there is such an account or not (S-07): a link that opens nothing yet, and one letter. Whose
//! address it is, is looked up when the letter leaves ([`open_by_address`]); only proven ones get it. A newer link ends the one
//! before, and so does a change of the password.

use super::change_password::set_password;
use crate::{
    Error, Operation, Result, Secret, Tx,
    account::{Account, Credentials, Link, Purpose},
    event::thing,
    id::{AccountId, LinkId},
    outbox::Letter,
    policy::{Action, Subject},
    session::{attempts::Bucket, end_everything},
    value::{Email, Form},
};
use serde_json::json;
use tokio::sync::OnceCell;

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
        let email = form.take("email", Email::parse(&self.email));
        form.finish()?;
        if let Some(bucket) = Bucket::letters_from(tx) {
            bucket.take(tx).await?;
        }
        let link = Link::issue(tx, Purpose::ResetPassword, None, Some(email.clone()))?;
        if Bucket::letters_to(tx, &email.folded()).take_if_free(tx).await? {
            tx.send(Letter::ForgotPassword { to: email, link });
        }
        tx.happened([thing("link", link)], json!({}));
        Ok(())
    }
}

/// Lets a link that somebody asked for by an address open the account whose address that is by now: the letter is about to
/// leave. None if it is nobody's, or not proven, or the account cannot sign in, or the link is over or was replaced by a newer.
pub(crate) async fn open_by_address(tx: &mut Tx<'_>, to: &Email, link: LinkId) -> Result<Option<Account>> {
    let Some(mut link) = Link::find(tx, link, Purpose::ResetPassword, to).await? else { return Ok(None) };
    let Some(owner) = tx.led_to::<AccountId>(Account::by_email(&to.folded())).await? else { return Ok(None) };
    let account: Account = tx.fetch_at(Account::at(owner)).await?;
    let mut credentials: Credentials = tx.fetch_at(Credentials::at(owner)).await?;
    if !account.state.can_sign_in() || credentials.reset_link > Some(link.id) {
        return Ok(None);
    }
    if link.account == Some(owner) {
        return Ok(Some(account));
    }
    Link::revoke(tx, credentials.reset_link.replace(link.id)).await?;
    link.account = Some(owner);
    tx.put(&link)?;
    tx.put(&credentials)?;
    tx.happened([thing("account", owner), thing("link", link.id)], json!({}));
    Ok(Some(account))
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
