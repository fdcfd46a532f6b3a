//! A sponsor's profile: the company or person behind campaigns.
//!
//! **Not here**: rating (from reviews), approval (`account`'s state, `moderation`).

use crate::{
    id::AccountId,
    store::{Key, keys::Table, record::Record},
    value::{Form, Line, Prose, WebUrl},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A sponsor's profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sponsor {
    /// Whose it is.
    pub account: AccountId,
    /// The company's or person's name.
    pub company: Line<120>,
    /// What it does.
    #[serde(default)]
    pub industry: Option<Line<80>>,
    /// Where it is on the web.
    #[serde(default)]
    pub website: Option<WebUrl>,
    /// What it says of itself.
    #[serde(default)]
    pub description: Prose<2000>,
    /// That an admin checked the company.
    #[serde(default)]
    pub verified: Option<Verified>,
}

/// That an admin checked a company, and what of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// The admin.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// What was checked, such as an entry in a register.
    pub checked: Line<200>,
}

impl Sponsor {
    /// Where a profile is kept.
    #[must_use]
    pub fn at(account: AccountId) -> Key {
        Table::Sponsor.start().id(account).key()
    }
}

impl Record for Sponsor {
    const TABLE: Table = Table::Sponsor;

    fn key(&self) -> Key {
        Self::at(self.account)
    }
}

/// A sponsor's profile as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SponsorInput {
    /// 1 to 120 characters.
    pub company: String,
    /// At most 80 characters.
    pub industry: Option<String>,
    /// A web address.
    pub website: Option<String>,
    /// At most 2000 characters.
    pub description: String,
}

impl SponsorInput {
    /// Parses a profile, noting in the form what is wrong.
    pub fn parse(&self, form: &mut Form, account: AccountId, verified: Option<Verified>) -> Sponsor {
        let website = self.website.as_deref().filter(|website| !website.trim().is_empty());
        Sponsor {
            account,
            company: form.line("company", &self.company),
            industry: form.line_if("industry", self.industry.as_deref()),
            website: website.map(|website| form.take("website", WebUrl::parse(website))),
            description: form.prose("description", &self.description),
            verified,
        }
    }
}

impl From<&Sponsor> for SponsorInput {
    fn from(profile: &Sponsor) -> Self {
        Self {
            company: profile.company.to_string(),
            industry: profile.industry.as_ref().map(ToString::to_string),
            website: profile.website.as_ref().map(ToString::to_string),
            description: profile.description.to_string(),
        }
    }
}
