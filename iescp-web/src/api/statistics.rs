//! Figures: how the platform stands, for admins; how one's own affairs stand.

use super::amount::Currency;
use super::listing::{told, wanted};
use super::{Chapter, Cursor, Date, Failure, Limit, Money, Page, Shown, Timestamp};
use crate::identity::SignedIn;
use iescp_core::report::{
    CampaignFigures, DailyFigures, Figures, InfluencerFigures, OwnStatistics, ViewOwnStatistics, ViewStatistics,
};
use poem_openapi::param::Query;
use poem_openapi::{Object, OpenApi};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The operations.
pub struct Statistics;

/// How the platform stands at a moment. Every state has its entry, also where there is none in it.
#[derive(Object)]
struct PlatformFigures {
    /// Accounts by role, then state.
    accounts: BTreeMap<String, BTreeMap<String, i64>>,
    /// Accounts under review.
    accounts_under_review: i64,
    /// Campaigns by state.
    campaigns: BTreeMap<String, i64>,
    /// Campaigns by visibility.
    campaigns_by_visibility: BTreeMap<String, i64>,
    /// Flagged campaigns.
    campaigns_flagged: i64,
    /// Ad requests by state.
    requests: BTreeMap<String, i64>,
    /// Collaborations by state.
    collaborations: BTreeMap<String, i64>,
    /// Abuse reports by state.
    abuse_reports: BTreeMap<String, i64>,
    /// Held for collaborations that have not ended.
    money_held: Money,
    /// Paid to influencers, ever.
    money_paid: Money,
}

impl PlatformFigures {
    fn new(figures: Figures, currency: Currency) -> Self {
        Self {
            accounts: figures.accounts,
            accounts_under_review: figures.accounts_under_review,
            campaigns: figures.campaigns,
            campaigns_by_visibility: figures.campaigns_by_visibility,
            campaigns_flagged: figures.campaigns_flagged,
            requests: figures.requests,
            collaborations: figures.collaborations,
            abuse_reports: figures.abuse_reports,
            money_held: currency.money(figures.money_held),
            money_paid: currency.money(figures.money_paid),
        }
    }
}

/// The figures of one day, as they stood when they were last taken on it.
#[derive(Object)]
struct FiguresOfDay {
    /// The day, in the installation's zone.
    day: Date,
    /// When they were taken.
    taken_at: Timestamp,
    /// The figures.
    figures: PlatformFigures,
}

/// How the platform stands, and how it stood.
#[derive(Object)]
struct PlatformStatistics {
    /// Now.
    now: PlatformFigures,
    /// On the days that are kept, the earliest first.
    #[oai(validator(max_items = 400))]
    days: Vec<FiguresOfDay>,
}

/// How a campaign stands.
#[derive(Object)]
struct FiguresOfCampaign {
    /// The campaign.
    campaign_id: Uuid,
    /// Its title.
    title: String,
    /// How far it has come.
    state: String,
    /// What may be committed in all.
    budget: Money,
    /// Held or paid.
    committed: Money,
    /// Paid to influencers.
    paid: Money,
    /// The budget less what is committed.
    remaining: Money,
    /// Ad requests by state.
    requests: BTreeMap<String, i64>,
    /// The followers of those who work in it, added up.
    reach: i64,
}

impl FiguresOfCampaign {
    fn new(figures: CampaignFigures, currency: Currency) -> Self {
        Self {
            campaign_id: figures.campaign.into(),
            title: figures.title,
            state: figures.state.word().into(),
            budget: currency.money(figures.budget),
            committed: currency.money(figures.committed),
            paid: currency.money(figures.paid),
            remaining: currency.money(figures.remaining),
            requests: figures.requests,
            reach: figures.reach,
        }
    }
}

/// What was earned in a month.
#[derive(Object)]
struct EarnedInMonth {
    /// Which: `2026-11`.
    month: String,
    /// How much.
    earned: Money,
}

