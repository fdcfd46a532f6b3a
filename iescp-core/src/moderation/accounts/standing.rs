//! Whether somebody may take part: approval of sponsors, flags, and the quiet mark "under review".

use super::{AccountSummary, fetch, fetch_sponsor, parse_reason, set_state, tell};
use crate::{
    Error, Operation, Result, Tx,
    account::{Account, AccountState, Role, spare_admins},
    event::thing,
    id::AccountId,
    notification::Notice,
    policy::Action,
    session::end_everything,
};
use serde_json::json;

/// Approves a sponsor who waits.
#[derive(Clone, Debug)]
pub struct ApproveSponsor {
    /// The sponsor.
    pub account: AccountId,
}

impl Operation for ApproveSponsor {
    type Output = AccountSummary;
    const ACTION: Action = Action::ApproveSponsor;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<AccountSummary> {
        let mut account = fetch_sponsor(tx, self.account).await?;
        if account.state != AccountState::Pending {
            return Err(Error::not_now("not_pending", "This sponsor does not wait for approval."));
        }
        set_state(tx, &mut account, AccountState::Active, None)?;
        tell(tx, account.id, Notice::Approved, json!({}));
        Ok(account.into())
    }
}

/// Turns a sponsor down who waits; they may apply again.
#[derive(Clone, Debug)]
pub struct RejectSponsor {
    /// The sponsor.
    pub account: AccountId,
    /// Why; the sponsor reads it.
    pub reason: String,
}

impl Operation for RejectSponsor {
    type Output = AccountSummary;
    const ACTION: Action = Action::RejectSponsor;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<AccountSummary> {
        let mut account = fetch_sponsor(tx, self.account).await?;
        let reason = parse_reason(&self.reason)?;
        set_state(tx, &mut account, AccountState::Rejected, Some(reason))?;
        tell(tx, account.id, Notice::NotApproved, json!({}));
        Ok(account.into())
    }
}

/// Suspends an account: every session and token of it ends in this commit (S-16). The last active admin stays.
#[derive(Clone, Debug)]
pub struct FlagAccount {
    /// The account.
    pub account: AccountId,
    /// Why.
    pub reason: String,
}

impl Operation for FlagAccount {
    type Output = AccountSummary;
    const ACTION: Action = Action::FlagAccount;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<AccountSummary> {
        let account = fetch(tx, self.account).await?;
        let reason = parse_reason(&self.reason)?;
        suspend(tx, account, reason).await
    }
}

/// Suspends an account, within an operation that was allowed to.
///
/// # Errors
/// If its state does not lead there. That it is the last active admin is found out when the run lands.
pub(in crate::moderation) async fn suspend(tx: &mut Tx<'_>, mut account: Account, reason: String) -> Result<AccountSummary> {
    if account.role == Role::Admin {
        let why = "This is the last active admin, who cannot be suspended.";
        tx.on_guard(spare_admins(), Error::not_now("last_admin", why));
    }
    set_state(tx, &mut account, AccountState::Suspended, Some(reason))?;
    end_everything(tx, account.id).await?;
    tell(tx, account.id, Notice::AccountTouched, json!({ "what": "suspended" }));
    account.warn(tx, "An admin suspended your account. While that lasts, nobody can sign in with it.");
    Ok(account.into())
}

/// Ends a suspension.
#[derive(Clone, Debug)]
pub struct UnflagAccount {
    /// The account.
    pub account: AccountId,
}

impl Operation for UnflagAccount {
    type Output = AccountSummary;
    const ACTION: Action = Action::UnflagAccount;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<AccountSummary> {
        let mut account = fetch(tx, self.account).await?;
        if account.state != AccountState::Suspended {
            return Err(Error::not_now("not_suspended", "This account is not suspended."));
        }
        set_state(tx, &mut account, AccountState::Active, None)?;
        tell(tx, account.id, Notice::AccountTouched, json!({ "what": "reinstated" }));
        account.warn(tx, "An admin lifted the suspension of your account. You can sign in again.");
        Ok(account.into())
    }
}

/// Marks an account as looked at, or takes the mark away. Only admins see it.
#[derive(Clone, Debug)]
pub struct PutUnderReview {
    /// The account.
    pub account: AccountId,
    /// Whether it is to be marked.
    pub on: bool,
}

impl Operation for PutUnderReview {
    type Output = AccountSummary;
    const ACTION: Action = Action::PutUnderReview;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<AccountSummary> {
        let mut account = fetch(tx, self.account).await?;
        if account.under_review == self.on {
            return Ok(account.into());
        }
        account.under_review = self.on;
        tx.put(&account)?;
        tx.happened([thing("account", account.id)], json!({ "under_review": self.on }));
        Ok(account.into())
    }
}
