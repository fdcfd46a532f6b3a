//! Influencers and sponsors, as everyone sees them.
//!
//! Not here: finding them (`search`), one's own profile (`me`).

use super::amount::Currency;
use super::listing::{list, wanted};
use super::pictures::Picture;
use super::words::WorkPlatform;
use super::{Chapter, Cursor, Failure, IfNoneMatch, Limit, Listed, Money, Shown, Timestamp};
use crate::identity::Anyone;
use iescp_core::account::{PublicInfluencer, PublicSponsor, ViewInfluencer, ViewSponsor};
use iescp_core::collaboration::{ListReviews, ReviewView};
use iescp_core::id::AccountId;
use iescp_core::report::{Standing, ViewStanding};
use iescp_core::value::{Format, Money as Minor};
use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::{Object, OpenApi};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The operations.
pub struct Profiles;

/// A place where an influencer publishes.
#[derive(Object, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct Channel {
    /// On which platform.
    pub platform: String,
    /// Under which name.
    pub handle: String,
    /// At which address.
    pub url: Option<String>,
    /// How many follow it.
    pub followers: i64,
    /// How many of a hundred followers react to a piece, in hundredths of one per cent.
    pub engagement_rate: Option<i64>,
}

impl From<&iescp_core::account::Channel> for Channel {
    fn from(channel: &iescp_core::account::Channel) -> Self {
        Self {
            platform: channel.platform.word().into(),
            handle: channel.handle.to_string(),
            url: channel.url.as_ref().map(ToString::to_string),
            followers: channel.followers,
            engagement_rate: channel.engagement_rate,
        }
    }
}

/// A place where an influencer publishes, as they enter it.
#[derive(Object)]
pub struct ChannelInput {
    /// On which platform.
    platform: WorkPlatform,
    /// Under which name.
    #[oai(validator(min_length = 1, max_length = 160))]
    handle: String,
    /// At which address.
    #[oai(nullable, validator(max_length = 2000))]
    url: Option<String>,
    /// How many follow it.
    #[oai(validator(minimum(value = "0"), maximum(value = "10000000000")))]
    followers: i64,
    /// How many of a hundred followers react to a piece, in hundredths of one per cent.
    #[oai(nullable, validator(minimum(value = "0"), maximum(value = "10000")))]
    engagement_rate: Option<i64>,
}

/// A rate card by the words of its formats.
pub(super) fn rates(card: &BTreeMap<Format, Minor>, currency: Currency) -> BTreeMap<String, Money> {
    card.iter().map(|(format, price)| (format.word().to_owned(), currency.money(*price))).collect()
}

/// Figures that nobody can buy.
#[derive(Object, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct Figures {
    /// Published ratings on average, in hundredths: 450 is four and a half of five. Absent while there are none.
    rating: Option<u32>,
    /// How many published ratings there are.
    ratings: i64,
    /// Seconds until an offer is answered, on average. Absent while none ever was.
    answers_within: Option<i64>,
    /// An influencer's collaborations in which work was handed in.
    delivered: i64,
    /// Those of them in which it was on time.
    delivered_on_time: i64,
    /// Collaborations an influencer stepped down from.
    stepped_down: i64,
    /// Collaborations that were cancelled because nothing was ever handed in.
    never_delivered: i64,
}

impl From<Standing> for Figures {
    fn from(standing: Standing) -> Self {
        let Standing { rating, ratings, answers_within, delivered, delivered_on_time, stepped_down, never_delivered } = standing;
        Self { rating, ratings, answers_within, delivered, delivered_on_time, stepped_down, never_delivered }
    }
}

/// An influencer, as everyone sees them.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct InfluencerProfile {
    /// The account's id.
    id: Uuid,
    /// What they are called.
    display_name: String,
    /// What they say of themselves.
    bio: String,
    /// Where they live or work.
    location: Option<String>,
    /// The languages they publish in, ISO 639-1.
    languages: Vec<String>,
    /// What they publish about.
    niches: Vec<String>,
    /// Where they publish.
    channels: Vec<Channel>,
    /// What they usually ask for one piece of a format.
    rate_card: BTreeMap<String, Money>,
    /// The followers of all channels.
    reach: i64,
    /// Which of the channels has most followers.
    primary_channel: Option<Channel>,
    /// Whether there is a niche and a channel.
    complete: bool,
    /// Their portrait or logo, if there is one.
    picture: Option<Picture>,
    /// Since when they have been here.
    member_since: Timestamp,
    /// Figures that nobody can buy.
    figures: Option<Figures>,
}

impl InfluencerProfile {
    /// As everyone sees it; with figures where they were looked up.
    #[must_use]
    pub fn new(profile: PublicInfluencer, figures: Option<Standing>, currency: Currency) -> Self {
        Self {
            id: profile.id.into(),
            display_name: profile.display_name.to_string(),
            bio: profile.bio.to_string(),
            location: profile.location.as_ref().map(ToString::to_string),
            channels: profile.channels.iter().map(Channel::from).collect(),
            rate_card: rates(&profile.rate_card, currency),
            reach: profile.reach,
            primary_channel: profile.primary_channel.as_ref().map(Channel::from),
            complete: profile.complete,
            picture: profile.picture.map(Picture::portrait),
            member_since: Timestamp(profile.member_since),
            languages: profile.languages,
            niches: profile.niches,
            figures: figures.map(Figures::from),
        }
    }
}

