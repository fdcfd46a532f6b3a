//! Somebody's own figures.

use crate::{
    Likely, Operation, Page, PageRequest, Result,
    account::Role,
    campaign::{Campaign, CampaignMoney, CampaignState, CampaignView},
    collaboration::reach_of,
    id::{AccountId, CampaignId},
    ledger,
    policy::{Action, Subject},
    report::Standing,
    request::RequestState,
    store::{
        Key, Read,
        keys::{list, tally},
    },
    tx::Tx,
    value::Money,
};
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many months of earnings are shown.
const MONTHS: i32 = 12;

/// Shows how one's own affairs stand. An admin has none.
#[derive(Clone, Debug, Default)]
pub struct ViewOwnStatistics {
    /// Which page of a sponsor's campaigns.
    pub page: PageRequest,
}

/// How somebody's own affairs stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum OwnStatistics {
    /// A sponsor's campaigns, the newest first.
    Sponsor {
        /// A page of them.
        campaigns: Page<CampaignFigures>,
        /// What others say of the sponsor.
        rating: Option<u32>,
    },
    /// An influencer's work.
    Influencer(InfluencerFigures),
    /// Nothing.
    Admin,
}

/// How a campaign stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignFigures {
    /// The campaign.
    pub campaign: CampaignId,
    /// Its title.
    pub title: String,
    /// How far it has come.
    pub state: CampaignState,
    /// What may be committed in all.
    pub budget: Money,
    /// Held or paid.
    pub committed: Money,
    /// Paid to influencers.
    pub paid: Money,
    /// The budget less what is committed.
    pub remaining: Money,
    /// Ad requests by state.
    pub requests: BTreeMap<String, i64>,
    /// The followers of those who delivered to it, at their first submissions, added up; those that were cancelled aside.
    pub reach: i64,
}

/// How an influencer's work stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InfluencerFigures {
    /// Earned on the platform, ever.
    pub earned: Money,
    /// Earned in each of the last twelve months, the earliest first.
    pub months: Vec<Month>,
    /// What everyone sees of it.
    pub standing: Standing,
}

/// What was earned in a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Month {
    /// Which: `2026-11`.
    pub month: String,
    /// How much.
    pub earned: Money,
}

impl Operation for ViewOwnStatistics {
    type Output = OwnStatistics;
    const ACTION: Action = Action::ViewOwnStatistics;

    fn foresees(&self, asker: Likely) -> Vec<Read> {
        let me = asker.account;
        let mut reads = Read::all(Standing::keys(me));
        match asker.role {
            Role::Sponsor => reads.extend(self.page.ahead(list("campaigns-of").id(me))),
            Role::Influencer => reads.extend(Read::all(earned_by(me, &last_months(asker.today)))),
            Role::Admin => reads.clear(),
        }
        reads
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<OwnStatistics> {
        let me = tx.my_id()?;
        tx.allow(&Subject::of(me))?;
        own_statistics(tx, &self.page).await
    }
}

/// How the affairs of whoever asks stand.
pub(super) async fn own_statistics(tx: &mut Tx<'_>, page: &PageRequest) -> Result<OwnStatistics> {
    let me = tx.my_id()?;
    match tx.me()?.role {
        Role::Sponsor => {
            let campaigns = campaigns(tx, me, page).await?;
            let rating = Standing::of(tx, me).await?.rating;
            Ok(OwnStatistics::Sponsor { campaigns, rating })
        }
        Role::Influencer => influencer(tx, me).await.map(OwnStatistics::Influencer),
        Role::Admin => Ok(OwnStatistics::Admin),
    }
}

/// Where a campaign and its figures stand.
pub(super) fn figures_of(id: CampaignId) -> Vec<Key> {
    let requests = RequestState::ALL.map(|state| tally("campaign-requests").id(id).word(state.word()).key());
    CampaignMoney::keys(id).into_iter().chain(requests).chain([reach_of(id), Campaign::at(id)]).collect()
}

async fn campaigns(tx: &mut Tx<'_>, sponsor: AccountId, page: &PageRequest) -> Result<Page<CampaignFigures>> {
    let ids = tx.page_of_ids(list("campaigns-of").id(sponsor), page).await?.items;
    tx.load(&ids.into_iter().flat_map(|id| figures_of(id.into())).collect::<Vec<_>>()).await?;
    let page = tx.page_of::<Campaign>(list("campaigns-of").id(sponsor), page, |id| Campaign::at(id.into())).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for campaign in page.items {
        let (id, title, state, budget) = (campaign.id, campaign.title.to_string(), campaign.state, campaign.budget);
        let money = CampaignView::of(tx, campaign).await?.money;
        let (held, paid) = money.map_or((Money::ZERO, Money::ZERO), |money| (money.held, money.paid));
        let committed = held.plus(paid)?;
        let states = RequestState::ALL.map(RequestState::word);
        let mut keys: Vec<Key> = states.map(|state| tally("campaign-requests").id(id).word(state).key()).to_vec();
        keys.push(reach_of(id));
        let mut values = tx.counters(keys).await?;
        let reach = values.pop().unwrap_or_default();
        let requests = states.into_iter().map(str::to_owned).zip(values).collect();
        let remaining = budget.minus(committed)?;
        items.push(CampaignFigures { campaign: id, title, state, budget, committed, paid, remaining, requests, reach });
    }
    Ok(Page { items, next: page.next })
}

/// Where it stands what somebody earned: ever, and in these months.
pub(super) fn earned_by(me: AccountId, months: &[String]) -> Vec<Key> {
    let by_month = months.iter().map(|month| tally("earned-in").id(me).word(month).key());
    [ledger::earned(me)].into_iter().chain(by_month).collect()
}

async fn influencer(tx: &mut Tx<'_>, me: AccountId) -> Result<InfluencerFigures> {
    let today = tx.now().to_zoned(tx.settings().time_zone.clone()).date();
    let months = last_months(today);
    let mut values = tx.counters(earned_by(me, &months)).await?.into_iter().map(Money);
    let earned = values.next().unwrap_or_default();
    let months = months.into_iter().zip(values).map(|(month, earned)| Month { month, earned }).collect();
    Ok(InfluencerFigures { earned, months, standing: Standing::of(tx, me).await? })
}

/// The last twelve months, the earliest first and the present one last.
pub(super) fn last_months(today: Date) -> Vec<String> {
    let first = today.first_of_month();
    (0..MONTHS).rev().map(|back| first.saturating_sub(back.months()).strftime("%Y-%m").to_string()).collect()
}
