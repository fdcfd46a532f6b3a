use super::*;
use crate::{
    Actor, Operation, Tx,
    account::{Account, AccountState},
    event::thing,
    fixture::{Market, code},
    notification::{Choice, ListNotifications, Notice, SetPreferences},
    outbox::{Letter, ListOutbox},
    policy::{Action, Subject},
};
use jiff::SignedDuration;
use serde_json::json;

const ADDRESS: &str = "https://chat.example.com/v1/spaces/AAAA/messages?key=k&token=hush-hush";

struct Tell(AccountId);

impl Operation for Tell {
    type Output = ();
    const ACTION: Action = Action::CleanUp;
    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        let about = thing("campaign", self.0);
        tx.tell(self.0, Notice::CampaignEnded, about.clone(), json!({}));
        tx.happened([about], json!({}));
        tx.put(&crate::notification::Preferences::of(AccountId(uuid::Uuid::now_v7())))
    }
}

async fn tell(market: &Market, account: &Account) {
    market.platform.run(&Actor::system("test"), Tell(account.id)).await.unwrap();
}

async fn with_chat(market: &Market) -> Account {
    let account = market.sponsor().await;
    market.run(&account, SetChat { address: Some(ADDRESS.into()), on: true }).await.unwrap();
    account
}

/// Everything that waits for the relay.
async fn letters(market: &Market) -> Vec<Letter> {
    let page = market.platform.run(&Actor::system("relay"), ListOutbox { limit: 500, after: None }).await.unwrap();
    page.letters.into_iter().map(|item| item.letter).collect()
}

/// What the newest message for a chat comes to.
async fn leaving(market: &Market) -> Option<Chatter> {
    let mut messages = letters(market).await.into_iter().filter_map(|letter| match letter {
        Letter::Chat { account, notification, .. } => Some(AddressChat { account, notification }),
        _ => None,
    });
    market.platform.run(&Actor::system("chats"), messages.next_back()?).await.unwrap()
}

async fn note(market: &Market, account: &Account, trouble: Option<&str>) {
    let set_at = market.run(account, ViewChat).await.unwrap().unwrap().set_at;
    let note = NoteChat { account: account.id, set_at, trouble: trouble.map(Into::into) };
    market.platform.run(&Actor::system("chats"), note).await.unwrap();
}

#[tokio::test]
async fn what_goes_by_mail_goes_to_the_chat_too_in_the_commit_of_its_cause() {
    let market = Market::open();
    let (account, other) = (with_chat(&market).await, market.sponsor().await);
    tell(&market, &account).await;
    tell(&market, &other).await;
    let chatter = leaving(&market).await.unwrap();
    assert_eq!((chatter.address.reveal(), chatter.told.notification.account), (ADDRESS, account.id));
    let kinds = letters(&market).await;
    assert_eq!(kinds.iter().filter(|letter| matches!(letter, Letter::Notice { .. })).count(), 2);
    assert_eq!(kinds.iter().filter(|letter| matches!(letter, Letter::Chat { .. })).count(), 1);
}

#[tokio::test]
async fn a_chat_hears_of_no_topic_that_was_switched_off_also_not_on_the_way() {
    let market = Market::open();
    let account = with_chat(&market).await;
    tell(&market, &account).await;
    let choices = vec![Choice { topic: "campaigns".into(), mail: false }];
    market.run(&account, SetPreferences { choices, version: None }).await.unwrap();
    assert_eq!(leaving(&market).await, None);
    let before = letters(&market).await.len();
    tell(&market, &account).await;
    assert_eq!(letters(&market).await.len(), before);
}

#[tokio::test]
async fn a_chat_that_is_off_or_whose_owner_cannot_sign_in_hears_nothing() {
    let market = Market::open();
    let account = with_chat(&market).await;
    tell(&market, &account).await;
    assert!(leaving(&market).await.is_some());
    market.run(&account, SetChat { address: None, on: false }).await.unwrap();
    assert_eq!(leaving(&market).await, None);
    market.run(&account, SetChat { address: None, on: true }).await.unwrap();
    assert!(leaving(&market).await.is_some());
    market.put(&Account { state: AccountState::Suspended, ..account }).await;
    assert_eq!(leaving(&market).await, None, "S-16");
}

/// The address opens the chat to whoever has it.
#[tokio::test]
async fn s_61_the_address_stands_in_no_answer_no_event_and_no_byte_of_the_store() {
    use crate::store::{Found, Key, Read, Scan};
    let market = Market::open();
    let account = with_chat(&market).await;
    tell(&market, &account).await;
    let seen = market.run(&account, ViewChat).await.unwrap().unwrap();
    assert_eq!((seen.host.as_str(), format!("{seen:?}").contains("hush")), ("chat.example.com", false));
    let all = Scan { from: Key(vec![0]), to: Key(vec![255]), descending: false, limit: 10_000 };
    let Some(Found::Many(rows)) = market.store.read(vec![Read::Scan(all)]).await.unwrap().pop() else { panic!("no rows") };
    let holds = |bytes: &[u8]| bytes.windows(4).any(|window| window == b"hush");
    assert!(rows.len() > 5 && !rows.iter().any(|(key, stored)| holds(&key.0) || holds(&stored.bytes)));
}