/// A sponsor, as everyone sees them.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct SponsorProfile {
    /// The account's id.
    id: Uuid,
    /// The company's or person's name.
    company: String,
    /// What it does.
    industry: Option<String>,
    /// Where it is on the web.
    website: Option<String>,
    /// What it says of itself.
    description: String,
    /// When an admin checked the company, if one did.
    verified_at: Option<Timestamp>,
    /// What was checked.
    verified: Option<String>,
    /// Their portrait or logo, if there is one.
    picture: Option<Picture>,
    /// Since when they have been here.
    member_since: Timestamp,
    /// Figures that nobody can buy.
    figures: Figures,
}

impl SponsorProfile {
    fn new(profile: PublicSponsor, standing: Standing) -> Self {
        Self {
            id: profile.id.into(),
            company: profile.company.to_string(),
            industry: profile.industry.as_ref().map(ToString::to_string),
            website: profile.website.as_ref().map(ToString::to_string),
            description: profile.description.to_string(),
            verified_at: profile.verified_at.map(Timestamp),
            verified: profile.verified.as_ref().map(ToString::to_string),
            picture: profile.picture.map(Picture::portrait),
            member_since: Timestamp(profile.member_since),
            figures: standing.into(),
        }
    }
}

/// What somebody says of whom they worked with.
#[derive(Object)]
struct PublishedReview {
    /// About which collaboration; the account itself for a rating that was brought over.
    collaboration_id: Uuid,
    /// The account that writes; all zeros for a rating that was brought over.
    author_id: Uuid,
    /// What the author is called; empty for a rating that was brought over.
    author_name: String,
    /// From 1 to 5.
    rating: i32,
    /// In words.
    text: String,
    /// When it was written.
    written_at: Timestamp,
    /// When it appeared.
    published_at: Timestamp,
    /// Whether it was brought over from an earlier platform.
    imported: bool,
}

impl From<ReviewView> for PublishedReview {
    fn from(ReviewView { review, author_name }: ReviewView) -> Self {
        Self {
            collaboration_id: review.collaboration.into(),
            author_id: review.author.into(),
            author_name,
            rating: review.rating.into(),
            text: review.text.to_string(),
            written_at: Timestamp(review.at),
            published_at: Timestamp(review.published_at.unwrap_or(review.at)),
            imported: review.imported,
        }
    }
}

/// The reviews of an account whose profile can be seen under this path.
async fn reviews(
    who: Anyone,
    request: &Request,
    account: AccountId,
    limit: Option<Limit>,
    cursor: Option<Cursor>,
) -> Result<Listed<PublishedReview>, Failure> {
    list(&who.0, request, ListReviews { account, page: wanted(limit, cursor) }, PublishedReview::from).await
}

#[OpenApi(tag = "Chapter::Profiles")]
impl Profiles {
    /// Show an influencer
    ///
    /// That of an account which is not active exists only for itself and for admins.
    #[oai(path = "/influencers/:id", method = "get", operation_id = "show_influencer")]
    async fn show_influencer(
        &self,
        who: Anyone,
        id: Path<Uuid>,
        if_none_match: IfNoneMatch,
    ) -> Result<Shown<InfluencerProfile>, Failure> {
        let account = AccountId(id.0);
        let profile = who.0.run(ViewInfluencer { account }).await?;
        let standing = who.0.run(ViewStanding { account }).await?;
        let version = profile.version;
        Ok(Shown::as_seen(InfluencerProfile::new(profile, Some(standing), Currency::of(&who.0)), version, &if_none_match))
    }

    /// Show a sponsor
    ///
    /// That of an account which is not active exists only for itself and for admins.
    #[oai(path = "/sponsors/:id", method = "get", operation_id = "show_sponsor")]
    async fn show_sponsor(
        &self,
        who: Anyone,
        id: Path<Uuid>,
        if_none_match: IfNoneMatch,
    ) -> Result<Shown<SponsorProfile>, Failure> {
        let account = AccountId(id.0);
        let profile = who.0.run(ViewSponsor { account }).await?;
        let standing = who.0.run(ViewStanding { account }).await?;
        let version = profile.version;
        Ok(Shown::as_seen(SponsorProfile::new(profile, standing), version, &if_none_match))
    }

    /// List the reviews of an influencer
    ///
    /// Those that are published, by the newest collaboration first.
    #[oai(path = "/influencers/:id/reviews", method = "get", operation_id = "list_influencer_reviews")]
    async fn list_influencer_reviews(
        &self,
        who: Anyone,
        request: &Request,
        id: Path<Uuid>,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<PublishedReview>, Failure> {
        who.0.run(ViewInfluencer { account: id.0.into() }).await?;
        reviews(who, request, id.0.into(), limit.0, cursor.0).await
    }

    /// List the reviews of a sponsor
    ///
    /// Those that are published, by the newest collaboration first.
    #[oai(path = "/sponsors/:id/reviews", method = "get", operation_id = "list_sponsor_reviews")]
    async fn list_sponsor_reviews(
        &self,
        who: Anyone,
        request: &Request,
        id: Path<Uuid>,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<PublishedReview>, Failure> {
        who.0.run(ViewSponsor { account: id.0.into() }).await?;
        reviews(who, request, id.0.into(), limit.0, cursor.0).await
    }
}
