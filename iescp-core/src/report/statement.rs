//! What somebody has, earned and moved, as one statement.

use super::own::{Month, earned_by, last_months};
use crate::{
    Likely, Operation, Page, PageRequest, Result, Tx,
    campaign::Campaign,
    id::{AccountId, CampaignId},
    ledger::{Balances, LedgerAccount, Transfer, earned_before},
    policy::Action,
    store::{
        Key, Read,
        keys::{KeyParts, list},
    },
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

    fn foresees(&self, asker: Likely) -> Vec<Read> {
        let me = asker.account;
        let of = self.campaign.map_or_else(|| list("ledger-of").id(me), of_campaign);
        let keys =
            balances_of(me).into_iter().chain(earned_by(me, &last_months(asker.today))).chain(self.campaign.map(Campaign::at));
        self.page.ahead(of).into_iter().chain(Read::all(keys)).collect()
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Statement> {
        tx.allow(&crate::policy::Subject::PLATFORM)?;
        let me = tx.my_id()?;
        let names = last_months(tx.settings().day_of(tx.now()));
        let keys = balances_of(me).into_iter().chain(earned_by(me, &names));
        let mut values = tx.counters(keys.collect()).await?.into_iter().map(Money);
        let mut next = || values.next().unwrap_or_default();
        let (earned_before, earnings, on_its_way, earned) = (next(), next(), next(), next());
        let balances = Balances { earnings, on_its_way, earned, earned_before };
        let months = names.into_iter().map(|month| Month { month, earned: next() }).collect();
        let of = match self.campaign {
            Some(campaign) => {
                let campaign = Campaign::fetch_seen_as(tx, campaign, Action::ListCampaignRequests).await?;
                of_campaign(campaign.id)
            }
            None => list("ledger-of").id(me),
        };
        let page = tx.page_of::<Transfer>(of, &self.page, |id| Transfer::at(id.into())).await?;
        Ok(Statement { balances, months, entries: titled(tx, page).await? })
    }
}

fn of_campaign(campaign: CampaignId) -> KeyParts {
    let budget = LedgerAccount::Budget(campaign);
    budget.transfers()
}

fn balances_of(me: AccountId) -> [Key; 3] {
    [earned_before(me), LedgerAccount::Earnings(me).balance(), LedgerAccount::Payout(me).balance()]
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
