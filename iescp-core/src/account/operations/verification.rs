//! Proving an address, and changing it: the new one counts once the link sent there is followed.

use crate::{
    Error, Operation, Result, Secret, Tx,
    account::{Account, Credentials, Link, Purpose},
    event::thing,
    id::AccountId,
    notification::Notice,
    outbox::Letter,
    policy::{Action, Subject},
    session::attempts::Bucket,
    value::{Email, Form},
};
use serde_json::json;

/// Sends a link to the address that waits to be proven; the link before it ends. Too many letters to one address: none is sent.
///
/// Whether another account has proven that address is looked up when the letter leaves, and its owner is told instead: here
/// everything is the same either way (S-07).
pub(super) async fn ask_to_verify(tx: &mut Tx<'_>, account: &Account, credentials: &mut Credentials) -> Result<()> {
    let address = account.new_email.as_ref().unwrap_or(&account.email);
    let folded = address.folded();
    if !Bucket::letters_to(tx, &folded).take_if_free(tx).await? {
        return Ok(());
    }
    Link::revoke(tx, credentials.verify_link.take()).await?;
    let link = Link::issue(tx, Purpose::VerifyEmail, Some(account.id), Some(address.clone()))?;
    credentials.verify_link = Some(link);
    tx.send(Letter::VerifyEmail { account: account.id, to: address.clone(), link });
    Ok(())
}

/// Sends the link that proves the address once more.
#[derive(Clone, Copy, Debug, Default)]
pub struct SendVerification;

impl Operation for SendVerification {
    type Output = ();
    const ACTION: Action = Action::SendVerification;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let me = tx.me()?.clone();
        tx.allow(&me.subject())?;
        if me.email_verified && me.new_email.is_none() {
            return Err(Error::not_now("already_verified", "Your address is proven already."));
        }
        let mut credentials: Credentials = tx.fetch_at(Credentials::at(me.id)).await?;
        ask_to_verify(tx, &me, &mut credentials).await?;
        tx.put(&credentials)?;
        tx.happened([thing("account", me.id)], json!({}));
        Ok(())
    }
}

/// Asks for another address. Needs the password given a short while ago; the old address is warned.
#[derive(Clone, Debug)]
pub struct ChangeEmail {
    /// The new address.
    pub email: String,
}

impl Operation for ChangeEmail {
    type Output = ();
    const ACTION: Action = Action::ChangeEmail;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut me = tx.me()?.clone();
        tx.allow(&me.subject())?;
        tx.require_fresh()?;
        let mut form = Form::default();
        let email = form.take("email", Email::parse(&self.email));
        form.finish()?;
        if email.folded() == me.email.folded() {
            return Err(Error::not_now("same_email", "This is your address already."));
        }
        me.new_email = Some(email);
        let mut credentials: Credentials = tx.fetch_at(Credentials::at(me.id)).await?;
        ask_to_verify(tx, &me, &mut credentials).await?;
        me.warn(tx, "Somebody asked to replace the address of your account by another. It stays until the new one is proven.");
        tx.put(&credentials)?;
        tx.put(&me)?;
        tx.happened([thing("account", me.id)], json!({}));
        Ok(())
    }
}

/// Follows a link that proves an address.
#[derive(Clone, Debug)]
pub struct VerifyEmail {
    /// The link's token.
    pub token: Secret,
}

impl Operation for VerifyEmail {
    type Output = ();
    const ACTION: Action = Action::VerifyEmail;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        let link = Link::redeem(tx, Purpose::VerifyEmail, &self.token).await?;
        let (Some(account), Some(email)) = (link.account, link.email) else { return Err(Error::NotFound) };
        let mut account: Account = tx.fetch_at(Account::at(account)).await?;
        let mut credentials: Credentials = tx.fetch_at(Credentials::at(account.id)).await?;
        // Whoever holds this link reads the mail of that address, so they may know whose it is.
        let owner = tx.led_to::<AccountId>(Account::by_email(&email.folded())).await?;
        if owner.is_some_and(|owner| owner != account.id) {
            return Err(Error::taken("email", "Another account has proven this address meanwhile."));
        }
        let replaces = account.email.folded() != email.folded();
        if replaces {
            account.warn(tx, "The address of your account was replaced by another.");
            tx.tell(account.id, Notice::SecurityChanged, thing("account", account.id), json!({ "what": "email" }));
            // A reset link that lies in the old mailbox must not open the account any more.
            Link::revoke(tx, credentials.reset_link.take()).await?;
        }
        account.email = email;
        account.new_email = None;
        account.email_verified = true;
        credentials.verify_link = None;
        tx.put(&account)?;
        tx.put(&credentials)?;
        tx.happened([thing("account", account.id)], json!({ "replaced": replaces }));
        Ok(())
    }
}
