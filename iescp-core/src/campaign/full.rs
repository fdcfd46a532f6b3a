//! Campaigns with what stands around them, as pages show them: in a few round trips, however many there are.
//!
//! **Not here**: a campaign by itself (`view`), a sponsor's statistics (`report`).

use super::{
    Campaign, CampaignMoney, CampaignState, CampaignView,
    view::{money_too, own},
};
use crate::{
    Likely, Operation, Page, PageRequest, Result, Tx,
    account::Role,
    id::{AccountId, CampaignId, RequestId},
    policy::{Action, Subject},
    report::SponsorBrief,
    request::RequestState,
    store::{
        Key, Read,
        keys::{list, tally},
    },
};
use serde::{Deserialize, Serialize};

/// A campaign with what stands around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignInFull {
    /// The campaign as the actor sees it.
    pub view: CampaignView,
    /// Who is behind it.
    pub sponsor: SponsorBrief,
    /// How many requests are in each state; for its sponsor and admins.
    pub requests: Vec<(RequestState, i64)>,
    /// How many collaborations have not ended; for its sponsor and admins.
    pub running: i64,
    /// The latest request of the influencer who asks, if there was one.
    pub mine: Option<RequestId>,
}

/// Looks at one campaign and what stands around it.
#[derive(Clone, Copy, Debug)]
pub struct ViewCampaignInFull {
    /// Which campaign.
    pub campaign: CampaignId,
}

impl Operation for ViewCampaignInFull {
    type Output = CampaignInFull;
    const ACTION: Action = Action::ViewCampaignInFull;

    fn foresees(&self, asker: Likely) -> Vec<Read> {
        let of_pair = PageRequest::new(1, None).ahead(list("requests-of-pair").id(self.campaign).id(asker.account));
        Read::all([money_too(self.campaign), counts(self.campaign)].concat()).into_iter().chain(of_pair).collect()
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CampaignInFull> {
        if let Some(campaign) = tx.peek_at::<Campaign>(Campaign::at(self.campaign)).await? {
            let keys = [SponsorBrief::keys(campaign.sponsor), CampaignMoney::keys(campaign.id), counts(campaign.id)];
            tx.load(&keys.concat()).await?;
        }
        let campaign = Campaign::fetch_seen(tx, self.campaign).await?;
        let sponsor = SponsorBrief::of(tx, campaign.sponsor).await?;
        let (id, view) = (campaign.id, CampaignView::of(tx, campaign).await?);
        let (requests, running) = if view.money.is_some() { counted(tx, id).await? } else { (Vec::new(), 0) };
        Ok(CampaignInFull { view, sponsor, requests, running, mine: mine(tx, id).await? })
    }
}

/// The latest request between a campaign and the influencer who asks.
async fn mine(tx: &mut Tx<'_>, campaign: CampaignId) -> Result<Option<RequestId>> {
    let Some(me) = tx.viewer().filter(|me| me.role == Role::Influencer).map(|me| me.id) else { return Ok(None) };
    let of_pair = list("requests-of-pair").id(campaign).id(me);
    let latest = tx.page_of_ids(of_pair, &PageRequest::new(1, None)).await?;
    Ok(latest.items.into_iter().next().map(RequestId))
}

/// Where it stands how many requests of a campaign are in each state, and how many collaborations have not ended.
fn counts(campaign: CampaignId) -> Vec<Key> {
    let states = RequestState::ALL.iter().map(|state| tally("campaign-requests").id(campaign).word(state.word()).key());
    states.chain([Campaign::open_collaborations(campaign)]).collect()
}

/// Where it stands how many campaigns somebody has in each state.
fn states_of(me: AccountId) -> Vec<Key> {
    CampaignState::ALL.iter().map(|state| tally("campaigns-of").id(me).word(state.word()).key()).collect()
}

async fn counted(tx: &mut Tx<'_>, campaign: CampaignId) -> Result<(Vec<(RequestState, i64)>, i64)> {
    let mut values = tx.counters(counts(campaign)).await?;
    let running = values.pop().unwrap_or_default();
    Ok((RequestState::ALL.into_iter().zip(values).collect(), running))
}

/// A campaign of one's own, with how it goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnCampaign {
    /// The campaign with its money.
    pub view: CampaignView,
    /// How many requests are in each state.
    pub requests: Vec<(RequestState, i64)>,
    /// How many collaborations have not ended.
    pub running: i64,
}

/// One's own campaigns: a page of them, and how many there are in each state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnCampaigns {
    /// How many are in each state.
    pub states: Vec<(CampaignState, i64)>,
    /// A page of them, newest first.
    pub campaigns: Page<OwnCampaign>,
}

/// One's own campaigns with how they go, newest first.
#[derive(Clone, Debug, Default)]
pub struct ListOwnCampaignsInFull {
    /// Only those in this state.
    pub state: Option<CampaignState>,
    /// Which page.
    pub page: PageRequest,
}

impl Operation for ListOwnCampaignsInFull {
    type Output = OwnCampaigns;
    const ACTION: Action = Action::ListOwnCampaignsInFull;

    fn foresees(&self, asker: Likely) -> Vec<Read> {
        let states = Read::all(states_of(asker.account));
        self.page.ahead(own(asker.account, self.state)).into_iter().chain(states).collect()
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<OwnCampaigns> {
        tx.allow(&Subject::PLATFORM)?;
        let me = tx.my_id()?;
        let of = own(me, self.state);
        let states = states_of(me);
        let ids = tx.page_of_ids(of.clone(), &self.page).await?.items;
        let about = ids.into_iter().flat_map(|id| [money_too(id.into()), counts(id.into())].concat());
        tx.load(&states.iter().cloned().chain(about).collect::<Vec<_>>()).await?;
        let states = CampaignState::ALL.into_iter().zip(tx.counters(states).await?).collect();
        let page = tx.page_of::<Campaign>(of, &self.page, |id| Campaign::at(id.into())).await?;
        let mut items = Vec::with_capacity(page.items.len());
        for campaign in page.items {
            let (requests, running) = counted(tx, campaign.id).await?;
            items.push(OwnCampaign { view: CampaignView::of(tx, campaign).await?, requests, running });
        }
        Ok(OwnCampaigns { states, campaigns: Page { items, next: page.next } })
    }
}

#[cfg(test)]
mod tests;
