//! Profiles with what stands around them, as pages show them: figures, reviews, a sponsor's open campaigns.
//!
//! **Not here**: finding people (`discovery`), one's own profile (`own_account`).

use super::{PublicInfluencer, PublicSponsor, profiles::visible};
use crate::{
    Likely, Operation, Page, PageRequest, Result,
    account::{Account, AccountState, Influencer, Role, Sponsor},
    campaign::{Campaign, CampaignState},
    collaboration::{ReviewView, review_at, reviews_list, reviews_of},
    id::AccountId,
    policy::Action,
    report::Standing,
    store::{
        Key, Read, Scan,
        keys::{KeyParts, list},
    },
    tx::Tx,
};
use serde::{Deserialize, Serialize};

/// How many open campaigns a sponsor's page shows.
const CAMPAIGNS: usize = 12;

/// An influencer with what stands around them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InfluencerInFull {
    /// The profile.
    pub profile: PublicInfluencer,
    /// The figures that nobody can buy.
    pub standing: Standing,
    /// What sponsors say, newest collaboration first.
    pub reviews: Page<ReviewView>,
}

/// Shows an influencer with figures and reviews.
#[derive(Clone, Debug)]
pub struct ViewInfluencerInFull {
    /// Whose profile.
    pub account: AccountId,
    /// Which page of the reviews.
    pub page: PageRequest,
}

impl Operation for ViewInfluencerInFull {
    type Output = InfluencerInFull;
    const ACTION: Action = Action::ViewInfluencerInFull;

    fn foresees(&self, _: Likely) -> Vec<Read> {
        let keys = [vec![Account::at(self.account), Influencer::at(self.account)], Standing::keys(self.account)].concat();
        self.page.ahead(reviews_list(self.account)).into_iter().chain(Read::all(keys)).collect()
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<InfluencerInFull> {
        let id = self.account;
        let keys = [vec![Account::at(id), Influencer::at(id)], Standing::keys(id)].concat();
        tx.load_all(&keys, vec![self.page.scan(reviews_list(id))?]).await?;
        let (account, profile, version) = visible::<Influencer>(tx, id, Role::Influencer, Influencer::at(id)).await?;
        let standing = Standing::of(tx, id).await?;
        let reviews = reviews_of(tx, &account, &self.page).await?;
        Ok(InfluencerInFull { profile: PublicInfluencer::new(&account, profile, version), standing, reviews })
    }
}

/// A sponsor with what stands around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SponsorInFull {
    /// The profile.
    pub profile: PublicSponsor,
    /// The figures that nobody can buy.
    pub standing: Standing,
    /// What influencers say, newest collaboration first.
    pub reviews: Page<ReviewView>,
    /// The newest of its listed campaigns.
    pub campaigns: Vec<Campaign>,
}

/// Shows a sponsor with figures, reviews and listed campaigns.
#[derive(Clone, Debug)]
pub struct ViewSponsorInFull {
    /// Whose profile.
    pub account: AccountId,
    /// Which page of the reviews.
    pub page: PageRequest,
}

impl Operation for ViewSponsorInFull {
    type Output = SponsorInFull;
    const ACTION: Action = Action::ViewSponsorInFull;

    fn foresees(&self, _: Likely) -> Vec<Read> {
        let (keys, ranges) = (around(self.account), self.ranges());
        Read::all(keys).into_iter().chain(ranges.into_iter().flatten().map(Read::Scan)).collect()
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<SponsorInFull> {
        let id = self.account;
        tx.load_all(&around(id), self.ranges()?).await?;
        let (account, profile, version) = visible::<Sponsor>(tx, id, Role::Sponsor, Sponsor::at(id)).await?;
        let standing = Standing::of(tx, id).await?;
        let (reviewed, active) = (
            tx.page_of_ids(reviews_list(id), &self.page).await?.items,
            tx.page_of_ids(active_campaigns(id), &newest()).await?.items,
        );
        let keys =
            reviewed.into_iter().map(|id| review_at(&account, id)).chain(active.into_iter().map(|id| Campaign::at(id.into())));
        tx.load(&keys.collect::<Vec<_>>()).await?;
        let campaigns = listed_campaigns(tx, &account).await?;
        let reviews = reviews_of(tx, &account, &self.page).await?;
        Ok(SponsorInFull { profile: PublicSponsor::new(&account, profile, version), standing, reviews, campaigns })
    }
}

impl ViewSponsorInFull {
    fn ranges(&self) -> Result<Vec<Scan>> {
        Ok(vec![self.page.scan(reviews_list(self.account))?, newest().scan(active_campaigns(self.account))?])
    }
}

fn around(sponsor: AccountId) -> Vec<Key> {
    [vec![Account::at(sponsor), Sponsor::at(sponsor)], Standing::keys(sponsor)].concat()
}

fn active_campaigns(sponsor: AccountId) -> KeyParts {
    list("campaigns-of-in-state").id(sponsor).word(CampaignState::Active.word())
}

fn newest() -> PageRequest {
    PageRequest::new(CAMPAIGNS, None)
}

async fn listed_campaigns(tx: &mut Tx<'_>, account: &Account) -> Result<Vec<Campaign>> {
    if account.state != AccountState::Active {
        return Ok(Vec::new());
    }
    let page = tx.page_of::<Campaign>(active_campaigns(account.id), &newest(), |id| Campaign::at(id.into())).await?;
    let now = tx.now();
    let listed = page.items.into_iter().filter(|campaign| campaign.is_listed(now));
    Ok(listed.map(|campaign| Campaign { legacy_id: None, ..campaign }).collect())
}
