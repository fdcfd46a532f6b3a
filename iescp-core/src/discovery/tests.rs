use super::*;
use crate::{
    PageRequest,
    account::{Account, AccountState, Channel, Influencer, Role},
    campaign::{CampaignChanges, CampaignInput, DraftCampaign, EditCampaign, FlagCampaign, PauseCampaign, PublishCampaign},
    fixture::{Market, code},
    value::{Line, Money, SocialPlatform},
};

async fn influencer(market: &Market, name: &str, niche: &str, followers: i64) -> Account {
    let account = market.influencer().await;
    let channel = Channel {
        platform: SocialPlatform::Instagram,
        handle: Line::parse(name).unwrap(),
        url: None,
        followers,
        engagement_rate: None,
    };
    market
        .put(&Influencer {
            account: account.id,
            display_name: Line::parse(name).unwrap(),
            bio: Default::default(),
            location: Some(Line::parse("Porto, Portugal").unwrap()),
            languages: vec!["pt".into()],
            niches: vec![niche.into()],
            channels: vec![channel],
            rate_card: [(crate::value::Format::Reel, Money(followers / 10))].into(),
        })
        .await;
    account
}

fn campaign(title: &str, niche: &str) -> CampaignInput {
    CampaignInput {
        title: title.into(),
        rest: CampaignChanges {
            goals: Some("Let people know of it".into()),
            niches: Some(vec![niche.into()]),
            start: Some("2026-03-10".into()),
            end: Some("2026-04-10".into()),
            budget: Some(100_000),
            ..CampaignChanges::default()
        },
    }
}

async fn names(market: &Market, by: &Account, search: InfluencerSearch) -> Vec<String> {
    let found = market.run(by, SearchInfluencers { search, page: PageRequest::default() }).await.unwrap();
    found.items.into_iter().map(|found| found.profile.display_name.to_string()).collect()
}

async fn titles(market: &Market, by: &Account, search: CampaignSearch) -> Vec<String> {
    let found = market.run(by, SearchCampaigns { search, page: PageRequest::default() }).await.unwrap();
    found.items.into_iter().map(|found| found.view.campaign.title.to_string()).collect()
}

#[tokio::test]
async fn influencers_are_found_by_any_combination_and_in_every_order() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    influencer(&market, "Ana Kovač", "travel", 1_000).await;
    influencer(&market, "Ben Stone", "travel", 9_000).await;
    influencer(&market, "Cleo Food", "food", 5_000).await;
    let by = |sort| InfluencerSearch { sort, ..InfluencerSearch::default() };
    assert_eq!(names(&market, &sponsor, by(InfluencerSort::Followers)).await, ["Ben Stone", "Cleo Food", "Ana Kovač"]);
    let search = InfluencerSearch { text: Some("kovac".into()), niches: vec!["travel".into()], ..InfluencerSearch::default() };
    assert_eq!(names(&market, &sponsor, search).await, ["Ana Kovač"]);
    let search = InfluencerSearch {
        location: Some("portugal porto".into()),
        languages: vec!["pt".into()],
        platforms: vec!["instagram".into(), "tiktok".into()],
        followers_min: Some(2_000),
        rate_max: Some(600),
        ..InfluencerSearch::default()
    };
    assert_eq!(names(&market, &sponsor, search).await, ["Cleo Food"]);
    let search = InfluencerSearch { niches: vec!["no-such".into()], ..InfluencerSearch::default() };
    assert_eq!(code(market.run(&sponsor, SearchInfluencers { search, page: PageRequest::default() }).await), "unknown");
}

#[tokio::test]
async fn a_search_sees_every_change_that_was_made_before_it() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    let all = InfluencerSearch::default;
    assert!(names(&market, &sponsor, all()).await.is_empty());
    let ana = influencer(&market, "Ana", "travel", 1_000).await;
    assert_eq!(names(&market, &sponsor, all()).await, ["Ana"]);
    market.put(&Account { state: AccountState::Suspended, ..ana.clone() }).await;
    assert!(names(&market, &sponsor, all()).await.is_empty());
    market.put(&ana).await;
    assert_eq!(names(&market, &sponsor, all()).await, ["Ana"]);
}

#[tokio::test]
async fn only_listed_campaigns_are_found() {
    let market = Market::open();
    let (sponsor, admin, influencer) = (market.sponsor().await, market.admin().await, market.influencer().await);
    let all = CampaignSearch::default;
    let draft = market.run(&sponsor, DraftCampaign { input: campaign("Shoes", "fashion") }).await.unwrap().campaign.id;
    assert!(titles(&market, &influencer, all()).await.is_empty());
    market.run(&sponsor, PublishCampaign { campaign: draft }).await.unwrap();
    assert_eq!(titles(&market, &influencer, all()).await, ["Shoes"]);
    let anywhere = CampaignSearch { platforms: vec!["tiktok".into()], text: Some("shoe".into()), ..all() };
    assert_eq!(titles(&market, &influencer, anywhere).await, ["Shoes"]);

    let private = CampaignChanges { visibility: Some("private".into()), ..CampaignChanges::default() };
    market.run(&sponsor, EditCampaign { campaign: draft, changes: private, version: None }).await.unwrap();
    assert!(titles(&market, &influencer, all()).await.is_empty());
    let public = CampaignChanges { visibility: Some("public".into()), ..CampaignChanges::default() };
    market.run(&sponsor, EditCampaign { campaign: draft, changes: public, version: None }).await.unwrap();
    market.put(&Account { state: AccountState::Suspended, ..sponsor.clone() }).await;
    assert!(titles(&market, &influencer, all()).await.is_empty());
    market.put(&sponsor).await;
    assert_eq!(titles(&market, &influencer, all()).await, ["Shoes"]);

    market.run(&admin, FlagCampaign { campaign: draft, reason: "Look into it".into() }).await.unwrap();
    assert!(titles(&market, &influencer, all()).await.is_empty());
    let paused = market.run(&sponsor, DraftCampaign { input: campaign("Boots", "fashion") }).await.unwrap().campaign.id;
    market.run(&sponsor, PublishCampaign { campaign: paused }).await.unwrap();
    market.run(&sponsor, PauseCampaign { campaign: paused }).await.unwrap();
    assert!(titles(&market, &influencer, all()).await.is_empty());
    assert_eq!(influencer.role, Role::Influencer);
}

#[tokio::test]
async fn pages_follow_each_other_and_a_strange_cursor_is_refused() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    for at in 0..5 {
        influencer(&market, &format!("Name {at}"), "travel", 100 * at).await;
    }
    let search = InfluencerSearch { sort: InfluencerSort::Followers, ..InfluencerSearch::default() };
    let (mut seen, mut cursor) = (Vec::new(), None);
    for _ in 0..4 {
        let page = PageRequest::new(2, cursor.clone());
        let found = market.run(&sponsor, SearchInfluencers { search: search.clone(), page }).await.unwrap();
        seen.extend(found.items.into_iter().map(|found| found.profile.display_name.to_string()));
        cursor = found.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["Name 4", "Name 3", "Name 2", "Name 1", "Name 0"]);
    let page = PageRequest::new(2, Some("strange".into()));
    assert_eq!(code(market.run(&sponsor, SearchInfluencers { search, page }).await), "cursor");
}
