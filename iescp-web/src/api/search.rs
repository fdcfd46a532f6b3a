//! Finding each other over HTTP: `GET /influencers` and `GET /campaigns`, by any combination of filters.
//!
//! Not here: one profile (`profiles`), one campaign (`campaigns`).

use super::amount::Currency;
use super::campaigns::Campaign;
use super::listing::{told, wanted};
use super::profiles::InfluencerProfile;
use super::{Chapter, Cursor, Date, Failure, Limit, Listed, Page, Paging};
use crate::identity::Anyone;
use iescp_core::discovery::{
    CampaignSearch, CampaignSort, FoundPage, InfluencerSearch, InfluencerSort, SearchCampaigns, SearchInfluencers,
};
use poem::Request;
use poem_openapi::param::Query;
use poem_openapi::types::{ParseFromJSON, ToJSON};
use poem_openapi::{Enum, OpenApi};

/// The operations.
pub struct Search;

/// An order of influencers.
#[derive(Enum, Clone, Copy)]
#[oai(rename_all = "snake_case")]
enum InfluencerOrder {
    /// How well the text fits; without text most followers first.
    Relevance,
    /// Most followers first.
    Followers,
    /// Best rated first.
    Rating,
    /// Newest first.
    Newest,
}

impl From<InfluencerOrder> for InfluencerSort {
    fn from(order: InfluencerOrder) -> Self {
        match order {
            InfluencerOrder::Relevance => Self::Relevance,
            InfluencerOrder::Followers => Self::Followers,
            InfluencerOrder::Rating => Self::Rating,
            InfluencerOrder::Newest => Self::Newest,
        }
    }
}

