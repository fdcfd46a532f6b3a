//! Talking, blocking, reporting.

use crate::house::House;
use iescp_core::id::AccountId;
use iescp_core::message::SendMessage;

#[tokio::test]
async fn two_talk_and_looking_alone_changes_nothing() {
    let house = House::open();
    let (mut sam, mut ines) = (house.sponsor("sam").await, house.influencer("ines").await);
    ines.get("/messages").await.says("No messages yet");
    let path = format!("/messages/{}", ines.id);
    let thread = sam.get(&path).await;
    sam.send(&thread, &path, &[("text", "Would you like some tea?")]).await.says("Would you like some tea?");
    let back = format!("/messages/{}", sam.id);
    for _ in 0..2 {
        let seen = ines.get(&back).await;
        assert!(seen.has(".mark-read") && seen.has(".count[data-count=messages]:not([hidden])"), "S-21");
    }
    let seen = ines.get(&back).await;
    let read = ines.send(&seen, &format!("{back}/read"), &[]).await;
    assert!(!read.has(".mark-read"), "{}", read.text());
    assert_eq!(read.all(".count:not([hidden])"), Vec::<String>::new());
    ines.send(&read, &back, &[("text", " ")]).await.refuses(422, "Please");
    ines.send(&read, &back, &[("text", "Gladly.")]).await.says("Gladly.");
    let list = sam.get("/messages").await;
    list.says("ines of old").says("Gladly.").says("1 new");
}

#[tokio::test]
async fn a_blocked_account_cannot_write_and_reads_why() {
    let house = House::open();
    let (mut sam, mut ines) = (house.sponsor("sam").await, house.influencer("ines").await);
    house.run(sam.id, SendMessage { to: AccountId(ines.id), text: "Tea?".into() }).await;
    let (theirs, mine) = (format!("/messages/{}", sam.id), format!("/messages/{}", ines.id));
    let thread = ines.get(&theirs).await;
    let blocked = ines.send(&thread, &format!("{theirs}/block"), &[]).await;
    blocked.says("You have blocked this account.");
    assert!(!blocked.has("textarea"));
    sam.get(&mine).await.says("This account does not want to be reached by you.");
    let blocks = ines.get("/settings/blocks").await;
    blocks.says("sam of old");
    ines.send(&blocks, &format!("/settings/blocks/{}/unblock", sam.id), &[]).await.says("Unblocked.");
    assert!(ines.get(&theirs).await.has("textarea"));
}

#[tokio::test]
async fn a_message_is_reported_and_decided() {
    let house = House::open();
    let (sam, mut ines) = (house.sponsor("sam").await, house.influencer("ines").await);
    house.run(sam.id, SendMessage { to: AccountId(ines.id), text: "An insult.".into() }).await;
    let thread = ines.get(&format!("/messages/{}", sam.id)).await;
    let form = ines.follow(&thread, "Report this message").await;
    ines.send(&form, "/report", &[]).await.refuses(422, "category");
    ines.send(&form, "/report", &[("category", "harassment"), ("text", "They insult me.")]).await.says("Thank you.");
    let mut admin = house.admin("warden").await;
    let queue = admin.get("/admin").await;
    let reports = admin.follow(&queue, "Look at a report").await;
    reports.says("An insult.").says("They insult me.").says("sam of old");
    let form = reports
        .document()
        .select(&crate::browser::css("form[action$='/resolve']"))
        .next()
        .unwrap()
        .attr("action")
        .unwrap()
        .to_owned();
    let id = form.split('/').nth(3).unwrap().to_owned();
    let (outcome, reason) = (format!("outcome-{id}"), format!("reason-{id}"));
    admin.send(&reports, &form, &[(&outcome, "flag")]).await.refuses(422, "Please");
    admin.send(&reports, &form, &[(&outcome, "suspend"), (&reason, "We looked.")]).await.says("Decided.");
    admin.get(&format!("/admin/accounts/{}", sam.id)).await.says("Suspended").says("We looked.");
    assert_eq!(ines.get("/report?about=account&id=nothing").await.status, 404);
}
