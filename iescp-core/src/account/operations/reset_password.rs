//! Choosing a new password by a link, for those who forgot theirs (S-09).
//!
//! Asking is the same work whether there is such an account or not (S-07): a link that opens nothing yet, and one letter. Whose
//! address it is, is looked up when the letter leaves ([`open_by_address`]); only proven ones get it, and those of accounts that
//! moved in and have no password yet, which prove it by following the link. A newer link ends the one
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
    store::keys::list,
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
    let owner = match tx.led_to::<AccountId>(Account::by_email(&to.folded())).await? {
        Some(owner) => Some(owner),
        None => without_password(tx, to).await?,
    };
    let Some(owner) = owner else { return Ok(None) };
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

/// The newest account that says it has this address, if it moved in and nobody can sign in to it.
async fn without_password(tx: &mut Tx<'_>, address: &Email) -> Result<Option<AccountId>> {
    let mut claims = list("email-claims").word(&address.folded()).range();
    (claims.descending, claims.limit) = (true, 1);
    let claimed = tx.scan(claims).await?.first().and_then(|(key, _)| key.last_id()).map(AccountId);
    let Some(account) = claimed else { return Ok(None) };
    let credentials: Option<Credentials> = tx.get_at(Credentials::at(account)).await?;
    Ok(credentials.filter(|credentials| credentials.hash().is_none()).map(|_| account))
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
        let mut account: Account = tx.fetch_at(Account::at(link.account.ok_or(Error::NotFound)?)).await?;
        let mut credentials: Credentials = tx.fetch_at(Credentials::at(account.id)).await?;
        if !account.state.can_sign_in() {
            return Err(Error::not_now("cannot_sign_in", "This account cannot sign in."));
        }
        credentials.reset_link = None;
        // Whoever follows a link has the address it was sent to.
        let is_its_address = link.email.as_ref() == Some(&account.email);
        if !account.email_verified && is_its_address {
            let taken: Option<AccountId> = tx.led_to(Account::by_email(&account.email.folded())).await?;
            account.email_verified = taken.is_none();
        }
        set_password(tx, &account, &mut credentials, "password", &self.password, &self.hashed).await?;
        end_everything(tx, account.id).await?;
        // Read and written again, so that a sign-in at this very moment finds that it must look once more.
        tx.put(&account)?;
        tx.put(&credentials)?;
        tx.happened([thing("account", account.id)], json!({}));
        Ok(())
    }
}
