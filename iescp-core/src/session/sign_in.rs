//! Signing in: user name or address, password, and the second factor of those who have one.
//!
//! An unknown name, a wrong password, a suspended and a closed account are answered alike (S-07).

use super::{
    attempts::{give_back, place_of},
    beginning::{Kind, SignedIn, begin},
    proof::{Proof, by_login},
    refusal::{Whom, note_error},
};
use crate::{
    Actor, Error, Operation, Platform, Result, Secret, Tx,
    account::{Account, Credentials, OldPassword, SHORTEST, falls_short, rehash_if_weak},
    event::thing,
    notification::Notice,
    policy::{Action, Subject},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What somebody signs in with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignInInput {
    /// The user name or the e-mail address.
    pub login: String,
    /// The password.
    pub password: Secret,
    /// What the second factor shows now, or a recovery code; needed by those who have a second factor.
    pub code: Option<Secret>,
    /// To be remembered for longer.
    pub remember: bool,
    /// A program signs in: the secret is a refresh token, for [`refresh`](super::refresh).
    pub refreshable: bool,
}

/// Signs somebody in. A guess that is wrong counts against the name and the network it came from.
///
/// # Errors
/// [`Error::SignedOut`] with one sentence for everything that is wrong with name and password; [`Error::Invalid`] at `code` if
/// the second factor is missing (`second_factor`) or wrong (`wrong_code`); [`Error::TooOften`].
pub async fn sign_in(platform: &Platform, actor: &Actor, input: &SignInInput) -> Result<SignedIn> {
    let proof = by_login(platform, actor, &input.login, &input.password).await?;
    let Some(proof) = proof else {
        tracing::warn!(address = actor.origin.address, "a sign-in was refused");
        return Err(refused());
    };
    let rehashed = rehash_if_weak(platform, &input.password, &proof.hash).await?;
    let is_old = OldPassword::parse(&proof.hash).is_some();
    let weak = is_old && falls_short(&input.password, platform.settings());
    let account = proof.account;
    let signed_in = platform.run(actor, SignIn { input: input.clone(), proof, rehashed, weak }).await;
    match &signed_in {
        Ok(_) => tracing::info!(%account, address = actor.origin.address, "somebody signed in"),
        Err(error) => {
            tracing::warn!(%account, address = actor.origin.address, %error, "a sign-in was refused");
            note_error(platform, actor, error, Whom::Account(account)).await;
        }
    }
    signed_in
}

fn refused() -> Error {
    Error::SignedOut("This user name and password do not belong together, or the account cannot sign in.")
}

struct SignIn {
    input: SignInInput,
    proof: Proof,
    rehashed: Option<String>,
    /// Whether it is an old password that would not be taken today.
    weak: bool,
}

impl Operation for SignIn {
    type Output = SignedIn;
    const ACTION: Action = Action::SignIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<SignedIn> {
        tx.allow(&Subject::PLATFORM)?;
        let id = self.proof.account;
        let mut account: Account = tx.get_at(Account::at(id)).await?.ok_or_else(refused)?;
        let mut credentials: Credentials = tx.get_at(Credentials::at(id)).await?.ok_or_else(refused)?;
        if !account.state.can_sign_in() || !self.proof.stands(&credentials) {
            return Err(refused());
        }
        credentials.require_code(tx, self.input.code.as_ref())?;
        if let Some(rehashed) = &self.rehashed {
            credentials.password = Some(rehashed.clone());
            if credentials.legacy.take().is_some() {
                credentials.short = self.input.password.reveal().chars().count() < SHORTEST;
            }
        }
        if self.weak {
            tx.tell(id, Notice::PasswordFallsShort, thing("account", id), json!({}));
        }
        let place = place_of(&tx.actor().origin, id);
        credentials.remember(place, tx.now());
        // Both records are written at every sign-in: whoever ends an account's sessions rests on it.
        tx.put(&credentials)?;
        account.last_login_at = Some(tx.now());
        tx.put(&account)?;
        give_back(tx, &self.proof.buckets).await?;
        let kind = Kind { remember: self.input.remember, refreshable: self.input.refreshable };
        let signed_in = begin(tx, &account, kind).await?;
        tx.happened([thing("account", id), thing("session", signed_in.session)], json!({}));
        Ok(signed_in)
    }
}
