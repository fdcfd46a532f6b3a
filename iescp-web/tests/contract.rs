//! The contract: what the document says is what a handler gets, and nothing else.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod tiny;

use poem::http::Method;
use poem::{Request, RequestBuilder};
use serde_json::{Value, json};
use tiny::{Answer, App, ask, house};

async fn send(
    house: &App,
    method: Method,
    path: &str,
    body: impl Into<String>,
    more: impl FnOnce(RequestBuilder) -> RequestBuilder,
) -> Answer {
    let kind = if method == Method::PATCH { "application/merge-patch+json" } else { "application/json" };
    let request = more(Request::builder().method(method).uri_str(path).content_type(kind)).body(body.into());
    tiny::call(house, request).await
}

async fn make(house: &App, body: impl Into<String>) -> Answer {
    send(house, Method::POST, "/api/v1/things", body, |r| r).await
}

fn thing() -> Value {
    json!({ "title": "A thing", "fee": { "amount": 125_000, "currency": "USD" } })
}

#[tokio::test]
async fn what_is_right_arrives_and_is_answered_with_location_and_version() {
    let answer = make(&house(), thing().to_string()).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert!(answer.header("location").unwrap().starts_with("/api/v1/things/"));
    assert_eq!(answer.header("etag"), Some("\"v1\""));
    assert_eq!(answer.json()["fee"], thing()["fee"]);
}

#[tokio::test]
async fn s_45_bad_json_is_400_with_a_sentence() {
    let house = house();
    let deep = format!("{{\"title\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
    for (body, said) in [
        ("{".into(), "EOF"),
        (r#"{"title":"a","title":"b"}"#.into(), "twice"),
        (r#"{"fee":{"amount":1,"amount":2}}"#.into(), "twice"),
        (deep, "32 deep"),
        ("[1e999]".into(), "out of range"),
        (String::new(), "EOF"),
    ] {
        let answer = make(&house, body).await;
        assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (400, Some("malformed")), "{said}");
        assert!(answer.json()["detail"].as_str().unwrap().contains(said), "{said}: {}", answer.text());
    }
}

#[tokio::test]
async fn s_28_unknown_fields_are_refused_wherever_they_are() {
    let house = house();
    let mut outer = thing();
    outer["role"] = json!("admin");
    let mut inner = thing();
    inner["fee"]["flagged"] = json!(true);
    for (body, at) in [(outer, "/role"), (inner, "/fee/flagged")] {
        let answer = make(&house, body.to_string()).await;
        assert_eq!(answer.status.as_u16(), 422);
        assert_eq!(
            answer.json()["errors"],
            json!([{ "pointer": at, "code": "unknown_field", "detail": "There is no such field." }])
        );
    }
}

#[tokio::test]
async fn everything_wrong_is_told_at_once() {
    let answer = make(&house(), json!({ "title": "", "fee": { "amount": "1", "currency": "DOLLARS" } }).to_string()).await;
    assert_eq!(answer.status.as_u16(), 422);
    let errors = answer.json()["errors"].clone();
    let mut told: Vec<&str> = errors.as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    told.sort_unstable();
    assert_eq!(told, ["/fee/amount", "/fee/currency", "/title"]);
}

#[tokio::test]
async fn patterns_are_kept_too() {
    let answer = make(&house(), json!({ "title": "A", "fee": { "amount": 1, "currency": "usd" } }).to_string()).await;
    assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (422, Some("invalid")), "{}", answer.text());
}

#[tokio::test]
async fn s_22_no_other_media_type_is_taken() {
    let house = house();
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/merge-patch+json",
        "json",
        "",
    ] {
        let request = Request::builder()
            .method(Method::POST)
            .uri_str("/api/v1/things")
            .header("content-type", kind)
            .body(thing().to_string());
        assert_eq!(tiny::call(&house, request).await.status.as_u16(), 415, "{kind}");
    }
    let bare = Request::builder().method(Method::POST).uri_str("/api/v1/things").body(thing().to_string());
    assert_eq!(tiny::call(&house, bare).await.status.as_u16(), 415);
    let request = Request::builder()
        .method(Method::POST)
        .uri_str("/api/v1/things")
        .header("content-type", "Application/JSON; charset=utf-8");
    assert_eq!(tiny::call(&house, request.body(thing().to_string())).await.status.as_u16(), 201);
    let squeezed =
        send(&house, Method::POST, "/api/v1/things", thing().to_string(), |r| r.header("content-encoding", "gzip")).await;
    assert_eq!(squeezed.status.as_u16(), 415);
}

