//! The examples do what they say.

#![allow(clippy::unwrap_used, clippy::panic, dead_code, reason = "this is a test, and the examples' own `main` is not called")]

#[path = "../examples/embed.rs"]
mod embedded;
#[path = "../examples/axum.rs"]
mod in_axum;

use iescp_core::{Platform, store::MemoryStore};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

#[tokio::test]
async fn the_journey_ends_with_every_cent_accounted_for() {
    let expected = "\
The sponsor's ledger
  Funded       3,000.00 USD   outside -> budget
  Held         1,200.00 USD   budget -> hold
  Paid         1,200.00 USD   hold -> earnings

Ines's ledger
  Held         1,200.00 USD   budget -> hold
  Paid         1,200.00 USD   hold -> earnings
  Withdrawn    1,000.00 USD   earnings -> payout
  PaidOut      1,000.00 USD   payout -> outside
";
    assert_eq!(embedded::journey().await.unwrap(), expected);
}

#[tokio::test]
async fn the_core_answers_inside_axum() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = in_axum::app(Platform::builder(MemoryStore::new()).open().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let ask = async |line: &str, secret: &str, body: Value| {
        let body = body.to_string();
        let headers = format!("host: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}", body.len());
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("{line} HTTP/1.1\r\n{headers}\r\n{secret}\r\n{body}");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().to_owned(), body.to_owned())
    };

    let password = "nine loud herons over a meadow";
    let ines = json!({ "role": "influencer", "username": "ines", "email": "ines@example.com", "password": password });
    assert_eq!(ask("POST /register", "", ines.clone()).await.0, "200");
    assert_eq!(ask("POST /register", "", ines).await.0, "409", "the name is taken");
    let (_, signed_in) = ask("POST /sign-in", "", json!({ "login": "ines", "password": password })).await;
    let signed_in: Value = serde_json::from_str(&signed_in).unwrap();
    let secret = format!("authorization: Bearer {}\r\n", signed_in["secret"].as_str().unwrap());
    let (status, me) = ask("GET /me", &secret, json!({})).await;
    assert!(status == "200" && me.contains("ines@example.com"), "{me}");
    assert_eq!(ask("GET /me", "", json!({})).await.0, "401");
    assert_eq!(ask("GET /campaigns", "", json!({})).await.0, "200");
}
