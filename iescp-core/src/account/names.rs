//! What accounts are called, and who the admins are.

use super::{Account, AccountState, Influencer, Role, Sponsor};
use crate::{
    PageRequest, Result, Tx,
    id::{AccountId, PictureId},
    policy::SeenBy,
    store::{Key, keys::list},
};
use serde::{Deserialize, Serialize};

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

/// What an account is called, with its user name where that is another: `Lena Hart (@lena)`.
///
/// # Errors
/// If the store fails.
pub(crate) async fn full_name_of(tx: &mut Tx<'_>, account: AccountId) -> Result<String> {
    let name = name_of(tx, account).await?;
    let account: Option<Account> = tx.peek_at(Account::at(account)).await?;
    Ok(match account.map(|account| account.username) {
        Some(username) if !username.eq_ignore_ascii_case(&name) => format!("{name} (@{})", &*username),
        _ => name,
    })
}

/// An account's portrait or logo, where everyone may see it.
///
/// # Errors
/// If the store fails.
pub(crate) async fn picture_of(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<PictureId>> {
    let account: Option<Account> = tx.peek_at(Account::at(account)).await?;
    let account = account.filter(|account| account.profile_subject().seen_by == SeenBy::Everyone);
    Ok(account.and_then(|account| account.picture))
}

/// Something about an account, with what that account is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named<T> {
    /// It.
    pub of: T,
    /// What the account is called: the name of its profile, or its user name.
    pub name: String,
}

/// Names the account that each of these is about, in one round trip.
///
/// # Errors
/// If the store fails.
pub async fn named<T>(tx: &mut Tx<'_>, these: Vec<T>, whose: impl Fn(&T) -> AccountId) -> Result<Vec<Named<T>>> {
    let accounts = these.iter().map(&whose);
    tx.load(&accounts.flat_map(name_keys).collect::<Vec<_>>()).await?;
    let mut named = Vec::with_capacity(these.len());
    for of in these {
        let name = name_of(tx, whose(&of)).await?;
        named.push(Named { of, name });
    }
    Ok(named)
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
