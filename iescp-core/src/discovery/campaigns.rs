//! Searching listed campaigns.

use super::{FoundPage, any_of, check_text, check_words, range, read_cursor, write_cursor};
use crate::{
    Operation, PageRequest, Result, Tx,
    account::{Account, AccountState, name_of},
    basis::Whole,
    campaign::{Campaign, CampaignMoney, CampaignView},
    collaboration::Review,
    id::CampaignId,
    policy::{Action, Subject},
    report::SponsorBrief,
    search::{AnyOf, Document, Facet, Page as Found, Query, Sort},
    value::{Form, NICHES, SocialPlatform},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

const NICHE: u8 = 1;
const PLATFORM: u8 = 2;
/// The platform of a campaign that names none: anywhere.
const ANYWHERE: &str = "*";

const BUDGET: usize = 0;
const START: usize = 1;
const END: usize = 2;
const RATING: usize = 3;
const PUBLISHED: usize = 4;

/// How many numbers a campaign has in the index.
pub(super) const COLUMNS: usize = 5;
/// The column that says what is of interest where nothing else does.
pub(super) const POPULAR: usize = PUBLISHED;

/// In which order campaigns come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CampaignSort {
    /// How well the text fits; without text the newest first.
    #[default]
    Relevance,
    /// The largest budget first.
    Budget,
    /// The best rated sponsor first.
    Rating,
    /// The newest first.
    Newest,
    /// The one that ends soonest first.
    Ending,
}

/// What somebody searches for. Everything in it must hold; in a list one of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CampaignSearch {
    /// Words of titles, goals, niches, sponsors' names.
    pub text: Option<String>,
    /// Niches, any of them.
    pub niches: Vec<String>,
    /// Platforms, any of them; a campaign that names none fits each.
    pub platforms: Vec<String>,
    /// The budget is at least this, in minor units.
    pub budget_min: Option<i64>,
    /// The budget is at most this, in minor units.
    pub budget_max: Option<i64>,
    /// It begins on this day or before.
    pub starts_by: Option<Date>,
    /// It ends on this day or after.
    pub ends_from: Option<Date>,
    /// In which order.
    pub sort: CampaignSort,
}

/// A day as a number that keeps their order.
fn number(day: Date) -> i64 {
    i64::from(day.year()) * 400 + i64::from(day.day_of_year())
}

impl CampaignSearch {
    fn query(&self, page: &PageRequest) -> Result<Query> {
        let mut form = Form::default();
        check_text(&mut form, self.text.as_deref());
        check_words(&mut form, "niche", &self.niches, |word| NICHES.contains(&word));
        check_words(&mut form, "platform", &self.platforms, |word| SocialPlatform::parse(word).is_ok());
        form.finish()?;
        let mut facets: Vec<AnyOf> = any_of(NICHE, &self.niches).into_iter().collect();
        if let Some(AnyOf(mut platforms)) = any_of(PLATFORM, &self.platforms) {
            platforms.push(Facet::new(PLATFORM, ANYWHERE));
            facets.push(AnyOf(platforms));
        }
        let ranges = [
            range(BUDGET, self.budget_min, self.budget_max),
            range(START, None, self.starts_by.map(number)),
            range(END, self.ends_from.map(number), None),
        ];
        let by = |column, descending| Sort::Column { column, descending };
        Ok(Query {
            text: self.text.clone(),
            facets,
            ranges: ranges.into_iter().flatten().collect(),
            sort: match self.sort {
                CampaignSort::Relevance => Sort::Relevance,
                CampaignSort::Budget => by(BUDGET, true),
                CampaignSort::Rating => by(RATING, true),
                CampaignSort::Newest => by(PUBLISHED, true),
                CampaignSort::Ending => by(END, false),
            },
            after: read_cursor(page.after())?,
            limit: page.limit(),
        })
    }
}

/// A campaign that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundCampaign {
    /// The campaign as the actor sees it.
    #[serde(flatten)]
    pub view: CampaignView,
    /// Who is behind it.
    pub sponsor: SponsorBrief,
}

