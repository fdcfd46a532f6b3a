//! One's own settings.

use crate::house::{House, PASSWORD};
use iescp_core::Clock;
use iescp_core::account::ViewInfluencer;
use iescp_core::id::AccountId;

#[tokio::test]
async fn a_profile_is_filled_in_channel_by_channel_without_script() {
    let house = House::open();
    let mut ada = house.influencer("ada").await;
    let page = ada.get("/settings").await;
    let more = page.form(
        "/settings",
        &[("bio", "I bake."), ("channels/0/handle", "ada.bakes"), ("channels/0/followers", "12,400"), ("more", "channel")],
    );
    let grown = ada.post("/settings", &more).await;
    assert!(
        grown.has("[name='channels/1/handle']") && grown.has("[name='channels/0/handle'][value='ada.bakes']"),
        "{}",
        grown.text()
    );
    grown.says("I bake.");
    let values =
        [("niches", "food"), ("channels/0/engagement_rate", "3.5"), ("channels/1/handle", ""), ("rate_card/reel", "1,200.50")];
    let saved = ada.send(&grown, "/settings", &values).await;
    saved.says("Saved.");
    let profile = house.run(ada.id, ViewInfluencer { account: AccountId(ada.id) }).await;
    assert_eq!((profile.channels.len(), profile.reach, profile.channels[0].engagement_rate), (1, 12_400, Some(350)));
    assert_eq!(profile.rate_card.values().map(|rate| rate.0).collect::<Vec<_>>(), [120_050]);
    let gone = ada.send(&saved, "/settings", &[("remove", "0"), ("bio", "I still bake.")]).await;
    assert!(!gone.has("[name='channels/0/handle'][value='ada.bakes']"));
    gone.says("I still bake.");
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_channel_and_nothing_typed_is_lost() {
    let house = House::open();
    let mut ada = house.influencer("ada").await;
    let page = ada.get("/settings").await;
    let values = [
        ("display_name", ""),
        ("bio", "Kept."),
        ("channels/0/handle", "ada"),
        ("channels/0/url", "nowhere"),
        ("channels/0/followers", "many"),
    ];
    let refused = ada.send(&page, "/settings", &values).await;
    refused.refuses(422, "Please write a whole number.");
    for field in ["display_name", "channels-0-url", "channels-0-followers"] {
        assert!(refused.has(&format!("#f-{field}[aria-invalid=true]")), "{field}");
    }
    assert!(refused.text().contains("Kept.") && refused.has("#f-channels-0-followers[value=many]"));
}

#[tokio::test]
async fn a_change_that_somebody_else_made_first_is_not_overwritten_unseen() {
    let house = House::open();
    let mut ada = house.influencer("ada").await;
    let (one, other) = (ada.get("/settings").await, ada.get("/settings").await);
    ada.send(&one, "/settings", &[("bio", "First.")]).await.says("Saved.");
    ada.send(&other, "/settings", &[("bio", "Second.")]).await.refuses(412, "This was changed since you read it.");
}

#[tokio::test]
async fn s_18_what_can_do_harm_asks_for_the_password_and_goes_on() {
    let house = House::open();
    let mut ada = house.influencer("ada").await;
    house.clock.advance(jiff::SignedDuration::from_mins(11));
    let page = ada.get("/settings/tokens").await;
    let asked = ada.send(&page, "/settings/tokens", &[("name", "My program"), ("scope", "read")]).await;
    asked.says("Is it you?");
    let wrong = ada.send(&asked, "/settings/tokens", &[("again.password", "no")]).await;
    wrong.refuses(422, "This is not your password.");
    let before = ada.cookies.clone();
    let made = ada.send(&wrong, "/settings/tokens", &[("again.password", PASSWORD)]).await;
    made.says("iescp_pat_");
    assert_ne!(before, ada.cookies, "S-13: the cookie is new");
    assert!(!ada.get("/settings/tokens").await.text().contains("iescp_pat_"), "shown once");
    ada.get("/settings/tokens").await.says("My program");
}

#[tokio::test]
async fn s_11_a_second_factor_is_set_up_by_its_key_and_asked_for_from_then_on() {
    let house = House::open();
    let mut ada = house.influencer("ada").await;
    let page = ada.get("/settings/security").await;
    let enrolment = ada.send(&page, "/settings/security/totp", &[]).await;
    assert!(enrolment.has("svg.qr") && enrolment.has("a[href^='otpauth://totp/']"));
    ada.send(&enrolment, "/settings/security/totp/confirm", &[("code", "000000")]).await.refuses(422, "This code is wrong.");
    let key: String = enrolment.all(".secret").concat().split_whitespace().collect();
    let code = code_of(&key, &house);
    let codes = ada.send(&enrolment, "/settings/security/totp/confirm", &[("code", &code)]).await;
    assert!(codes.all(".codes li").len() >= 8, "{}", codes.text());
    ada.get("/settings/security").await.says("Signing in asks for a code");
}

/// What a program that shows codes shows.
fn code_of(key: &str, house: &House) -> String {
    let seed = data_encoding::BASE32_NOPAD.decode(key.as_bytes()).unwrap();
    let codes = totp_rs::Builder::new().with_secret(seed).build().unwrap();
    codes.generate(house.clock.now().as_second().try_into().unwrap()).to_string()
}

#[tokio::test]
async fn an_account_is_closed_by_typing_its_name() {
    let house = House::open();
    let mut ada = house.influencer("ada").await;
    let page = ada.get("/settings/close").await;
    page.says("What stays");
    ada.send(&page, "/settings/close", &[("confirm", "adam")]).await.refuses(422, "This is not your user name.");
    let left = ada.send(&page, "/settings/close", &[("confirm", "ada")]).await;
    assert_eq!(left.path, "/");
    assert!(ada.get("/dashboard").await.path.starts_with("/sign-in"));
}

#[tokio::test]
async fn what_stands_in_the_way_of_closing_leads_to_where_it_is_seen_to() {
    let house = House::open();
    let (mut sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let work = crate::deals::agreed(&house, &mut sponsor, &mut influencer, "1000").await;
    let page = influencer.get("/settings/close").await;
    page.says("One of your collaborations is still open.");
    assert!(page.has("main a[href='/collaborations']") && !page.has("[name=confirm]"), "{}", page.text());
    let refused = influencer.post("/settings/close", &[("confirm".to_owned(), "ines".to_owned())]).await;
    refused.refuses(409, "Your account cannot be closed yet.");
    crate::deals::deliver(&mut influencer, &work).await;
    crate::deals::does(&mut sponsor, &work, "approve", &[]).await;
    influencer.get("/settings/close").await.says("There is still 1,000.00 USD in earnings.");
}

#[tokio::test]
async fn whoever_dealt_with_a_closed_account_sees_that_it_was_closed_and_no_name() {
    let house = House::open();
    let (mut sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let page = influencer.get("/settings/close").await;
    let thread = format!("/messages/{}", influencer.id);
    let open = sponsor.get(&thread).await;
    sponsor.send(&open, &thread, &[("text", "Hello!")]).await.says("Hello!");
    influencer.send(&page, "/settings/close", &[("confirm", "ines")]).await;
    house.work().await;
    let seen = sponsor.get(&thread).await;
    seen.says("Hello!").says("Closed account");
    assert!(!seen.text().contains("ines"), "{}", seen.text());
    assert_eq!(sponsor.get(&format!("/influencers/{}", influencer.id)).await.status.as_u16(), 404);
}

#[tokio::test]
async fn everything_that_is_held_about_oneself_is_asked_for_on_a_page_of_its_own() {
    let house = House::open();
    for mut who in [house.sponsor("teahouse").await, house.influencer("ines").await, house.admin("ada").await] {
        let page = who.get("/settings/data").await;
        page.says("What is not");
        let asked = who.send(&page, "/exports", &[]).await;
        asked.says("Your file is being made.").says("Everything about you");
    }
}

#[tokio::test]
async fn sessions_are_listed_and_ended_and_mails_are_chosen() {
    let house = House::open();
    let mut ada = house.influencer("ada").await;
    let mut elsewhere = house.sign_in("ada").await;
    let list = ada.get("/settings/sessions").await;
    assert_eq!(list.all(".rows li").len(), 2);
    ada.send(&list, "/settings/sessions/end-others", &[]).await.says("1 session ended.");
    assert!(elsewhere.get("/settings").await.path.starts_with("/sign-in"));
    let mails = ada.get("/settings/notifications").await;
    assert!(mails.has("input[value=security][disabled]") && mails.has("input[value=requests][checked]"));
    let saved = ada.send(&mails, "/settings/notifications", &[("mail", "messages")]).await;
    assert!(saved.has("input[value=messages][checked]") && !saved.has("input[value=requests][checked]"));
}
