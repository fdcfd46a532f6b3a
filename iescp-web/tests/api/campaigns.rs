//! Campaigns: drafting, changing with versions, publishing, paging.

use crate::support::{Answer, House, Person, text, usd, with};
use poem::http::{Method, StatusCode};
use serde_json::{Value, json};

async fn change(house: &House, who: &Person, path: &str, tag: &str, patch: Value) -> Answer {
    house.ask(Method::PATCH, path).by(who).header("If-Match", tag).patch(&patch).send().await
}

#[tokio::test]
async fn a_pending_sponsor_drafts_but_does_not_publish_or_pay() {
    let house = House::open();
    let pending = house.pending("newcomer").await;
    let campaign = text(&house.done(&pending, "/campaigns", house.campaign("Soon", 1000)).await["id"]);
    let path = |action: &str| format!("/campaigns/{campaign}/{action}");
    house.post(&pending, &path("publish"), json!({})).await.fails(403, "forbidden");
    house.post(&pending, &path("fund"), json!({ "amount": usd(1000) })).await.fails(403, "forbidden");
    assert_eq!(house.seen(&pending, "/me/campaigns").await["items"][0]["state"], "draft");
    house.get(&house.influencer("ines").await, &format!("/campaigns/{campaign}")).await.fails(404, "not_found");
}

#[tokio::test]
async fn an_influencer_drafts_no_campaign() {
    let house = House::open();
    let influencer = house.influencer("ines").await;
    house.post(&influencer, "/campaigns", house.campaign("Mine", 1)).await.fails(403, "forbidden");
    house.ask(Method::POST, "/campaigns").json(&house.campaign("Whose?", 1)).send().await.fails(401, "signed_out");
}

#[tokio::test]
async fn a_draft_needs_only_a_title_and_a_published_campaign_more() {
    let house = House::open();
    let sponsor = house.sponsor("teahouse").await;
    let draft = house.done(&sponsor, "/campaigns", json!({ "title": "Tea" })).await;
    assert_eq!((&draft["budget"], &draft["visibility"], &draft["label"]), (&usd(0), &json!("public"), &json!("Ad")));
    let publish = format!("/campaigns/{}/publish", text(&draft["id"]));
    let needed = [("/goals", "required"), ("/niches", "required"), ("/start", "required"), ("/end", "required")];
    let needed: Vec<_> = needed.into_iter().chain([("/budget", "required")]).collect();
    house.post(&sponsor, &publish, json!({})).await.wrong(&needed);
}

#[tokio::test]
async fn a_03_two_editors_cannot_overwrite_each_other() {
    let house = House::open();
    let sponsor = house.sponsor("teahouse").await;
    let campaign = text(&house.done(&sponsor, "/campaigns", house.campaign("Tea", 1000)).await["id"]);
    let path = format!("/campaigns/{campaign}");
    let read = house.get(&sponsor, &path).await;
    let tag = read.header("etag").to_owned();

    house.ask(Method::PATCH, &path).by(&sponsor).patch(&json!({ "title": "A" })).send().await.fails(428, "version_needed");
    let first = change(&house, &sponsor, &path, &tag, json!({ "title": "First", "goals": null, "end": null })).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    assert_eq!((&first.json()["title"], &first.json()["goals"], first.json().get("end")), (&json!("First"), &json!(""), None));
    change(&house, &sponsor, &path, &tag, json!({ "title": "Second" })).await.fails(412, "stale");
    assert_eq!(house.seen(&sponsor, &path).await["title"], "First");

    let now = house.get(&sponsor, &path).await;
    let again = house.ask(Method::GET, &path).by(&sponsor).header("If-None-Match", now.header("etag")).send().await;
    assert_eq!((again.status, again.text()), (StatusCode::NOT_MODIFIED, String::new()));
    let changed = house.ask(Method::GET, &path).by(&sponsor).header("If-None-Match", &tag).send().await;
    assert_eq!(changed.status, StatusCode::OK);

    house.ask(Method::DELETE, &path).by(&sponsor).send().await.fails(428, "version_needed");
    house.ask(Method::DELETE, &path).by(&sponsor).header("If-Match", &tag).send().await.fails(412, "stale");
    let removed = house.ask(Method::DELETE, &path).by(&sponsor).header("If-Match", now.header("etag")).send().await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    house.ask(Method::DELETE, &path).by(&sponsor).header("If-Match", "*").send().await.fails(404, "not_found");
}

#[tokio::test]
async fn a_03_who_drafts_or_changes_is_told_the_version_to_go_on_with() {
    let house = House::open();
    let sponsor = house.sponsor("teahouse").await;
    let drafted = house.post(&sponsor, "/campaigns", house.campaign("Tea", 1000)).await;
    let path = format!("/campaigns/{}", text(&drafted.json()["id"]));
    let first = change(&house, &sponsor, &path, drafted.header("etag"), json!({ "title": "First" })).await;
    let second = change(&house, &sponsor, &path, first.header("etag"), json!({ "title": "Second" })).await;
    assert_eq!((second.status, &second.json()["title"]), (StatusCode::OK, &json!("Second")));
    change(&house, &sponsor, &path, first.header("etag"), json!({ "title": "Third" })).await.fails(412, "stale");
}

