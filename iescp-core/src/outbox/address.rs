//! Settling to whom a letter goes, at the moment it leaves.

use super::Letter;
use crate::{
    Operation, Result, Tx,
    account::{Account, Link, Purpose, open_by_address},
    id::AccountId,
    policy::{Action, Subject},
    value::{Email, Username},
};

/// Settles to whom a letter goes, and which: the worker's, when it writes it. None if it is out of date: its link was used,
/// replaced or has ended, or the address is no longer that account's, or never was anybody's.
///
/// Only a letter that asks to prove an address goes to one that is not proven.
#[derive(Clone, Debug)]
pub struct AddressLetter {
    /// The letter.
    pub letter: Letter,
}

/// To whom a letter goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// The address.
    pub to: Email,
    /// The account's user name.
    pub username: Username,
    /// What is written: the letter itself, or what it comes to now that it is known whose address that is.
    pub letter: Letter,
}

impl Operation for AddressLetter {
    type Output = Option<Addressee>;
    const ACTION: Action = Action::AddressLetter;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Output> {
        tx.allow(&Subject::PLATFORM)?;
        match &self.letter {
            Letter::VerifyEmail { account, to, link } => {
                if Link::find(tx, *link, Purpose::VerifyEmail, to).await?.is_none() {
                    return Ok(None);
                }
                let owner = tx.led_to::<AccountId>(Account::by_email(&to.folded())).await?;
                match owner.filter(|owner| owner != account) {
                    Some(account) => goes(tx, account, to, Letter::AlreadyRegistered { account, to: to.clone() }).await,
                    None => goes(tx, *account, to, self.letter.clone()).await,
                }
            }
            Letter::ForgotPassword { to, link } => {
                let account = open_by_address(tx, to, *link).await?;
                Ok(account.map(|account| {
                    let letter = Letter::ResetPassword { account: account.id, to: to.clone(), link: *link };
                    Addressee { to: account.email, username: account.username, letter }
                }))
            }
            Letter::ResetPassword { account, to, link } => {
                let opens = Link::find(tx, *link, Purpose::ResetPassword, to).await?.is_some();
                if !opens || !peek(tx, *account).await?.is_some_and(|account| account.state.can_sign_in()) {
                    return Ok(None);
                }
                goes(tx, *account, to, self.letter.clone()).await
            }
            Letter::AlreadyRegistered { account, to } => {
                let owner = tx.led_to::<AccountId>(Account::by_email(&to.folded())).await?;
                if owner != Some(*account) {
                    return Ok(None);
                }
                goes(tx, *account, to, self.letter.clone()).await
            }
            // Whoever was warned of is told where they were when it happened, whatever the address is by now.
            Letter::Security { account, to, .. } => goes(tx, *account, to, self.letter.clone()).await,
            Letter::MakeExport { .. } => Ok(None),
            Letter::Notice { account, .. } => match peek(tx, *account).await? {
                Some(told) if told.email_verified && told.state.can_sign_in() => {
                    goes(tx, *account, &told.email, self.letter.clone()).await
                }
                _ => Ok(None),
            },
        }
    }
}

async fn peek(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<Account>> {
    tx.peek_at(Account::at(account)).await
}

async fn goes(tx: &mut Tx<'_>, account: AccountId, to: &Email, letter: Letter) -> Result<Option<Addressee>> {
    let account = peek(tx, account).await?;
    Ok(account.map(|account| Addressee { to: to.clone(), username: account.username, letter }))
}
