//! Profiles as others see them. That of an account which is not active exists only for itself and for admins.

use crate::{
    Error, Likely, Operation, Result, Tx,
    account::{Account, Channel, Influencer, Role, Sponsor},
    id::{AccountId, PictureId},
    policy::{Action, Subject},
    store::{Key, Read, record::Record},
    value::{Format, Line, Money, Prose, WebUrl},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An influencer, as everyone sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicInfluencer {
    /// The account's id.
    pub id: AccountId,
    /// What they are called.
    pub display_name: Line<80>,
    /// What they say of themselves.
    pub bio: Prose<2000>,
    /// Where they live or work.
    pub location: Option<Line<120>>,
    /// The languages they publish in.
    pub languages: Vec<String>,
    /// What they publish about.
    pub niches: Vec<String>,
    /// Where they publish.
    pub channels: Vec<Channel>,
    /// What they usually ask.
    pub rate_card: BTreeMap<Format, Money>,
    /// The followers of all channels.
    pub reach: i64,
    /// Which of the channels has most followers.
    pub primary_channel: Option<Channel>,
    /// Whether there is a niche and a channel.
    pub complete: bool,
    /// Their portrait or logo.
    #[serde(default)]
    pub picture: Option<PictureId>,
    /// Since when they have been here.
    pub member_since: Timestamp,
    /// The version of the profile.
    pub version: u64,
}

impl PublicInfluencer {
    /// Whether there is enough to be found by.
    #[must_use]
    pub fn is_findable(&self) -> bool {
        !self.niches.is_empty() || !self.channels.is_empty()
    }

    /// What everyone sees of this profile.
    #[must_use]
    pub fn new(account: &Account, profile: Influencer, version: u64) -> Self {
        Self {
            id: account.id,
            reach: profile.reach(),
            primary_channel: profile.primary_channel().cloned(),
            complete: profile.is_complete(),
            display_name: profile.display_name,
            bio: profile.bio,
            location: profile.location,
            languages: profile.languages,
            niches: profile.niches,
            channels: profile.channels,
            rate_card: profile.rate_card,
            picture: account.picture,
            member_since: account.created_at,
            version,
        }
    }
}

/// A sponsor, as everyone sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicSponsor {
    /// The account's id.
    pub id: AccountId,
    /// The company's or person's name.
    pub company: Line<120>,
    /// What it does.
    pub industry: Option<Line<80>>,
    /// Where it is on the web.
    pub website: Option<WebUrl>,
    /// What it says of itself.
    pub description: Prose<2000>,
    /// When an admin checked the company, if one did.
    pub verified_at: Option<Timestamp>,
    /// What was checked.
    pub verified: Option<Line<200>>,
    /// Their portrait or logo.
    #[serde(default)]
    pub picture: Option<PictureId>,
    /// Since when they have been here.
    pub member_since: Timestamp,
    /// The version of the profile.
    pub version: u64,
}

impl PublicSponsor {
    /// What everyone sees of this profile.
    #[must_use]
    pub fn new(account: &Account, profile: Sponsor, version: u64) -> Self {
        let (verified_at, verified) = profile.verified.map(|mark| (mark.at, mark.checked)).unzip();
        Self {
            id: account.id,
            company: profile.company,
            industry: profile.industry,
            website: profile.website,
            description: profile.description,
            verified_at,
            verified,
            picture: account.picture,
            member_since: account.created_at,
            version,
        }
    }
}

/// Shows an influencer's profile.
#[derive(Clone, Copy, Debug)]
pub struct ViewInfluencer {
    /// Whose.
    pub account: AccountId,
}

impl Operation for ViewInfluencer {
    type Output = PublicInfluencer;
    const ACTION: Action = Action::ViewInfluencer;

    fn foresees(&self, _: Likely) -> Vec<Read> {
        Read::all([Account::at(self.account), Influencer::at(self.account)])
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<PublicInfluencer> {
        let (account, profile, version) = visible(tx, self.account, Role::Influencer, Influencer::at(self.account)).await?;
        Ok(PublicInfluencer::new(&account, profile, version))
    }
}

/// Shows a sponsor's profile.
#[derive(Clone, Copy, Debug)]
pub struct ViewSponsor {
    /// Whose.
    pub account: AccountId,
}

impl Operation for ViewSponsor {
    type Output = PublicSponsor;
    const ACTION: Action = Action::ViewSponsor;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<PublicSponsor> {
        let (account, profile, version) = visible(tx, self.account, Role::Sponsor, Sponsor::at(self.account)).await?;
        Ok(PublicSponsor::new(&account, profile, version))
    }
}

/// The account and its profile, if they exist for whoever asks. The row of the table says *anyone*, so who may not see it is
/// told apart here: for them there is nothing.
pub(super) async fn visible<P: Record>(tx: &mut Tx<'_>, id: AccountId, role: Role, profile: Key) -> Result<(Account, P, u64)> {
    tx.load(&[Account::at(id), profile.clone()]).await?;
    let account: Option<Account> = tx.peek_at(Account::at(id)).await?;
    let subject = account.as_ref().map_or(Subject::of(id), Account::profile_subject);
    tx.allow(&subject)?;
    let account = account.filter(|account| account.role == role).ok_or(Error::NotFound)?;
    let is_public = subject.seen_by == crate::policy::SeenBy::Everyone;
    let is_mine = tx.viewer().is_some_and(|viewer| viewer.id == id || viewer.role == Role::Admin);
    if !is_public && !is_mine {
        return Err(Error::NotFound);
    }
    let version = tx.version_at(&profile).await?;
    let profile = tx.peek_at(profile).await?.ok_or(Error::NotFound)?;
    Ok((account, profile, version))
}
