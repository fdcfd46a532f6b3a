//! What those who moved in from V2 find on the pages: their things, marked as brought over, and nothing that runs.

use crate::browser::Browser;
use crate::house::House;
use crate::safety::{MEAN, everything, is_only_text};
use iescp_core::Actor;
use iescp_core::import::{Cell, Source, Table, prepare};

const SECRET: &str = "pbkdf2:sha256:1000$kPZ6lIZF$5cbaa397275e9a869f7c05ed61fba67979e3f9bf8e3f75649188296c15a95a81";

fn table(columns: &str, rows: &[&[&str]]) -> Table {
    let cell = |text: &&str| match (*text, text.parse()) {
        ("", _) => Cell::Null,
        (_, Ok(number)) => Cell::Integer(number),
        (text, Err(_)) => Cell::Text(text.to_owned()),
    };
    let rows = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    Table { columns: columns.split(' ').map(str::to_owned).collect(), rows }
}

/// A V2 in which everything that was written is mean.
fn mean() -> Source {
    let [script, image, quote, vector, link, braces] = MEAN;
    Source {
        name: "v2".into(),
        users: table(
            "id username name email password role platform followers industry ratings earnings bio",
            &[
                &["1", "root", script, "root@example.com", SECRET, "admin", "", "", "", "", "", ""],
                &["2", "teahouse", script, "tea@example.com", SECRET, "sponsor", "", "", quote, "5", "", vector],
                &["3", "ines", image, "ines@example.com", SECRET, "influencer", "Instagram", "700", "", "4", "1234.50", braces],
                &["4", "otto", "Otto", "otto@example.com", SECRET, "influencer", "TikTok", "7", "", "", "", ""],
            ],
        ),
        campaigns: table(
            "id sponsor_id name description niche start_date end_date budget visibility status",
            &[&["1", "2", link, image, vector, "2026-01-01", "2026-12-31", "5000", "public", "active"]],
        ),
        requests: table("id influencer_id campaign_id status", &[&["1", "3", "1", "approved"], &["2", "4", "1", "pending"]]),
        participations: table("id influencer_id campaign_id status", &[&["1", "3", "1", "active"]]),
        messages: table(
            "id sponsor_id influencer_id message",
            &[&["1", "2", "3", script], &["2", "2", "3", "=HYPERLINK(\"http://planted\")"]],
        ),
        ..Source::default()
    }
}

async fn moved_in() -> House {
    let house = House::open();
    let plan = prepare(&house.platform, &mean()).await.unwrap();
    plan.write(&house.platform, &Actor::terminal(), &mut |_| {}).await.unwrap();
    house
}

async fn sign_in<'h>(house: &'h House, name: &str) -> Browser<'h> {
    let mut browser = house.visitor();
    let page = browser.get("/sign-in").await;
    let home = browser.send(&page, "/sign-in", &[("login", name), ("password", "V2 secret")]).await;
    assert_eq!(home.path, "/dashboard", "{}", home.text());
    browser
}

#[tokio::test]
async fn s_37_what_was_brought_over_is_text_on_every_page() {
    let house = moved_in().await;
    let mut shown = 0;
    for name in ["teahouse", "ines", "otto", "root"] {
        for page in everything(&mut sign_in(&house, name).await, "/dashboard").await {
            shown += page.text().matches("planted").count();
            is_only_text(&page);
        }
    }
    for page in everything(&mut house.visitor(), "/").await {
        is_only_text(&page);
    }
    assert!(shown > 20, "the mean texts are shown, as text: {shown}");
}

#[tokio::test]
async fn everything_that_was_brought_over_says_so() {
    let house = moved_in().await;
    let mut ines = sign_in(&house, "ines").await;
    ines.get("/earnings").await.says("Earned before").says("1,234.50").says("Brought over from an earlier platform");
    let list = ines.get("/collaborations").await;
    list.says("not recorded");
    let work = list.all("ul.deals a[href^='/collaborations/']");
    assert_eq!(work.len(), 1);
    let path = list.value("ul.deals a[href^='/collaborations/']", "href");
    ines.get(&path).await.says("Brought over from an earlier platform").says("not recorded");
    let threads = ines.get("/messages").await;
    let path = threads.value("a[href^='/messages/']", "href");
    ines.get(&path).await.says("Imported");
    ines.get("/notifications").await.says("The password you brought along is easily guessed");
    let mut tea = sign_in(&house, "teahouse").await;
    let thread = tea.get("/messages").await.value("a[href^='/messages/']", "href");
    let profile = tea.get(&thread).await;
    let profile = profile.value("a[href^='/influencers/']", "href");
    house.visitor().get(&profile).await.says("Earlier rating");
}

#[tokio::test]
async fn work_that_was_going_on_is_closed_by_its_sponsor_and_an_open_request_gets_its_first_offer() {
    let house = moved_in().await;
    let mut tea = sign_in(&house, "teahouse").await;
    let list = tea.get("/collaborations").await;
    let work = list.value("ul.deals a[href^='/collaborations/']", "href");
    let form = tea.get(&format!("{work}/approve")).await;
    form.says("nothing is paid here");
    tea.send(&form, &format!("{work}/approve"), &[]).await;
    tea.get(&work).await.says("Completed");
    let requests = tea.get("/requests").await;
    let open = requests.all("a[href^='/requests/']");
    assert!(!open.is_empty());
    let mut otto = sign_in(&house, "otto").await;
    let request = otto.get("/requests").await.value("ul.rows a[href^='/requests/']", "href");
    let page = otto.get(&request).await;
    page.says("Nobody has named terms yet").says("Make the first offer");
    let form = otto.get(&format!("{request}/amend")).await;
    let due = house.day(20);
    let values = [
        ("amount", "70"),
        ("due", &*due),
        ("deliverables/0/format", "post"),
        ("deliverables/0/platform", "tiktok"),
        ("deliverables/0/count", "1"),
    ];
    otto.send(&form, &format!("{request}/amend"), &values).await.says("Offer 1");
}
