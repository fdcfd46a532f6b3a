use crate::support::{House, usd};
use poem::http::Method;
use serde_json::json;

#[tokio::test]
async fn a_profile_is_there_for_everyone_with_figures_and_no_secrets() {
    let house = House::open();
    let ines = house.influencer("ines").await;
    let path = format!("/influencers/{}", ines.id);
    let seen = house.ask(Method::GET, &path).send().await;
    assert_eq!(seen.status.as_u16(), 200, "{}", seen.text());
    assert!(!seen.text().contains("@example.com") && !seen.text().contains("\"username\""), "{}", seen.text());
    assert_eq!(seen.json()["figures"]["ratings"], 0);
    let tag = seen.header("etag").to_owned();
    let again = || house.ask(Method::GET, &path).header("If-None-Match", &tag).send();
    assert_eq!(again().await.status.as_u16(), 304);
    let body = json!({ "bio": "Tea.", "rate_card": { "reel": usd(25_000) } });
    house.ask(Method::PATCH, "/me").by(&ines).header("If-Match", "*").patch(&body).send().await;
    let changed = again().await.json();
    assert_eq!((&changed["bio"], &changed["rate_card"]["reel"]), (&json!("Tea."), &usd(25_000)));
}

#[tokio::test]
async fn whoever_waits_is_suspended_or_is_something_else_has_no_profile_there() {
    let house = House::open();
    let (ines, sam, pending) = (house.influencer("ines").await, house.sponsor("sam").await, house.pending("pat").await);
    let nobody = house.ask(Method::GET, "/sponsors/01890a5d-ac96-774b-bcce-b302099a8057").send().await.fails(404, "not_found");
    for path in [
        format!("/sponsors/{}", ines.id),
        format!("/influencers/{}", sam.id),
        format!("/sponsors/{}", pending.id),
        format!("/sponsors/{}/reviews", pending.id),
        format!("/influencers/{}/reviews", sam.id),
    ] {
        let problem = house.ask(Method::GET, &path).send().await.fails(404, "not_found");
        assert_eq!(problem["detail"], nobody["detail"], "{path}");
    }
    assert_eq!(house.get(&pending, &format!("/sponsors/{}", pending.id)).await.status.as_u16(), 200);
    assert_eq!(house.ask(Method::GET, &format!("/sponsors/{}", sam.id)).send().await.status.as_u16(), 200);
    house.suspend(&ines).await;
    house.ask(Method::GET, &format!("/influencers/{}", ines.id)).send().await.fails(404, "not_found");
    house.ask(Method::GET, "/influencers/not-an-id").send().await.fails(400, "bad_parameter");
}

#[tokio::test]
async fn reviews_count_and_are_listed_once_both_have_spoken() {
    let house = House::open();
    let (sam, ines) = (house.sponsor("sam").await, house.influencer("ines").await);
    let campaign = house.published(&sam, 100_000).await;
    let work = house.agreed(&sam, &ines, &campaign, 50_000).await;
    house.done(&ines, &format!("/collaborations/{work}/submit"), house.work_done()).await;
    house.done(&sam, &format!("/collaborations/{work}/approve"), json!({})).await;
    let profile = format!("/influencers/{}", ines.id);
    house.done(&sam, &format!("/collaborations/{work}/review"), json!({ "rating": 4, "text": "Good." })).await;
    assert_eq!(house.seen(&sam, &profile).await["figures"]["ratings"], 0);
    house.done(&ines, &format!("/collaborations/{work}/review"), json!({ "rating": 5, "text": "Paid at once." })).await;
    let figures = house.seen(&sam, &profile).await["figures"].clone();
    assert_eq!((&figures["rating"], &figures["ratings"], &figures["delivered_on_time"]), (&json!(400), &json!(1), &json!(1)));
    let reviews = house.ask(Method::GET, &format!("{profile}/reviews")).send().await.json();
    assert_eq!((&reviews["items"][0]["rating"], &reviews["items"][0]["text"]), (&json!(4), &json!("Good.")));
    let of_sponsor = house.ask(Method::GET, &format!("/sponsors/{}/reviews", sam.id)).send().await.json();
    assert_eq!(of_sponsor["items"][0]["rating"], 5);
    let own = house.seen(&ines, "/me/statistics").await;
    assert_eq!((&own["role"], &own["influencer"]["earned"]), (&json!("influencer"), &usd(50_000)));
    assert_eq!(house.seen(&sam, "/me/statistics").await["campaigns"]["items"][0]["paid"], usd(50_000));
}
