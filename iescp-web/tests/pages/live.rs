//! The pages' own stream.

use crate::house::House;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use iescp_core::id::AccountId;
use iescp_core::message::SendMessage;
use poem::{Request, Response};
use serde_json::{Value, json};
use std::time::Duration;

async fn asked(house: &House, cookie: Option<&str>, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = Request::builder().uri_str(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if let Some(cookie) = cookie {
        request = request.header("cookie", format!("iescp={cookie}"));
    }
    house.answer(request.finish()).await
}

const OURS: &[(&str, &str)] = &[("sec-fetch-site", "same-origin")];

struct Following(BoxStream<'static, String>);

impl Following {
    async fn begin(house: &House, cookie: &str, path: &str) -> Self {
        let answer = asked(house, Some(cookie), path, OURS).await;
        assert_eq!(answer.status().as_u16(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self(answer.into_body().into_bytes_stream().map(|bytes| String::from_utf8(bytes.unwrap().to_vec()).unwrap()).boxed())
    }

    /// The next block; none when the stream has ended. A stream that says nothing for long is a failure, not a wait.
    async fn next(&mut self) -> Option<String> {
        tokio::time::timeout(Duration::from_secs(60), self.0.next()).await.unwrap()
    }

    /// The next event and its number.
    async fn event(&mut self) -> (String, Value) {
        loop {
            let block = self.next().await.unwrap();
            let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
            if let (Some(id), Some(data)) = (field("id: "), field("data: ")) {
                return (id, serde_json::from_str(&data).unwrap());
            }
        }
    }
}

#[tokio::test]
async fn u_09_a_page_hears_what_concerns_its_reader_with_the_counts_and_goes_on_behind_it() {
    let house = House::open();
    let (sam, ines) = (house.sponsor("sam").await, house.influencer("ines").await);
    let mut following = Following::begin(&house, &ines.cookies["iescp"], "/live").await;
    assert!(following.next().await.unwrap().starts_with("retry: "));
    let write = |text: &str| SendMessage { to: AccountId(ines.id), text: text.into() };
    house.run(sam.id, write("One.")).await;
    let (id, one) = following.event().await;
    assert_eq!(one["counts"], json!({ "notifications": 1, "messages": 1 }));
    assert!(one["told"]["about"].as_array().unwrap().contains(&json!(format!("thread:{}", sam.id))), "{one}");
    assert_eq!(one["told"]["own"], json!(false));
    assert!(!one.to_string().contains("One."));
    drop(following);
    house.run(sam.id, write("Two.")).await;
    let mut again = Following::begin(&house, &ines.cookies["iescp"], &format!("/live?after={id}")).await;
    again.next().await;
    assert_eq!(again.event().await.1["counts"]["messages"], json!(2));
}

#[tokio::test]
async fn s_16_a_pages_stream_ends_with_its_session_its_account_and_the_server() {
    let house = House::open();
    let (mut ines, other, third) =
        (house.influencer("ines").await, house.influencer("other").await, house.influencer("third").await);
    let mut leaving = Following::begin(&house, &ines.cookies["iescp"], "/live").await;
    let mut suspended = Following::begin(&house, &other.cookies["iescp"], "/live").await;
    let mut stopping = Following::begin(&house, &third.cookies["iescp"], "/live").await;
    ines.post("/sign-out", &[]).await;
    house.suspend(other.id).await;
    for following in [&mut leaving, &mut suspended] {
        while following.next().await.is_some() {}
    }
    house.shutdown.begin();
    while stopping.next().await.is_some() {}
}

#[tokio::test]
async fn s_20_no_other_site_and_no_stranger_opens_the_stream() {
    let house = House::open();
    let ines = house.influencer("ines").await;
    let cookie = ines.cookies["iescp"].as_str();
    for headers in [&[("sec-fetch-site", "cross-site")], &[("sec-fetch-site", "same-site")], &[("sec-fetch-site", "none")]] {
        assert_eq!(asked(&house, Some(cookie), "/live", headers).await.status().as_u16(), 403, "{headers:?}");
    }
    assert_eq!(asked(&house, None, "/live", OURS).await.status().as_u16(), 401);
}
