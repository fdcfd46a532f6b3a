//! The chat in which somebody is also told.

use crate::browser::Seen;
use crate::house::{House, PASSWORD};
use iescp_core::chat::ViewChat;
use iescp_worker::Chats;
use iescp_worker::outside::{Connection, Outside, Roads, Way};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

const ADDRESS: &str = "https://chat.example.com/v1/spaces/A/messages?token=hush-hush";

/// A network whose names lead inside.
struct Inside;

impl Roads for Inside {
    fn look_up<'a>(&'a self, _: &'a str) -> Way<'a, Vec<IpAddr>> {
        Box::pin(async { Ok(vec!["10.0.0.7".parse().unwrap()]) })
    }

    fn connect(&self, _: SocketAddr) -> Way<'_, Box<dyn Connection>> {
        Box::pin(async { Err(io::Error::other("nobody goes there")) })
    }
}

fn html(seen: &Seen) -> String {
    String::from_utf8_lossy(&seen.bytes).into_owned()
}

fn house() -> House {
    House::chatting(Chats::over(Outside::over(Arc::new(Inside), Chats::rules())))
}

#[tokio::test]
async fn a_chat_is_given_switched_off_and_forgotten_and_its_address_is_never_shown() {
    let house = house();
    let mut ada = house.influencer("ada").await;
    let page = ada.get("/settings/notifications").await;
    assert!(!page.text().contains("Send a test message"));
    let saved = ada.send(&page, "/settings/notifications/chat", &[("address", ADDRESS), ("on", "yes")]).await;
    saved.says("Saved.");
    saved.says("chat.example.com/…");
    assert!(!html(&saved).contains("hush"));
    let off = ada.post("/settings/notifications/chat", &[]).await;
    off.says("Off");
    let seen = house.run(ada.id, ViewChat).await.unwrap();
    assert_eq!((seen.host.as_str(), seen.on), ("chat.example.com", false));
    ada.post("/settings/notifications/chat/remove", &[]).await.says("Your chat is forgotten.");
    assert!(house.run(ada.id, ViewChat).await.is_none());
}

#[tokio::test]
async fn what_is_wrong_with_an_address_stands_beside_it() {
    let house = house();
    let mut ada = house.influencer("ada").await;
    let page = ada.get("/settings/notifications").await;
    for (address, words) in [
        ("", "Please give the address of your chat's webhook."),
        ("http://chat.example.com/hook", "Please give an address that begins with https://."),
        ("https://chat.example.com", "Please give the whole address of the webhook, as your chat shows it."),
    ] {
        let refused = ada.send(&page, "/settings/notifications/chat", &[("address", address), ("on", "yes")]).await;
        refused.refuses(422, words);
        assert!(refused.has("#f-address[aria-invalid=true]"), "{address}");
    }
}

/// S-48: also what is tried by hand goes through the guard, and the page says what came of it.
#[tokio::test]
async fn s_48_a_test_message_goes_nowhere_inside_and_the_page_says_why() {
    let house = house();
    let mut ada = house.influencer("ada").await;
    let page = ada.get("/settings/notifications").await;
    let saved = ada.send(&page, "/settings/notifications/chat", &[("address", ADDRESS), ("on", "yes")]).await;
    let refused = ada.send(&saved, "/settings/notifications/chat/test", &[]).await;
    refused.refuses(422, "There is nothing on the internet at this address.");
    assert!(!html(&refused).contains("hush"));
}

/// S-18: what one is told goes there from then on.
#[tokio::test]
async fn s_18_a_new_address_asks_for_the_password_and_goes_on() {
    let house = house();
    let mut ada = house.influencer("ada").await;
    let page = ada.get("/settings/notifications").await;
    house.clock.advance(jiff::SignedDuration::from_mins(11));
    let asked = ada.send(&page, "/settings/notifications/chat", &[("address", ADDRESS), ("on", "yes")]).await;
    asked.says("Is it you?");
    assert!(house.run(ada.id, ViewChat).await.is_none());
    ada.send(&asked, "/settings/notifications/chat", &[("again.password", PASSWORD)]).await.says("chat.example.com/…");
}
