//! Closing one's account for good. Refused while money or work remains, which is listed.
//!
//! What proves who somebody is goes at once, with their names, address and profile; [`Erasure`] takes away the rest. The account
//! itself stays, as [`CLOSED_NAME`], and with it what others were part of: agreements, messages, reviews, the ledger, the audit
//! trail. User name and address are free for others again.

use crate::{
    Error, Operation, Refusal, Result, Tx,
    account::{
        Account, AccountState, CLOSED_NAME, Credentials, Erasure, Influencer, InfluencerInput, Link, Role, Sponsor, SponsorInput,
        spare_admins,
    },
    chat::Chat,
    event::thing,
    ledger::{self, Remaining},
    notification::Preferences,
    picture::Picture,
    policy::Action,
    report::Reminded,
    session::end_everything,
    value::{Email, Form, Username},
};
use serde_json::json;

/// Shows what keeps the account that asks from being closed; nothing, if nothing does.
#[derive(Clone, Copy, Debug, Default)]
pub struct ViewClosing;

impl Operation for ViewClosing {
    type Output = Vec<Remaining>;
    const ACTION: Action = Action::ViewClosing;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Remaining>> {
        let me = tx.me()?.clone();
        tx.allow(&me.subject())?;
        ledger::remaining(tx, me.id).await
    }
}

/// Closes the account that asks. Needs the password given a short while ago.
#[derive(Clone, Copy, Debug, Default)]
pub struct CloseAccount;

impl Operation for CloseAccount {
    type Output = ();
    const ACTION: Action = Action::CloseAccount;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut me = tx.me()?.clone();
        tx.allow(&me.subject())?;
        tx.require_fresh()?;
        if !me.state.leads_to(AccountState::Closed) {
            let why = format!("An account that is {} cannot be closed.", me.state.word());
            return Err(Error::not_now("wrong_state", why));
        }
        let remaining = ledger::remaining(tx, me.id).await?;
        if !remaining.is_empty() {
            let currency = tx.settings().currency;
            let remaining: Vec<String> = remaining.iter().map(|one| one.sentence(currency)).collect();
            let why = format!("Your account cannot be closed yet. {}", remaining.join(" "));
            return Err(Error::NotNow(Refusal { code: "remaining", why, current: Some(json!({ "remaining": remaining })) }));
        }
        if me.role == Role::Admin {
            tx.on_guard(spare_admins(), Error::not_now("last_admin", "You are the last active admin, who cannot leave."));
        }
        end_everything(tx, me.id).await?;
        if let Some(credentials) = tx.get_at::<Credentials>(Credentials::at(me.id)).await? {
            Link::revoke(tx, credentials.reset_link).await?;
            Link::revoke(tx, credentials.verify_link).await?;
            tx.remove(&credentials)?;
        }
        forget_profile(tx, &me).await?;
        forget(tx, &me).await?;
        me.warn(tx, &format!("Your account {} was closed.", &*me.username));
        let from = me.state.word();
        Picture::drop(tx, me.picture.take()).await?;
        tx.put(&nameless(me.clone())?)?;
        tx.put(&Erasure::begun(me.id, tx.now()))?;
        tx.happened([thing("account", me.id)], json!({ "from": from, "to": AccountState::Closed.word() }));
        Ok(())
    }
}

/// The account without anything that says whose it was. Its number in V2 stays, by which a second import knows it.
fn nameless(me: Account) -> Result<Account> {
    let id = me.id.0.simple().to_string();
    let name = format!("closed-{}", id.get(20..).unwrap_or(&id));
    let unnameable = |wrong| Error::Corrupt(format!("a closed account cannot be named: {wrong:?}"));
    Ok(Account {
        username: Username::parse(&name).map_err(unnameable)?,
        email: Email::parse(&format!("{name}@closed.invalid")).map_err(unnameable)?,
        new_email: None,
        email_verified: false,
        state: AccountState::Closed,
        state_reason: None,
        last_login_at: None,
        ..me
    })
}

/// Forgets what they chose.
async fn forget(tx: &mut Tx<'_>, me: &Account) -> Result<()> {
    if let Some(chosen) = tx.get_at::<Preferences>(Preferences::at(me.id)).await? {
        tx.remove(&chosen)?;
    }
    if let Some(chat) = tx.get_at::<Chat>(Chat::at(me.id)).await? {
        tx.remove(&chat)?;
    }
    if let Some(reminded) = tx.get_at::<Reminded>(Reminded::at(me.id)).await? {
        tx.remove(&reminded)?;
    }
    Ok(())
}

/// Leaves nothing of a profile but that there was one.
async fn forget_profile(tx: &mut Tx<'_>, me: &Account) -> Result<()> {
    let (mut form, name) = (Form::default(), CLOSED_NAME.to_owned());
    match me.role {
        Role::Influencer => {
            let Some(_) = tx.get_at::<Influencer>(Influencer::at(me.id)).await? else { return Ok(()) };
            tx.put(&InfluencerInput { display_name: name, ..InfluencerInput::default() }.parse(&mut form, me.id))
        }
        Role::Sponsor => {
            let Some(_) = tx.get_at::<Sponsor>(Sponsor::at(me.id)).await? else { return Ok(()) };
            tx.put(&SponsorInput { company: name, ..SponsorInput::default() }.parse(&mut form, me.id, None))
        }
        Role::Admin => Ok(()),
    }
}
