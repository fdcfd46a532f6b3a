//! The market at one look: the newest campaigns and the best rated influencers, in two round trips.

use super::{CampaignSearch, CampaignSort, FoundCampaign, FoundInfluencer, InfluencerSearch, InfluencerSort};
use super::{SearchCampaigns, SearchInfluencers};
use crate::{
    Operation, PageRequest, Result, Tx,
    campaign::Campaign,
    policy::{Action, Subject},
};
use serde::{Deserialize, Serialize};

/// The market at one look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Market {
    /// The newest listed campaigns.
    pub campaigns: Vec<FoundCampaign>,
    /// The best rated influencers.
    pub influencers: Vec<FoundInfluencer>,
}

/// Looks at the market.
#[derive(Clone, Copy, Debug)]
pub struct ViewMarket {
    /// How many of each are shown at most.
    pub most: usize,
}

impl Operation for ViewMarket {
    type Output = Market;
    const ACTION: Action = Action::SearchCampaigns;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Market> {
        tx.allow_as(Action::SearchInfluencers, &Subject::PLATFORM)?;
        let page = PageRequest::new(self.most, None);
        let search = CampaignSearch { sort: CampaignSort::Newest, ..CampaignSearch::default() };
        let campaigns = SearchCampaigns { search, page: page.clone() };
        let search = InfluencerSearch { sort: InfluencerSort::Rating, ..InfluencerSearch::default() };
        let influencers = SearchInfluencers { search, page };
        let listed = campaigns.found(tx).await?.ids.into_iter().map(|id| Campaign::at(id.into()));
        let known = influencers.found(tx).await?.ids.into_iter().flat_map(|id| FoundInfluencer::keys(id.into()));
        tx.load(&listed.chain(known).collect::<Vec<_>>()).await?;
        Ok(Market { campaigns: campaigns.run(tx).await?.items, influencers: influencers.run(tx).await?.items })
    }
}
