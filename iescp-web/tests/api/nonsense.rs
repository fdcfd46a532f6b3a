//! What nobody should send: refused with the right status and a sentence, and nothing is changed. Text of all the world is taken
//! as it is.

use crate::support::{Answer, House, Person, text, usd, with};
use poem::http::{Method, StatusCode};
use serde_json::{Value, json};

async fn draft(house: &House, who: &Person, change: Value) -> Answer {
    house.post(who, "/campaigns", with(house.campaign("Tea", 1000), change)).await
}

#[tokio::test]
async fn amounts_are_whole_positive_and_of_this_world() {
    let house = House::open();
    let (sponsor, influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let campaign = house.published(&sponsor, 1000).await;
    let before = house.picture(&[&sponsor, &influencer]).await;
    let amounts = [
        (json!(-1), "too_small"),
        (json!(i64::MIN), "too_small"),
        (json!(1_000_000_000_001_i64), "too_large"),
        (json!(i64::MAX), "too_large"),
        (json!(u64::MAX), "too_large"),
        (json!(1e300), "wrong_type"),
        (json!(1.5), "wrong_type"),
        (json!("100"), "wrong_type"),
        (json!(true), "wrong_type"),
        (json!(null), "wrong_type"),
        (json!([1]), "wrong_type"),
    ];
    for (amount, code) in amounts {
        let money = json!({ "amount": amount, "currency": "USD" });
        for (who, path, body, field) in [
            (&sponsor, "/campaigns".to_owned(), with(house.campaign("Tea", 1), json!({ "budget": money })), "budget"),
            (&sponsor, format!("/campaigns/{campaign}/fund"), json!({ "amount": money }), "amount"),
            (&influencer, format!("/campaigns/{campaign}/requests"), with(house.terms(1), json!({ "amount": money })), "amount"),
            (&influencer, "/payouts".to_owned(), json!({ "amount": money }), "amount"),
        ] {
            let answer = house.post(who, &path, body).await;
            answer.wrong(&[(&format!("/{field}/amount"), code)]);
        }
    }
    let nothing = with(house.terms(1), json!({ "amount": usd(0) }));
    house.post(&influencer, &format!("/campaigns/{campaign}/requests"), nothing).await.wrong(&[("/amount", "too_small")]);
    for (currency, code) in [("EUR", "currency"), ("usd", "currency"), ("USDX", "too_long"), ("", "too_short")] {
        let budget = json!({ "budget": { "amount": 1, "currency": currency } });
        draft(&house, &sponsor, budget).await.wrong(&[("/budget/currency", code)]);
    }
    assert_eq!(house.picture(&[&sponsor, &influencer]).await, before);
}

#[tokio::test]
async fn every_field_too_long_is_named() {
    let house = House::open();
    let (sponsor, influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let campaign = house.published(&sponsor, 1000).await;
    let before = house.picture(&[&sponsor, &influencer]).await;
    let long = |most: usize| "ä".repeat(most + 1);
    for (field, most) in [("title", 120), ("goals", 5000), ("dos", 2000), ("donts", 2000), ("label", 60)] {
        let answer = draft(&house, &sponsor, json!({ field: long(most) })).await;
        answer.wrong(&[(&format!("/{field}"), "too_long")]);
    }
    for field in ["hashtags", "mentions"] {
        let answer = draft(&house, &sponsor, json!({ field: ["a", long(60)] })).await;
        answer.wrong(&[(&format!("/{field}/1"), "too_long")]);
        let answer = draft(&house, &sponsor, json!({ field: vec!["a"; 21] })).await;
        answer.wrong(&[(&format!("/{field}"), "too_many")]);
    }
    draft(&house, &sponsor, json!({ "niches": vec!["food"; 6] })).await.wrong(&[("/niches", "too_many")]);
    draft(&house, &sponsor, json!({ "niches": ["astrology"] })).await.wrong(&[("/niches/0", "unknown")]);
    let path = format!("/campaigns/{campaign}/requests");
    for (field, most) in [("usage_rights", 2000), ("note", 2000), ("name", 120)] {
        let answer = house.post(&influencer, &path, with(house.terms(1), json!({ field: long(most) }))).await;
        answer.wrong(&[(&format!("/{field}"), "too_long")]);
    }
    let works = vec![house.terms(1)["deliverables"][0].clone(); 21];
    let answer = house.post(&influencer, &path, with(house.terms(1), json!({ "deliverables": works }))).await;
    answer.wrong(&[("/deliverables", "too_many")]);
    assert_eq!(house.picture(&[&sponsor, &influencer]).await, before);
}

#[tokio::test]
async fn wrong_types_and_unknown_fields_are_named() {
    let house = House::open();
    let sponsor = house.sponsor("teahouse").await;
    for (change, at, code) in [
        (json!({ "title": 7 }), "/title", "wrong_type"),
        (json!({ "title": null }), "/title", "wrong_type"),
        (json!({ "niches": "food" }), "/niches", "wrong_type"),
        (json!({ "budget": 1000 }), "/budget", "wrong_type"),
        (json!({ "budget": { "amount": 1 } }), "/budget/currency", "required"),
        (json!({ "start": "01.05.2026" }), "/start", "wrong_format"),
        (json!({ "start": "2026-02-30" }), "/start", "wrong_format"),
        (json!({ "visibility": "secret" }), "/visibility", "unknown_value"),
        (json!({ "platforms": ["myspace"] }), "/platforms/0", "unknown_value"),
        (json!({ "sponsor_id": sponsor.id }), "/sponsor_id", "unknown_field"),
        (json!({ "state": "active" }), "/state", "unknown_field"),
        (json!({ "end": "2026-04-30", "start": "2026-04-29" }), "/end", "past"),
    ] {
        draft(&house, &sponsor, change).await.wrong(&[(at, code)]);
    }
    assert_eq!(house.seen(&sponsor, "/me/campaigns").await["items"], json!([]));
}

#[tokio::test]
async fn s_45_what_is_no_strict_json_is_refused() {
    let house = House::open();
    let sponsor = house.sponsor("teahouse").await;
    let deep = format!("{{\"title\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    for body in [
        r#"{"title":"Tea","title":"Coffee"}"#,
        r#"{"title":"Tea","t\u0069tle":"Coffee"}"#,
        &deep,
        &"[".repeat(10_000),
        "",
        "{",
        "title=Tea",
        r#"{"title":"Tea"} x"#,
        r#"{"title":"\ud800"}"#,
    ] {
        let ask = house.ask(Method::POST, "/campaigns").by(&sponsor).raw("application/json", body);
        ask.send().await.fails(400, "malformed");
    }
    let bytes = b"{\"title\":\"\xff\"}".to_vec();
    let ask = house.ask(Method::POST, "/campaigns").by(&sponsor).raw("application/json", bytes);
    ask.send().await.fails(400, "malformed");
    let ask = house.ask(Method::POST, "/campaigns").by(&sponsor).raw("text/plain", r#"{"title":"Tea"}"#);
    ask.send().await.fails(415, "unsupported_media_type");
    let huge = json!({ "title": "Tea", "goals": "x".repeat(100_000) });
    house.post(&sponsor, "/campaigns", huge).await.fails(413, "too_large");
    assert_eq!(house.seen(&sponsor, "/me/campaigns").await["items"], json!([]));
}

#[tokio::test]
async fn control_characters_and_turned_text_are_refused() {
    let house = House::open();
    let sponsor = house.sponsor("teahouse").await;
    for title in ["Tea\u{0}", "Tea\u{1b}[31m", "Tea\nand more", "Tea\u{202e}eeffoc", "\u{2066}Tea", "\u{7f}Tea", "Tea\u{2028}x"] {
        draft(&house, &sponsor, json!({ "title": title })).await.wrong(&[("/title", "characters")]);
    }
    draft(&house, &sponsor, json!({ "goals": "Te\u{7}a" })).await.wrong(&[("/goals", "characters")]);
    draft(&house, &sponsor, json!({ "title": "   " })).await.wrong(&[("/title", "required")]);
    assert_eq!(house.seen(&sponsor, "/me/campaigns").await["items"], json!([]));
}

#[tokio::test]
async fn emoji_html_and_every_script_come_back_as_they_were() {
    let house = House::open();
    let sponsor = house.sponsor("teahouse").await;
    let title = "🍵 <script>alert('x')</script> \"quoted\" & 紅茶 شاي ' OR 1=1 --";
    let goals = "Line one\nLine two \\ {{7*7}} ${jndi:ldap://x} 👩‍👩‍👧‍👦";
    let made = draft(&house, &sponsor, json!({ "title": title, "goals": goals })).await;
    assert_eq!((made.status, made.header("content-type")), (StatusCode::CREATED, "application/json"));
    let seen = house.seen(&sponsor, &format!("/campaigns/{}", text(&made.json()["id"]))).await;
    assert_eq!((&seen["title"], &seen["goals"]), (&json!(title), &json!(goals)));
    let decomposed = draft(&house, &sponsor, json!({ "title": "Cafe\u{301}" })).await;
    assert_eq!(decomposed.json()["title"], "Caf\u{e9}", "in NFC");
}

#[tokio::test]
async fn a_path_that_leads_nowhere_is_a_problem_too() {
    let house = House::open();
    let sponsor = house.sponsor("teahouse").await;
    house.get(&sponsor, "/campaigns/17").await.fails(400, "bad_parameter");
    house.get(&sponsor, "/nothing").await.fails(404, "not_found");
    let answer = house.ask(Method::DELETE, "/requests").by(&sponsor).send().await;
    answer.fails(405, "method_not_allowed");
    let method = house.ask(Method::PUT, &format!("/campaigns/{}", uuid::Uuid::nil())).by(&sponsor).send().await;
    method.fails(405, "method_not_allowed");
    assert!(method.header("allow").contains("PATCH"), "{}", method.header("allow"));
}

#[tokio::test]
async fn a_key_is_short_and_plain() {
    let house = House::open();
    let sponsor = house.sponsor("teahouse").await;
    let long = "k".repeat(200);
    for key in ["", "with space", "ü", &long] {
        let ask = house.ask(Method::POST, "/campaigns").by(&sponsor).header("Idempotency-Key", key);
        ask.json(&json!({ "title": "Tea" })).send().await.fails(400, "bad_parameter");
    }
    assert_eq!(house.seen(&sponsor, "/me/campaigns").await["items"], json!([]));
}
