//! How admins come to be: the first by a one-time link that is shown at the terminal, others at the terminal itself. Nobody
//! registers as one, and no installation begins with one (S-06).

use super::register::{Registered, make, require_free};
use crate::{
    Error, Likely, Operation, Result, Secret, Tx,
    account::{Account, AccountState, Link, Password, Purpose, Role, Wearer},
    event::thing,
    id::{AccountId, LinkId},
    policy::{Action, Subject},
    store::{
        Key, Read,
        keys::{Table, list, meta, tally},
        record::{Derived, Record},
    },
    value::{Email, Form, Username},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::OnceCell;

/// More set-up links than anybody asks for within the hour one lasts.
const LINKS: usize = 50;

/// That there is an admin, and who was the first. It takes one from the count of active admins, so that the count of those who
/// can be spared is guarded at zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FirstAdmin {
    pub account: AccountId,
}

impl FirstAdmin {
    pub(crate) fn at() -> Key {
        meta("first-admin")
    }
}

impl Record for FirstAdmin {
    const TABLE: Table = Table::Meta;

    fn key(&self) -> Key {
        Self::at()
    }

    fn derive(&self, derived: &mut Derived) {
        derived.count(spare_admins(), -1);
    }
}

/// The number of active admins beyond the one there must be.
#[must_use]
pub fn spare_admins() -> Key {
    tally("spare-admins").key()
}

/// What an admin is made with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdminInput {
    /// 3 to 32 characters.
    pub username: String,
    /// An address.
    pub email: String,
    /// At least 15 characters.
    pub password: Secret,
}

/// Makes a one-time link for making the first admin. Only when there is no admin.
#[derive(Clone, Copy, Debug, Default)]
pub struct MakeSetupLink {
    /// Whether the links before it stay good, where several processes serve and each shows its own; otherwise they end.
    pub others_stay: bool,
}

impl Operation for MakeSetupLink {
    /// The token of the link, shown this once.
    type Output = Secret;
    const ACTION: Action = Action::MakeSetupLink;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Secret> {
        tx.allow(&Subject::PLATFORM)?;
        require_no_admin(tx).await?;
        let mut earlier = list("set-up-links").range();
        earlier.limit = LINKS;
        if !self.others_stay {
            for (key, _) in tx.scan(earlier).await? {
                Link::revoke(tx, key.last_id().map(LinkId)).await?;
            }
        }
        let link = Link::issue(tx, Purpose::SetUp, None, None)?;
        tx.happened([thing("link", link)], json!({}));
        Ok(Purpose::SetUp.token(tx.platform().secret(), link))
    }
}

/// Whether there is an admin, so that nothing is left to set up.
#[derive(Clone, Copy, Debug, Default)]
pub struct ViewSetUp;

impl Operation for ViewSetUp {
    /// Whether there is one.
    type Output = bool;
    const ACTION: Action = Action::ViewSetUp;

    fn foresees(&self, _: Likely) -> Vec<Read> {
        Read::all([FirstAdmin::at()])
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        tx.allow(&Subject::PLATFORM)?;
        Ok(tx.peek_at::<FirstAdmin>(FirstAdmin::at()).await?.is_some())
    }
}

/// Makes the first admin with the token of a set-up link.
pub struct SetUp {
    token: Secret,
    input: AdminInput,
    hashed: OnceCell<String>,
}

impl SetUp {
    /// Makes the first admin so.
    #[must_use]
    pub fn new(token: Secret, input: AdminInput) -> Self {
        Self { token, input, hashed: OnceCell::new() }
    }
}

impl Operation for SetUp {
    type Output = Registered;
    const ACTION: Action = Action::SetUp;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Registered> {
        tx.allow(&Subject::PLATFORM)?;
        Link::redeem(tx, Purpose::SetUp, &self.token).await?;
        require_no_admin(tx).await?;
        make_admin(tx, &self.input, &self.hashed).await
    }
}

/// Makes an admin at the terminal.
pub struct CreateAdmin {
    input: AdminInput,
    hashed: OnceCell<String>,
}

impl CreateAdmin {
    /// Makes an admin so.
    #[must_use]
    pub fn new(input: AdminInput) -> Self {
        Self { input, hashed: OnceCell::new() }
    }
}

impl Operation for CreateAdmin {
    type Output = Registered;
    const ACTION: Action = Action::CreateAdmin;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Registered> {
        tx.allow(&Subject::PLATFORM)?;
        make_admin(tx, &self.input, &self.hashed).await
    }
}

async fn require_no_admin(tx: &mut Tx<'_>) -> Result<()> {
    match tx.get_at::<FirstAdmin>(FirstAdmin::at()).await? {
        Some(_) => Err(Error::not_now("set_up", "This platform is set up already.")),
        None => Ok(()),
    }
}

async fn make_admin(tx: &mut Tx<'_>, input: &AdminInput, hashed: &OnceCell<String>) -> Result<Registered> {
    let mut form = Form::default();
    let username = form.take("username", Username::parse(&input.username));
    let email = form.take("email", Email::parse(&input.email));
    let wearer = Wearer { names: vec![&username, email.local()], second_factor: false };
    let password = Password::choose(&mut form, "password", &input.password, &wearer, tx.settings());
    form.finish()?;
    require_free(tx, &username).await?;
    let platform = tx.platform();
    let hash = hashed.get_or_try_init(|| password.hash(platform)).await?.clone();
    let account = Account::new(tx.new_id(), username, email, Role::Admin, AccountState::Active, tx.now());
    if tx.get_at::<FirstAdmin>(FirstAdmin::at()).await?.is_none() {
        tx.put(&FirstAdmin { account: account.id })?;
    }
    make(tx, &account, hash).await?;
    let Account { id, username, role, state, .. } = account;
    Ok(Registered { account: id, username, role, state })
}
