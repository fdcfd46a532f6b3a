//! Changing one's password: the present one must be given, and everybody else's session ends (S-03, S-17).

use crate::{
    Actor, Error, Operation, Platform, Result, Secret, Tx,
    account::{Account, Credentials, Link, Password, Wearer},
    event::thing,
    notification::Notice,
    policy::Action,
    session::{
        attempts::give_back,
        end_sessions,
        proof::{self, Proof},
    },
    value::Form,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::OnceCell;

/// What a password is changed with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChangePasswordInput {
    /// The present one.
    pub current_password: Secret,
    /// The new one: at least 15 characters, 8 with a second factor.
    pub new_password: Secret,
}

/// Changes the password of the account that asks. Its other sessions end, and so does every link to reset it.
///
/// # Errors
/// [`Error::Invalid`] at `current_password` or `new_password`; [`Error::TooOften`]; [`Error::Forbidden`] for tokens.
pub async fn change_password(platform: &Platform, actor: &Actor, input: &ChangePasswordInput) -> Result<()> {
    let proof = proof::of_oneself(platform, actor, "current_password", &input.current_password).await?;
    platform.run(actor, ChangePassword { input: input.clone(), proof, hashed: OnceCell::new() }).await
}

struct ChangePassword {
    input: ChangePasswordInput,
    proof: Proof,
    hashed: OnceCell<String>,
}

impl Operation for ChangePassword {
    type Output = ();
    const ACTION: Action = Action::ChangePassword;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let me = tx.me()?.clone();
        tx.allow(&me.subject())?;
        tx.require_no_token()?;
        let mut credentials: Credentials = tx.fetch_at(Credentials::at(me.id)).await?;
        if !self.proof.stands(&credentials) {
            return Err(Error::invalid("current_password", "wrong_password", "This is not your password any more."));
        }
        set_password(tx, &me, &mut credentials, "new_password", &self.input.new_password, &self.hashed).await?;
        give_back(tx, &self.proof.buckets).await?;
        let mine = tx.session().map(|session| session.id);
        let ended = end_sessions(tx, me.id, mine).await?;
        if let Some(mut session) = tx.session().cloned() {
            session.authenticated_at = tx.now();
            tx.put(&session)?;
        }
        tx.put(&credentials)?;
        tx.happened([thing("account", me.id)], json!({ "sessions_ended": ended }));
        Ok(())
    }
}

/// Gives credentials another password, warns the person, and ends every link to reset it.
pub(super) async fn set_password(
    tx: &mut Tx<'_>,
    account: &Account,
    credentials: &mut Credentials,
    field: &str,
    typed: &Secret,
    hashed: &OnceCell<String>,
) -> Result<()> {
    let mut form = Form::default();
    let name = super::name_of(tx, account).await?;
    let second_factor = credentials.second_factor.is_some();
    let wearer = Wearer { names: vec![&account.username, account.email.local(), &name], second_factor };
    let password = Password::choose(&mut form, field, typed, &wearer, tx.settings());
    form.finish()?;
    credentials.short = password.is_short();
    let platform = tx.platform();
    credentials.password = Some(hashed.get_or_try_init(|| password.hash(platform)).await?.clone());
    credentials.legacy = None;
    Link::revoke(tx, credentials.reset_link.take()).await?;
    account.warn(tx, "The password of your account was changed.");
    tx.tell(account.id, Notice::SecurityChanged, thing("account", account.id), json!({ "what": "password" }));
    Ok(())
}
