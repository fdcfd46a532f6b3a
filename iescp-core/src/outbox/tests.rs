use super::*;
use crate::{
    Actor,
    account::{ForgotPassword, SendVerification, VerifyEmail, tests::stage::Stage},
    fixture::{Market, code},
    store::{Batch, Write},
};
use uuid::Uuid;

fn relay() -> Actor {
    Actor::system("relay")
}

async fn write(market: &Market, event: u128, number: u64) -> Waiting {
    let event = EventId(Uuid::from_u128(event));
    let at = market.platform.clock().now();
    let to = Email::parse("ada@example.com").unwrap();
    let letter = Letter::AlreadyRegistered { account: AccountId(Uuid::from_u128(7)), to };
    let item = OutboxItem { event, number, at, letter };
    market.put(&item).await;
    item.place()
}

async fn list(market: &Market, limit: usize, after: Option<Waiting>) -> OutboxPage {
    market.platform.run(&relay(), ListOutbox { limit, after }).await.unwrap()
}

fn places(page: &OutboxPage) -> Vec<Waiting> {
    page.letters.iter().map(OutboxItem::place).collect()
}

#[tokio::test]
async fn letters_are_listed_in_the_order_of_their_events_page_by_page() {
    let market = Market::open();
    let third = write(&market, 2, 0).await;
    let second = write(&market, 1, 1).await;
    let first = write(&market, 1, 0).await;
    let page = list(&market, 2, None).await;
    assert_eq!(places(&page), [first, second]);
    let page = list(&market, 2, page.next).await;
    assert_eq!((places(&page), page.next), (vec![third], None));
    assert_eq!(first.key(), "00000000-0000-0000-0000-000000000001:0");
}

#[tokio::test]
async fn letters_that_were_removed_are_gone_and_removing_them_again_does_nothing() {
    let market = Market::open();
    let (gone, stays) = (write(&market, 1, 0).await, write(&market, 2, 0).await);
    for _ in 0..2 {
        market.platform.run(&relay(), RemoveFromOutbox { letters: vec![gone] }).await.unwrap();
        assert_eq!(places(&list(&market, 10, None).await), [stays]);
    }
}

#[tokio::test]
async fn a_letter_that_cannot_be_read_stays_and_does_not_hold_up_the_others() {
    let market = Market::open();
    let (damaged, good) = (write(&market, 1, 0).await, write(&market, 2, 0).await);
    let strange = br#"{"event":"x","kind":"telegram"}"#;
    let bytes = [&[OutboxItem::VERSION], strange.as_slice()].concat();
    let batch = Batch { writes: vec![Write::Put(OutboxItem::at(damaged), bytes)], ..Batch::default() };
    market.platform.store().commit(batch).await.unwrap();
    for _ in 0..2 {
        let page = list(&market, 10, None).await;
        assert_eq!((places(&page), page.unreadable), (vec![good], vec![damaged]));
    }
}

#[tokio::test]
async fn nobody_but_the_platform_itself_reads_or_empties_the_outbox() {
    let market = Market::open();
    let admin = market.admin().await;
    assert_eq!(code(market.run(&admin, ListOutbox { limit: 1, after: None }).await), "forbidden");
    assert_eq!(code(market.run(&admin, RemoveFromOutbox { letters: vec![] }).await), "forbidden");
    assert_eq!(code(market.platform.run(&Actor::visitor(), ListOutbox { limit: 1, after: None }).await), "signed_out");
}

async fn addressed(stage: &Stage, letter: &Letter) -> Option<String> {
    let operation = AddressLetter { letter: letter.clone() };
    let addressee = stage.platform.run(&Actor::system("letters"), operation).await.unwrap();
    addressee.map(|addressee| addressee.to.to_string())
}

async fn last_letter(stage: &Stage) -> Letter {
    stage.letters().await.pop().unwrap()
}

#[tokio::test]
async fn a_letter_whose_link_was_replaced_used_or_has_ended_is_out_of_date() {
    let stage = Stage::with(|settings| settings.caps.letters_to = 10);
    let ada = stage.influencer("ada").await;
    let first = last_letter(&stage).await;
    assert_eq!(addressed(&stage, &first).await.as_deref(), Some("ada@example.com"));
    stage.platform.run(&ada, SendVerification).await.unwrap();
    assert_eq!(addressed(&stage, &first).await, None);
    let second = last_letter(&stage).await;
    assert_eq!(addressed(&stage, &second).await.as_deref(), Some("ada@example.com"));
    let token = stage.newest_link().await;
    stage.platform.run(&Actor::visitor(), VerifyEmail { token }).await.unwrap();
    assert_eq!(addressed(&stage, &second).await, None);

    stage.platform.run(&Actor::visitor(), ForgotPassword { email: "ada@example.com".into() }).await.unwrap();
    let reset = last_letter(&stage).await;
    assert_eq!(addressed(&stage, &reset).await.as_deref(), Some("ada@example.com"));
    stage.minutes_pass(60);
    assert_eq!(addressed(&stage, &reset).await, None);
}

#[tokio::test]
async fn only_a_letter_that_asks_to_prove_an_address_goes_to_one_that_is_not_proven() {
    let stage = Stage::new();
    let ada = stage.register("influencer", "ada").await.account;
    let to = Email::parse("ada@example.com").unwrap();
    let owned = Letter::AlreadyRegistered { account: ada, to };
    assert!(addressed(&stage, &last_letter(&stage).await).await.is_some());
    assert_eq!(addressed(&stage, &owned).await, None);
    stage.verify_newest().await;
    assert_eq!(addressed(&stage, &owned).await.as_deref(), Some("ada@example.com"));
}
