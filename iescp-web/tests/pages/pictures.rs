//! Pictures, brought in by forms: by whom, who sees them, and what is none.

use crate::browser::{Browser, Seen};
use crate::campaigns::{drafted, published};
use crate::deals::{agreed, deliver};
use crate::house::House;
use iescp_web::pictures::Studio;
use iescp_worker::outside::{Connection, Outside, Roads, Rules, Way};
use image::{DynamicImage, ImageFormat, RgbImage};
use std::io::Cursor;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| [(x % 256) as u8, (y % 256) as u8, 90].into());
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(picture).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn size(seen: &Seen) -> (u32, u32) {
    assert_eq!((seen.status.as_u16(), seen.header("content-type")), (200, "image/jpeg"));
    let picture = image::load_from_memory_with_format(&seen.bytes, ImageFormat::Jpeg).unwrap();
    (picture.width(), picture.height())
}

async fn portrayed(browser: &mut Browser<'_>, file: &[u8]) -> Seen {
    let page = browser.get("/settings").await;
    browser.upload(&page, "/settings", &[], &[("picture", "../../etc/passwd", file)]).await
}

#[tokio::test]
async fn a_portrait_is_brought_in_without_script_shown_to_everyone_replaced_and_removed() {
    let house = House::open();
    let mut ada = house.influencer("ada").await;
    let saved = portrayed(&mut ada, &png(800, 500)).await;
    saved.says("Saved.");
    let small = saved.value(".person .avatar img", "src");
    let mut visitor = house.visitor();
    let profile = visitor.get(&format!("/influencers/{}", ada.id)).await;
    assert_eq!(profile.value(".large-face img", "alt"), "Picture of ada of old");
    assert_eq!(
        profile.value("meta[property='og:image']", "content"),
        format!("http://127.0.0.1:8080{}", small.replace("small", "large"))
    );
    let seen = visitor.get(&small).await;
    assert_eq!(size(&seen), (192, 192));
    assert_eq!(seen.header("cache-control"), "public, max-age=86400, immutable");
    assert_eq!(size(&visitor.get(&small.replace("small", "large")).await), (500, 500));

    let replaced = portrayed(&mut ada, &png(300, 300)).await;
    let other = replaced.value(".person .avatar img", "src");
    assert_ne!(small, other);
    assert_eq!(visitor.get(&small).await.status.as_u16(), 404);
    let removed = ada.send(&replaced, "/settings", &[("picture_remove", "yes")]).await;
    removed.says("Saved.");
    assert!(!removed.has(".avatar img") && visitor.get(&other).await.status.as_u16() == 404);
}

#[tokio::test]
async fn s_47_what_is_no_picture_is_said_beside_the_field_and_nothing_typed_is_lost() {
    let house = House::open();
    let mut ada = house.influencer("ada").await;
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec();
    let whole = png(300, 300);
    let large = [png(64, 64), vec![0; 2 * 1024 * 1024]].concat();
    for (file, words) in [
        (svg.as_slice(), "This is no picture that can be shown here."),
        (&whole[..whole.len() / 3], "This picture is damaged."),
        (&large, "This picture is larger than 2 MB."),
    ] {
        let page = ada.get("/settings").await;
        let refused = ada.upload(&page, "/settings", &[("bio", "Kept, not saved.")], &[("picture", "a.png", file)]).await;
        refused.refuses(422, words);
        assert!(refused.has("#f-picture[aria-invalid=true]") && refused.text().contains("Kept, not saved."));
    }
    assert!(!ada.get("/settings").await.text().contains("Kept, not saved."));
}

#[tokio::test]
async fn s_47_what_does_not_fit_into_the_allowance_is_said_and_everything_else_is_saved() {
    let house = House::open_with(&["--pictures-mb", "1"]);
    let mut leaf = house.sponsor("leaf").await;
    let noisy = {
        let mut noise = 7_u32;
        let picture = RgbImage::from_fn(1280, 720, |_, _| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            [(noise >> 24) as u8, (noise >> 17) as u8, (noise >> 9) as u8].into()
        });
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::from(picture).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
        bytes.into_inner()
    };
    let mut refusals = 0;
    for number in 0..3 {
        let path = drafted(&house, &mut leaf, &format!("Tea {number}")).await;
        let edit = format!("{path}/edit");
        let page = leaf.get(&edit).await;
        let answer = leaf.upload(&page, &edit, &[("goals", "Another goal.")], &[("picture", "a.jpg", &noisy)]).await;
        if answer.status.as_u16() != 200 {
            answer.refuses(409, "Everything else was saved, but not the picture. Your pictures take 1 MB already");
            refusals += 1;
        }
        leaf.get(&path).await.says("Another goal.");
    }
    assert!(refusals > 0);
}

