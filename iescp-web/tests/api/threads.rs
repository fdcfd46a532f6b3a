use crate::support::{House, text};
use poem::http::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_sponsor_writes_an_influencer_reads_and_answers() {
    let house = House::open();
    let (sam, ines, other) = (house.sponsor("sam").await, house.influencer("ines").await, house.influencer("other").await);
    let (to_ines, to_sam) = (format!("/threads/{}/messages", ines.id), format!("/threads/{}/messages", sam.id));
    house.post(&ines, &to_sam, json!({ "text": "Hello?" })).await.fails(409, "no_request");
    assert_eq!(house.seen(&sam, &to_ines).await, json!({ "items": [], "next_cursor": null }));
    let sent = house.post(&sam, &to_ines, json!({ "text": "Do you like tea?" })).await;
    assert_eq!(sent.status.as_u16(), 201, "{}", sent.text());
    let threads = house.seen(&ines, "/threads").await;
    assert_eq!((&threads["items"][0]["account_id"], &threads["items"][0]["unread"]), (&json!(sam.id), &json!(1)));
    assert_eq!(threads["items"][0]["name"], "sam of old");
    house.done(&ines, &to_sam, json!({ "text": "I do." })).await;
    let read = house.seen(&ines, &to_sam).await;
    let texts: Vec<&Value> = read["items"].as_array().unwrap().iter().map(|message| &message["text"]).collect();
    assert_eq!(texts, ["I do.", "Do you like tea?"]);
    let first = read["items"][1]["id"].clone();
    let mark = format!("/threads/{}/read", sam.id);
    assert_eq!(house.done(&ines, &mark, json!({ "up_to": first })).await, json!({ "marked": 1, "unread": 0 }));
    let without_body = house.ask(Method::POST, &mark).by(&ines).send().await;
    assert_eq!((without_body.status.as_u16(), without_body.json()), (200, json!({ "marked": 0, "unread": 0 })));
    let stranger = house.get(&other, &format!("/threads/{}/messages?of={}", sam.id, ines.id)).await;
    assert!(!stranger.text().contains("tea"));
    stranger.fails(404, "not_found");
    let admin = house.admin("ada").await;
    let seen = house.seen(&admin, &format!("/threads/{}/messages?of={}", sam.id, ines.id)).await;
    assert_eq!(seen["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_same_message_sent_twice_under_one_key_is_written_once() {
    let house = House::open();
    let (sam, ines) = (house.sponsor("sam").await, house.influencer("ines").await);
    let path = format!("/threads/{}/messages", ines.id);
    let send = |text: &str| {
        let body = json!({ "text": text });
        house.ask(Method::POST, &path).by(&sam).header("Idempotency-Key", "one").json(&body).send()
    };
    let (first, second) = (send("Tea?").await, send("Tea?").await);
    assert_eq!((second.status.as_u16(), second.header("idempotency-replayed")), (201, "true"));
    assert_eq!(first.json(), second.json());
    send("Coffee?").await.wrong(&[("/Idempotency-Key", "key_reused")]);
    assert_eq!(house.seen(&sam, &path).await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn between_two_of_whom_one_blocks_the_other_nothing_is_written() {
    let house = House::open();
    let (sam, ines) = (house.sponsor("sam").await, house.influencer("ines").await);
    let block = |method: Method| house.ask(method, &format!("/blocks/{}", sam.id)).by(&ines).send();
    assert_eq!(block(Method::PUT).await.status.as_u16(), 200);
    assert_eq!(block(Method::PUT).await.status.as_u16(), 200);
    house.post(&sam, &format!("/threads/{}/messages", ines.id), json!({ "text": "Tea?" })).await.fails(409, "blocked");
    let blocked = house.seen(&ines, "/blocks").await["items"][0].clone();
    assert_eq!((&blocked["account_id"], &blocked["name"]), (&json!(sam.id), &json!("sam of old")));
    assert_eq!(house.seen(&sam, "/blocks").await["items"], json!([]));
    assert_eq!(block(Method::DELETE).await.status.as_u16(), 204);
    block(Method::DELETE).await.fails(404, "not_found");
    house.done(&sam, &format!("/threads/{}/messages", ines.id), json!({ "text": "Tea?" })).await;
}

#[tokio::test]
async fn notifications_are_listed_and_marked_one_by_one_or_up_to_one() {
    let house = House::open();
    let ines = house.influencer("ines").await;
    for name in ["one", "two", "three"] {
        let sponsor = house.sponsor(name).await;
        house.done(&sponsor, &format!("/threads/{}/messages", ines.id), json!({ "text": "Tea?" })).await;
    }
    assert_eq!(house.seen(&ines, "/me").await["unread_notifications"], 3);
    let page = house.seen(&ines, "/notifications?unread=true&limit=2").await;
    assert_eq!((&page["items"][0]["kind"], &page["items"][0]["topic"]), (&json!("message_received"), &json!("messages")));
    let rest = house.seen(&ines, &format!("/notifications?unread=true&limit=2&cursor={}", text(&page["next_cursor"]))).await;
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next_cursor"]), (1, &Value::Null));
    let marked = house.done(&ines, "/notifications/read", json!({ "ids": [page["items"][0]["id"]] })).await;
    assert_eq!(marked, json!({ "marked": 1, "more": false }));
    let stranger = house.influencer("stranger").await;
    let theirs = house.done(&stranger, "/notifications/read", json!({ "ids": [page["items"][1]["id"]] })).await;
    assert_eq!(theirs["marked"], 0);
    assert_eq!(house.done(&ines, "/notifications/read", json!({ "up_to": page["items"][1]["id"] })).await["marked"], 2);
    assert_eq!(house.seen(&ines, "/notifications?unread=true").await["items"], json!([]));
    assert_eq!(house.seen(&ines, "/notifications").await["items"].as_array().unwrap().len(), 3);
    house.get(&ines, "/notifications?unread=maybe").await.fails(400, "bad_parameter");
}