#[tokio::test]
async fn the_tag_changes_with_the_money() {
    let house = House::open();
    let sponsor = house.sponsor("teahouse").await;
    let campaign = text(&house.done(&sponsor, "/campaigns", house.campaign("Tea", 1000)).await["id"]);
    let path = format!("/campaigns/{campaign}");
    let before = house.get(&sponsor, &path).await;
    house.done(&sponsor, &format!("{path}/fund"), json!({ "amount": usd(700) })).await;
    let known = house.ask(Method::GET, &path).by(&sponsor).header("If-None-Match", before.header("etag")).send().await;
    assert_eq!((known.status, &known.json()["money"]["funded"]), (StatusCode::OK, &usd(700)));
}

#[tokio::test]
async fn the_budget_is_not_lowered_below_what_is_committed() {
    let house = House::open();
    let (sponsor, influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let campaign = house.published(&sponsor, 100_000).await;
    house.agreed(&sponsor, &influencer, &campaign, 60_000).await;
    let path = format!("/campaigns/{campaign}");
    let below = change(&house, &sponsor, &path, "*", json!({ "budget": usd(59_999) })).await;
    below.wrong(&[("/budget", "below_committed")]);
    assert_eq!(house.seen(&sponsor, &path).await["budget"], usd(100_000));
    let just = change(&house, &sponsor, &path, "*", json!({ "budget": usd(60_000) })).await;
    assert_eq!((just.status, &just.json()["money"]["available"]), (StatusCode::OK, &usd(0)));
}

#[tokio::test]
async fn only_its_sponsor_changes_a_campaign() {
    let house = House::open();
    let (sponsor, rival) = (house.sponsor("teahouse").await, house.sponsor("coffeehouse").await);
    let campaign = house.published(&sponsor, 1000).await;
    let path = format!("/campaigns/{campaign}");
    let tag = house.get(&rival, &path).await.header("etag").to_owned();
    change(&house, &rival, &path, &tag, json!({ "title": "Coffee" })).await.fails(403, "forbidden");
    for action in ["pause", "complete", "cancel", "publish"] {
        house.post(&rival, &format!("{path}/{action}"), json!({})).await.fails(403, "forbidden");
    }
    assert_eq!(house.seen(&sponsor, &path).await["state"], "active");
}

#[tokio::test]
async fn what_was_published_is_not_removed() {
    let house = House::open();
    let sponsor = house.sponsor("teahouse").await;
    let campaign = house.published(&sponsor, 1000).await;
    let path = format!("/campaigns/{campaign}");
    house.ask(Method::DELETE, &path).by(&sponsor).header("If-Match", "*").send().await.fails(409, "campaign_state");
    house.post(&sponsor, &format!("{path}/publish"), json!({})).await.fails(409, "campaign_state");
    house.post(&sponsor, &format!("{path}/resume"), json!({})).await.fails(409, "campaign_state");
    let ended = house.done(&sponsor, &format!("{path}/cancel"), json!({})).await;
    assert_eq!((&ended["state"], &ended["money"]["funded"]), (&json!("cancelled"), &usd(0)));
    house.post(&sponsor, &format!("{path}/fund"), json!({ "amount": usd(1) })).await.fails(409, "campaign_ended");
}

#[tokio::test]
async fn a_02_lists_are_walked_page_by_page() {
    let house = House::open();
    let sponsor = house.sponsor("teahouse").await;
    for n in 0..5 {
        house.done(&sponsor, "/campaigns", json!({ "title": format!("Tea {n}") })).await;
    }
    let (mut path, mut titles, mut pages) = ("/me/campaigns?limit=2&state=draft".to_owned(), Vec::new(), 0);
    loop {
        let page = house.get(&sponsor, &path).await;
        titles.extend(page.json()["items"].as_array().unwrap().iter().map(|campaign| text(&campaign["title"])));
        pages += 1;
        let Some(link) = page.header("link").strip_prefix('<').and_then(|link| link.split_once(">; rel=\"next\"")) else { break };
        assert!(link.0.ends_with(page.json()["next_cursor"].as_str().unwrap()), "{link:?}");
        path = link.0.strip_prefix("/api/v1").unwrap().to_owned();
    }
    assert_eq!((pages, titles), (3, (0..5).rev().map(|n| format!("Tea {n}")).collect::<Vec<_>>()));
    for bad in ["limit=0", "limit=101", "limit=ten", "cursor=!", "cursor=AAAA", "state=open", "page=2", "limit=1&limit=2"] {
        house.get(&sponsor, &format!("/me/campaigns?{bad}")).await.json()["status"]
            .as_u64()
            .filter(|s| *s == 400)
            .unwrap_or_else(|| panic!("{bad} was not refused"));
    }
}

#[tokio::test]
async fn a_private_campaign_stays_private_in_every_state() {
    let house = House::open();
    let (sponsor, stranger) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let secret = with(house.campaign("Secret", 1000), json!({ "visibility": "private" }));
    let campaign = text(&house.done(&sponsor, "/campaigns", secret).await["id"]);
    house.done(&sponsor, &format!("/campaigns/{campaign}/publish"), json!({})).await;
    house.get(&stranger, &format!("/campaigns/{campaign}")).await.fails(404, "not_found");
    house.post(&stranger, &format!("/campaigns/{campaign}/requests"), house.terms(1)).await.fails(404, "not_found");
    assert_eq!(house.seen(&house.admin("ada").await, &format!("/campaigns/{campaign}")).await["title"], "Secret");
}
