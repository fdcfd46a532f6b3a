//! Searching influencers.

use super::{FoundPage, any_of, check_text, check_words, place_facets, range, read_cursor, write_cursor};
use crate::{
    Operation, PageRequest, Result, Tx,
    account::{Account, AccountState, Influencer, PublicInfluencer},
    basis::Whole,
    collaboration::Review,
    id::AccountId,
    policy::{Action, Subject},
    report::Standing,
    search::{AnyOf, Document, Facet, MISSING, Page as Found, Query, Sort},
    store::Key,
    value::{Form, LANGUAGES, NICHES, SocialPlatform},
};
use serde::{Deserialize, Serialize};

const NICHE: u8 = 1;
const PLATFORM: u8 = 2;
const LANGUAGE: u8 = 3;
const PLACE: u8 = 4;

const FOLLOWERS: usize = 0;
const RATE: usize = 1;
const RATING: usize = 2;
const JOINED: usize = 3;

/// How many numbers an influencer has in the index.
pub(super) const COLUMNS: usize = 4;
/// The column that says who is popular.
pub(super) const POPULAR: usize = FOLLOWERS;

/// In which order influencers come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InfluencerSort {
    /// How well the text fits; without text those with most followers first.
    #[default]
    Relevance,
    /// Most followers first.
    Followers,
    /// Best rated first.
    Rating,
    /// Newest first.
    Newest,
}

/// What somebody searches for. Everything in it must hold; in a list one of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InfluencerSearch {
    /// Words of names, biographies, handles, niches.
    pub text: Option<String>,
    /// Niches, any of them.
    pub niches: Vec<String>,
    /// Platforms, any of them.
    pub platforms: Vec<String>,
    /// Languages by ISO 639-1, any of them.
    pub languages: Vec<String>,
    /// A place: all of its words.
    pub location: Option<String>,
    /// At least so many followers over all channels.
    pub followers_min: Option<i64>,
    /// At most so many followers over all channels.
    pub followers_max: Option<i64>,
    /// The lowest price of the rate card is at least this, in minor units.
    pub rate_min: Option<i64>,
    /// The lowest price of the rate card is at most this, in minor units.
    pub rate_max: Option<i64>,
    /// The mean rating is at least this, in hundredths: 450 is 4.5.
    pub rating_min: Option<i64>,
    /// In which order.
    pub sort: InfluencerSort,
}

impl InfluencerSearch {
    fn query(&self, page: &PageRequest) -> Result<Query> {
        let mut form = Form::default();
        check_text(&mut form, self.text.as_deref());
        check_words(&mut form, "niche", &self.niches, |word| NICHES.contains(&word));
        check_words(&mut form, "platform", &self.platforms, |word| SocialPlatform::parse(word).is_ok());
        check_words(&mut form, "language", &self.languages, |word| LANGUAGES.contains(&word));
        form.finish()?;
        let lists = [(NICHE, &self.niches), (PLATFORM, &self.platforms), (LANGUAGE, &self.languages)];
        let mut facets: Vec<AnyOf> = lists.into_iter().filter_map(|(field, words)| any_of(field, words)).collect();
        let places = self.location.as_deref().map(|place| place_facets(PLACE, place)).unwrap_or_default();
        facets.extend(places.into_iter().map(|place| AnyOf(vec![place])));
        let ranges = [
            range(FOLLOWERS, self.followers_min, self.followers_max),
            range(RATE, self.rate_min, self.rate_max),
            range(RATING, self.rating_min, None),
        ];
        let by = |column| Sort::Column { column, descending: true };
        Ok(Query {
            text: self.text.clone(),
            facets,
            ranges: ranges.into_iter().flatten().collect(),
            sort: match self.sort {
                InfluencerSort::Relevance => Sort::Relevance,
                InfluencerSort::Followers => by(FOLLOWERS),
                InfluencerSort::Rating => by(RATING),
                InfluencerSort::Newest => by(JOINED),
            },
            after: read_cursor(page.after())?,
            limit: page.limit(),
        })
    }
}

/// An influencer who was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundInfluencer {
    /// The profile.
    pub profile: PublicInfluencer,
    /// The figures that nobody can buy.
    pub standing: Standing,
}

