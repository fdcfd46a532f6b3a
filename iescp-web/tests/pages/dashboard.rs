//! What waits for somebody, and where they begin.

use crate::house::House;
use iescp_core::campaign::{CampaignInput, DraftCampaign};
use iescp_core::id::AccountId;
use iescp_core::message::SendMessage;

#[tokio::test]
async fn somebody_new_finds_first_steps_and_what_is_done_is_ticked() {
    let house = House::open();
    let mut ada = house.influencer("ada").await;
    let home = ada.get("/dashboard").await;
    home.says("First steps").says("Prove your e-mail address").says("Complete your profile");
    assert_eq!(home.all(".steps .done").len(), 0);
    let mut sam = house.pending("sam").await;
    let home = sam.get("/dashboard").await;
    home.says("An admin looks at your account").says("Draft a campaign");
}

#[tokio::test]
async fn a_sponsor_sees_drafts_and_an_admin_sees_who_waits() {
    let house = House::open();
    let mut sam = house.sponsor("sam").await;
    let input = CampaignInput { title: "Tea for all".into(), ..CampaignInput::default() };
    house.run(sam.id, DraftCampaign { input }).await;
    let home = sam.get("/dashboard").await;
    home.says("Finish and publish your draft").says("Tea for all");
    let mut admin = house.admin("warden").await;
    assert!(admin.get("/dashboard").await.text().contains("Nothing waits for you"));
    house.pending("pia").await;
    let home = admin.get("/dashboard").await;
    home.says("Approve a sponsor").says("pia of old");
    admin.follow(&home, "Approve a sponsor").await.says("This sponsor waits for approval");
}

#[tokio::test]
async fn notifications_lead_to_what_they_are_about_and_are_read_then() {
    let house = House::open();
    let (sam, mut ines) = (house.sponsor("sam").await, house.influencer("ines").await);
    house.run(sam.id, SendMessage { to: AccountId(ines.id), text: "Tea?".into() }).await;
    let list = ines.get("/notifications").await;
    list.says("sam of old").says("You have a new message.");
    let open = list.all("form[action^='/notifications/'] button.row-link");
    assert_eq!(open.len(), 1);
    let action =
        list.document().select(&crate::browser::css("form[action$='/open']")).next().unwrap().attr("action").unwrap().to_owned();
    let seen = ines.send(&list, &action, &[]).await;
    assert_eq!(seen.path, format!("/messages/{}", sam.id));
    assert!(ines.get("/notifications?show=unread").await.text().contains("Nothing new"));
    ines.get("/notifications?show=all").await.says("You have a new message.");
}

#[tokio::test]
async fn a_sponsor_who_waits_for_approval_is_led_nowhere_where_they_are_refused() {
    let house = House::open();
    let mut sam = house.pending("sam").await;
    let home = sam.get("/dashboard").await;
    let places: Vec<String> = (home.document().select(&crate::browser::css("nav a[href^='/']")))
        .filter_map(|link| link.attr("href").map(str::to_owned))
        .collect();
    assert!(places.len() > 5, "{places:?}");
    for place in places {
        assert_eq!(sam.get(&place).await.status, 200, "{place}");
    }
}
