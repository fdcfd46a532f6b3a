//! Negotiating by forms alone.

use crate::deals::{apply, campaign, does};
use crate::house::House;
use iescp_core::campaign::{CampaignChanges, EditCampaign};

#[tokio::test]
async fn two_negotiate_until_both_sign() {
    let house = House::open();
    let (mut sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let campaign = campaign(&house, &sponsor, 500_000).await;
    influencer.get("/requests").await.says("No open requests");

    let applied = apply(&house, &mut influencer, campaign, "$1,200.00").await;
    applied.says("Your application is on its way").says("teahouse of old has the next word").says("$1,200.00");
    let request = applied.path.clone();

    let inbox = sponsor.get("/requests").await;
    inbox.says("Your turn").says("ines of old").says("$1,200.00");
    let table = sponsor.follow(&inbox, "ines of old").await;
    table
        .says("It is your turn: answer ines of old’s offer 1")
        .says("Left to promise $5,000.00")
        .says("Left after this offer $3,800.00");

    let counter = sponsor.follow(&table, "Make another offer").await;
    counter.says("Answer offer 1 with your own");
    let path = format!("{request}/counter");
    let countered = sponsor
        .send(&counter, &path, &[("amount", "1000"), ("deliverables/0/count", "2"), ("note", "Two would be lovely.")])
        .await;
    countered.says("Your offer is on the table").says("ines of old has the next word");

    let table = influencer.get(&request).await;
    table.says("It is your turn").says("Two would be lovely.");
    table.says("Changed $1,000.00 was $1,200.00").says("Changed 2 reels on Instagram was 1 reel on Instagram");
    let check = influencer.follow(&table, "Accept").await;
    check.says("Check what you agree to").says("2 reels on Instagram").says("Each piece must show “Ad”").says("Film the steam.");
    check.says("$1,000.00 is set aside for this work").says("By May 24, 2026 at the latest $1,000.00 is yours to withdraw");

    let accept = format!("{request}/accept");
    influencer.send(&check, &accept, &[("signed", " ")]).await.refuses(422, "Please fill this in.");
    let agreed = influencer.send(&check, &accept, &[("signed", "Ines Influencer")]).await;
    agreed.says("Agreed! The money is set aside").says("Deliver the work");
    assert!(agreed.path.starts_with("/collaborations/"), "{}", agreed.path);
    sponsor.get(&request).await.says("Both signed").says("Go to the collaboration");
    sponsor.get("/requests?state=accepted").await.says("ines of old").says("Agreed");
    sponsor.get(&format!("/requests?campaign={campaign}&state=all")).await.says("Tea for all").says("ines of old");
    sponsor.get("/earnings").await.says("Set aside $1,000.00").says("Left to promise $4,000.00");
}

#[tokio::test]
async fn nobody_answers_out_of_turn_or_signs_their_own_offer() {
    let house = House::open();
    let (mut sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let campaign = campaign(&house, &sponsor, 500_000).await;
    let request = apply(&house, &mut influencer, campaign, "900").await.path;

    let table = influencer.get(&request).await;
    for verb in ["accept", "counter", "reject"] {
        let path = format!("{request}/{verb}");
        assert!(!table.has(&format!("a[href='{path}']")), "{verb} is offered");
        assert_eq!(influencer.get(&path).await.path, request, "{verb} leads back to the table");
    }
    let own = [("offer".to_owned(), "1".to_owned()), ("signed".to_owned(), "Ines".to_owned())];
    influencer.post(&format!("{request}/accept"), &own).await.refuses(409, "The offer on the table is yours");
    let no = [("offer".to_owned(), "1".to_owned()), ("reason".to_owned(), "No.".to_owned())];
    influencer.post(&format!("{request}/reject"), &no).await.refuses(409, "The offer on the table is yours");
    sponsor.post(&format!("{request}/withdraw"), &no).await.refuses(409, "your turn to answer");
    sponsor.get(&request).await.says("It is your turn");

    let mut stranger = house.influencer("nobody").await;
    assert_eq!(stranger.get(&request).await.status.as_u16(), 404);
    assert_eq!(stranger.post(&format!("{request}/accept"), &own).await.status.as_u16(), 404);
    assert!(house.visitor().get(&request).await.path.starts_with("/sign-in?next="));
}

#[tokio::test]
async fn an_offer_that_changed_meanwhile_is_shown_before_anything_is_signed() {
    let house = House::open();
    let (mut sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let campaign = campaign(&house, &sponsor, 500_000).await;
    let request = apply(&house, &mut influencer, campaign, "900").await.path;
    let read = sponsor.get(&format!("{request}/accept")).await;
    let counter = sponsor.get(&format!("{request}/counter")).await;
    does(&mut influencer, &request, "amend", &[("amount", "1100")]).await.says("Your changed offer is on the table");

    let answered = sponsor.send(&read, &format!("{request}/accept"), &[("signed", "Sam")]).await;
    answered.refuses(409, "The offer changed while you were reading");
    assert!(answered.text().contains("Changed $1,100.00 was $900.00"), "{}", answered.text());
    assert!(answered.has("input[name=signed][value=Sam]"), "the name is kept");

    let answered = sponsor.send(&counter, &format!("{request}/counter"), &[("amount", "850"), ("note", "Please.")]).await;
    answered.refuses(409, "The offer changed while you were reading");
    assert!(answered.has("input[name=amount][value='850']") && answered.text().contains("was $900.00"), "{}", answered.text());
    sponsor.send(&answered, &format!("{request}/counter"), &[]).await.says("Your offer is on the table").says("$850.00");

    let confirmed = influencer.get(&format!("{request}/accept")).await;
    let once = influencer.send(&confirmed, &format!("{request}/accept"), &[("signed", "Ines")]).await;
    let twice = influencer.send(&confirmed, &format!("{request}/accept"), &[("signed", "Ines")]).await;
    assert_eq!(once.path, twice.path, "what is sent twice is done once");
}

#[tokio::test]
async fn what_the_campaign_cannot_pay_is_refused_and_said_before() {
    let house = House::open();
    let (mut sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let campaign = campaign(&house, &sponsor, 50_000).await;
    let request = apply(&house, &mut influencer, campaign, "600").await.path;
    sponsor.get(&request).await.says("The campaign cannot pay this now");
    let refused = does(&mut sponsor, &request, "accept", &[("signed", "Sam")]).await;
    refused.refuses(409, "The campaign has 500.00 USD left to promise");
    sponsor.get(&request).await.says("It is your turn");
    sponsor.get("/collaborations").await.says("No collaborations yet");
}

#[tokio::test]
async fn the_form_of_an_offer_keeps_what_was_typed_and_says_what_is_wrong_in_its_place() {
    let house = House::open();
    let (sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let campaign = campaign(&house, &sponsor, 500_000).await;
    let path = format!("/campaigns/{campaign}/apply");
    let form = influencer.get(&path).await;
    let more = influencer.send(&form, &path, &[("amount", "a lot"), ("more", "yes")]).await;
    more.says("Piece of work 2");
    assert!(more.has("input[name=amount][value='a lot']"), "nothing is judged before it is sent");

    let values = [("due", "2026-04-01"), ("deliverables/0/format", "reel"), ("deliverables/1/count", "none")];
    let refused = influencer.send(&more, &path, &values).await;
    refused.refuses(422, "Please write an amount, such as 1200").refuses(422, "This day is past.");
    for field in ["#f-amount", "#f-due", "#f-deliverables-0-platform", "#f-deliverables-1-format", "#f-deliverables-1-count"] {
        assert!(refused.has(&format!(".summary a[href='{field}']")), "{field} is not in the summary");
        assert!(refused.has(&format!("{field}[aria-invalid=true]")), "{field} is not marked");
    }
    let fewer = influencer.send(&refused, &path, &[("remove", "1")]).await;
    assert!(!fewer.text().contains("Piece of work 2") && fewer.has("input[name=amount][value='a lot']"));
    let values = [("amount", "900"), ("due", &house.day(9)), ("deliverables/0/platform", "tiktok")];
    influencer.send(&fewer, &path, &values).await.says("1 reel on TikTok");
    influencer.get(&path).await.says("You are negotiating about this campaign already");
}

#[tokio::test]
async fn an_invitation_is_declined_with_a_reason() {
    let house = House::open();
    let (mut sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let path = format!("/influencers/{}/invite", influencer.id);
    sponsor.get(&path).await.says("No open campaign to invite to");
    let campaign = campaign(&house, &sponsor, 500_000).await;
    let form = sponsor.get(&format!("{path}?campaign={campaign}")).await;
    form.says("Left to promise: $5,000.00");
    let terms = [
        ("amount", "700"),
        ("due", house.day(20).leak() as &str),
        ("deliverables/0/format", "story"),
        ("deliverables/0/platform", "instagram"),
    ];
    let none: Vec<(&str, &str)> = terms.iter().copied().chain([("campaign", "")]).collect();
    sponsor.send(&form, &path, &none).await.refuses(422, "Please choose one of your open campaigns.");
    let invited = sponsor.send(&form, &path, &terms).await;
    invited.says("Your invitation is on its way");
    let request = invited.path.clone();

    influencer.get(&request).await.says("teahouse of old invited you");
    does(&mut influencer, &request, "reject", &[("reason", "")]).await.refuses(422, "Please write something here.");
    let declined = does(&mut influencer, &request, "reject", &[("reason", "I only drink coffee.")]).await;
    declined.says("You declined").says("Declined by you");
    sponsor.get(&request).await.says("Declined by ines of old").says("I only drink coffee.");
    sponsor.get("/requests?state=rejected").await.says("Declined");
    assert_eq!(influencer.get(&path).await.status.as_u16(), 404, "only sponsors invite");
}

#[tokio::test]
async fn an_edited_campaign_asks_the_maker_to_confirm_their_offer_or_to_withdraw() {
    let house = House::open();
    let (mut sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let campaign = campaign(&house, &sponsor, 500_000).await;
    let request = apply(&house, &mut influencer, campaign, "900").await.path;
    let read = sponsor.get(&format!("{request}/accept")).await;
    let changes = CampaignChanges { dos: Some("Film the cup.".into()), ..CampaignChanges::default() };
    house.run(sponsor.id, EditCampaign { campaign, changes, version: None }).await;

    sponsor.get(&request).await.says("The campaign was edited after this offer");
    sponsor.send(&read, &format!("{request}/accept"), &[("signed", "Sam")]).await.refuses(409, "Its maker must confirm");
    let table = influencer.get(&request).await;
    table.says("confirm your offer as it is");
    influencer.send(&table, &format!("{request}/confirm"), &[]).await.says("Your offer stands again.");
    sponsor.get(&format!("{request}/accept")).await.says("Film the cup.");

    let withdrawn = does(&mut influencer, &request, "withdraw", &[("reason", "I am ill.")]).await;
    withdrawn.says("You withdrew").says("Withdrawn by you").says("I am ill.");
    house.days(8);
    let again = apply(&house, &mut house.sign_in("ines").await, campaign, "900").await;
    house.days(8);
    let mut sponsor = house.sign_in("teahouse").await;
    sponsor.get(&again.path).await.says("Expired").says("Nobody answered in time");
}
