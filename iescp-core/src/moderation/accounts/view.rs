//! What admins see of accounts.

use super::fetch;
use crate::{
    Likely, Operation, Page, PageRequest, Result, Tx,
    account::{Account, AccountState, Credentials, Influencer, Role, Sponsor},
    id::AccountId,
    policy::{Action, Subject},
    session::{Session, SessionSummary},
    store::{
        Read,
        keys::{KeyParts, list},
    },
    value::{Email, Username},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An account in a list for admins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSummary {
    /// Its id.
    pub id: AccountId,
    /// Its user name.
    pub username: Username,
    /// Its address.
    pub email: Email,
    /// Whether the address is proven.
    pub email_verified: bool,
    /// What it is.
    pub role: Role,
    /// What it may do at all.
    pub state: AccountState,
    /// Why it is in this state.
    pub state_reason: Option<String>,
    /// Whether admins look at it.
    pub under_review: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last signed in.
    pub last_login_at: Option<Timestamp>,
}

impl From<Account> for AccountSummary {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            username: account.username,
            email: account.email,
            email_verified: account.email_verified,
            role: account.role,
            state: account.state,
            state_reason: account.state_reason,
            under_review: account.under_review,
            created_at: account.created_at,
            last_login_at: account.last_login_at,
        }
    }
}

/// One account, as admins see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountForAdmins {
    /// The account.
    pub account: AccountSummary,
    /// An influencer's profile.
    pub influencer: Option<Influencer>,
    /// A sponsor's profile.
    pub sponsor: Option<Sponsor>,
    /// Whether it has a second factor.
    pub second_factor: bool,
    /// Its newest sessions.
    pub sessions: Vec<SessionSummary>,
}

/// Lists accounts, newest first, of a role, in a state, or under review. Under review goes with neither of the others.
#[derive(Clone, Debug, Default)]
pub struct ListAccounts {
    /// Only those of this role.
    pub role: Option<Role>,
    /// Only those in this state.
    pub state: Option<AccountState>,
    /// Only those under review; role and state then filter what is on the page.
    pub under_review: bool,
    /// Only the one with this user name or proven address; goes with none of the others.
    pub named: Option<String>,
    /// Which page.
    pub page: PageRequest,
}

impl Operation for ListAccounts {
    type Output = Page<AccountSummary>;
    const ACTION: Action = Action::ListAccounts;

    fn foresees(&self, _: Likely) -> Vec<Read> {
        if self.named.is_some() { Vec::new() } else { self.page.ahead(self.of()) }
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Output> {
        tx.allow(&Subject::PLATFORM)?;
        if let Some(named) = &self.named {
            return Ok(Page { items: self.find(tx, named).await?, next: None });
        }
        let mut page = tx.page_of(self.of(), &self.page, |id| Account::at(AccountId(id))).await?;
        page.items.retain(|account: &Account| {
            self.role.is_none_or(|role| account.role == role) && self.state.is_none_or(|state| account.state == state)
        });
        Ok(page.map(AccountSummary::from))
    }
}

impl ListAccounts {
    fn of(&self) -> KeyParts {
        match (self.under_review, self.role, self.state) {
            (true, ..) => list("accounts-under-review"),
            (_, None, None) => list("accounts"),
            (_, Some(role), None) => list("accounts-of-role").word(role.word()),
            (_, None, Some(state)) => list("accounts-in-state").word(state.word()),
            (_, Some(role), Some(state)) => list("accounts-of-role-in-state").word(role.word()).word(state.word()),
        }
    }

    /// The account with this user name or proven address.
    async fn find(&self, tx: &mut Tx<'_>, named: &str) -> Result<Vec<AccountSummary>> {
        let key = match (Email::parse(named), Username::parse(named)) {
            (Ok(email), _) => Account::by_email(&email.folded()),
            (_, Ok(username)) => Account::by_username(&username.folded()),
            _ => return Ok(Vec::new()),
        };
        let Some(id) = tx.led_to::<AccountId>(key).await? else { return Ok(Vec::new()) };
        let account: Option<Account> = tx.peek_at(Account::at(id)).await?;
        Ok(account.map(AccountSummary::from).into_iter().collect())
    }
}

/// Shows one account. Seen in the audit trail, as what is shown is private.
#[derive(Clone, Debug)]
pub struct ViewAccount {
    /// The account.
    pub account: AccountId,
}

impl Operation for ViewAccount {
    type Output = AccountForAdmins;
    const ACTION: Action = Action::ViewAccount;

    fn foresees(&self, _: Likely) -> Vec<Read> {
        let id = self.account;
        let sessions = PageRequest::default().ahead(list("sessions-of").id(id));
        let keys = [Account::at(id), Influencer::at(id), Sponsor::at(id), Credentials::at(id)];
        sessions.into_iter().chain(Read::all(keys)).collect()
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<AccountForAdmins> {
        let account = fetch(tx, self.account).await?;
        let id = account.id;
        let credentials: Option<Credentials> = tx.peek_at(Credentials::at(id)).await?;
        let sessions =
            tx.page_of(list("sessions-of").id(id), &PageRequest::default(), |session| Session::at(session.into())).await?;
        let now = tx.now();
        Ok(AccountForAdmins {
            account: account.into(),
            influencer: tx.peek_at(Influencer::at(id)).await?,
            sponsor: tx.peek_at(Sponsor::at(id)).await?,
            second_factor: credentials.is_some_and(|credentials| credentials.second_factor.is_some()),
            sessions: sessions
                .items
                .into_iter()
                .filter(|session: &Session| !session.is_over(now))
                .map(SessionSummary::from)
                .collect(),
        })
    }
}