/// An order of campaigns.
#[derive(Enum, Clone, Copy)]
#[oai(rename_all = "snake_case")]
enum CampaignOrder {
    /// How well the text fits; without text the newest first.
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

impl From<CampaignOrder> for CampaignSort {
    fn from(order: CampaignOrder) -> Self {
        match order {
            CampaignOrder::Relevance => Self::Relevance,
            CampaignOrder::Budget => Self::Budget,
            CampaignOrder::Rating => Self::Rating,
            CampaignOrder::Newest => Self::Newest,
            CampaignOrder::Ending => Self::Ending,
        }
    }
}

/// The words of a list that is separated by commas.
fn words(list: Option<String>) -> Vec<String> {
    let list = list.unwrap_or_default();
    list.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn answer<C, T>(request: &Request, found: FoundPage<C>, shape: impl Fn(C) -> T) -> Listed<T>
where
    T: ParseFromJSON + ToJSON + Send + Sync,
{
    let next = found.next.map(|next| Cursor(next.into_bytes()));
    let link = next.as_ref().map(|next| Paging::next(request, next));
    let mut page = Page::new(found.items.into_iter().map(shape).collect(), next.as_ref());
    page.unfinished = found.unfinished.then_some(true);
    Listed::new(page, link)
}

#[OpenApi(tag = "Chapter::Search")]
impl Search {
    /// Search influencers
    ///
    /// Those whose profile names a niche and a channel. All filters must hold; of a list separated by commas, one.
    #[oai(path = "/influencers", method = "get", operation_id = "search_influencers")]
    #[allow(clippy::too_many_arguments, reason = "a search has as many filters as it has")]
    async fn search_influencers(
        &self,
        who: Anyone,
        request: &Request,
        /// Words of names, biographies, handles and niches; beginnings of words and one slip of the finger will do.
        #[oai(validator(max_length = 200))]
        q: Query<Option<String>>,
        /// Niches, separated by commas.
        #[oai(validator(max_length = 400))]
        niche: Query<Option<String>>,
        /// Platforms, separated by commas.
        #[oai(validator(max_length = 400))]
        platform: Query<Option<String>>,
        /// Languages by ISO 639-1, separated by commas.
        #[oai(validator(max_length = 200))]
        language: Query<Option<String>>,
        /// A place: all of its words.
        #[oai(validator(max_length = 120))]
        location: Query<Option<String>>,
        /// At least so many followers over all channels.
        #[oai(validator(minimum(value = "0")))]
        followers_min: Query<Option<i64>>,
        /// At most so many followers over all channels.
        #[oai(validator(minimum(value = "0")))]
        followers_max: Query<Option<i64>>,
        /// The lowest price of the rate card is at least this, in minor units.
        #[oai(validator(minimum(value = "0")))]
        rate_min: Query<Option<i64>>,
        /// The lowest price of the rate card is at most this, in minor units.
        #[oai(validator(minimum(value = "0")))]
        rate_max: Query<Option<i64>>,
        /// The average rating is at least this, in hundredths: 450 is four and a half of five.
        #[oai(validator(minimum(value = "0"), maximum(value = "500")))]
        rating_min: Query<Option<i64>>,
        /// In which order.
        sort: Query<Option<InfluencerOrder>>,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<InfluencerProfile>, Failure> {
        let search = InfluencerSearch {
            text: q.0,
            niches: words(niche.0),
            platforms: words(platform.0),
            languages: words(language.0),
            location: location.0,
            followers_min: followers_min.0,
            followers_max: followers_max.0,
            rate_min: rate_min.0,
            rate_max: rate_max.0,
            rating_min: rating_min.0,
            sort: sort.0.map(Into::into).unwrap_or_default(),
        };
        let operation = SearchInfluencers { search, page: wanted(limit.0, cursor.0) };
        let found = who.0.ask(operation).await.map_err(told)?;
        let currency = Currency::of(&who.0);
        Ok(answer(request, found, |found| InfluencerProfile::new(found.profile, Some(found.standing), currency)))
    }

    /// Search campaigns
    ///
    /// Those that are listed: active, public, not flagged, not over, their sponsor active. All filters must hold; of a list
    /// separated by commas, one.
    #[oai(path = "/campaigns", method = "get", operation_id = "search_campaigns")]
    #[allow(clippy::too_many_arguments, reason = "a search has as many filters as it has")]
    async fn search_campaigns(
        &self,
        who: Anyone,
        request: &Request,
        /// Words of titles, goals, niches and sponsors' names; beginnings of words and one slip of the finger will do.
        #[oai(validator(max_length = 200))]
        q: Query<Option<String>>,
        /// Niches, separated by commas.
        #[oai(validator(max_length = 400))]
        niche: Query<Option<String>>,
        /// Platforms, separated by commas; a campaign that names none fits each.
        #[oai(validator(max_length = 400))]
        platform: Query<Option<String>>,
        /// The budget is at least this, in minor units.
        #[oai(validator(minimum(value = "0")))]
        budget_min: Query<Option<i64>>,
        /// The budget is at most this, in minor units.
        #[oai(validator(minimum(value = "0")))]
        budget_max: Query<Option<i64>>,
        /// It begins on this day or before.
        starts_by: Query<Option<Date>>,
        /// It ends on this day or after.
        ends_from: Query<Option<Date>>,
        /// In which order.
        sort: Query<Option<CampaignOrder>>,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<Campaign>, Failure> {
        let search = CampaignSearch {
            text: q.0,
            niches: words(niche.0),
            platforms: words(platform.0),
            budget_min: budget_min.0,
            budget_max: budget_max.0,
            starts_by: starts_by.0.map(|day| day.0),
            ends_from: ends_from.0.map(|day| day.0),
            sort: sort.0.map(Into::into).unwrap_or_default(),
        };
        let operation = SearchCampaigns { search, page: wanted(limit.0, cursor.0) };
        let found = who.0.ask(operation).await.map_err(told)?;
        let currency = Currency::of(&who.0);
        Ok(answer(request, found, |found| Campaign::new(found.view, currency)))
    }
}
