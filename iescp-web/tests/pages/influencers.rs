//! Finding creators, their public profiles, and those of sponsors.

use crate::campaigns::published;
use crate::house::House;
use iescp_core::account::{ChannelInput, EditOwnAccount, InfluencerInput};
use uuid::Uuid;

async fn profile(house: &House, who: Uuid, name: &str, followers: i64) {
    let channel = ChannelInput {
        platform: "instagram".to_owned(),
        handle: format!("{name}_daily"),
        url: Some(format!("https://example.com/{name}")),
        followers,
        engagement_rate: Some(315),
    };
    let input = InfluencerInput {
        display_name: name.to_owned(),
        bio: "Slow food.\n\nAnd <b>tea</b>.".to_owned(),
        location: Some("Porto".to_owned()),
        languages: vec!["pt".to_owned(), "en".to_owned()],
        niches: vec!["food".to_owned(), "travel".to_owned()],
        channels: vec![channel],
        rate_card: [("reel".to_owned(), 45_000), ("story".to_owned(), 9_950)].into(),
    };
    let patch = serde_json::to_value(input).unwrap().as_object().unwrap().clone();
    house.run(who, EditOwnAccount { patch, version: None }).await;
}

#[tokio::test]
async fn sponsors_find_creators_by_every_filter() {
    let house = House::open();
    let (ana, ben) = (house.influencer("ana").await.id, house.influencer("ben").await.id);
    profile(&house, ana, "Ana", 12_400).await;
    profile(&house, ben, "Ben", 900).await;
    let mut sponsor = house.sponsor("leaf").await;
    let all = sponsor.get("/influencers").await;
    all.says("Ana").says("Ben").says("12.4 k followers").says("from $99.50");
    let some = "/influencers?q=food&niche=travel&niche=art&platform=instagram&language=pt&location=porto\
        &followers_min=1,000&followers_max=20000&rate_min=50&rate_max=%24100&sort=followers";
    let found = sponsor.get(some).await;
    found.says("Ana");
    assert_eq!(found.all("li.market h3"), ["Ana"]);
    assert_eq!(found.all("a.chip").len(), 10, "{:?}", found.all("a.chip"));
    sponsor.get("/influencers?rating_min=450").await.says("Nobody fits");
    sponsor.get("/influencers?followers_min=many").await.refuses(422, "Please write a whole number");
}

#[tokio::test]
async fn a_profile_is_good_enough_to_share() {
    let house = House::open();
    let mut ana = house.influencer("ana").await;
    let path = format!("/influencers/{}", ana.id);
    ana.get(&path).await.says("your profile needs at least one of each");
    profile(&house, ana.id, "Ana", 12_400).await;
    let mut visitor = house.visitor();
    let page = visitor.get(&path).await;
    page.says("Ana").says("3.15 %").says("$450.00").says("Portuguese, English").says("And <b>tea</b>.");
    assert!(page.has("meta[property='og:title'][content=Ana]") && page.has("meta[property='og:description'][content*='12.4']"));
    assert!(page.has("a[href='https://example.com/Ana'][rel~=nofollow][rel~=noreferrer]"), "S-36");
    assert!(page.has("button[data-print]") && page.has("a[href='/register?role=sponsor']"));
    assert!(!page.has("a[href^='/report']"), "only those signed in report");
    let mut sponsor = house.sponsor("leaf").await;
    let seen = sponsor.get(&path).await;
    for to in [format!("{path}/invite"), format!("/shortlists?for={}", ana.id), format!("/messages/{}", ana.id)] {
        assert!(seen.has(&format!("a[href='{to}']")), "{to}");
    }
    assert!(seen.has(&format!("a[href='/report?about=account&id={}']", ana.id)));
}

#[tokio::test]
async fn profiles_of_those_who_are_suspended_or_wait_are_not_there() {
    let house = House::open();
    let ana = house.influencer("ana").await.id;
    profile(&house, ana, "Ana", 12_400).await;
    house.suspend(ana).await;
    let mut visitor = house.visitor();
    assert_eq!(visitor.get(&format!("/influencers/{ana}")).await.status, 404);
    visitor.get("/influencers").await.says("Nobody fits");
    let pending = house.pending("leaf").await.id;
    assert_eq!(visitor.get(&format!("/sponsors/{pending}")).await.status, 404);
    assert_eq!(visitor.get("/influencers/nobody").await.status, 404);
    assert_eq!(visitor.get(&format!("/influencers/{pending}")).await.status, 404, "a sponsor is no influencer");
}

#[tokio::test]
async fn a_sponsors_profile_shows_what_it_has_open() {
    let house = House::open();
    let mut sponsor = house.sponsor("leaf").await;
    let path = format!("/sponsors/{}", sponsor.id);
    let mut visitor = house.visitor();
    visitor.get(&path).await.says("No open campaign at the moment");
    let campaign = published(&house, &mut sponsor, "Spring tea").await;
    let page = visitor.get(&path).await;
    page.says("Spring tea");
    assert!(page.has(&format!("a[href='{campaign}']")));
    let listed = visitor.get(&campaign).await;
    assert!(listed.has(&format!("a[href='{path}']")));
}