#[tokio::test]
async fn a_campaigns_picture_is_seen_as_the_campaign_is() {
    let house = House::open();
    let (mut leaf, mut visitor) = (house.sponsor("leaf").await, house.visitor());
    let path = drafted(&house, &mut leaf, "Spring tea").await;
    let edit = format!("{path}/edit");
    let page = leaf.get(&edit).await;
    let shown = leaf.upload(&page, &edit, &[], &[("picture", "tea.png", &png(1600, 1200))]).await;
    shown.says("Your changes are saved");
    let picture = shown.value(".banner img", "src");
    assert_eq!(shown.value(".banner img", "alt"), "Picture of the campaign Spring tea");
    assert_eq!(size(&leaf.get(&picture).await), (1280, 720));
    assert_eq!(leaf.get(&picture).await.header("cache-control"), "private, no-store");
    assert_eq!(visitor.get(&picture).await.status.as_u16(), 404);

    let public = published(&house, &mut leaf, "Autumn tea").await;
    let edit = format!("{public}/edit");
    let page = leaf.get(&edit).await;
    leaf.upload(&page, &edit, &[], &[("picture", "tea.png", &png(640, 360))]).await;
    let found = visitor.get("/campaigns").await;
    let small = found.value(".card .cover img", "src");
    assert_eq!(
        (found.value(".card .cover img", "width"), found.value(".card .cover img", "loading")),
        ("480".into(), "lazy".into())
    );
    assert_eq!(size(&visitor.get(&small).await), (480, 270));
    assert!(visitor.get(&public).await.has("meta[property='og:image']"));
}

#[tokio::test]
async fn a_new_campaign_comes_with_its_picture() {
    let house = House::open();
    let mut leaf = house.sponsor("leaf").await;
    let page = leaf.get("/campaigns/new").await;
    let made = leaf.upload(&page, "/campaigns/new", &[("title", "Tea")], &[("picture", "x", &png(64, 36))]).await;
    made.says("Your draft is saved");
    assert!(made.has(".banner img"));
    let refused = leaf.upload(&page, "/campaigns/new", &[("title", "Kept title")], &[("picture", "x", b"GIF89a")]).await;
    refused.refuses(422, "This picture is damaged.");
    assert_eq!(refused.value("[name=title]", "value"), "Kept title");
}

#[tokio::test]
async fn s_47_proof_of_work_is_seen_by_the_two_parties_and_admins_alone() {
    let house = House::open();
    let (mut sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let work = agreed(&house, &mut sponsor, &mut influencer, "1200").await;
    let submit = format!("{work}/submit");
    let form = influencer.get(&submit).await;
    let (values, one) = ([("works/0/0", "https://example.com/reel/1"), ("label_shown", "yes")], png(400, 900));
    let many: Vec<(&str, &str, &[u8])> = (0..7).map(|_| ("proofs", "p.png", one.as_slice())).collect();
    influencer.upload(&form, &submit, &values, &many).await.refuses(422, "A submission has at most 6 pictures.");
    let form = influencer.get(&submit).await;
    let done = influencer.upload(&form, &submit, &values, &many[..2]).await;
    done.says("Delivered.");
    let proof = sponsor.get(&work).await.value(".proofs a", "href");
    let (mut admin, mut stranger, mut visitor) = (house.admin("ada").await, house.influencer("otto").await, house.visitor());
    for browser in [&mut sponsor, &mut influencer, &mut admin] {
        let seen = browser.get(&proof).await;
        assert_eq!((size(&seen), seen.header("cache-control")), ((400, 900), "private, no-store"));
    }
    for browser in [&mut stranger, &mut visitor] {
        let (theirs, never) =
            (browser.get(&proof).await, browser.get("/pictures/01900000-0000-7000-8000-000000000001/large").await);
        assert_eq!((theirs.status.as_u16(), theirs.text().len()), (404, never.text().len()));
    }
    let left = house.platform.blobs().list(None, 100).await.unwrap().len();
    assert_eq!(left, 4, "what was refused left bytes behind");
    let again = sponsor.get(&format!("{work}/request-changes")).await;
    sponsor.send(&again, &format!("{work}/request-changes"), &[("reasons", "Louder.")]).await.says("Sent back");
    deliver(&mut influencer, &work).await.says("Delivery 2");
    assert_eq!(influencer.get(&proof).await.status.as_u16(), 200, "what was delivered before stays");
}

#[tokio::test]
async fn s_41_s_47_a_picture_is_served_so_that_it_can_be_nothing_else() {
    let house = House::open();
    let mut ada = house.influencer("ada").await;
    let page = portrayed(&mut ada, &[png(64, 64), b"<script>alert(1)</script>".to_vec()].concat()).await;
    let path = page.value(".person .avatar img", "src");
    let seen = ada.get(&path).await;
    assert!(!seen.html.contains("script"));
    let id = path.split('/').nth(2).unwrap();
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("content-disposition", &format!("inline; filename=\"picture-{id}-small.jpg\"")),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(seen.header(name), value, "{name}");
    }
    let tag = seen.header("etag").to_owned();
    let same = ada.ask(poem::http::Method::GET, &path, &[("if-none-match", &tag)], None).await;
    assert_eq!((same.status.as_u16(), same.bytes.len()), (304, 0));
    for nowhere in [
        format!("/pictures/{id}/medium"),
        format!("/pictures/{id}/small.jpg"),
        format!("/pictures/{id}"),
        "/pictures/../assets/small".to_owned(),
        "/pictures/%2e%2e%2flock/small".to_owned(),
        format!("/pictures/{}/small", "x".repeat(300)),
    ] {
        assert_eq!(ada.get(&nowhere).await.status.as_u16(), 404, "{nowhere}");
    }
}

