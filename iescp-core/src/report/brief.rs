//! Who stands behind a campaign, in brief: for cards and the head of its page.
//!
//! **Not here**: the whole profile (`account`).

use super::Standing;
use crate::{
    Result,
    account::{Account, Influencer, Sponsor, name_of, picture_of},
    id::{AccountId, PictureId},
    store::Key,
    tx::Tx,
};
use serde::{Deserialize, Serialize};

/// A sponsor in brief.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SponsorBrief {
    /// The account's id.
    pub id: AccountId,
    /// The company's or person's name.
    pub company: String,
    /// What it does.
    pub industry: Option<String>,
    /// Its logo.
    #[serde(default)]
    pub picture: Option<PictureId>,
    /// Whether an admin checked the company.
    pub verified: bool,
    /// The figures that nobody can buy.
    pub standing: Standing,
}

impl SponsorBrief {
    /// Where all of it stands, to be loaded for many sponsors at once.
    pub(crate) fn keys(sponsor: AccountId) -> Vec<Key> {
        let mut keys = vec![Account::at(sponsor), Influencer::at(sponsor), Sponsor::at(sponsor)];
        keys.extend(Standing::keys(sponsor));
        keys
    }

    /// Reads a sponsor's, in one round trip.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn of(tx: &mut Tx<'_>, sponsor: AccountId) -> Result<Self> {
        tx.load(&Self::keys(sponsor)).await?;
        let profile: Option<Sponsor> = tx.peek_at(Sponsor::at(sponsor)).await?;
        let industry = profile.as_ref().and_then(|profile| profile.industry.as_ref()).map(ToString::to_string);
        let verified = profile.is_some_and(|profile| profile.verified.is_some());
        Ok(Self {
            id: sponsor,
            picture: picture_of(tx, sponsor).await?,
            company: name_of(tx, sponsor).await?,
            industry,
            verified,
            standing: Standing::of(tx, sponsor).await?,
        })
    }
}
