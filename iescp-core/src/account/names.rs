//! What accounts are called, and who the admins are.

use super::{Account, AccountState, Influencer, Role, Sponsor};
use crate::{
    PageRequest, Result, Tx,
    id::AccountId,
    store::{Key, keys::list},
};

/// What an account is called: the name of its profile, or its user name.
///
/// # Errors
/// If the store fails.
pub async fn name_of(tx: &mut Tx<'_>, account: AccountId) -> Result<String> {
    tx.load(&name_keys(account)).await?;
    if let Some(profile) = tx.peek_at::<Influencer>(Influencer::at(account)).await? {
        return Ok(profile.display_name.to_string());
    }
    if let Some(profile) = tx.peek_at::<Sponsor>(Sponsor::at(account)).await? {
        return Ok(profile.company.to_string());
    }
    let account: Option<Account> = tx.peek_at(Account::at(account)).await?;
    Ok(account.map(|account| account.username.to_string()).unwrap_or_default())
}

/// What [`name_of`] reads: to be loaded for many in one round trip.
#[must_use]
pub(crate) fn name_keys(account: AccountId) -> [Key; 3] {
    [Account::at(account), Influencer::at(account), Sponsor::at(account)]
}

/// The active admins; at most a hundred are told of anything.
///
/// # Errors
/// If the store fails.
pub async fn admins(tx: &mut Tx<'_>) -> Result<Vec<AccountId>> {
    let of = list("accounts-of-role-in-state").word(Role::Admin.word()).word(AccountState::Active.word());
    let page = tx.page_of_ids(of, &PageRequest::new(PageRequest::MOST, None)).await?;
    Ok(page.items.into_iter().map(AccountId).collect())
}