#[tokio::test]
async fn only_whole_addresses_of_the_open_web_are_taken() {
    let market = Market::open();
    let account = market.sponsor().await;
    for wrong in [
        "",
        "chat",
        "http://chat.example.com/hook",
        "https://127.0.0.1/hook",
        "https://localhost/hook",
        "https://chat.example.com:8443/hook",
        "https://me:pw@chat.example.com/hook",
        "https://chat.example.com",
        "https://chat.example.com/",
        "https://chat.example.com/a b",
        "ftp://chat.example.com/hook",
    ] {
        let set = SetChat { address: Some(wrong.into()), on: true };
        assert_ne!(code(market.run(&account, set).await), "done", "{wrong}");
    }
    assert_eq!(market.run(&account, ViewChat).await.unwrap(), None);
    assert_eq!(code(market.run(&account, TestChat).await), "no_chat");
}

#[tokio::test]
async fn a_chat_that_takes_nothing_for_long_is_switched_off_and_its_owner_is_told() {
    let market = Market::open();
    let account = with_chat(&market).await;
    for _ in 0..20 {
        note(&market, &account, Some("The chat's server answered 404.")).await;
    }
    let seen = market.run(&account, ViewChat).await.unwrap().unwrap();
    assert!(seen.on && seen.trouble.is_some(), "an outage of a minute is none");
    note(&market, &account, None).await;
    assert_eq!(market.run(&account, ViewChat).await.unwrap().unwrap().trouble, None, "it took one");
    for _ in 0..10 {
        assert!(market.run(&account, ViewChat).await.unwrap().unwrap().on);
        note(&market, &account, Some("The chat's server answered 404.")).await;
        market.clock.advance(SignedDuration::from_mins(6));
    }
    note(&market, &account, Some("The chat's server answered 404.")).await;
    let seen = market.run(&account, ViewChat).await.unwrap().unwrap();
    assert_eq!((seen.on, seen.trouble.map(|trouble| trouble.times)), (false, Some(11)));
    let told = market.run(&account, ListNotifications::default()).await.unwrap().notifications.items;
    assert_eq!(told.iter().filter(|told| told.notice == Notice::ChatOff).count(), 1);
    let mailed = |letter: &Letter| matches!(letter, Letter::Notice { notice: Notice::ChatOff, .. });
    assert!(letters(&market).await.iter().any(mailed) && leaving(&market).await.is_none());
    let again = market.run(&account, SetChat { address: None, on: true }).await.unwrap();
    assert!(again.on && again.trouble.is_none());
}

#[tokio::test]
async fn a_chat_that_hears_little_is_switched_off_after_three_days_of_failures() {
    let market = Market::open();
    let account = with_chat(&market).await;
    note(&market, &account, Some("no")).await;
    market.clock.advance(SignedDuration::from_hours(71));
    note(&market, &account, Some("no")).await;
    assert!(market.run(&account, ViewChat).await.unwrap().unwrap().on);
    market.clock.advance(SignedDuration::from_hours(1));
    note(&market, &account, Some("no")).await;
    assert!(!market.run(&account, ViewChat).await.unwrap().unwrap().on);
}

#[tokio::test]
async fn what_came_of_an_address_that_was_replaced_is_not_held_against_the_new_one() {
    let market = Market::open();
    let account = with_chat(&market).await;
    let old = market.run(&account, ViewChat).await.unwrap().unwrap().set_at;
    market.clock.advance(SignedDuration::from_secs(5));
    market.run(&account, SetChat { address: Some(ADDRESS.into()), on: true }).await.unwrap();
    let note = NoteChat { account: account.id, set_at: old, trouble: Some("no".into()) };
    market.platform.run(&Actor::system("chats"), note).await.unwrap();
    assert_eq!(market.run(&account, ViewChat).await.unwrap().unwrap().trouble, None);
}

#[tokio::test]
async fn a_chat_is_tried_so_often_a_day_and_forgotten_for_good() {
    let market = Market::open();
    let account = with_chat(&market).await;
    for _ in 0..MOST_TESTS {
        assert_eq!(market.run(&account, TestChat).await.unwrap().address.reveal(), ADDRESS);
    }
    assert_eq!(code(market.run(&account, TestChat).await), "too_often");
    for _ in 0..2 {
        market.run(&account, RemoveChat).await.unwrap();
    }
    assert_eq!(market.run(&account, ViewChat).await.unwrap(), None);
}
