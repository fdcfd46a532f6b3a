//! What somebody has, earned and moved, as one statement.

use super::own::{Month, last_months};
use crate::{
    Operation, Page, PageRequest, Result, Tx,
    campaign::Campaign,
    id::CampaignId,
    ledger::{Balances, LedgerAccount, Transfer, earned},
    policy::Action,
    store::keys::{list, tally},
    value::Money,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One movement of money, with what it was for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The movement.
    pub transfer: Transfer,
    /// What the campaign is called that it belongs to.
    pub campaign_title: Option<String>,
}

/// What somebody has, earned and moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// What they have on the platform.
    pub balances: Balances,
    /// Earned in each of the last twelve months, the earliest first.
    pub months: Vec<Month>,
    /// The movements that concern them, newest first.
    pub entries: Page<Entry>,
}

/// Shows what the asker has, earned and moved.
#[derive(Clone, Debug, Default)]
pub struct ViewStatement {
    /// Only the movements of this campaign of the asker's.
    pub campaign: Option<CampaignId>,
    /// Which page of the movements.
    pub page: PageRequest,
}

impl Operation for ViewStatement {
    type Output = Statement;
    const ACTION: Action = Action::ViewLedger;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Statement> {
        tx.allow(&crate::policy::Subject::PLATFORM)?;
        let me = tx.my_id()?;
        let names = last_months(tx.settings().day_of(tx.now()));
        let mut keys = vec![LedgerAccount::Earnings(me).balance(), LedgerAccount::Payout(me).balance(), earned(me)];
        keys.extend(names.iter().map(|month| tally("earned-in").id(me).word(month).key()));
        let mut values = tx.counters(keys).await?.into_iter().map(Money);
        let mut next = || values.next().unwrap_or_default();
        let balances = Balances { earnings: next(), on_its_way: next(), earned: next() };
        let months = names.into_iter().map(|month| Month { month, earned: next() }).collect();
        let of = match self.campaign {
            Some(campaign) => {
                let campaign = Campaign::fetch_seen_as(tx, campaign, Action::ListCampaignRequests).await?;
                let budget = LedgerAccount::Budget(campaign.id);
                list("transfers-of").word(budget.word()).id(budget.id())
            }
            None => list("ledger-of").id(me),
        };
        let page = tx.page_of::<Transfer>(of, &self.page, |id| Transfer::at(id.into())).await?;
        Ok(Statement { balances, months, entries: titled(tx, page).await? })
    }
}

async fn titled(tx: &mut Tx<'_>, page: Page<Transfer>) -> Result<Page<Entry>> {
    let campaigns: BTreeSet<CampaignId> = page.items.iter().filter_map(|transfer| transfer.campaign).collect();
    tx.load(&campaigns.into_iter().map(Campaign::at).collect::<Vec<_>>()).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for transfer in page.items {
        let campaign: Option<Campaign> = match transfer.campaign {
            Some(id) => tx.peek_at(Campaign::at(id)).await?,
            None => None,
        };
        items.push(Entry { transfer, campaign_title: campaign.map(|campaign| campaign.title.to_string()) });
    }
    Ok(Page { items, next: page.next })
}