/// How an influencer's work stands.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct FiguresOfInfluencer {
    /// Earned on the platform, ever.
    earned: Money,
    /// Earned in each of the last twelve months, the earliest first.
    #[oai(validator(max_items = 12))]
    months: Vec<EarnedInMonth>,
    /// Seconds until an offer is answered, on average.
    answers_within: Option<i64>,
    /// How many published ratings there are.
    ratings: i64,
    /// Collaborations in which work was handed in.
    delivered: i64,
    /// Those of them in which it was on time.
    delivered_on_time: i64,
    /// Collaborations the influencer stepped down from.
    stepped_down: i64,
}

impl FiguresOfInfluencer {
    fn new(figures: InfluencerFigures, currency: Currency) -> Self {
        let months = figures.months.into_iter();
        Self {
            earned: currency.money(figures.earned),
            months: months.map(|month| EarnedInMonth { month: month.month, earned: currency.money(month.earned) }).collect(),
            answers_within: figures.standing.answers_within,
            ratings: figures.standing.ratings,
            delivered: figures.standing.delivered,
            delivered_on_time: figures.standing.delivered_on_time,
            stepped_down: figures.standing.stepped_down,
        }
    }
}

/// How one's own affairs stand.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct OwnFigures {
    /// `sponsor`, `influencer` or `admin`, who has none.
    role: String,
    /// What others say, on average and in hundredths: 450 is four and a half of five.
    rating: Option<u32>,
    /// A page of a sponsor's campaigns, the newest first.
    campaigns: Option<Page<FiguresOfCampaign>>,
    /// An influencer's work.
    influencer: Option<FiguresOfInfluencer>,
}

impl OwnFigures {
    fn new(own: OwnStatistics, currency: Currency) -> Self {
        match own {
            OwnStatistics::Admin => Self { role: "admin".into(), rating: None, campaigns: None, influencer: None },
            OwnStatistics::Influencer(figures) => Self {
                role: "influencer".into(),
                rating: figures.standing.rating,
                campaigns: None,
                influencer: Some(FiguresOfInfluencer::new(figures, currency)),
            },
            OwnStatistics::Sponsor { campaigns, rating } => {
                let next = campaigns.next.map(|next| Cursor(next.into_bytes()));
                let items = campaigns.items.into_iter().map(|campaign| FiguresOfCampaign::new(campaign, currency)).collect();
                Self { role: "sponsor".into(), rating, campaigns: Some(Page::new(items, next.as_ref())), influencer: None }
            }
        }
    }
}

#[OpenApi]
impl Statistics {
    /// Show how the platform stands
    ///
    /// Now, and on the days before: 30 of them when nothing is said.
    #[oai(path = "/admin/statistics", method = "get", operation_id = "show_statistics", tag = "Chapter::Supervision")]
    async fn show_statistics(
        &self,
        who: SignedIn,
        #[oai(validator(minimum(value = "0"), maximum(value = "400")))] days: Query<Option<u32>>,
    ) -> Result<Shown<PlatformStatistics>, Failure> {
        let currency = Currency::of(&who.0);
        let seen = who.0.run(ViewStatistics { days: days.0 }).await?;
        let of_day = |daily: DailyFigures| FiguresOfDay {
            day: Date(daily.day),
            taken_at: Timestamp(daily.at),
            figures: PlatformFigures::new(daily.figures, currency),
        };
        let days = seen.days.into_iter().map(of_day).collect();
        Ok(Shown::plain(PlatformStatistics { now: PlatformFigures::new(seen.now, currency), days }))
    }

    /// Show how one's own affairs stand
    ///
    /// A sponsor's campaigns, page by page; an influencer's earnings and deliveries.
    #[oai(path = "/me/statistics", method = "get", operation_id = "show_own_statistics", tag = "Chapter::Me")]
    async fn show_own_statistics(
        &self,
        who: SignedIn,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Shown<OwnFigures>, Failure> {
        let operation = ViewOwnStatistics { page: wanted(limit.0, cursor.0) };
        let own = who.0.platform.run(&who.0.actor, operation).await.map_err(told)?;
        Ok(Shown::plain(OwnFigures::new(own, Currency::of(&who.0))))
    }
}
