//! Settling to whom a letter goes, at the moment it leaves.

use super::Letter;
use crate::{
    Operation, Result, Tx,
    account::{Account, Link, Purpose},
    id::{AccountId, LinkId},
    policy::{Action, Subject},
    value::{Email, Username},
};

/// Settles to whom a letter goes: the worker's, when it writes it. None if the letter is out of date: its link was used,
/// replaced or has ended, or the address is no longer that account's.
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
}

impl Operation for AddressLetter {
    type Output = Option<Addressee>;
    const ACTION: Action = Action::AddressLetter;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Output> {
        tx.allow(&Subject::PLATFORM)?;
        let (Letter::VerifyEmail { account, .. }
        | Letter::ResetPassword { account, .. }
        | Letter::AlreadyRegistered { account, .. }
        | Letter::Security { account, .. }
        | Letter::Notice { account, .. }) = &self.letter;
        let Some(account) = tx.peek_at::<Account>(Account::at(*account)).await? else { return Ok(None) };
        let to = match &self.letter {
            Letter::VerifyEmail { to, link, .. } => opens(tx, *link, Purpose::VerifyEmail, to).await?.then_some(to),
            Letter::ResetPassword { to, link, .. } if account.state.can_sign_in() => {
                opens(tx, *link, Purpose::ResetPassword, to).await?.then_some(to)
            }
            Letter::ResetPassword { .. } => None,
            Letter::AlreadyRegistered { to, .. } => {
                let owner = tx.led_to::<AccountId>(Account::by_email(&to.folded())).await?;
                (owner == Some(account.id)).then_some(to)
            }
            // Whoever was warned of is told where they were when it happened, whatever the address is by now.
            Letter::Security { to, .. } => Some(to),
            Letter::Notice { .. } => Some(&account.email).filter(|_| account.email_verified && account.state.can_sign_in()),
        };
        Ok(to.cloned().map(|to| Addressee { to, username: account.username }))
    }
}

/// Whether a link still opens what it was made for, and was made for this address.
async fn opens(tx: &mut Tx<'_>, link: LinkId, purpose: Purpose, to: &Email) -> Result<bool> {
    let link = tx.peek_at::<Link>(Link::at(link)).await?;
    let now = tx.now();
    Ok(link.is_some_and(|link| link.purpose == purpose && link.email.as_ref() == Some(to) && now < link.expires_at))
}
