//! Looking at the ledger.

use super::{LedgerAccount, Transfer, earned, earned_before, held};
use crate::{
    Operation, Page, PageRequest, Result, Tx,
    id::{AccountId, CampaignId},
    policy::{Action, Subject},
    store::{Scan, keys::list},
    value::Money,
};
use iso_currency::Currency;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The transfers that concern the asker, newest first.
#[derive(Clone, Debug, Default)]
pub struct ViewLedger {
    /// Only those of this campaign of the asker's.
    pub campaign: Option<CampaignId>,
    /// Which page.
    pub page: PageRequest,
}

impl Operation for ViewLedger {
    type Output = Page<Transfer>;
    const ACTION: Action = Action::ViewLedger;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Page<Transfer>> {
        tx.allow(&Subject::PLATFORM)?;
        let me = tx.my_id()?;
        let at = |id: Uuid| Transfer::at(id.into());
        let Some(campaign) = self.campaign else { return tx.page_of(list("ledger-of").id(me), &self.page, at).await };
        let campaign = crate::campaign::Campaign::fetch_seen_as(tx, campaign, Action::ListCampaignRequests).await?;
        let budget = LedgerAccount::Budget(campaign.id);
        tx.page_of(budget.transfers(), &self.page, at).await
    }
}

/// What somebody has on the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balances {
    /// Can be withdrawn.
    pub earnings: Money,
    /// Asked for and not yet confirmed.
    pub on_its_way: Money,
    /// Earned in all on this platform.
    pub earned: Money,
    /// Earned before, on the platform they were brought over from.
    #[serde(default)]
    pub earned_before: Money,
}

/// What the asker has on the platform.
#[derive(Clone, Copy, Debug, Default)]
pub struct ViewBalances;

impl Operation for ViewBalances {
    type Output = Balances;
    const ACTION: Action = Action::ViewBalances;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Balances> {
        tx.allow(&Subject::PLATFORM)?;
        let me = tx.my_id()?;
        let (earnings, waiting) = (LedgerAccount::Earnings(me), LedgerAccount::Payout(me));
        tx.load(&[earnings.balance(), waiting.balance(), earned(me), earned_before(me)]).await?;
        Ok(Balances {
            earnings: Money(tx.counter(earnings.balance()).await?),
            on_its_way: Money(tx.counter(waiting.balance()).await?),
            earned: Money(tx.counter(earned(me)).await?),
            earned_before: Money(tx.counter(earned_before(me)).await?),
        })
    }
}

/// Something that keeps an account from being closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remaining {
    /// Money in earnings.
    Earnings(Money),
    /// Money in a payout that has not arrived.
    OnItsWay(Money),
    /// So many collaborations are open.
    Collaborations(i64),
    /// A campaign has not ended.
    Campaign {
        /// Which.
        campaign: CampaignId,
        /// What is still in it.
        money: Money,
    },
}

impl Remaining {
    /// The same for people.
    #[must_use]
    pub fn sentence(&self, currency: Currency) -> String {
        match self {
            Self::Earnings(amount) => format!("There is still {} in earnings.", amount.show(currency)),
            Self::OnItsWay(amount) => format!("There is still {} in a payout on its way.", amount.show(currency)),
            Self::Collaborations(1) => "One of your collaborations is still open.".to_owned(),
            Self::Collaborations(open) => format!("{open} of your collaborations are still open."),
            Self::Campaign { money: Money::ZERO, .. } => "A campaign has not ended.".to_owned(),
            Self::Campaign { money, .. } => format!("A campaign still has {}.", money.show(currency)),
        }
    }
}

/// What keeps an account from being closed. Looks at balances of the account and at its campaigns that have
/// not ended, of which a person has few; at most a hundred are named.
///
/// # Errors
/// If the store fails.
pub async fn remaining(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Remaining>> {
    let mut why = Vec::new();
    let (earnings, waiting) = (LedgerAccount::Earnings(account), LedgerAccount::Payout(account));
    let open = crate::collaboration::open_of(account);
    let unfinished = Scan { limit: PageRequest::MOST, ..list("campaigns-unfinished-of").id(account).range() };
    tx.load_all(&[earnings.balance(), waiting.balance(), open.clone()], vec![unfinished.clone()]).await?;
    for (of, what) in [(earnings, Remaining::Earnings as fn(Money) -> Remaining), (waiting, Remaining::OnItsWay)] {
        let amount = Money(tx.counter_held(of.balance()).await?);
        if amount != Money::ZERO {
            why.push(what(amount));
        }
    }
    let open = tx.counter_held(open).await?;
    if open > 0 {
        why.push(Remaining::Collaborations(open));
    }
    let campaigns = tx.scan(unfinished).await?.into_iter().filter_map(|(key, _)| key.last_id()).map(CampaignId);
    let campaigns: Vec<CampaignId> = campaigns.collect();
    let money = |campaign: CampaignId| [LedgerAccount::Budget(campaign).balance(), held(campaign)];
    tx.load(&campaigns.iter().copied().flat_map(money).collect::<Vec<_>>()).await?;
    for campaign in campaigns {
        let mut all = Money::ZERO;
        for of in money(campaign) {
            all = Money(all.0 + tx.counter_held(of).await?);
        }
        why.push(Remaining::Campaign { campaign, money: all });
    }
    Ok(why)
}
