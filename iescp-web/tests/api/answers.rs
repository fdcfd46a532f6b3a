//! Kept answers: nobody gets another's, and every change is seen at once.
//!
//! The clock of these houses stands still, so that every answer that may be kept is.

use crate::support::{Answer, House, Person, text, usd, with};
use iescp_web::answers::LASTING;
use jiff::SignedDuration;
use poem::http::{Method, StatusCode};
use serde_json::json;

/// Asks twice, so that the second answer is the kept one where answers are kept; both must be the same.
async fn twice(house: &House, who: Option<&Person>, path: &str) -> Answer {
    let ask = || {
        let ask = house.ask(Method::GET, path);
        who.map_or(house.ask(Method::GET, path), |who| ask.by(who)).send()
    };
    let (first, second) = (ask().await, ask().await);
    assert_eq!(first.status, second.status, "{path}");
    if first.status == StatusCode::OK {
        assert_eq!((first.text(), first.header("etag")), (second.text(), second.header("etag")), "{path}");
    }
    second
}

async fn titles(house: &House, who: Option<&Person>) -> Vec<String> {
    let page = twice(house, who, "/campaigns?niche=food").await.json();
    page["items"].as_array().unwrap().iter().map(|campaign| text(&campaign["title"])).collect()
}

#[tokio::test]
async fn s_30_nobody_gets_an_answer_that_was_kept_for_another() {
    let house = House::open();
    let (sam, eve) = (house.sponsor("sam").await, house.sponsor("eve").await);
    let (ines, admin) = (house.influencer("ines").await, house.admin("alma").await);
    let path = format!("/campaigns/{}", house.published(&sam, 1000).await);
    for _ in 0..2 {
        for (who, sees_money) in
            [(Some(&sam), true), (Some(&eve), false), (Some(&ines), false), (None, false), (Some(&admin), true)]
        {
            let one = twice(&house, who, &path).await.json();
            assert_eq!(one.get("money").is_some_and(|money| !money.is_null()), sees_money, "{who:?}: {one}");
            let page = twice(&house, who, "/campaigns?niche=food").await.json();
            assert_eq!(page["items"][0].get("money").is_some_and(|money| !money.is_null()), sees_money, "{who:?}: {page}");
        }
    }

    let draft = text(&house.done(&sam, "/campaigns", house.campaign("Not for you", 1000)).await["id"]);
    let hidden =
        house.done(&sam, "/campaigns", with(house.campaign("Some alone", 1000), json!({ "visibility": "private" }))).await;
    for path in [format!("/campaigns/{draft}"), format!("/campaigns/{}", text(&hidden["id"]))] {
        for _ in 0..2 {
            assert_eq!(twice(&house, Some(&sam), &path).await.status, StatusCode::OK);
            for who in [Some(&eve), Some(&ines), None] {
                twice(&house, who, &path).await.fails(404, "not_found");
            }
        }
    }
    let forged = house.ask(Method::GET, &path).header("Authorization", "Bearer a.b.c").send().await;
    forged.fails(401, "signed_out");
}

#[tokio::test]
async fn a_change_is_seen_by_everybody_at_once() {
    let house = House::open();
    let (sam, ines) = (house.sponsor("sam").await, house.influencer("ines").await);
    let path = format!("/campaigns/{}", house.published(&sam, 1000).await);
    for title in ["First", "Second", "Third"] {
        for who in [Some(&sam), Some(&ines), None] {
            twice(&house, who, &path).await;
            assert_ne!(titles(&house, who).await, [title]);
        }
        let tag = house.get(&sam, &path).await.header("etag").to_owned();
        let patch = house.ask(Method::PATCH, &path).by(&sam).header("If-Match", &tag).patch(&json!({ "title": title }));
        assert_eq!(patch.send().await.status, StatusCode::OK);
        for who in [Some(&sam), Some(&ines), None] {
            assert_eq!(twice(&house, who, &path).await.json()["title"], title);
            assert_eq!(titles(&house, who).await, [title]);
        }
    }
    house.published(&sam, 500).await;
    assert_eq!(titles(&house, Some(&ines)).await.len(), 2);
    house.done(&sam, &format!("{path}/fund"), json!({ "amount": usd(70) })).await;
    assert_eq!(twice(&house, Some(&sam), &path).await.json()["money"]["funded"], usd(1070));
    house.done(&sam, &format!("{path}/pause"), json!({})).await;
    assert_eq!(titles(&house, None).await.len(), 1);
    twice(&house, Some(&ines), &path).await.fails(404, "not_found");
}

