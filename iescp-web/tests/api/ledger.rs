//! Money over HTTP: once for each key, never more than there is.

use crate::support::{House, text, usd};
use poem::http::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn a_04_money_moves_only_with_a_key() {
    let house = House::open();
    let (sponsor, influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let campaign = house.published(&sponsor, 1000).await;
    let request = house.applied(&influencer, &campaign, 500).await;
    let before = house.picture(&[&sponsor, &influencer]).await;
    let nobody = uuid::Uuid::nil();
    for (who, path, body) in [
        (&sponsor, format!("/campaigns/{campaign}/fund"), json!({ "amount": usd(10) })),
        (&sponsor, format!("/requests/{request}/accept"), json!({ "offer": 1, "name": "Sam" })),
        (&sponsor, format!("/collaborations/{nobody}/approve"), json!({})),
        (&sponsor, format!("/collaborations/{nobody}/accept-split"), json!({ "split": 1 })),
        (&influencer, "/payouts".to_owned(), json!({ "amount": usd(10) })),
        (&sponsor, format!("/admin/disputes/{nobody}/rule"), json!({ "to_influencer": usd(1), "reasons": "So." })),
    ] {
        let problem = house.ask(Method::POST, &path).by(who).json(&body).send().await.fails(400, "bad_parameter");
        assert_eq!(problem["errors"][0]["pointer"], "/Idempotency-Key", "{path}");
    }
    assert_eq!(house.picture(&[&sponsor, &influencer]).await, before);
}

#[tokio::test]
async fn a_04_the_same_key_is_one_acceptance_with_one_answer() {
    let house = House::open();
    let (sponsor, influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let campaign = house.published(&sponsor, 1000).await;
    let request = house.applied(&influencer, &campaign, 500).await;
    let path = format!("/requests/{request}/accept");
    let accept = |name: &str| {
        let ask = house.ask(Method::POST, &path).by(&sponsor).header("Idempotency-Key", "once-and-for-all");
        ask.json(&json!({ "offer": 1, "name": name })).send()
    };
    let first = accept("Sam").await;
    assert_eq!((first.status, first.header("idempotency-replayed")), (StatusCode::OK, ""));
    let second = accept("Sam").await;
    assert_eq!((second.status, second.header("idempotency-replayed")), (StatusCode::OK, "true"));
    assert_eq!(second.text(), first.text());
    assert_eq!(second.header("etag"), first.header("etag"));
    accept("Samuel").await.wrong(&[("/Idempotency-Key", "key_reused")]);
    assert_eq!(house.seen(&sponsor, "/collaborations").await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_04_a_payment_with_the_same_key_is_collected_once() {
    let house = House::open();
    let sponsor = house.sponsor("teahouse").await;
    let campaign = text(&house.done(&sponsor, "/campaigns", house.campaign("Tea", 1000)).await["id"]);
    let path = format!("/campaigns/{campaign}/fund");
    let fund = |amount: i64| {
        house.ask(Method::POST, &path).by(&sponsor).header("Idempotency-Key", "k").json(&json!({ "amount": usd(amount) })).send()
    };
    let (first, second) = (fund(300).await, fund(300).await);
    assert_eq!((second.header("idempotency-replayed"), second.text()), ("true", first.text()));
    fund(301).await.wrong(&[("/Idempotency-Key", "key_reused")]);
    assert_eq!(house.seen(&sponsor, &format!("/campaigns/{campaign}")).await["money"]["funded"], usd(300));
}

#[tokio::test]
async fn nobody_withdraws_more_than_they_earned() {
    let house = House::open();
    let (sponsor, influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    house.post(&influencer, "/payouts", json!({ "amount": usd(1) })).await.fails(409, "insufficient_earnings");
    house.post(&influencer, "/payouts", json!({ "amount": usd(0) })).await.wrong(&[("/amount", "too_small")]);
    house.post(&sponsor, "/payouts", json!({ "amount": usd(1) })).await.fails(403, "forbidden");
    assert_eq!(house.seen(&influencer, "/payouts").await["items"], json!([]));
}

#[tokio::test]
async fn a_sponsor_reads_only_their_own_campaigns_ledger() {
    let house = House::open();
    let (sponsor, rival) = (house.sponsor("teahouse").await, house.sponsor("coffeehouse").await);
    let campaign = house.published(&sponsor, 1000).await;
    let path = format!("/ledger?campaign_id={campaign}");
    assert_eq!(house.seen(&sponsor, &path).await["items"][0]["from"], json!({ "account": "outside" }));
    assert!(!house.get(&rival, &path).await.status.is_success());
    assert_eq!(house.seen(&rival, "/ledger").await["items"], json!([]));
}
