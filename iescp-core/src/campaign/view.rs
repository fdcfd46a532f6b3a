//! A campaign as somebody sees it.

use super::{Campaign, CampaignState};
use crate::{
    Likely, Operation, Page, PageRequest, Result, Tx,
    account::Role,
    id::{AccountId, CampaignId},
    ledger::{self, LedgerAccount},
    policy::{Action, Subject},
    store::{
        Key, Read,
        keys::{KeyParts, list},
    },
    value::Money,
};
use serde::{Deserialize, Serialize};

/// A campaign as somebody sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignView {
    /// The campaign.
    pub campaign: Campaign,
    /// Its money; for its sponsor and admins.
    pub money: Option<CampaignMoney>,
    /// The version of the record, for `If-Match`; zero where this answers a change.
    pub version: u64,
}

/// A campaign's money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignMoney {
    /// What may be committed in all.
    pub budget: Money,
    /// Paid in (or planned) and not sent back.
    pub funded: Money,
    /// Held for collaborations that have not ended.
    pub held: Money,
    /// Paid to influencers.
    pub paid: Money,
    /// Can still be promised: the lesser of budget and funds, less what is held and paid.
    pub available: Money,
}

impl CampaignView {
    /// The campaign as the actor sees it.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn of(tx: &mut Tx<'_>, campaign: Campaign) -> Result<Self> {
        let version = tx.version_at(&Campaign::at(campaign.id)).await?;
        let sees_money = CampaignMoney::is_seen(tx, &campaign);
        let money = if sees_money { Some(CampaignMoney::of(tx, &campaign).await?) } else { None };
        let mut campaign = campaign;
        if !sees_money {
            campaign.flagged = campaign.flagged.map(|_| crate::value::Prose::default());
            campaign.legacy_id = None;
        }
        Ok(Self { campaign, money, version })
    }
}

impl CampaignMoney {
    /// Where a campaign's money stands, to be loaded for many campaigns at once.
    pub(crate) fn keys(id: CampaignId) -> Vec<Key> {
        let [outside, external] = [LedgerAccount::Outside, LedgerAccount::External].map(|world| ledger::funded_from(id, world));
        vec![LedgerAccount::Budget(id).balance(), ledger::room(id), ledger::held(id), ledger::paid(id), outside, external]
    }

    /// Whether it is shown to whoever asks.
    fn is_seen(tx: &Tx<'_>, campaign: &Campaign) -> bool {
        tx.viewer().is_some_and(|me| me.id == campaign.sponsor || me.role == Role::Admin)
    }

    /// The same keys, if the money is shown to whoever asks.
    pub(crate) fn keys_for(tx: &Tx<'_>, campaign: &Campaign) -> Vec<Key> {
        if Self::is_seen(tx, campaign) { Self::keys(campaign.id) } else { Vec::new() }
    }

    async fn of(tx: &mut Tx<'_>, campaign: &Campaign) -> Result<Self> {
        let values = tx.counters(Self::keys(campaign.id)).await?;
        let [funds, room, held, paid, outside, external] = values.as_slice() else { return Err(crate::Error::NotFound) };
        Ok(Self {
            budget: campaign.budget,
            funded: Money(outside + external),
            held: Money(*held),
            paid: Money(*paid),
            available: Money(*funds.min(room)).max(Money::ZERO),
        })
    }
}

/// Looks at one campaign.
#[derive(Clone, Debug)]
pub struct ViewCampaign {
    /// Which campaign.
    pub campaign: CampaignId,
}

impl Operation for ViewCampaign {
    type Output = CampaignView;
    const ACTION: Action = Action::ViewCampaign;

    fn foresees(&self, _: Likely) -> Vec<Read> {
        Read::all(money_too(self.campaign))
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CampaignView> {
        let campaign = Campaign::fetch_seen(tx, self.campaign).await?;
        CampaignView::of(tx, campaign).await
    }
}

/// Somebody's own campaigns, all of them or those in a state.
pub(super) fn own(me: AccountId, state: Option<CampaignState>) -> KeyParts {
    match state {
        Some(state) => list("campaigns-of-in-state").id(me).word(state.word()),
        None => list("campaigns-of").id(me),
    }
}

/// Where a campaign and its money stand.
pub(super) fn money_too(id: CampaignId) -> Vec<Key> {
    let mut keys = CampaignMoney::keys(id);
    keys.push(Campaign::at(id));
    keys
}

/// One's own campaigns, newest first.
#[derive(Clone, Debug, Default)]
pub struct ListOwnCampaigns {
    /// Only those in this state.
    pub state: Option<CampaignState>,
    /// Which page.
    pub page: PageRequest,
}

impl Operation for ListOwnCampaigns {
    type Output = Page<CampaignView>;
    const ACTION: Action = Action::ListOwnCampaigns;

    fn foresees(&self, asker: Likely) -> Vec<Read> {
        self.page.ahead(own(asker.account, self.state))
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Page<CampaignView>> {
        tx.allow(&Subject::PLATFORM)?;
        let me = tx.my_id()?;
        let of = own(me, self.state);
        let ids = tx.page_of_ids(of.clone(), &self.page).await?.items;
        tx.load(&ids.into_iter().flat_map(|id| money_too(id.into())).collect::<Vec<_>>()).await?;
        let page = tx.page_of::<Campaign>(of, &self.page, |id| Campaign::at(id.into())).await?;
        let mut items = Vec::with_capacity(page.items.len());
        for campaign in page.items {
            items.push(CampaignView::of(tx, campaign).await?);
        }
        Ok(Page { items, next: page.next })
    }
}
