use crate::support::{House, Person, text};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use poem::http::Method;
use serde_json::{Value, json};
use std::time::Duration;

/// A stream, read block by block.
struct Following {
    blocks: BoxStream<'static, String>,
}

/// One block of a stream.
#[derive(Debug, Default)]
struct Block {
    id: Option<u64>,
    event: Option<String>,
    data: Option<Value>,
    retry: Option<u64>,
}

impl Following {
    async fn begin(house: &House, who: &Person, last: Option<u64>) -> Self {
        let ask = house.ask(Method::GET, "/events").by(who).header("Accept-Encoding", "br, gzip");
        let ask = match last {
            Some(last) => ask.header("Last-Event-ID", &last.to_string()),
            None => ask,
        };
        let answer = ask.begin().await;
        assert_eq!(answer.status().as_u16(), 200);
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header("content-type").as_deref(), Some("text/event-stream"));
        assert_eq!(header("x-accel-buffering").as_deref(), Some("no"));
        assert_eq!((header("content-encoding"), header("cache-control").as_deref()), (None, Some("no-store")));
        let blocks = answer.into_body().into_bytes_stream().map(|bytes| String::from_utf8(bytes.unwrap().to_vec()).unwrap());
        Self { blocks: blocks.boxed() }
    }

    /// The next block; none when the stream has ended. A stream that says nothing for long is a failure, not a wait.
    async fn next(&mut self) -> Option<Block> {
        let said = tokio::time::timeout(Duration::from_secs(60), self.blocks.next()).await.unwrap()?;
        let mut block = Block::default();
        for line in said.lines() {
            match line.split_once(": ") {
                Some(("id", id)) => block.id = Some(id.parse().unwrap()),
                Some(("event", event)) => block.event = Some(event.to_owned()),
                Some(("data", data)) => block.data = Some(serde_json::from_str(data).unwrap()),
                Some(("retry", retry)) => block.retry = Some(retry.parse().unwrap()),
                _ => {}
            }
        }
        Some(block)
    }

    /// The next block that is an event.
    async fn event(&mut self) -> Block {
        loop {
            let block = self.next().await.unwrap();
            if block.event.is_some() {
                return block;
            }
        }
    }
}

async fn write(house: &House, from: &Person, to: &Person, words: &str) {
    house.done(from, &format!("/threads/{}/messages", to.id), json!({ "text": words })).await;
}

#[tokio::test]
async fn a_18_what_happens_is_told_by_name_and_number_and_to_nobody_else() {
    let house = House::open();
    let (sam, ines, other) = (house.sponsor("sam").await, house.influencer("ines").await, house.influencer("other").await);
    let mut following = Following::begin(&house, &ines, None).await;
    let greeting = following.next().await.unwrap();
    assert!(greeting.retry.is_some() && greeting.id.is_some());
    write(&house, &sam, &other, "Not for Ines.").await;
    write(&house, &sam, &ines, "Tea?").await;
    let told = following.event().await;
    assert_eq!(told.event.as_deref(), Some("send_message"));
    let data = told.data.unwrap();
    assert_eq!((&data["action"], &data["detail"]["to"]), (&json!("send_message"), &json!(ines.id)));
    assert!(told.id > greeting.id && !data.to_string().contains("Tea"), "{data}");
}

#[tokio::test]
async fn a_18_whoever_comes_back_misses_nothing() {
    let house = House::open();
    let (sam, ines) = (house.sponsor("sam").await, house.influencer("ines").await);
    let mut following = Following::begin(&house, &ines, None).await;
    write(&house, &sam, &ines, "One.").await;
    let last = following.event().await.id;
    drop(following);
    for words in ["Two.", "Three."] {
        write(&house, &sam, &ines, words).await;
    }
    let mut again = Following::begin(&house, &ines, last).await;
    assert_eq!(again.next().await.unwrap().id, last);
    let (two, three) = (again.event().await, again.event().await);
    assert!(last < two.id && two.id < three.id, "{last:?} {two:?} {three:?}");
    let written = house.seen(&ines, &format!("/threads/{}/messages", sam.id)).await;
    let newest = text(&written["items"][0]["id"]);
    assert!(three.data.unwrap().to_string().contains(&newest));
}

#[tokio::test]
async fn a_number_that_never_was_is_answered_with_reset_and_nonsense_with_400() {
    let house = House::open();
    let ines = house.influencer("ines").await;
    let mut following = Following::begin(&house, &ines, Some(u64::MAX)).await;
    following.next().await;
    assert_eq!(following.event().await.event.as_deref(), Some("reset"));
    house.ask(Method::GET, "/events").by(&ines).header("Last-Event-ID", "x").send().await.fails(400, "bad_parameter");
    house.ask(Method::GET, "/events").send().await.fails(401, "signed_out");
}

#[tokio::test]
async fn s_16_a_stream_ends_with_its_session_and_with_its_account() {
    let house = House::open();
    let (ines, other) = (house.influencer("ines").await, house.influencer("other").await);
    let mut leaving = Following::begin(&house, &ines, None).await;
    let mut suspended = Following::begin(&house, &other, None).await;
    for following in [&mut leaving, &mut suspended] {
        following.next().await;
    }
    assert_eq!(house.ask(Method::POST, "/auth/logout").by(&ines).send().await.status.as_u16(), 204);
    house.suspend(&other).await;
    for following in [&mut leaving, &mut suspended] {
        while following.next().await.is_some() {}
    }
}

#[tokio::test]
async fn streams_end_with_the_server_and_say_when_to_come_back() {
    let house = House::open();
    let ines = house.influencer("ines").await;
    let mut following = Following::begin(&house, &ines, None).await;
    following.next().await;
    house.shutdown.begin();
    assert!(following.next().await.unwrap().retry.is_some_and(|retry| (3_000..8_000).contains(&retry)));
    assert!(following.next().await.is_none());
}

#[tokio::test]
async fn one_account_has_so_many_streams_and_closing_one_makes_room() {
    let house = House::open();
    let ines = house.influencer("ines").await;
    let mut open = Vec::new();
    for _ in 0..16 {
        open.push(Following::begin(&house, &ines, None).await);
    }
    house.get(&ines, "/events").await.fails(429, "too_many_streams");
    open.pop();
    Following::begin(&house, &ines, None).await;
}