/// Searches listed campaigns.
#[derive(Clone, Debug, Default)]
pub struct SearchCampaigns {
    /// For what.
    pub search: CampaignSearch,
    /// Which page.
    pub page: PageRequest,
}

impl SearchCampaigns {
    /// What the index knows.
    pub(super) async fn found(&self, tx: &mut Tx<'_>) -> Result<Found> {
        let query = self.search.query(&self.page)?;
        tx.reads_whole(Whole::Campaigns);
        tx.platform().finder().campaigns(tx.platform(), &query).await
    }
}

impl Operation for SearchCampaigns {
    type Output = FoundPage<FoundCampaign>;
    const ACTION: Action = Action::SearchCampaigns;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Output> {
        tx.allow(&Subject::PLATFORM)?;
        let found = self.found(tx).await?;
        let ids: Vec<CampaignId> = found.ids.into_iter().map(CampaignId).collect();
        tx.load(&ids.iter().map(|id| Campaign::at(*id)).collect::<Vec<_>>()).await?;
        let mut campaigns = Vec::with_capacity(ids.len());
        for id in ids {
            campaigns.extend(tx.peek_at::<Campaign>(Campaign::at(id)).await?);
        }
        let around = |campaign: &Campaign| [SponsorBrief::keys(campaign.sponsor), CampaignMoney::keys_for(tx, campaign)].concat();
        tx.load(&campaigns.iter().flat_map(around).collect::<Vec<_>>()).await?;
        let mut items = Vec::with_capacity(campaigns.len());
        for campaign in campaigns {
            if is_listed(tx, &campaign).await? {
                let sponsor = SponsorBrief::of(tx, campaign.sponsor).await?;
                items.push(FoundCampaign { view: CampaignView::of(tx, campaign).await?, sponsor });
            }
        }
        let next = found.next.as_ref().map(write_cursor).transpose()?;
        Ok(FoundPage { items, next, unfinished: found.unfinished })
    }
}

async fn is_listed(tx: &mut Tx<'_>, campaign: &Campaign) -> Result<bool> {
    if !campaign.is_listed(tx.now()) {
        return Ok(false);
    }
    let owner: Option<Account> = tx.peek_at(Account::at(campaign.sponsor)).await?;
    Ok(owner.is_some_and(|owner| owner.state == AccountState::Active))
}

/// The campaign as the index knows it; none if it is not to be found.
pub(super) async fn document(tx: &mut Tx<'_>, id: CampaignId) -> Result<Option<Document>> {
    let Some(campaign) = tx.peek_at::<Campaign>(Campaign::at(id)).await? else { return Ok(None) };
    if !is_listed(tx, &campaign).await? {
        return Ok(None);
    }
    let (Some(start), Some(end)) = (campaign.start, campaign.end) else { return Ok(None) };
    let counters = tx.counters(vec![Review::rating_sum(campaign.sponsor), Review::rating_count(campaign.sponsor)]).await?;
    let rating = match counters.as_slice() {
        [sum, count] => super::rating::mean(*sum, *count),
        _ => crate::search::MISSING,
    };
    let mut facets: Vec<Facet> = campaign.niches.iter().map(|niche| Facet::new(NICHE, niche.as_str())).collect();
    facets.extend(campaign.platforms.iter().map(|platform| Facet::new(PLATFORM, platform.word())));
    if campaign.platforms.is_empty() {
        facets.push(Facet::new(PLATFORM, ANYWHERE));
    }
    let published = campaign.published_at.unwrap_or(campaign.created_at).as_millisecond();
    let sponsor = name_of(tx, campaign.sponsor).await?;
    let text = vec![
        (4, campaign.title.to_string()),
        (2, campaign.niches.join(" ")),
        (2, sponsor),
        (1, campaign.brief.goals.to_string()),
    ];
    Ok(Some(Document { id: id.0, facets, numbers: vec![campaign.budget.0, number(start), number(end), rating, published], text }))
}
