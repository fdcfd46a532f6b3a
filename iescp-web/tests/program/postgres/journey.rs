//! What people do on one node is so on the other.

use super::*;
use image::{DynamicImage, ImageFormat, RgbImage};
use std::io::Cursor;

fn png() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(RgbImage::new(300, 200)).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// The stream of what happens to somebody.
fn listen(running: &Running, bearer: &str) -> BufReader<TcpStream> {
    let mut socket = TcpStream::connect(&running.address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let host = &running.address;
    socket.write_all(format!("GET /api/v1/events HTTP/1.1\r\nhost: {host}\r\n{bearer}\r\n").as_bytes()).unwrap();
    let mut stream = BufReader::new(socket);
    hear(&mut stream, "id:");
    stream
}

/// Reads on until a line holds this.
fn hear(stream: &mut BufReader<TcpStream>, what: &str) -> String {
    loop {
        let mut line = String::new();
        assert!(stream.read_line(&mut line).unwrap() > 0, "the stream ended before {what}");
        if line.contains(what) {
            return line;
        }
    }
}

#[test]
fn two_nodes_on_one_database_are_one_platform() {
    let house = House::open();
    let printed = house.done(&["demo", "--influencers", "8", "--sponsors", "3", "--campaigns", "6"], "");
    let password = printed.lines().find(|line| line.trim_start().starts_with("admin ")).unwrap();
    let password = password.split_whitespace().nth(1).unwrap().to_owned();
    let (one, other) = (house.serve_and_work("one"), house.serve("other"));

    // Signed in on one, at work on the other.
    let bearer = one.bearer("influencer", &password).unwrap();
    let threads = other.get_json("/api/v1/threads", &bearer);
    let partner = threads["items"][0]["account_id"].as_str().unwrap_or_else(|| panic!("{threads}")).to_owned();

    // A picture.
    let head = format!("PUT /api/v1/me/picture HTTP/1.1\r\ncontent-type: image/png\r\n{bearer}");
    let (status, body) = exchange(&one, &head, &png());
    assert!(status.starts_with("HTTP/1.1 200"), "{status}");
    let picture: Value = serde_json::from_slice(&body).unwrap();
    let small = picture["small"].as_str().unwrap();
    let (from_one, from_other) =
        (exchange(&one, &format!("GET {small} HTTP/1.1\r\n"), &[]), exchange(&other, &format!("GET {small} HTTP/1.1\r\n"), &[]));
    assert!(from_other.0.starts_with("HTTP/1.1 200"), "{}", from_other.0);
    assert_eq!(from_one.1, from_other.1);

    // A message.
    let admin = one.bearer("admin", &password).unwrap();
    let accounts = other.get_json("/api/v1/admin/accounts?limit=100", &admin);
    let partner_name = accounts["items"].as_array().unwrap().iter().find(|account| account["id"] == *partner).unwrap();
    let partner_bearer = other.bearer(partner_name["username"].as_str().unwrap(), &password).unwrap();
    let mut stream = listen(&other, &partner_bearer);
    let key = format!("{bearer}idempotency-key: 0192f3c1-5d6e-7a8b-9c0d-1e2f3a4b5c6d\r\n");
    let path = format!("/api/v1/threads/{partner}/messages");
    let body = json!({ "text": "Shall we meet on both nodes?" }).to_string();
    let sent = one.post(&path, "application/json", &key, &body);
    assert_eq!(sent.status, 201, "{}", sent.body);
    hear(&mut stream, "message");
    let again = other.post(&path, "application/json", &key, &body);
    assert_eq!((again.status, again.body), (201, sent.body), "a key means the same on each node");

    // A file, made by the worker of one.
    let asked = other.post("/api/v1/exports", "application/json", &bearer, &json!({ "kind": "ledger" }).to_string());
    assert_eq!(asked.status, 202, "{}", asked.body);
    let export: Value = serde_json::from_str(&asked.body).unwrap();
    let path = format!("/api/v1/exports/{}", export["id"].as_str().unwrap());
    until("the export is made", || other.get_json(&path, &bearer)["state"] == "ready");
    let [from_one, from_other] = [&one, &other].map(|node| node.get(&format!("{path}/file"), &bearer));
    assert_eq!((from_other.status, &from_other.body), (200, &from_one.body), "{}", from_other.head);
    assert!(from_other.body.lines().count() > 0);

    // Signed out on one, and so on the other.
    assert_eq!(one.post("/api/v1/auth/logout", "application/json", &bearer, "{}").status, 204);
    until("the session is still known", || other.get("/api/v1/me", &bearer).status == 401);

    // Commands, while both serve.
    house.done(&["admin", "create", "--username", "eve"], "kettle-orbit-violin-42\n");
    assert_eq!(other.sign_in("eve", "kettle-orbit-violin-42").as_deref(), Ok("admin"));
    assert!(house.done(&["check"], "").contains("nothing is wrong"));

    assert_eq!((one.stop("-TERM"), other.stop("-TERM")), (Some(0), Some(0)));
    for node in ["one", "other"] {
        let log = log_of(&house.at(node));
        assert!(!log.contains(SECRET), "{}", log.lines().find(|line| line.contains(SECRET)).unwrap_or_default());
        assert_eq!(std::fs::read_dir(house.at(node)).unwrap().count(), 1, "a node leaves nothing but its log");
    }
}
