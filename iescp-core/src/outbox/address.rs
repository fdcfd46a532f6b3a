//! Settling to whom a letter goes, at the moment it leaves.
//!
//! What the person chose until then counts, and what became of them: mails of a suspended or closed account die here (S-16), those
//! that keep an account safe excepted.

use super::{Letter, Told};
use crate::{
    Operation, Result, Tx,
    account::{Account, Link, Purpose, open_by_address},
    id::{AccountId, NotificationId},
    notification::{Notice, Notification, Preferences, wants},
    policy::{Action, Subject},
    request::{Request, RequestState},
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
#[derive(Clone, Debug, PartialEq)]
pub struct Addressee {
    /// The address.
    pub to: Email,
    /// The account's user name.
    pub username: Username,
    /// The account.
    pub account: AccountId,
    /// What is written: the letter itself, or what it comes to now that it is known whose address that is.
    pub letter: Letter,
    /// What a notice tells.
    pub told: Option<Told>,
}

impl Operation for AddressLetter {
    type Output = Option<Addressee>;
    const ACTION: Action = Action::AddressLetter;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Output> {
        tx.allow(&Subject::PLATFORM)?;
        address(tx, &self.letter).await
    }
}

async fn address(tx: &mut Tx<'_>, letter: &Letter) -> Result<Option<Addressee>> {
    match letter {
        Letter::VerifyEmail { account, to, link } => {
            if Link::find(tx, *link, Purpose::VerifyEmail, to).await?.is_none() {
                return Ok(None);
            }
            let owner = tx.led_to::<AccountId>(Account::by_email(&to.folded())).await?;
            match owner.filter(|owner| owner != account) {
                Some(account) => goes(tx, account, to, Letter::AlreadyRegistered { account, to: to.clone() }).await,
                None => goes(tx, *account, to, letter.clone()).await,
            }
        }
        Letter::ForgotPassword { to, link } => {
            let account = open_by_address(tx, to, *link).await?;
            Ok(account.map(|account| {
                let letter = Letter::ResetPassword { account: account.id, to: to.clone(), link: *link };
                Addressee { to: account.email, username: account.username, account: account.id, letter, told: None }
            }))
        }
        Letter::ResetPassword { account, to, link } => {
            let opens = Link::find(tx, *link, Purpose::ResetPassword, to).await?.is_some();
            if !opens || !peek(tx, *account).await?.is_some_and(|account| account.state.can_sign_in()) {
                return Ok(None);
            }
            goes(tx, *account, to, letter.clone()).await
        }
        Letter::AlreadyRegistered { account, to } => {
            let owner = tx.led_to::<AccountId>(Account::by_email(&to.folded())).await?;
            if owner != Some(*account) {
                return Ok(None);
            }
            goes(tx, *account, to, letter.clone()).await
        }
        // Whoever was warned of is told where they were when it happened, whatever the address is by now.
        Letter::Security { account, to, .. } => goes(tx, *account, to, letter.clone()).await,
        // They go to nobody's address: the worker makes jobs of their own of them.
        Letter::MakeExport { .. } | Letter::Chat { .. } => Ok(None),
        Letter::Notice { account, notice, notification } => about(tx, *account, *notice, *notification, letter).await,
    }
}

/// A mail about a notification: to a proven address, of a topic that is still switched on, about something that is still so.
async fn about(
    tx: &mut Tx<'_>,
    account: AccountId,
    notice: Notice,
    notification: NotificationId,
    letter: &Letter,
) -> Result<Option<Addressee>> {
    tx.load(&[Account::at(account), Preferences::at(account), Notification::at(account, notification)]).await?;
    let Some(account) = reachable(tx, account).await? else { return Ok(None) };
    if !wants(tx, account.id, notice.topic()).await? {
        return Ok(None);
    }
    let told: Option<Notification> = tx.peek_at(Notification::at(account.id, notification)).await?;
    let Some(notification) = told else { return Ok(None) };
    if is_over(tx, &notification).await? {
        return Ok(None);
    }
    let told = Some(Told::of(tx, &account, notification).await?);
    Ok(Some(Addressee { to: account.email, username: account.username, account: account.id, letter: letter.clone(), told }))
}

/// The account, if mails other than those that keep it safe reach it.
async fn reachable(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<Account>> {
    Ok(peek(tx, account).await?.filter(|account| account.email_verified && account.state.can_sign_in()))
}

/// Whether what was told is no news any more: a message that was read meanwhile, or an invitation that was withdrawn, of which
/// nothing may be told, as its campaign may be a private one.
pub(crate) async fn is_over(tx: &mut Tx<'_>, told: &Notification) -> Result<bool> {
    match told.notice {
        Notice::MessageReceived => Ok(told.read_at.is_some()),
        Notice::InvitationReceived => {
            let request: Option<Request> = tx.peek_at(Request::at(told.about.id.into())).await?;
            Ok(request.is_none_or(|request| matches!(request.state, RequestState::Withdrawn)))
        }
        _ => Ok(false),
    }
}

async fn peek(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<Account>> {
    tx.peek_at(Account::at(account)).await
}

async fn goes(tx: &mut Tx<'_>, account: AccountId, to: &Email, letter: Letter) -> Result<Option<Addressee>> {
    let account = peek(tx, account).await?;
    Ok(account.map(|account| Addressee { to: to.clone(), username: account.username, account: account.id, letter, told: None }))
}