impl FoundInfluencer {
    /// Where all of it stands, to be loaded for many at once.
    pub(crate) fn keys(id: AccountId) -> Vec<Key> {
        let mut keys = vec![Account::at(id), Influencer::at(id)];
        keys.extend(Standing::keys(id));
        keys
    }

    /// An influencer as everyone sees them; none if not everyone does.
    pub(crate) async fn of(tx: &mut Tx<'_>, id: AccountId) -> Result<Option<Self>> {
        tx.load(&Self::keys(id)).await?;
        let version = tx.version_at(&Influencer::at(id)).await?;
        let Some(account) = tx.peek_at::<Account>(Account::at(id)).await? else { return Ok(None) };
        let Some(profile) = tx.peek_at::<Influencer>(Influencer::at(id)).await? else { return Ok(None) };
        if account.state != AccountState::Active {
            return Ok(None);
        }
        let standing = Standing::of(tx, id).await?;
        Ok(Some(Self { profile: PublicInfluencer::new(&account, profile, version), standing }))
    }
}

/// Searches influencers whose profile says something to find them by.
#[derive(Clone, Debug, Default)]
pub struct SearchInfluencers {
    /// For what.
    pub search: InfluencerSearch,
    /// Which page.
    pub page: PageRequest,
}

impl SearchInfluencers {
    /// What the index knows.
    pub(super) async fn found(&self, tx: &mut Tx<'_>) -> Result<Found> {
        let query = self.search.query(&self.page)?;
        tx.reads_whole(Whole::Influencers);
        tx.platform().finder().influencers(tx.platform(), &query).await
    }
}

impl Operation for SearchInfluencers {
    type Output = FoundPage<FoundInfluencer>;
    const ACTION: Action = Action::SearchInfluencers;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Output> {
        tx.allow(&Subject::PLATFORM)?;
        let found = self.found(tx).await?;
        let ids: Vec<AccountId> = found.ids.into_iter().map(AccountId).collect();
        tx.load(&ids.iter().flat_map(|id| FoundInfluencer::keys(*id)).collect::<Vec<_>>()).await?;
        let mut items = Vec::with_capacity(ids.len());
        for id in ids {
            items.extend(FoundInfluencer::of(tx, id).await?.filter(|found| found.profile.is_findable()));
        }
        let next = found.next.as_ref().map(write_cursor).transpose()?;
        Ok(FoundPage { items, next, unfinished: found.unfinished })
    }
}

fn is_listed(account: &Account, profile: &Influencer) -> bool {
    account.state == AccountState::Active && profile.is_findable()
}

/// The influencer as the index knows them; none if they are not to be found.
pub(super) async fn document(tx: &mut Tx<'_>, id: AccountId) -> Result<Option<Document>> {
    let (sum, count) = (Review::rating_sum(id), Review::rating_count(id));
    tx.load(&[Account::at(id), Influencer::at(id), sum.clone(), count.clone()]).await?;
    let (Some(account), Some(profile)) =
        (tx.peek_at::<Account>(Account::at(id)).await?, tx.peek_at::<Influencer>(Influencer::at(id)).await?)
    else {
        return Ok(None);
    };
    if !is_listed(&account, &profile) {
        return Ok(None);
    }
    let rating = super::rating::mean(tx.counter(sum).await?, tx.counter(count).await?);
    let mut facets: Vec<Facet> = profile.niches.iter().map(|niche| Facet::new(NICHE, niche.as_str())).collect();
    facets.extend(profile.channels.iter().map(|channel| Facet::new(PLATFORM, channel.platform.word())));
    facets.extend(profile.languages.iter().map(|language| Facet::new(LANGUAGE, language.as_str())));
    facets.extend(profile.location.as_ref().map(|place| place_facets(PLACE, place)).unwrap_or_default());
    let rate = profile.rate_card.values().map(|price| price.0).min().unwrap_or(MISSING);
    let mut text = vec![(4, profile.display_name.to_string()), (3, account.username.to_string()), (1, profile.bio.to_string())];
    text.extend(profile.channels.iter().map(|channel| (3, channel.handle.to_string())));
    text.push((2, profile.niches.join(" ")));
    Ok(Some(Document {
        id: id.0,
        facets,
        numbers: vec![profile.reach(), rate, rating, account.created_at.as_millisecond()],
        text,
    }))
}
