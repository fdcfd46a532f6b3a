//! Looking at the ledger.

use super::{LedgerAccount, Transfer, earned, earned_before, held};
use crate::{
    Operation, Page, PageRequest, Result, Tx,
    id::{AccountId, CampaignId},
    policy::{Action, Subject},
    store::keys::list,
    value::Money,
};
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
        tx.page_of(list("transfers-of").word(budget.word()).id(budget.id()), &self.page, at).await
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

/// What keeps an account from being closed: each a sentence. Looks at balances of the account and at its campaigns that have
/// not ended, of which a person has few; at most a hundred are named.
///
/// # Errors
/// If the store fails.
pub async fn remaining(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<String>> {
    let currency = tx.settings().currency;
    let mut why = Vec::new();
    for (of, what) in
        [(LedgerAccount::Earnings(account), "in earnings"), (LedgerAccount::Payout(account), "in a payout on its way")]
    {
        let amount = Money(tx.counter_held(of.balance()).await?);
        if amount != Money::ZERO {
            why.push(format!("There is still {} {what}.", amount.show(currency)));
        }
    }
    let open = tx.counter_held(crate::collaboration::open_of(account)).await?;
    if open > 0 {
        why.push(format!("{open} of your collaborations are still open."));
    }
    let page = PageRequest::new(PageRequest::MOST, None);
    for id in tx.page_of_ids(list("campaigns-unfinished-of").id(account), &page).await?.items {
        let campaign = CampaignId(id);
        let money = tx.counter_held(LedgerAccount::Budget(campaign).balance()).await? + tx.counter_held(held(campaign)).await?;
        if money != 0 {
            why.push(format!("A campaign still has {}.", Money(money).show(currency)));
        } else {
            why.push("A campaign has not ended.".to_owned());
        }
    }
    Ok(why)
}
