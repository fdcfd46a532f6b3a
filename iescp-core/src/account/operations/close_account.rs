//! Closing one's account for good. Refused while money or work remains, which is listed.
//!
//! What proves who somebody is goes, and so does what a profile says beyond a name; the account itself, its name and what it
//! agreed to stay, for those it dealt with and for the audit trail. User name and address are free for others again.

use crate::{
    Error, Operation, Refusal, Result, Tx,
    account::{Account, AccountState, Credentials, Influencer, InfluencerInput, Link, Role, Sponsor, SponsorInput, spare_admins},
    event::thing,
    ledger,
    picture::Picture,
    policy::Action,
    session::end_everything,
    value::Form,
};
use serde_json::json;

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
        me.warn(tx, "Your account was closed.");
        let from = me.state.word();
        me.state = AccountState::Closed;
        me.new_email = None;
        Picture::drop(tx, me.picture.take()).await?;
        tx.put(&me)?;
        tx.happened([thing("account", me.id)], json!({ "from": from, "to": me.state.word() }));
        Ok(())
    }
}

/// Leaves nothing of a profile but the name others know it by.
async fn forget_profile(tx: &mut Tx<'_>, me: &Account) -> Result<()> {
    let mut form = Form::default();
    match me.role {
        Role::Influencer => {
            let Some(profile) = tx.get_at::<Influencer>(Influencer::at(me.id)).await? else { return Ok(()) };
            let display_name = profile.display_name.to_string();
            tx.put(&InfluencerInput { display_name, ..InfluencerInput::default() }.parse(&mut form, me.id))
        }
        Role::Sponsor => {
            let Some(profile) = tx.get_at::<Sponsor>(Sponsor::at(me.id)).await? else { return Ok(()) };
            let company = profile.company.to_string();
            tx.put(&SponsorInput { company, ..SponsorInput::default() }.parse(&mut form, me.id, None))
        }
        Role::Admin => Ok(()),
    }
}
