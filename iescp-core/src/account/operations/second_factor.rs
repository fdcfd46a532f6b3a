//! Turning the second factor on and off (S-11). Each needs the password given a short while ago (S-18).

use crate::{
    Actor, Error, Operation, Platform, Result, Secret, Tx,
    account::{
        Account, Credentials,
        second_factor::{SecondFactor, new_recovery_codes, new_seed, step_of},
    },
    event::thing,
    notification::Notice,
    policy::Action,
    session::{
        attempts::{Bucket, give_back},
        proof,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What a program that shows codes needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// The seed in base 32, to be typed.
    pub seed: Secret,
    /// The same as an `otpauth:` address, to be shown as a picture.
    pub url: Secret,
}

/// Asks for a second factor. It counts once a code of it was given.
#[derive(Clone, Copy, Debug, Default)]
pub struct EnrolTotp;

impl Operation for EnrolTotp {
    type Output = Enrolment;
    const ACTION: Action = Action::EnrolTotp;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Enrolment> {
        let (me, mut credentials) = mine(tx).await?;
        if credentials.second_factor.is_some() {
            return Err(Error::not_now("has_second_factor", "You have a second factor already. Turn it off first."));
        }
        let (sealed, seed) = new_seed(tx.platform().secret(), me.id)?;
        credentials.enrolling = Some(sealed);
        tx.put(&credentials)?;
        tx.happened([thing("account", me.id)], json!({}));
        let site = percent_encoded(&tx.settings().site_name);
        let (user, key) = (percent_encoded(&me.username), seed.reveal());
        let url = format!("otpauth://totp/{site}:{user}?secret={key}&issuer={site}&algorithm=SHA1&digits=6&period=30");
        Ok(Enrolment { seed, url: url.into() })
    }
}

/// Confirms the second factor that was asked for, with a code of it.
#[derive(Clone, Debug)]
pub struct ConfirmTotp {
    /// The code it shows now.
    pub code: Secret,
}

impl Operation for ConfirmTotp {
    /// The recovery codes, shown this once; each works once.
    type Output = Vec<Secret>;
    const ACTION: Action = Action::ConfirmTotp;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Secret>> {
        let (me, mut credentials) = mine(tx).await?;
        let Some(seed) = credentials.enrolling.take() else {
            return Err(Error::not_now("not_enrolling", "No second factor waits to be confirmed. Ask for one first."));
        };
        let Some(step) = step_of(tx.platform().secret(), me.id, &seed, self.code.reveal(), tx.now())? else {
            return Err(Error::invalid("code", "wrong_code", "This code is wrong. Please check the time on your device."));
        };
        let (codes, recovery) = new_recovery_codes()?;
        credentials.second_factor = Some(SecondFactor { seed, last_step: step, recovery });
        tx.put(&credentials)?;
        changed(tx, &me, "A second factor was added to your account.");
        Ok(codes)
    }
}

/// Turns the second factor off, with the code it shows now or a recovery code. Wrong codes count like wrong passwords.
///
/// # Errors
/// [`Error::Invalid`] at `code`; [`Error::NotNow`] if there is none, the password could not stand alone (`short_password`) or
/// was given too long ago (`reauthenticate`); [`Error::TooOften`].
pub async fn disable_totp(platform: &Platform, actor: &Actor, code: &Secret) -> Result<()> {
    let taken = proof::take_place(platform, actor).await?;
    let answer = platform.run(actor, DisableTotp { code: code.clone(), taken }).await;
    if let Err(error @ Error::Invalid(_)) = &answer {
        proof::note_oneself(platform, actor, error).await;
    }
    answer
}

struct DisableTotp {
    code: Secret,
    taken: Vec<Bucket>,
}

impl Operation for DisableTotp {
    type Output = ();
    const ACTION: Action = Action::DisableTotp;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (me, mut credentials) = mine(tx).await?;
        if credentials.second_factor.is_none() {
            return Err(Error::not_now("no_second_factor", "You have no second factor."));
        }
        if credentials.short {
            let why = "Your password is too short to stand alone. Please choose a longer one first.";
            return Err(Error::not_now("short_password", why));
        }
        credentials.require_code(tx, Some(&self.code))?;
        give_back(tx, &self.taken).await?;
        credentials.second_factor = None;
        tx.put(&credentials)?;
        changed(tx, &me, "The second factor was removed from your account.");
        Ok(())
    }
}

async fn mine(tx: &mut Tx<'_>) -> Result<(Account, Credentials)> {
    let me = tx.me()?.clone();
    tx.allow(&me.subject())?;
    tx.require_fresh()?;
    let credentials = tx.fetch_at(Credentials::at(me.id)).await?;
    Ok((me, credentials))
}

fn changed(tx: &mut Tx<'_>, me: &Account, what: &str) {
    me.warn(tx, what);
    tx.tell(me.id, Notice::SecurityChanged, thing("account", me.id), json!({ "what": "second_factor" }));
    tx.happened([thing("account", me.id)], json!({}));
}

/// A text as it may stand in a URL (RFC 3986): letters and digits as they are, every other byte as `%` and two digits.
fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |encoded, byte| match byte {
        byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => encoded + &char::from(byte).to_string(),
        byte => encoded + &format!("%{byte:02X}"),
    })
}
