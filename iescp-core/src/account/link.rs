//! Links that prove something once: that an address is somebody's, that a password may be chosen anew, that somebody stands at
//! the machine's terminal.
//!
//! A link's token is its id and a text derived from the installation's secret; the store holds only the hash of it, and the
//! letter that carries the link can be written again after a crash.
//!
//! **Not here**: the letters (the worker's), what a link is good for (`operations`).

use crate::{
    Error, InstallationSecret, Result, Secret, Tx,
    id::{AccountId, LinkId},
    secret::{same, sha256},
    store::{
        Key,
        keys::{Table, due, list},
        record::{Derived, Record},
    },
    value::Email,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a link is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Making the first admin.
    SetUp,
    /// Proving an address.
    VerifyEmail,
    /// Choosing a new password.
    ResetPassword,
}

impl Purpose {
    /// The word its tokens are derived with.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::SetUp => "set-up",
            Self::VerifyEmail => "verify-email",
            Self::ResetPassword => "reset-password",
        }
    }

    /// The token of a link of this purpose: what stands in the letter, or on the terminal.
    #[must_use]
    pub fn token(self, secret: &InstallationSecret, link: LinkId) -> Secret {
        let link = link.to_string();
        format!("{link}.{}", secret.token(self.word(), &link)).into()
    }
}

/// A link that has not been used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Link {
    /// Its id.
    pub id: LinkId,
    /// What it is good for.
    pub purpose: Purpose,
    /// For whom; nobody yet, if it makes the first admin.
    pub account: Option<AccountId>,
    /// The address it proves.
    pub email: Option<Email>,
    /// The SHA-256 of its token.
    pub hash: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Link {
    pub(crate) fn at(id: LinkId) -> Key {
        Table::Link.start().id(id).key()
    }

    /// Makes a link that lasts as long as the settings say.
    pub(crate) fn issue(tx: &mut Tx<'_>, purpose: Purpose, account: Option<AccountId>, email: Option<Email>) -> Result<LinkId> {
        let id: LinkId = tx.new_id();
        let token = purpose.token(tx.platform().secret(), id);
        let expires_at = tx.now().saturating_add(tx.settings().sessions.link).unwrap_or(Timestamp::MAX);
        tx.put(&Self { id, purpose, account, email, hash: sha256(&[token.reveal()]), expires_at })?;
        Ok(id)
    }

    /// Uses a link: it will not work again. Two who use it at once: one of them is told that it is used.
    pub(crate) async fn redeem(tx: &mut Tx<'_>, purpose: Purpose, token: &Secret) -> Result<Self> {
        let used = || Error::invalid("token", "link", "This link has been used or has expired. Please ask for a new one.");
        let (id, _) = token.reveal().split_once('.').ok_or_else(used)?;
        let id: LinkId = id.parse().map_err(|_| used())?;
        let link: Self = tx.get_at(Self::at(id)).await?.ok_or_else(used)?;
        let fits = link.purpose == purpose && same(&link.hash, &sha256(&[token.reveal()]));
        if !fits || tx.now() >= link.expires_at {
            return Err(used());
        }
        tx.remove(&link)?;
        Ok(link)
    }

    /// A link that still opens what it was made for, and was made for this address.
    pub(crate) async fn find(tx: &mut Tx<'_>, id: LinkId, purpose: Purpose, to: &Email) -> Result<Option<Self>> {
        let (link, now) = (tx.get_at::<Self>(Self::at(id)).await?, tx.now());
        Ok(link.filter(|link| link.purpose == purpose && link.email.as_ref() == Some(to) && now < link.expires_at))
    }

    /// Ends a link that a newer one replaces.
    pub(crate) async fn revoke(tx: &mut Tx<'_>, id: Option<LinkId>) -> Result<()> {
        let Some(id) = id else { return Ok(()) };
        match tx.get_at::<Self>(Self::at(id)).await? {
            Some(link) => tx.remove(&link),
            None => Ok(()),
        }
    }
}

impl Record for Link {
    const TABLE: Table = Table::Link;

    fn key(&self) -> Key {
        Self::at(self.id)
    }

    fn derive(&self, derived: &mut Derived) {
        derived.listed(due(self.expires_at, "link", self.id));
        if self.purpose == Purpose::SetUp {
            derived.listed(list("set-up-links").id(self.id).key());
        }
    }
}
