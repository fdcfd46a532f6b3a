//! Pictures over the API: bytes in, addresses out.

use crate::support::{Answer, House, Person, text};
use image::{DynamicImage, ImageFormat, RgbImage};
use poem::http::{Method, StatusCode};
use serde_json::Value;
use std::io::Cursor;

pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(RgbImage::new(width, height)).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

async fn put(house: &House, who: &Person, path: &str, file: Vec<u8>) -> Answer {
    house.ask(Method::PUT, path).by(who).raw("image/png", file).send().await
}

/// The status with which a picture's own address answers.
async fn at(house: &House, who: Option<&Person>, address: &Value) -> StatusCode {
    house.beside_the_api(who, &text(address)).await.status()
}

#[tokio::test]
async fn one_s_own_picture_is_put_shown_replaced_and_removed() {
    let house = House::open();
    let ines = house.influencer("ines").await;
    let first = put(&house, &ines, "/me/picture", png(300, 200)).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    let first = first.json();
    let (me, profile) = (house.seen(&ines, "/me").await, house.seen(&ines, &format!("/influencers/{}", ines.id)).await);
    assert_eq!((&me["picture"], &profile["picture"]), (&first, &first));
    assert_eq!(at(&house, None, &first["small"]).await, StatusCode::OK);
    let before = house.get(&ines, &format!("/influencers/{}", ines.id)).await.header("etag").to_owned();
    let octets = house.ask(Method::PUT, "/me/picture").by(&ines).raw("application/octet-stream", png(64, 64)).send().await.json();
    assert_ne!(first["id"], octets["id"]);
    assert_eq!(at(&house, None, &first["large"]).await, StatusCode::NOT_FOUND);
    assert_ne!(before, house.get(&ines, &format!("/influencers/{}", ines.id)).await.header("etag"));
    for _ in 0..2 {
        let removed = house.ask(Method::DELETE, "/me/picture").by(&ines).send().await;
        assert_eq!(removed.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(house.seen(&ines, "/me").await.get("picture"), None);
}

#[tokio::test]
async fn s_47_what_is_no_picture_is_refused_with_a_word_for_programs() {
    let house = House::open();
    let ines = house.influencer("ines").await;
    let whole = png(300, 300);
    for (file, code) in [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "no_picture"),
        (whole[..whole.len() / 2].to_vec(), "broken_picture"),
        ([whole.clone(), vec![0; 2 * 1024 * 1024]].concat(), "too_large"),
        (Vec::new(), "no_picture"),
    ] {
        put(&house, &ines, "/me/picture", file).await.fails(422, code);
    }
    put(&house, &ines, "/me/picture", vec![0; 3 * 1024 * 1024]).await.fails(413, "too_large");
    let text = house.ask(Method::PUT, "/me/picture").by(&ines).raw("text/html", whole).send().await;
    text.fails(415, "unsupported_media_type");
    assert_eq!(house.seen(&ines, "/me").await.get("picture"), None);
}

#[tokio::test]
async fn a_campaigns_picture_is_its_sponsors_and_is_seen_as_the_campaign_is() {
    let house = House::open();
    let (tea, ines) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let drafted = house.done(&tea, "/campaigns", house.campaign("Tea", 1000)).await;
    let path = format!("/campaigns/{}", text(&drafted["id"]));
    let placed = put(&house, &tea, &format!("{path}/picture"), png(320, 180)).await.json();
    put(&house, &ines, &format!("{path}/picture"), png(320, 180)).await.fails(404, "not_found");
    assert_eq!(house.seen(&tea, &path).await["picture"], placed);
    assert_eq!(at(&house, Some(&tea), &placed["large"]).await, StatusCode::OK);
    assert_eq!(at(&house, Some(&ines), &placed["large"]).await, StatusCode::NOT_FOUND);
    let removed = house.ask(Method::DELETE, &format!("{path}/picture")).by(&tea).send().await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    assert_eq!(house.seen(&tea, &path).await.get("picture"), None);
}

#[tokio::test]
async fn s_47_proof_is_added_once_for_each_key_and_seen_by_the_two_parties_alone() {
    let house = House::open();
    let (tea, ines, otto) = (house.sponsor("teahouse").await, house.influencer("ines").await, house.influencer("otto").await);
    let campaign = house.published(&tea, 10_000).await;
    let work = house.agreed(&tea, &ines, &campaign, 5000).await;
    let path = format!("/collaborations/{work}/proofs");
    let add = async |who: &Person, key: &str| {
        let ask = house.ask(Method::POST, &path).by(who).header("Idempotency-Key", key);
        ask.raw("image/png", png(100, 300)).send().await
    };
    add(&ines, "early").await.fails(409, "collaboration_state");
    house.done(&ines, &format!("/collaborations/{work}/submit"), house.work_done()).await;
    let (one, again) = (add(&ines, "one").await, add(&ines, "one").await);
    assert_eq!((one.status, again.status, one.json()), (StatusCode::CREATED, StatusCode::CREATED, again.json()));
    add(&tea, "theirs").await.fails(403, "forbidden");
    add(&otto, "nobodys").await.fails(404, "not_found");
    let seen = house.seen(&tea, &format!("/collaborations/{work}")).await;
    let proofs = seen["submissions"][0]["proofs"].as_array().unwrap();
    assert_eq!(proofs, &[one.json()]);
    for (who, status) in [(Some(&tea), 200), (Some(&ines), 200), (Some(&otto), 404), (None, 404)] {
        assert_eq!(at(&house, who, &proofs[0]["small"]).await.as_u16(), status);
    }
    assert_eq!(house.platform.blobs().list(None, 100).await.unwrap().len(), 2);
}
