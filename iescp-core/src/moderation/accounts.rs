//! What admins do to accounts. The person is told of everything that touches them (S-66), but not that somebody looks at them
//! (under review is for admins alone).
//!
//! **Not here**: abuse reports, disputes, flags on campaigns; setting anybody's password, which no admin can (S-10).

mod care;
mod standing;
mod view;

pub use care::{EndSessionsOf, StartPasswordReset, VerifySponsor};
pub(super) use standing::suspend;
pub use standing::{ApproveSponsor, FlagAccount, PutUnderReview, RejectSponsor, UnflagAccount};
pub use view::{AccountForAdmins, AccountSummary, ListAccounts, ViewAccount};

use crate::{
    Error, Result, Tx,
    account::{Account, AccountState, Role},
    event::thing,
    id::AccountId,
    notification::Notice,
    value::{Form, Prose},
};
use serde_json::{Value, json};

/// The account an admin acts on.
async fn fetch(tx: &mut Tx<'_>, id: AccountId) -> Result<Account> {
    let account: Option<Account> = tx.get_at(Account::at(id)).await?;
    let subject = account.as_ref().map_or(crate::policy::Subject::of(id), Account::subject);
    tx.allow(&subject)?;
    account.ok_or(Error::NotFound)
}

/// A sponsor an admin acts on.
async fn fetch_sponsor(tx: &mut Tx<'_>, id: AccountId) -> Result<Account> {
    let account = fetch(tx, id).await?;
    if account.role == Role::Sponsor { Ok(account) } else { Err(Error::not_now("no_sponsor", "This account is no sponsor's.")) }
}

/// Moves an account to another state, if the table of states leads there.
fn set_state(tx: &mut Tx<'_>, account: &mut Account, to: AccountState, reason: Option<String>) -> Result<()> {
    let from = account.state;
    if !from.leads_to(to) {
        let why = format!("This account is {}, so it cannot become {}.", from.word(), to.word());
        return Err(Error::not_now("wrong_state", why));
    }
    account.state = to;
    account.state_reason = reason;
    tx.put(account)?;
    tx.happened([thing("account", account.id)], json!({ "from": from.word(), "to": to.word() }));
    Ok(())
}

/// Tells the person.
fn tell(tx: &mut Tx<'_>, account: AccountId, notice: Notice, detail: Value) {
    tx.tell(account, notice, thing("account", account), detail);
}

/// A reason that must be given.
fn parse_reason(reason: &str) -> Result<String> {
    let mut form = Form::default();
    let reason: Prose<1000> = form.prose_said("reason", reason);
    form.finish()?;
    Ok(reason.to_string())
}
