//! Money: what was earned and withdrawn, what was spent.

use crate::deals::{agreed, deliver, does};
use crate::house::House;

#[tokio::test]
async fn earnings_are_withdrawn_after_a_look_at_what_it_comes_to() {
    let house = House::open();
    let (mut sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    influencer.get("/earnings").await.says("Nothing earned yet");
    let work = agreed(&house, &mut sponsor, &mut influencer, "1000").await;
    deliver(&mut influencer, &work).await;
    does(&mut sponsor, &work, "approve", &[]).await;

    let earnings = influencer.get("/earnings").await;
    earnings.says("You can withdraw $1,000.00").says("Paid for work").says("+ $1,000.00").says("May 26");
    let form = influencer.follow(&earnings, "Withdraw …").await;
    let path = "/earnings/withdraw";
    influencer.send(&form, path, &[("amount", "2000")]).await.refuses(422, "You can withdraw at most $1,000.00.");
    influencer.send(&form, path, &[("amount", "0")]).await.refuses(422, "more than nothing");
    influencer.send(&form, path, &[("amount", "much")]).await.refuses(422, "Please write an amount");
    let check = influencer.send(&form, path, &[("amount", " 600.50 ")]).await;
    check.says("Check your withdrawal").says("$600.50").says("Left on the platform $399.50");
    influencer.get("/earnings").await.says("On its way to you $0.00");
    influencer.send(&check, path, &[]).await.says("Your withdrawal is on its way.").says("On its way to you $600.50");
    influencer.send(&check, path, &[]).await.says("You can withdraw $399.50");
    let stale = [("amount".to_owned(), "600.50".to_owned()), ("confirmed".to_owned(), "yes".to_owned())];
    influencer.post(path, &stale).await.refuses(409, "You can withdraw at most 399.50 USD.");
    house.work().await;
    influencer.get("/earnings").await.says("Withdrawal sent").says("On its way to you $0.00");
    assert_eq!(sponsor.get(path).await.status.as_u16(), 404);
}

#[tokio::test]
async fn a_sponsor_sees_where_the_money_of_each_campaign_is() {
    let house = House::open();
    let (mut sponsor, mut influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    sponsor.get("/earnings").await.says("Nothing spent yet");
    let work = agreed(&house, &mut sponsor, &mut influencer, "1000").await;
    let page = sponsor.get("/earnings").await;
    page.says("Set aside $1,000.00").says("Left to promise $4,000.00").says("Paid in $5,000.00");
    deliver(&mut influencer, &work).await;
    does(&mut sponsor, &work, "approve", &[]).await;
    let page = sponsor.get("/earnings").await;
    page.says("Paid $1,000.00").says("Set aside $0.00");
    let movements = sponsor.follow(&page, "Movements").await;
    movements.says("Set aside for work").says("+ $5,000.00");
    sponsor.get("/earnings?view=movements").await.says("Paid for work").says("− $1,000.00");
    assert_eq!(house.admin("ada").await.get("/earnings").await.status.as_u16(), 404);
}