#[tokio::test]
async fn s_20_a_form_with_a_file_from_another_site_does_nothing() {
    let house = House::open();
    let mut ada = house.influencer("ada").await;
    let refused = ada.ask(poem::http::Method::POST, "/settings", &[("sec-fetch-site", "cross-site")], Some(String::new())).await;
    assert_eq!(refused.status.as_u16(), 403);
}

/// A web with one picture in it, and a name that leads inside.
struct Web;

impl Roads for Web {
    fn look_up<'a>(&'a self, name: &'a str) -> Way<'a, Vec<IpAddr>> {
        let inside = name == "inside.example";
        Box::pin(async move { Ok(vec![if inside { [127, 0, 0, 1] } else { [93, 184, 216, 34] }.into()]) })
    }

    fn connect(&self, _: SocketAddr) -> Way<'_, Box<dyn Connection>> {
        Box::pin(async {
            let (ours, mut theirs) = duplex(64 * 1024);
            tokio::spawn(async move {
                let mut asked = [0; 2048];
                let read = theirs.read(&mut asked).await.unwrap_or(0);
                let asked = String::from_utf8_lossy(&asked[..read]).into_owned();
                let body = if asked.starts_with("GET /face.png ") { png(256, 256) } else { b"<html>".to_vec() };
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
                theirs.write_all(&[head.into_bytes(), body].concat()).await.unwrap();
            });
            Ok(Box::new(ours) as Box<dyn Connection>)
        })
    }
}

#[tokio::test]
async fn s_48_a_picture_is_brought_in_from_an_address_once_and_never_from_inside() {
    let studio = Studio::fetching(Outside::over(Arc::new(Web), Rules { plain: true, ..Rules::default() }));
    let house = House::fetching(studio);
    let mut ada = house.influencer("ada").await;
    for (address, words) in [
        ("http://inside.example/face.png", "There is nothing on the internet at this address."),
        ("http://127.0.0.1/face.png", "There is nothing on the internet at this address."),
        ("file:///etc/passwd", "Only addresses that begin with https:// are asked."),
        ("http://pictures.example/page", "This is no picture that can be shown here."),
    ] {
        let page = ada.get("/settings").await;
        let refused = ada.send(&page, "/settings", &[("picture_url", address), ("bio", "Kept.")]).await;
        refused.refuses(422, words);
        assert_eq!(refused.value("#f-picture_url[aria-invalid=true]", "value"), address);
        assert!(refused.text().contains("Kept."));
    }
    let page = ada.get("/settings").await;
    let saved = ada.send(&page, "/settings", &[("picture_url", "http://pictures.example/face.png")]).await;
    saved.says("Saved.");
    assert!(!saved.html.contains("pictures.example"), "it is copied, not linked to");
    assert_eq!(size(&ada.get(&saved.value(".person .avatar img", "src")).await), (192, 192));
}
