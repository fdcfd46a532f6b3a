//! What you may not see does not exist; who may not ask any more is not answered.

use crate::support::{Answer, House, usd};
use poem::http::{Method, StatusCode};
use serde_json::{Value, json};

/// What an answer says, without the id of the request.
fn anonymous(answer: &Answer) -> (StatusCode, String) {
    let mut body = answer.json();
    body.as_object_mut().unwrap().remove("instance");
    (answer.status, body.to_string())
}

#[tokio::test]
async fn another_ones_id_is_answered_like_an_id_that_never_was() {
    let house = House::open();
    let (sponsor, influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let (rival, stranger) = (house.sponsor("coffeehouse").await, house.influencer("otto").await);
    let campaign = house.published(&sponsor, 1000).await;
    let request = house.applied(&influencer, &campaign, 100).await;
    let draft = house.done(&sponsor, "/campaigns", house.campaign("Draft", 1)).await["id"].as_str().unwrap().to_owned();
    let other = house.influencer("olga").await;
    let collaboration = house.agreed(&sponsor, &other, &campaign, 100).await;
    let before = house.picture(&[&sponsor, &influencer, &other]).await;
    let never = uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001).to_string();

    let offer = crate::support::with(house.terms(1), json!({ "offer": 1 }));
    let asks: Vec<(Method, &str, &str, Option<Value>)> = vec![
        (Method::GET, "/campaigns/{}", &draft, None),
        (Method::GET, "/campaigns/{}/requests", &draft, None),
        (Method::PATCH, "/campaigns/{}", &draft, Some(json!({ "title": "Mine" }))),
        (Method::DELETE, "/campaigns/{}", &draft, None),
        (Method::POST, "/campaigns/{}/publish", &draft, Some(json!({}))),
        (Method::POST, "/campaigns/{}/fund", &draft, Some(json!({ "amount": usd(1) }))),
        (Method::GET, "/ledger?campaign_id={}", &draft, None),
        (Method::GET, "/requests/{}", &request, None),
        (Method::POST, "/requests/{}/accept", &request, Some(json!({ "offer": 1, "name": "Rival" }))),
        (Method::POST, "/requests/{}/reject", &request, Some(json!({ "offer": 1, "reason": "No." }))),
        (Method::POST, "/requests/{}/counter", &request, Some(offer.clone())),
        (Method::POST, "/requests/{}/amend", &request, Some(offer)),
        (Method::POST, "/requests/{}/confirm", &request, Some(json!({ "offer": 1 }))),
        (Method::POST, "/requests/{}/withdraw", &request, Some(json!({}))),
        (Method::GET, "/collaborations/{}", &collaboration, None),
        (Method::GET, "/collaborations/{}/agreement", &collaboration, None),
        (Method::POST, "/collaborations/{}/submit", &collaboration, Some(house.work_done())),
        (Method::POST, "/collaborations/{}/approve", &collaboration, Some(json!({}))),
        (Method::POST, "/collaborations/{}/request-changes", &collaboration, Some(json!({ "reasons": "No." }))),
        (Method::POST, "/collaborations/{}/step-down", &collaboration, Some(json!({ "reason": "No." }))),
        (Method::POST, "/collaborations/{}/cancel", &collaboration, Some(json!({}))),
        (Method::POST, "/collaborations/{}/propose-split", &collaboration, Some(json!({ "to_influencer": usd(1) }))),
        (Method::POST, "/collaborations/{}/accept-split", &collaboration, Some(json!({ "split": 1 }))),
        (Method::POST, "/collaborations/{}/withdraw-split", &collaboration, Some(json!({}))),
        (Method::POST, "/collaborations/{}/dispute", &collaboration, Some(json!({ "reason": "No." }))),
        (Method::POST, "/collaborations/{}/withdraw-dispute", &collaboration, Some(json!({}))),
        (Method::POST, "/collaborations/{}/review", &collaboration, Some(json!({ "rating": 1 }))),
        (
            Method::POST,
            "/collaborations/{}/results",
            &collaboration,
            Some(json!({ "deliverable": 0, "views": 1, "source": "x" })),
        ),
    ];
    for who in [&rival, &stranger] {
        for (method, path, id, body) in &asks {
            let mut answers = Vec::new();
            for (n, id) in [*id, never.as_str()].into_iter().enumerate() {
                let ask = house.ask(method.clone(), &path.replace("{}", id)).by(who).header("If-Match", "*");
                let ask = ask.header("Idempotency-Key", &format!("{path}-{n}"));
                let ask = match (method, body) {
                    (&Method::PATCH, Some(body)) => ask.patch(body),
                    (_, Some(body)) => ask.json(body),
                    (_, None) => ask,
                };
                answers.push(anonymous(&ask.send().await));
            }
            assert_eq!(answers[0].0, StatusCode::NOT_FOUND, "{method} {path}: {}", answers[0].1);
            assert_eq!(answers[0], answers[1], "{method} {path}");
        }
    }
    assert_eq!(house.picture(&[&sponsor, &influencer, &other]).await, before);
}

#[tokio::test]
async fn a_suspended_accounts_token_is_worth_nothing_at_once() {
    let house = House::open();
    let (sponsor, influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let campaign = house.published(&sponsor, 1000).await;
    let request = house.applied(&influencer, &campaign, 100).await;
    house.suspend(&sponsor).await;
    for path in ["/requests", "/me/campaigns", &format!("/requests/{request}")] {
        let answer = house.get(&sponsor, path).await;
        answer.fails(401, "signed_out");
        assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"");
    }
    let accept = json!({ "offer": 1, "name": "Sam" });
    house.post(&sponsor, &format!("/requests/{request}/accept"), accept).await.fails(401, "signed_out");
    let stranger = house.influencer("olga").await;
    house.get(&stranger, &format!("/campaigns/{campaign}")).await.fails(404, "not_found");
    house.seen(&influencer, &format!("/campaigns/{campaign}")).await;
    assert_eq!(house.seen(&influencer, &format!("/requests/{request}")).await["state"], "open");
}

#[tokio::test]
async fn an_old_access_token_is_refused() {
    let house = House::open();
    let sponsor = house.sponsor("teahouse").await;
    let ask = house.ask(Method::GET, "/me/campaigns").by(&sponsor);
    house.clock.advance(jiff::SignedDuration::from_mins(6));
    ask.send().await.fails(401, "signed_out");
    assert_eq!(house.get(&sponsor, "/me/campaigns").await.status, StatusCode::OK);
}

#[tokio::test]
async fn money_and_reasons_are_seen_by_whom_they_concern() {
    let house = House::open();
    let (sponsor, influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let campaign = house.published(&sponsor, 70_000).await;
    house.agreed(&sponsor, &influencer, &campaign, 100).await;
    let admin = house.admin("ada").await;
    house.done(&admin, &format!("/admin/campaigns/{campaign}/flag"), json!({ "reason": "Between us." })).await;
    let path = format!("/campaigns/{campaign}");
    for who in [&sponsor, &admin] {
        let seen = house.seen(who, &path).await;
        assert_eq!((&seen["flag_reason"], &seen["money"]["held"]), (&json!("Between us."), &usd(100)));
    }
    let seen = house.seen(&influencer, &path).await;
    assert_eq!((seen.get("flag_reason"), seen.get("money"), &seen["flagged"]), (None, None, &json!(true)));
    house.ask(Method::GET, &path).send().await.fails(404, "not_found");
}