#[tokio::test]
async fn a_07_null_empties_absent_leaves_alone() {
    let house = house();
    let patch = |body: Value| {
        let house = house.clone();
        async move { send(&house, Method::PATCH, &tiny::THING, body.to_string(), |r| r.header("if-match", "\"v1\"")).await.json() }
    };
    assert_eq!(patch(json!({})).await["note"], "unchanged");
    assert_eq!(patch(json!({ "note": null })).await["note"], "emptied");
    assert_eq!(patch(json!({ "note": "new" })).await["note"], "new");
    assert_eq!(patch(json!({ "title": null })).await["errors"][0]["code"], "wrong_type");
    let plain =
        Request::builder().method(Method::PATCH).uri_str(&*tiny::THING).content_type("application/json").header("if-match", "*");
    assert_eq!(tiny::call(&house, plain.body(r#"{"note":"plain"}"#)).await.json()["note"], "plain");
}

#[tokio::test]
async fn a_03_changing_needs_the_version_that_was_read() {
    let house = house();
    let change = |tag: Option<&'static str>| {
        let house = house.clone();
        async move {
            send(&house, Method::PATCH, &tiny::THING, "{}", |r| if let Some(tag) = tag { r.header("if-match", tag) } else { r })
                .await
        }
    };
    assert_eq!(change(None).await.status.as_u16(), 428);
    for stale in ["\"v2\"", "\"other\"", "v", ""] {
        assert_eq!(change(Some(stale)).await.status.as_u16(), 412, "{stale}");
    }
    for fresh in ["\"v1\"", "W/\"v1\"", "\"v1+br\"", "*"] {
        assert_eq!(change(Some(fresh)).await.status.as_u16(), 200, "{fresh}");
    }
    assert_eq!(change(Some("\"v1\", \"v2\"")).await.status.as_u16(), 400);
}

#[tokio::test]
async fn a_03_who_has_the_version_gets_304() {
    let house = house();
    let first = ask(&house, Method::GET, &tiny::THING).await;
    assert_eq!((first.status.as_u16(), first.header("etag")), (200, Some("\"v1\"")));
    let again = tiny::send(&house, |r| r.uri_str(&*tiny::THING).header("if-none-match", "\"v0\", \"v1\"")).await;
    assert_eq!((again.status.as_u16(), again.header("etag")), (304, Some("\"v1\"")));
    assert!(again.body.is_empty());
}

#[tokio::test]
async fn a_02_pages_lead_to_the_next_until_there_is_none() {
    let house = house();
    let mut path = "/api/v1/things?limit=7&word=a%26b".to_owned();
    let mut seen = Vec::new();
    for _ in 0..10 {
        let page = ask(&house, Method::GET, &path).await;
        let body = page.json();
        seen.extend(body["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()));
        let Some(link) = page.header("link") else {
            assert_eq!(body["next_cursor"], Value::Null);
            break;
        };
        path = link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap().to_owned();
        assert!(path.contains("word=a%26b") && path.contains(&format!("cursor={}", body["next_cursor"].as_str().unwrap())));
    }
    assert_eq!(seen, (0..20).map(|n| format!("thing {n}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_04_a_key_travels_with_the_route_and_the_bodys_fingerprint() {
    let house = house();
    let pay = |key: Option<&'static str>, body: &'static str| {
        let house = house.clone();
        async move {
            send(&house, Method::POST, &format!("{}/pay", *tiny::THING), body, |r| {
                if let Some(key) = key { r.header("idempotency-key", key) } else { r }
            })
            .await
        }
    };
    let (one, same, other) = (pay(Some("k1"), "{}").await, pay(Some("\"k1\""), "{}").await, pay(Some("k1"), "{} ").await);
    assert_eq!(one.status.as_u16(), 200, "{}", one.text());
    assert_eq!(one.json(), same.json());
    assert_ne!(one.json()["fingerprint"], other.json()["fingerprint"]);
    assert_eq!(one.json()["route"], format!("POST {}/pay", *tiny::THING));
    assert_eq!(one.header("idempotency-replayed"), Some("true"));
    assert_eq!(pay(None, "{}").await.status.as_u16(), 400);
    for wrong in ["", "a b", "\"\""] {
        assert_eq!(pay(Some(wrong), "{}").await.status.as_u16(), 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_refusal_shows_the_present_state() {
    let answer = send(&house(), Method::POST, &format!("{}/refuse", *tiny::THING), "{}", |r| r).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["offer"]["number"]), (409, &json!(4)));
}

#[tokio::test]
async fn the_document_declares_what_operations_answer() {
    let document = ask(&house(), Method::GET, "/api/openapi.json").await.json();
    let statuses = |path: &str, method: &str| -> Vec<String> {
        document["paths"][path][method]["responses"].as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(statuses("/things", "get"), ["200", "400", "401", "422", "429", "500", "503"]);
    assert_eq!(statuses("/things/{id}", "get"), ["200", "304", "400", "401", "404", "429", "500", "503"]);
    let patch = statuses("/things/{id}", "patch");
    for status in ["200", "401", "404", "409", "412", "413", "415", "422", "428"] {
        assert!(patch.contains(&status.to_owned()), "{status}");
    }
    assert_eq!(document["components"]["schemas"]["NewThing"]["additionalProperties"], false);
    assert!(document["components"]["schemas"]["Thing"]["additionalProperties"].is_null());
    let text = document.to_string();
    assert!(!text.contains("IF-MATCH") && !text.contains("charset") && text.contains("\"Idempotency-Key\""));
}
