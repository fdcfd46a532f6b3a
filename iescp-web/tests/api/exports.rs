//! Exports over HTTP: accepted, made, fetched whole or in parts, and nobody else's.

use crate::support::{House, Person, text};
use crate::worker::{works, works_until};
use poem::http::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

/// An export of this kind that is ready: its id.
pub async fn made(house: &House, who: &Person, kind: &str) -> String {
    let asked = house.post(who, "/exports", json!({ "kind": kind })).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.text());
    let id = text(&asked.json()["id"]);
    let path = format!("/exports/{id}");
    let working = works(&house.platform, &house.files).await;
    for _ in 0..6000 {
        if house.seen(who, &path).await["state"] == "ready" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    working.end().await;
    id
}

#[tokio::test]
async fn a_08_an_export_is_accepted_and_made_later() {
    let house = House::open();
    let sponsor = house.sponsor("teahouse").await;
    house.published(&sponsor, 1000).await;
    let ask = || {
        let ask = house.ask(Method::POST, "/exports").by(&sponsor).header("Idempotency-Key", "k");
        ask.json(&json!({ "kind": "campaigns", "format": "csv" })).send()
    };
    let accepted = ask().await;
    assert_eq!(accepted.status, StatusCode::ACCEPTED);
    let (id, export) = (text(&accepted.json()["id"]), accepted.json());
    assert_eq!((accepted.header("location"), accepted.header("retry-after")), (&*format!("/api/v1/exports/{id}"), "2"));
    assert_eq!((&export["state"], &export["rows"], &export["file"]), (&json!("queued"), &json!(0), &Value::Null));
    let again = ask().await;
    assert_eq!((again.header("idempotency-replayed"), &again.json()["id"]), ("true", &export["id"]));
    let path = format!("/exports/{id}");
    let file = house.get(&sponsor, &format!("{path}/file")).await;
    file.fails(409, "not_ready");
    assert_eq!(file.header("retry-after"), "2");

    works_until(&house.platform, &house.files, async || house.seen(&sponsor, &path).await["state"] == "ready").await;
    let ready = house.seen(&sponsor, &path).await;
    assert_eq!((&ready["rows"], &ready["file"]["name"]), (&json!(1), &json!("iescp-campaigns-2026-05-01.csv")));
    assert_eq!((&ready["as_of"], &ready["expires_at"]), (&json!("2026-05-01T12:00:00Z"), &json!("2026-05-08T12:00:00Z")));
    let listed = house.seen(&sponsor, "/exports").await;
    assert_eq!(listed["items"], json!([ready]));
    let file = house.get(&sponsor, &format!("{path}/file")).await;
    assert_eq!((file.status, file.body.len() as u64), (StatusCode::OK, ready["file"]["bytes"].as_u64().unwrap()));
    assert_eq!(file.text().lines().count(), 2);

    house.days(7);
    assert_eq!(house.seen(&sponsor, &path).await["state"], "expired");
    house.get(&sponsor, &format!("{path}/file")).await.fails(404, "not_found");
}

#[tokio::test]
async fn parts_of_a_file_are_fetched_while_it_is_the_same() {
    let house = House::open();
    let sponsor = house.sponsor("teahouse").await;
    let path = format!("/exports/{}/file", made(&house, &sponsor, "ledger").await);
    let whole = house.get(&sponsor, &path).await;
    let ask = |name: &'static str, value: String| house.ask(Method::GET, &path).by(&sponsor).header(name, &value);
    let part = ask("Range", "bytes=2-5".into()).header("If-Range", whole.header("etag")).send().await;
    assert_eq!((part.status, part.body.as_slice()), (StatusCode::PARTIAL_CONTENT, &whole.body[2..6]));
    assert_eq!(part.header("content-range"), format!("bytes 2-5/{}", whole.body.len()));
    let beyond = ask("Range", "bytes=9999-".into()).send().await;
    beyond.fails(416, "no_such_part");
    assert_eq!(beyond.header("content-range"), format!("bytes */{}", whole.body.len()));
    assert_eq!(ask("If-None-Match", whole.header("etag").into()).send().await.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn s_27_exports_of_others_are_not_there() {
    let house = House::open();
    let (sponsor, other, admin) = (house.sponsor("teahouse").await, house.sponsor("coffee").await, house.admin("ada").await);
    let id = made(&house, &sponsor, "requests").await;
    for who in [&other, &admin] {
        for path in [format!("/exports/{id}"), format!("/exports/{id}/file")] {
            house.get(who, &path).await.fails(404, "not_found");
        }
        assert_eq!(house.seen(who, "/exports").await["items"], json!([]));
    }
    for (who, kind) in [(&sponsor, "accounts"), (&admin, "ledger"), (&sponsor, "nonsense")] {
        house.post(who, "/exports", json!({ "kind": kind })).await.wrong(&[("/kind", "unknown")]);
    }
    house.post(&sponsor, "/exports", json!({ "kind": "ledger", "format": "pdf" })).await.wrong(&[("/format", "unknown")]);
}
