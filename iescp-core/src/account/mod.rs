//! Accounts: who can sign in, as what, and in which state; with the profiles others see.
//!
//! States: `pending -> active | rejected`, `rejected -> pending | closed`, `active <-> suspended`, `active | suspended -> closed`.
//!
//! An address belongs to whoever has proven it. Until then it is a claim, and several accounts may claim the same: so nobody is
//! kept out by an address registered in their name, and registering tells nobody whether an address has an account (S-07).
//!
//! **Not here**: sessions and tokens (`session`), what admins do to accounts (`moderation::accounts`).

mod credentials;
mod erasure;
mod influencer;
mod link;
mod old_password;
pub mod operations;
mod password;
mod second_factor;
mod sponsor;

pub(crate) use credentials::Credentials;
pub(crate) use erasure::{Erasure, erase};
pub use influencer::{Channel, ChannelInput, Influencer, InfluencerInput};
pub(crate) use link::Link;
pub use link::Purpose;
pub use old_password::OldPassword;
pub(crate) use old_password::{KINDS_AT_MOST, OldKind, dearest, in_vain, kinds_in_use};
pub use operations::*;
pub use password::{LONGEST, SHORTEST, SHORTEST_WITH_SECOND_FACTOR};
pub(crate) use password::{Password, Wearer, falls_short, rehash_if_weak, verify};
pub use sponsor::{Sponsor, SponsorInput, Verified};

mod names;

pub use names::{Named, admins, name_of, named};
pub(crate) use names::{full_name_of, name_keys, picture_of};

use crate::{
    Tx,
    id::{AccountId, PictureId},
    outbox::Letter,
    policy::{SeenBy, Subject},
    store::{
        Key,
        keys::{Table, list, tally},
        record::{Derived, Record},
    },
    value::{Email, Username},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a closed account is called.
pub const CLOSED_NAME: &str = "Closed account";

/// What an account is on the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Publishes, applies, delivers, is paid.
    Influencer,
    /// Runs campaigns, invites, reviews, pays.
    Sponsor,
    /// Supervises.
    Admin,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Influencer, Self::Sponsor, Self::Admin];

    /// The word it is stored and spoken by.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Influencer => "influencer",
            Self::Sponsor => "sponsor",
            Self::Admin => "admin",
        }
    }
}

/// What an account may do at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// A sponsor who waits for an admin's approval.
    Pending,
    /// Everything its role allows.
    Active,
    /// A sponsor whom an admin turned down; may apply again.
    Rejected,
    /// Flagged by an admin: cannot sign in.
    Suspended,
    /// Gone for good.
    Closed,
}

impl AccountState {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Pending, Self::Active, Self::Rejected, Self::Suspended, Self::Closed];

    /// The word it is stored and spoken by.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Rejected => "rejected",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        }
    }

    /// Whether an account in this state can sign in and act.
    #[must_use]
    pub const fn can_sign_in(self) -> bool {
        matches!(self, Self::Pending | Self::Active | Self::Rejected)
    }

    /// The table of states: whether an account may go from here to there.
    #[must_use]
    pub const fn leads_to(self, to: Self) -> bool {
        use AccountState::{Active, Closed, Pending, Rejected, Suspended};
        matches!(
            (self, to),
            (Pending, Active | Rejected)
                | (Rejected, Pending | Closed)
                | (Active, Suspended | Closed)
                | (Suspended, Active | Closed)
        )
    }
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// What it signs in with.
    pub username: Username,
    /// Where mails go; only the link that proves it until it is proven.
    pub email: Email,
    /// An address that is to replace it once a link sent there is followed.
    #[serde(default)]
    pub new_email: Option<Email>,
    /// Whether a link sent there was followed.
    pub email_verified: bool,
    /// What it is.
    pub role: Role,
    /// What it may do at all.
    pub state: AccountState,
    /// Why it is in this state, where an admin gave a reason.
    #[serde(default)]
    pub state_reason: Option<String>,
    /// An admin looks at it; seen by admins only (V2 `is_flagged`).
    #[serde(default)]
    pub under_review: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last signed in.
    #[serde(default)]
    pub last_login_at: Option<Timestamp>,
    /// Its portrait or logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureId>,
    /// Its number in V2, if it came from there.
    #[serde(default)]
    pub legacy_id: Option<i64>,
}

impl Account {
    /// An account that is made now.
    pub(crate) fn new(id: AccountId, username: Username, email: Email, role: Role, state: AccountState, now: Timestamp) -> Self {
        Self {
            id,
            username,
            email,
            new_email: None,
            email_verified: false,
            role,
            state,
            state_reason: None,
            under_review: false,
            created_at: now,
            last_login_at: None,
            picture: None,
            legacy_id: None,
        }
    }

    /// Where an account is kept.
    #[must_use]
    pub fn at(id: AccountId) -> Key {
        Table::Account.start().id(id).key()
    }

    /// Leads from a user name, as folded, to its account.
    #[must_use]
    pub fn by_username(folded: &str) -> Key {
        Table::AccountByUsername.start().word(folded).key()
    }

    /// Leads from an e-mail address, as folded, to the account that has proven it.
    #[must_use]
    pub fn by_email(folded: &str) -> Key {
        Table::AccountByEmail.start().word(folded).key()
    }

    /// Writes to a proven address that something about the security of the account changed.
    pub(crate) fn warn(&self, tx: &mut Tx<'_>, what: &str) {
        if self.email_verified {
            let by_admin = tx.actor().account_id().is_some_and(|actor| actor != self.id);
            tx.send(Letter::Security { account: self.id, to: self.email.clone(), what: what.to_owned(), by_admin });
        }
    }

    /// As the policy sees somebody's own account.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject::of(self.id)
    }

    /// As the policy sees a profile: that of an active account is there for everyone.
    #[must_use]
    pub fn profile_subject(&self) -> Subject {
        let seen_by =
            if self.state == AccountState::Active && self.role != Role::Admin { SeenBy::Everyone } else { SeenBy::Parties };
        Subject { seen_by, ..Subject::of(self.id) }
    }
}

impl Record for Account {
    const TABLE: Table = Table::Account;

    fn key(&self) -> Key {
        Self::at(self.id)
    }

    fn derive(&self, derived: &mut Derived) {
        if self.state != AccountState::Closed {
            derived.unique(Self::by_username(&self.username.folded()), self.id.0);
            let email = self.email.folded();
            if self.email_verified {
                derived.unique(Self::by_email(&email), self.id.0);
            } else {
                derived.listed(list("email-claims").word(&email).id(self.id).key());
            }
        }
        let (role, state) = (self.role.word(), self.state.word());
        derived.listed(list("accounts").id(self.id).key());
        derived.listed(list("accounts-of-role").word(role).id(self.id).key());
        derived.listed(list("accounts-in-state").word(state).id(self.id).key());
        derived.listed(list("accounts-of-role-in-state").word(role).word(state).id(self.id).key());
        derived.count(tally("accounts").word(role).word(state).key(), 1);
        if self.role == Role::Admin && self.state == AccountState::Active {
            derived.count_down_to_zero(spare_admins(), 1);
        }
        if self.under_review {
            derived.listed(list("accounts-under-review").id(self.id).key());
            derived.count(tally("accounts-under-review").key(), 1);
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
