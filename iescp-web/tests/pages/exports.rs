//! Exports: a file is asked for, made, fetched by whoever asked, and gone after a week.

use crate::browser::{Browser, Seen};
use crate::deals::{agreed, campaign};
use crate::house::House;
use crate::worker::works_until;
use iescp_core::export::{ListExports, RequestExport, ViewExport};
use poem::http::Method;

const PATH: &str = "/exports";

async fn asks(who: &mut Browser<'_>, what: &str) -> Seen {
    let page = who.get(PATH).await;
    who.send(&page, PATH, &[("what", what)]).await
}

/// Everything that somebody asked for is made.
async fn made(house: &House, who: &Browser<'_>) {
    let open = async || house.run(who.id, ListExports::default()).await.items.iter().any(|export| export.state.is_open());
    works_until(&house.platform, &house.files, async || !open().await).await;
}

#[tokio::test]
async fn a_sponsor_asks_for_a_file_and_fetches_it() {
    let house = House::open();
    let mut sponsor = house.sponsor("teahouse").await;
    campaign(&house, &sponsor, 500_000).await;
    sponsor.get("/campaigns").await.says("Export …");
    sponsor.get(PATH).await.says("No files yet").says("Campaigns – Spreadsheet (CSV)");
    let page = asks(&mut sponsor, "campaigns.csv").await;
    page.says("Your file is being made.").says("Waiting");
    assert!(page.has("#exports[hx-trigger='every 2s']"), "it asks again by itself while one is being made");
    made(&house, &sponsor).await;

    let page = sponsor.get(PATH).await;
    page.says("Ready").says("1 row");
    assert!(!page.has("#exports[hx-trigger]"));
    sponsor.get("/notifications").await.says("Your export is ready.");
    let file = sponsor.follow(&page, "Download").await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"iescp-campaigns-2026-05-01.csv\"");
    assert_eq!(file.header("cache-control"), "private, no-store");
    let mut rows = file.html.split("\r\n");
    assert!(rows.next().unwrap().starts_with("campaign_id,title,state,"));
    assert!(rows.next().unwrap().contains(",USD,5000.00,"), "{}", file.html);

    house.days(7);
    let mut sponsor = house.sign_in("teahouse").await;
    sponsor.get(PATH).await.says("Expired");
    assert_eq!(sponsor.get(&file.path).await.status.as_u16(), 404);
}

#[tokio::test]
async fn a_download_goes_on_where_it_ended() {
    let house = House::open();
    let mut sponsor = house.sponsor("teahouse").await;
    campaign(&house, &sponsor, 500_000).await;
    asks(&mut sponsor, "campaigns.csv").await;
    made(&house, &sponsor).await;
    let page = sponsor.get(PATH).await;
    let whole = sponsor.follow(&page, "Download").await;
    let (path, tag) = (whole.path.clone(), whole.header("etag").to_owned());
    let ask = async |sponsor: &mut Browser<'_>, headers: &[(&str, &str)]| sponsor.ask(Method::GET, &path, headers, None).await;
    let rest = ask(&mut sponsor, &[("range", "bytes=100-"), ("if-range", &tag), ("accept-encoding", "gzip")]).await;
    assert_eq!((rest.status.as_u16(), rest.bytes.as_slice()), (206, &whole.bytes[100..]));
    assert_eq!(rest.header("content-range"), format!("bytes 100-{}/{}", whole.bytes.len() - 1, whole.bytes.len()));
    let other = ask(&mut sponsor, &[("range", "bytes=100-"), ("if-range", "\"another\"")]).await;
    assert_eq!((other.status.as_u16(), other.bytes.len()), (200, whole.bytes.len()));
    assert_eq!(ask(&mut sponsor, &[("range", "bytes=100000-")]).await.status.as_u16(), 416);
    assert_eq!(ask(&mut sponsor, &[("if-none-match", &tag)]).await.status.as_u16(), 304);
}

#[tokio::test]
async fn s_27_the_file_is_there_for_nobody_else() {
    let house = House::open();
    let (mut sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    agreed(&house, &mut sponsor, &mut influencer, "1000").await;
    let export = house.run(sponsor.id, RequestExport { kind: "ledger".into(), format: None }).await;
    let path = format!("{PATH}/{}/file", export.id);
    assert_eq!(sponsor.get(&path).await.status.as_u16(), 409, "it is still being made");
    made(&house, &sponsor).await;
    let seen = house.run(sponsor.id, ViewExport { export: export.id }).await;
    assert!(seen.rows >= 2, "money was paid in and set aside");
    assert_eq!(sponsor.get(&path).await.status.as_u16(), 200);
    let never = format!("{PATH}/{}/file", uuid::Uuid::nil());
    for mut other in [influencer, house.sponsor("coffee").await, house.admin("ada").await] {
        let (there, nowhere) = (other.get(&path).await, other.get(&never).await);
        assert_eq!((there.status.as_u16(), nowhere.status.as_u16()), (404, 404));
        assert!(!there.html.contains(&export.id.to_string()) || nowhere.html.contains("/file"), "both say the same");
        other.get(PATH).await.says("No files yet");
    }
    house.visitor().get(&path).await.says("Sign in");
}

#[tokio::test]
async fn what_cannot_be_exported_is_said_beside_the_choice() {
    let house = House::open();
    let mut influencer = house.influencer("ines").await;
    let page = influencer.get(PATH).await;
    page.says("Earnings statement – Spreadsheet (CSV)");
    for what in ["accounts.csv", "statement.xlsx", "", "x"] {
        influencer.send(&page, PATH, &[("what", what)]).await.refuses(422, "");
    }
    asks(&mut influencer, "statement.csv").await.says("Your file is being made.");
    for _ in 0..2 {
        asks(&mut influencer, "requests.csv").await;
    }
    asks(&mut influencer, "requests.csv").await.refuses(409, "as many exports in the making");
}