#[tokio::test]
async fn an_influencers_profile_is_as_it_was_last_written() {
    let house = House::open();
    let (sam, ines) = (house.sponsor("sam").await, house.influencer("ines").await);
    let path = format!("/influencers/{}", ines.id);
    for name in ["Ines the First", "Ines the Second"] {
        twice(&house, Some(&sam), &path).await;
        let tag = house.get(&ines, "/me").await.header("etag").to_owned();
        let patch = house.ask(Method::PATCH, "/me").by(&ines).header("If-Match", &tag).patch(&json!({ "display_name": name }));
        assert_eq!(patch.send().await.status, StatusCode::OK);
        assert_eq!(twice(&house, Some(&sam), &path).await.json()["display_name"], name);
    }
}

#[tokio::test]
async fn s_53_who_was_signed_out_or_suspended_gets_no_kept_answer() {
    let house = House::open();
    let (sam, ines, odo) = (house.sponsor("sam").await, house.influencer("ines").await, house.influencer("odo").await);
    let path = format!("/campaigns/{}", house.published(&sam, 1000).await);
    for person in [&ines, &odo] {
        assert_eq!(twice(&house, Some(person), &path).await.status, StatusCode::OK);
    }
    assert_eq!(house.ask(Method::POST, "/auth/logout").by(&ines).send().await.status, StatusCode::NO_CONTENT);
    house.get(&ines, &path).await.fails(401, "signed_out");
    house.suspend(&odo).await;
    house.get(&odo, &path).await.fails(401, "signed_out");

    assert_eq!(twice(&house, None, &path).await.status, StatusCode::OK);
    house.suspend(&sam).await;
    twice(&house, None, &path).await.fails(404, "not_found");
    assert!(titles(&house, None).await.is_empty());
}

#[tokio::test]
async fn s_54_a_revoked_token_gets_no_kept_answer() {
    let house = House::open();
    let (sam, ines) = (house.sponsor("sam").await, house.influencer("ines").await);
    let path = format!("/campaigns/{}", house.published(&sam, 1000).await);
    let made = house.done(&ines, "/me/tokens", json!({ "name": "script", "scope": "read", "expires_in_days": 30 })).await;
    let bearer = format!("Bearer {}", text(&made["token"]));
    let ask = || house.ask(Method::GET, &path).header("Authorization", &bearer).send();
    for _ in 0..2 {
        assert_eq!(ask().await.status, StatusCode::OK);
    }
    let id = text(&house.seen(&ines, "/me/tokens").await["items"][0]["id"]);
    let revoked = house.ask(Method::DELETE, &format!("/me/tokens/{id}")).by(&ines).send().await;
    assert_eq!(revoked.status, StatusCode::NO_CONTENT, "{}", revoked.text());
    ask().await.fails(401, "signed_out");
}

#[tokio::test]
async fn a_03_a_kept_answer_is_304_for_who_has_it_and_whole_for_all_others() {
    let house = House::open();
    let sam = house.sponsor("sam").await;
    let path = format!("/campaigns/{}", house.published(&sam, 1000).await);
    let known = |tag: String| house.ask(Method::GET, &path).by(&sam).header("If-None-Match", &tag).send();
    // The first to ask has another version: what is kept is whole all the same.
    assert_eq!(known("\"v1\"".into()).await.status, StatusCode::OK);
    let tag = twice(&house, Some(&sam), &path).await.header("etag").to_owned();
    for _ in 0..2 {
        let same = known(tag.clone()).await;
        assert_eq!((same.status, same.header("etag"), same.text()), (StatusCode::NOT_MODIFIED, tag.as_str(), String::new()));
        assert_eq!(known("\"v1\"".into()).await.status, StatusCode::OK);
    }
    house.done(&sam, &format!("{path}/pause"), json!({})).await;
    let changed = known(tag.clone()).await;
    assert_eq!((changed.status, changed.header("etag") == tag), (StatusCode::OK, false));
}

#[tokio::test]
async fn what_the_clock_ends_is_gone_soon_after() {
    let house = House::open();
    let sam = house.sponsor("sam").await;
    let path = format!("/campaigns/{}", house.published(&sam, 1000).await);
    house.clock.set("2026-06-30T23:59:59Z".parse().unwrap());
    assert_eq!(twice(&house, None, &path).await.status, StatusCode::OK);
    house.clock.advance(SignedDuration::try_from(LASTING).unwrap());
    twice(&house, None, &path).await.fails(404, "not_found");
}

#[tokio::test]
async fn s_66_an_admins_look_at_what_is_private_is_noted_every_time() {
    let house = House::open();
    let (sam, admin) = (house.sponsor("sam").await, house.admin("alma").await);
    let draft = text(&house.done(&sam, "/campaigns", house.campaign("Soon", 1000)).await["id"]);
    for _ in 0..3 {
        let before = house.platform.store().latest();
        assert_eq!(house.get(&admin, &format!("/campaigns/{draft}")).await.status, StatusCode::OK);
        assert!(house.platform.store().latest() > before);
    }
}
