//! What else admins do to accounts: the verified mark, ending sessions, starting a reset of the password.

use super::{AccountSummary, fetch, fetch_sponsor, tell};
use crate::{
    Error, Operation, Result, Tx,
    account::{Sponsor, Verified, send_reset},
    event::thing,
    id::AccountId,
    notification::Notice,
    policy::Action,
    session::end_sessions,
    value::Form,
};
use serde_json::json;

/// Marks a sponsor as checked, or takes the mark away.
#[derive(Clone, Debug)]
pub struct VerifySponsor {
    /// The sponsor.
    pub account: AccountId,
    /// What was checked, such as an entry in a register: 1 to 200 characters. None takes the mark away.
    pub checked: Option<String>,
}

impl Operation for VerifySponsor {
    type Output = AccountSummary;
    const ACTION: Action = Action::VerifySponsor;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<AccountSummary> {
        let account = fetch_sponsor(tx, self.account).await?;
        let mut form = Form::default();
        let checked = self.checked.as_deref().map(|checked| form.line("checked", checked));
        form.finish()?;
        let (by, at) = (tx.my_id()?, tx.now());
        let mut profile: Sponsor = tx.fetch_at(Sponsor::at(account.id)).await?;
        profile.verified = checked.map(|checked| Verified { by, at, checked });
        tx.put(&profile)?;
        tell(
            tx,
            account.id,
            Notice::AccountTouched,
            json!({ "what": if profile.verified.is_some() { "verified" } else { "unverified" } }),
        );
        account.warn(
            tx,
            match profile.verified {
                Some(_) => "An admin checked your company: your profile now carries the verified mark.",
                None => "An admin took the verified mark off your profile.",
            },
        );
        tx.happened([thing("account", account.id)], json!({ "verified": profile.verified.is_some() }));
        Ok(account.into())
    }
}

/// Ends every session of an account; it can sign in again (S-17).
#[derive(Clone, Copy, Debug)]
pub struct EndSessionsOf {
    /// The account.
    pub account: AccountId,
}

impl Operation for EndSessionsOf {
    type Output = ();
    const ACTION: Action = Action::EndSessionsOf;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let account = fetch(tx, self.account).await?;
        let ended = end_sessions(tx, account.id, None).await?;
        tell(tx, account.id, Notice::AccountTouched, json!({ "what": "sessions_ended" }));
        account.warn(tx, "An admin ended all your sessions. You can sign in again.");
        tx.happened([thing("account", account.id)], json!({ "sessions_ended": ended }));
        Ok(())
    }
}

/// Sends somebody the link to choose a new password. The admin learns neither the link nor the password (S-10).
#[derive(Clone, Copy, Debug)]
pub struct StartPasswordReset {
    /// The account.
    pub account: AccountId,
}

impl Operation for StartPasswordReset {
    type Output = ();
    const ACTION: Action = Action::StartPasswordReset;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let account = fetch(tx, self.account).await?;
        if !account.email_verified {
            return Err(Error::not_now(
                "unproven_email",
                "This account has not proven its address, so no link can be sent there.",
            ));
        }
        if !account.state.can_sign_in() {
            return Err(Error::not_now("cannot_sign_in", "This account cannot sign in."));
        }
        send_reset(tx, &account).await?;
        tell(tx, account.id, Notice::AccountTouched, json!({ "what": "password_reset_started" }));
        Ok(())
    }
}
