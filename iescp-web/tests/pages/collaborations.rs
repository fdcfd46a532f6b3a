//! Working together by forms alone: delivery, review, money, and every way out.

use crate::deals::{agreed, deliver, does};
use crate::house::House;

#[tokio::test]
async fn work_is_delivered_changed_approved_paid_and_reviewed() {
    let house = House::open();
    let (mut sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    influencer.get("/collaborations").await.says("No collaborations yet");
    let work = agreed(&house, &mut sponsor, &mut influencer, "1,200.50").await;
    sponsor.get(&work).await.says("ines of old is at work").says("Set aside $1,200.50");
    influencer.get("/collaborations").await.says("Tea for all").says("In progress");

    let page = influencer.get(&work).await;
    let form = influencer.follow(&page, "Deliver …").await;
    let submit = format!("{work}/submit");
    let refused = influencer.send(&form, &submit, &[("works/0/0", "nowhere"), ("note", "Here.")]).await;
    refused.refuses(422, "Please give a web address");
    assert!(refused.has("#f-works-0-0[aria-invalid=true][value=nowhere]") && refused.text().contains("Here."));
    let unlabelled = influencer.send(&refused, &submit, &[("works/0/0", "https://example.com/reel/1")]).await;
    unlabelled.refuses(422, "Please confirm that each piece of work shows “Ad”.");
    deliver(&mut influencer, &work).await.says("Delivered. The sponsor is told").says("teahouse of old looks at your work");

    let page = sponsor.get(&work).await;
    page.says("Look at the work").says("example.com/reel/1");
    assert!(page.has("a.outward[rel~=noreferrer][href='https://example.com/reel/1']"));
    does(&mut sponsor, &work, "request-changes", &[("reasons", "")]).await.refuses(422, "Please write something here.");
    does(&mut sponsor, &work, "request-changes", &[("reasons", "More steam.")]).await.says("Sent back with your reasons");
    influencer
        .get(&work)
        .await
        .says("Make the changes and send the work again")
        .says("More steam.")
        .says("Rounds of changes left 2");
    deliver(&mut influencer, &work).await.says("Delivery 2").says("teahouse of old asked for changes");
}

#[tokio::test]
async fn approval_pays_and_reviews_appear_together() {
    let house = House::open();
    let (mut sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let work = agreed(&house, &mut sponsor, &mut influencer, "1200").await;
    deliver(&mut influencer, &work).await;
    let page = sponsor.get(&work).await;
    let form = sponsor.follow(&page, "Approve …").await;
    form.says("$1,200.00 goes to ines of old at once. This cannot be taken back.");
    sponsor.send(&form, &format!("{work}/approve"), &[]).await.says("Approved and paid").says("Paid $1,200.00");

    does(&mut sponsor, &work, "review", &[("text", "Kind.")]).await.refuses(422, "Please give a rating from 1 to 5.");
    let reviewed = does(&mut sponsor, &work, "review", &[("rating", "5"), ("text", "Kind and quick.")]).await;
    reviewed.says("Your review appears together with theirs").says("Kind and quick.");
    assert!(!influencer.get(&work).await.text().contains("Kind and quick."), "not before both wrote");
    let both = does(&mut influencer, &work, "review", &[("rating", "4")]).await;
    both.says("Kind and quick.").says("5 of 5").says("4 of 5");
    assert_eq!(sponsor.get(&format!("{work}/review")).await.path, work, "once is enough");

    does(&mut influencer, &work, "results", &[("source", "Insights")]).await.refuses(422, "Please give at least one figure.");
    let told = does(&mut influencer, &work, "results", &[("views", "12,000"), ("source", "Insights")]).await;
    told.says("Reported.").says("12,000").says("Insights");
    let contract = sponsor.get(&format!("{work}/agreement")).await;
    contract.says("Agreement 1").says("1 reel on Instagram, by May 21, 2026").says("Sam Sponsor").says("$1,200.00 (USD)");
    assert_eq!(contract.all(".hash")[0].len(), 64);
    assert_eq!(contract.all(".clauses > li").len(), 9);
}

#[tokio::test]
async fn a_proposal_how_to_end_it_is_accepted_only_as_it_was_read() {
    let house = House::open();
    let (mut sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let work = agreed(&house, &mut sponsor, &mut influencer, "1000").await;
    let split = "propose-split";
    does(&mut sponsor, &work, split, &[("to_influencer", "2000")])
        .await
        .refuses(422, "Please give an amount from 0 to $1,000.00.");
    does(&mut sponsor, &work, split, &[("to_influencer", "a bit")]).await.refuses(422, "Please write an amount");
    does(&mut sponsor, &work, split, &[("to_influencer", "200")])
        .await
        .says("You proposed to end it")
        .says("Back to the campaign $800.00");

    let read = influencer.get(&format!("{work}/accept-split")).await;
    read.says("End it on these terms?").says("To the influencer $200.00");
    does(&mut sponsor, &work, split, &[("to_influencer", "100")]).await;
    let accept = format!("{work}/accept-split");
    let changed = influencer.send(&read, &accept, &[]).await;
    changed.refuses(409, "The proposal changed while you were reading");
    assert!(changed.text().contains("To the influencer $100.00"), "{}", changed.text());
    let page = influencer.get(&work).await;
    influencer.send(&page, &format!("{work}/withdraw-split"), &[]).await.says("The proposal is off the table.");
    influencer.send(&changed, &accept, &[]).await.refuses(409, "There is no proposal to accept.");

    does(&mut influencer, &work, split, &[("to_influencer", "400"), ("note", "For the film.")]).await;
    sponsor.get(&work).await.says("ines of old proposes to end it").says("For the film.");
    does(&mut sponsor, &work, "accept-split", &[])
        .await
        .says("Ended as you both agreed.")
        .says("Paid $400.00")
        .says("Gone back $600.00");
}

#[tokio::test]
async fn stepping_down_needs_a_reason_and_says_what_becomes_of_the_money() {
    let house = House::open();
    let (mut sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let work = agreed(&house, &mut sponsor, &mut influencer, "1000").await;
    let form = influencer.get(&format!("{work}/step-down")).await;
    form.says("$1,000.00 goes back to the campaign, you are paid nothing");
    let path = format!("{work}/step-down");
    influencer.send(&form, &path, &[]).await.refuses(422, "Please write something here.");
    influencer.send(&form, &path, &[("reason", "I broke my leg.")]).await.says("You stepped down").says("Gone back $1,000.00");
    sponsor.get(&work).await.says("Ended without payment").says("I broke my leg.");
    sponsor.get("/collaborations?state=cancelled").await.says("Tea for all");
}

#[tokio::test]
async fn overdue_work_can_be_cancelled_only_when_it_is_late_enough() {
    let house = House::open();
    let (mut sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let work = agreed(&house, &mut sponsor, &mut influencer, "1000").await;
    let cancel = format!("{work}/cancel");
    assert_eq!(sponsor.get(&cancel).await.path, work);
    sponsor.post(&cancel, &[("reason".to_owned(), String::new())]).await.refuses(409, "You can cancel from");
    house.days(28);
    let (mut sponsor, mut influencer) = (house.sign_in("teahouse").await, house.sign_in("ines").await);
    influencer.get(&work).await.says("It is overdue. Deliver it soon");
    sponsor.get(&work).await.says("It is long overdue: you can cancel now");
    does(&mut sponsor, &work, "cancel", &[]).await.says("Cancelled. The money went back to your campaign.");
}

#[tokio::test]
async fn a_dispute_stops_the_clocks_until_it_is_withdrawn() {
    let house = House::open();
    let (mut sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let work = agreed(&house, &mut sponsor, &mut influencer, "1000").await;
    deliver(&mut influencer, &work).await;
    does(&mut sponsor, &work, "dispute", &[]).await.refuses(422, "Please write something here.");
    let open = does(&mut sponsor, &work, "dispute", &[("reason", "This is another tea.")]).await;
    open.says("The dispute is open").says("In dispute: the clocks stand still").says("This is another tea.");
    assert_eq!(sponsor.get(&format!("{work}/approve")).await.path, work, "nothing is approved meanwhile");
    let theirs = influencer.get(&work).await;
    theirs.says("teahouse of old opened a dispute").says("counts as delivered and is paid");
    assert!(!theirs.has("form[action$=withdraw-dispute]"));
    influencer.post(&format!("{work}/withdraw-dispute"), &[]).await.refuses(409, "Only who opened the dispute can withdraw it.");
    sponsor.send(&open, &format!("{work}/withdraw-dispute"), &[]).await.says("The dispute is withdrawn").says("Look at the work");

    let mut stranger = house.influencer("nobody").await;
    for path in [work.clone(), format!("{work}/agreement"), format!("{work}/submit")] {
        assert_eq!(stranger.get(&path).await.status.as_u16(), 404, "{path}");
    }
    let mut admin = house.admin("ada").await;
    let seen = admin.get(&work).await;
    seen.says("Tea for all");
    assert!(!seen.has("main form") && !seen.has("main .turn a.button"), "an admin only looks: {}", seen.text());
}
