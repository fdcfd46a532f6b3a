//! Registering: an influencer is active at once, a sponsor waits for an admin.
//!
//! Somebody who registers with an address that another account has proven gets an account like everybody else, which can
//! never prove that address; its owner gets a letter. So the answer is the same either way (S-07).

use super::verification::ask_to_verify;
use crate::{
    Error, Operation, Result, Secret, Tx,
    account::{Account, AccountState, Credentials, Influencer, InfluencerInput, Password, Role, Sponsor, SponsorInput, Wearer},
    event::thing,
    id::AccountId,
    notification::{Notice, tell_admins},
    policy::{Action, Subject},
    session::attempts::Bucket,
    value::{Email, Form, Username},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::OnceCell;

/// What somebody registers with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RegisterInput {
    /// `influencer` or `sponsor`.
    pub role: String,
    /// 3 to 32 characters.
    pub username: String,
    /// An address to be proven by a link.
    pub email: String,
    /// At least 15 characters.
    pub password: Secret,
    /// What an influencer is called; the user name if nothing is said.
    pub display_name: Option<String>,
    /// A sponsor's company or own name.
    pub company: Option<String>,
}

/// Registers an account.
pub struct Register {
    input: RegisterInput,
    hashed: OnceCell<String>,
}

/// An account that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// Its id.
    pub account: AccountId,
    /// Its user name.
    pub username: Username,
    /// What it is.
    pub role: Role,
    /// `active`, or `pending` for a sponsor.
    pub state: AccountState,
}

impl Register {
    /// Registers with this.
    #[must_use]
    pub fn new(input: RegisterInput) -> Self {
        Self { input, hashed: OnceCell::new() }
    }
}

/// The profile an account begins with.
enum Profile {
    Influencer(Influencer),
    Sponsor(Sponsor),
}

impl RegisterInput {
    fn parse(&self, tx: &Tx<'_>) -> Result<(Account, Profile, Password)> {
        let mut form = Form::default();
        let id = tx.new_id();
        let username = form.take("username", Username::parse(&self.username));
        let email = form.take("email", Email::parse(&self.email));
        let company = self.company.clone().unwrap_or_default();
        let said = |name: &Option<String>| name.clone().filter(|name| !name.trim().is_empty());
        let (role, profile) = match self.role.trim() {
            "influencer" => {
                let display_name = said(&self.display_name).unwrap_or_else(|| self.username.clone());
                let profile = InfluencerInput { display_name, ..InfluencerInput::default() }.parse(&mut form, id);
                (Role::Influencer, Profile::Influencer(profile))
            }
            role => {
                if role != "sponsor" {
                    form.wrong("role", "unknown", "Please choose influencer or sponsor.");
                }
                let company = said(&self.company).or_else(|| said(&self.display_name)).unwrap_or_default();
                let profile = SponsorInput { company, ..SponsorInput::default() }.parse(&mut form, id, None);
                (Role::Sponsor, Profile::Sponsor(profile))
            }
        };
        let wearer = Wearer { names: vec![&username, email.local(), &company], second_factor: false };
        let password = Password::choose(&mut form, "password", &self.password, &wearer, tx.settings());
        form.finish()?;
        let state = if role == Role::Sponsor { AccountState::Pending } else { AccountState::Active };
        Ok((Account::new(id, username, email, role, state, tx.now()), profile, password))
    }
}

impl Operation for Register {
    type Output = Registered;
    const ACTION: Action = Action::Register;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Registered> {
        tx.allow(&Subject::PLATFORM)?;
        let (account, profile, password) = self.input.parse(tx)?;
        if let Some(bucket) = Bucket::registrations_from(tx) {
            bucket.take(tx).await?;
        }
        require_free(tx, &account.username).await?;
        let platform = tx.platform();
        let hash = self.hashed.get_or_try_init(|| password.hash(platform)).await?.clone();
        make(tx, &account, hash).await?;
        match &profile {
            Profile::Influencer(profile) => tx.put(profile)?,
            Profile::Sponsor(profile) => tx.put(profile)?,
        }
        if account.state == AccountState::Pending {
            tell_of_waiting(tx, account.id).await?;
        }
        let Account { id, username, role, state, .. } = account;
        Ok(Registered { account: id, username, role, state })
    }
}

/// Refuses a user name that somebody has.
pub(super) async fn require_free(tx: &mut Tx<'_>, username: &Username) -> Result<()> {
    match tx.led_to::<AccountId>(Account::by_username(&username.folded())).await? {
        Some(_) => Err(Error::taken("username", "Somebody has this user name already. Please choose another.")),
        None => Ok(()),
    }
}

/// Makes an account with a password, and asks for its address to be proven.
pub(super) async fn make(tx: &mut Tx<'_>, account: &Account, hash: String) -> Result<()> {
    let mut credentials = Credentials::new(account.id, hash);
    ask_to_verify(tx, account, &mut credentials).await?;
    tx.put(account)?;
    tx.put(&credentials)?;
    tx.happened([thing("account", account.id)], json!({ "role": account.role.word(), "state": account.state.word() }));
    Ok(())
}

/// Tells admins that a sponsor waits for approval.
pub(super) async fn tell_of_waiting(tx: &mut Tx<'_>, sponsor: AccountId) -> Result<()> {
    tell_admins(tx, Notice::SponsorWaits, &thing("account", sponsor), &json!({})).await
}
