//! What holds on every page that links lead to: text stays text, reading changes nothing, nothing is inline.

use crate::browser::{Browser, Seen, css};
use crate::deals::{agreed, apply, campaign, deliver, does};
use crate::house::House;
use std::collections::{BTreeMap, VecDeque};

/// What people write who mean no good; each says where it would show.
pub const MEAN: [&str; 6] = [
    "<script>planted()</script>",
    "\"><img src=x onerror=planted()>",
    "' onmouseover='planted()' x='",
    "<svg/onload=planted()>",
    "</title></textarea><a href=javascript:planted()>planted</a>",
    "{{planted}}<!--<div hx-get=/planted hx-trigger=load>",
];

/// Pages of one kind that are looked at.
const MOST: usize = 2;

/// A path with its ids and values left out.
fn kind(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let plain = |part: &str| if part.len() == 36 && part.contains('-') { "ID".to_owned() } else { part.to_owned() };
    let names: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    format!("{}?{}", path.split('/').map(plain).collect::<Vec<_>>().join("/"), names.join("&"))
}

/// Every page that links lead to, a few of each kind.
pub async fn everything(browser: &mut Browser<'_>, start: &str) -> Vec<Seen> {
    let mut queue: VecDeque<String> = VecDeque::from([start.to_owned(), "/nowhere".to_owned()]);
    let mut known: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut pages = Vec::new();
    while let Some(path) = queue.pop_front().filter(|_| pages.len() < 300) {
        let page = browser.get(&path).await;
        assert!(page.status.as_u16() < 500, "{path}: {}", page.status);
        for link in page.document().select(&css("a[href^='/']")).filter_map(|link| link.attr("href")) {
            let kinds = known.entry(kind(link)).or_default();
            let ours = !link.starts_with("/api/") && !link.starts_with("/assets/") && !link.contains('#');
            if ours && kinds.len() < MOST && !kinds.iter().any(|one| one == link) {
                kinds.push(link.to_owned());
                queue.push_back(link.to_owned());
            }
        }
        pages.push(page);
    }
    assert!(pages.len() > 8, "a crawl that finds nothing proves nothing");
    pages
}

/// No script, style, handler or address of another kind stands in a page.
pub fn is_only_text(page: &Seen) {
    for element in page.document().tree.values().filter_map(|node| node.as_element()) {
        for (name, value) in element.attrs() {
            let address = matches!(name, "href" | "src" | "action" | "hx-get" | "hx-post");
            assert!(!name.starts_with("on") && !name.starts_with("hx-on") && name != "style", "{}: {name}={value}", page.path);
            let safe = value.starts_with(['/', '#']) || value.starts_with("https://");
            assert!(!address || safe, "{}: {name}={value}", page.path);
        }
        let inline = element.name() == "script" && element.attr("src").is_none_or(|src| !src.starts_with("/assets/"));
        let foreign = matches!(element.name(), "style" | "iframe" | "object" | "embed" | "img");
        assert!(!inline && !foreign, "{}: {element:?}", page.path);
    }
}

/// A market in which everything that can be written is mean.
async fn mean_market(house: &House) -> (Browser<'_>, Browser<'_>, Browser<'_>) {
    let (mut sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let [script, image, quote, vector, link, braces] = MEAN;
    let profile = influencer.get("/settings").await;
    let values =
        [("display_name", script), ("bio", image), ("location", vector), ("niches", "food"), ("channels/0/handle", quote)];
    let saved = influencer.send(&profile, "/settings", &values).await;
    assert!(saved.status.as_u16() == 200, "{}", saved.text());
    let page = sponsor.get("/campaigns/new").await;
    let (start, end) = (house.day(1), house.day(50));
    let values = [
        ("title", link),
        ("goals", braces),
        ("niches", "food"),
        ("platforms", "instagram"),
        ("start", &*start),
        ("end", &end),
        ("budget", "5000"),
        ("visibility", "public"),
        ("dos", vector),
        ("donts", quote),
    ];
    sponsor.send(&page, "/campaigns/new", &values).await.says("Your draft is saved");
    let id = campaign(house, &sponsor, 500_000).await;
    let request = apply(house, &mut influencer, id, "700").await.path;
    does(&mut sponsor, &request, "counter", &[("amount", "650"), ("note", image)]).await.says("on the table");
    let other = house.influencer("otto").await;
    let work = agreed(house, &mut sponsor, &mut influencer, "900").await;
    deliver(&mut influencer, &work).await;
    does(&mut sponsor, &work, "request-changes", &[("reasons", script)]).await.says("Sent back");
    let thread = sponsor.get(&format!("/messages/{}", influencer.id)).await;
    sponsor.send(&thread, &format!("/messages/{}", influencer.id), &[("text", vector)]).await.says("planted");
    (sponsor, influencer, other)
}

#[tokio::test]
async fn s_35_what_people_write_is_text_on_every_page_and_nothing_is_inline() {
    let house = House::open();
    let (mut sponsor, mut influencer, _) = mean_market(&house).await;
    let (mut admin, mut visitor) = (house.admin("ada").await, house.visitor());
    let mut shown = 0;
    for (browser, start) in
        [(&mut sponsor, "/dashboard"), (&mut influencer, "/dashboard"), (&mut admin, "/dashboard"), (&mut visitor, "/")]
    {
        for page in everything(browser, start).await {
            shown += page.text().matches("planted").count();
            is_only_text(&page);
        }
    }
    assert!(shown > 20, "the mean texts are shown, as text: {shown}");
}

#[tokio::test]
async fn s_21_reading_every_page_changes_nothing() {
    let house = House::open();
    let (mut sponsor, mut influencer, _) = mean_market(&house).await;
    let mut admin = house.admin("ada").await;
    let before = house.platform.store().latest();
    for browser in [&mut sponsor, &mut influencer] {
        everything(browser, "/dashboard").await;
    }
    assert_eq!(house.platform.store().latest(), before, "a GET wrote something");
    everything(&mut admin, "/dashboard").await;
}

#[tokio::test]
async fn s_19_s_60_pages_of_somebody_signed_in_offer_to_sign_out_and_are_no_robots_business() {
    let house = House::open();
    let (mut sponsor, mut influencer, _) = mean_market(&house).await;
    for browser in [&mut sponsor, &mut influencer] {
        for page in everything(browser, "/dashboard").await {
            assert!(page.has("form[action='/sign-out'] button"), "{}", page.path);
            assert_eq!(page.header("x-robots-tag"), "noindex", "{}", page.path);
            assert_eq!(page.header("cache-control"), "no-store", "{}", page.path);
            assert_eq!(page.all("h1").len(), 1, "{}", page.path);
        }
    }
}
