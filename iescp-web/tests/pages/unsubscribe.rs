//! Ending the mails about a topic by the link in one of them.

use crate::browser::Seen;
use crate::house::House;
use iescp_core::account::{Purpose, VerifyEmail};
use iescp_core::id::AccountId;
use iescp_core::notification::{Topic, ViewPreferences, unsubscribe_token};
use iescp_core::outbox::{AddressLetter, Letter, ListOutbox};
use iescp_core::value::Email;
use iescp_core::{Actor, Secret};
use poem::http::Method;
use uuid::Uuid;

/// The path that stands in somebody's mails about a topic.
fn path(house: &House, account: Uuid, name: &str, topic: Topic) -> String {
    let to = Email::parse(&format!("{name}@example.com")).unwrap();
    let token = unsubscribe_token(house.platform.secret(), AccountId(account), &to, topic).unwrap();
    format!("/unsubscribe/{}", token.reveal())
}

async fn mailed(house: &House, account: Uuid, topic: Topic) -> bool {
    house.run(account, ViewPreferences {}).await.preferences.mails(topic)
}

/// As Gmail and others send it: no cookie, no origin.
async fn one_click(house: &House, path: &str) -> Seen {
    house.visitor().ask(Method::POST, path, &[], Some("List-Unsubscribe=One-Click".into())).await
}

#[tokio::test]
async fn a_person_ends_the_mails_about_a_topic_without_signing_in() {
    let house = House::open();
    let ines = house.influencer("ines").await.id;
    let path = path(&house, ines, "ines", Topic::Requests);
    let mut visitor = house.visitor();
    for _ in 0..2 {
        visitor.get(&path).await.says("Should they end?");
        assert!(mailed(&house, ines, Topic::Requests).await, "reading ends nothing");
    }
    let page = visitor.get(&path).await;
    visitor.send(&page, &path, &[]).await.says("no more mails about “Applications, invitations and offers”");
    assert!(!mailed(&house, ines, Topic::Requests).await && mailed(&house, ines, Topic::Work).await);
    visitor.get(&path).await.says("ended already");
    let again = visitor.send(&page, &path, &[]).await;
    assert_eq!(again.status, 200, "twice is once");
}

/// S-20, its exemption: the token is all that counts there.
#[tokio::test]
async fn s_20_one_click_of_a_mail_program_ends_mails_without_cookie_and_origin_and_no_other_form_is_open_so() {
    let house = House::open();
    let ines = house.influencer("ines").await.id;
    let path = path(&house, ines, "ines", Topic::Money);
    let done = one_click(&house, &path).await;
    assert_eq!((done.status.as_u16(), done.path.as_str()), (200, path.as_str()), "it leads nowhere else");
    assert!(!done.headers.contains_key("set-cookie"));
    assert!(!mailed(&house, ines, Topic::Money).await);
    for other in ["/unsubscribe", "/unsubscribe/", "/unsubscribe/a/b", "/sign-out", "/settings/notifications"] {
        let status = one_click(&house, other).await.status.as_u16();
        assert!([403, 404].contains(&status), "{other}: {status}");
    }
}

#[tokio::test]
async fn a_link_that_is_none_of_ours_is_not_found() {
    let house = House::open();
    let ines = house.influencer("ines").await.id;
    let good = path(&house, ines, "ines", Topic::Money);
    let other = path(&house, ines, "nina", Topic::Money);
    for wrong in [&good[..good.len() - 2], other.as_str(), "/unsubscribe/x", "/unsubscribe/%00..", "/unsubscribe/%ff"] {
        assert_eq!(house.visitor().get(wrong).await.status, 404, "{wrong}");
        assert_eq!(one_click(&house, wrong).await.status, 404, "{wrong}");
    }
    assert!(mailed(&house, ines, Topic::Money).await);
}

/// Honoured at once, for mails that wait already, too.
#[tokio::test]
async fn a_mail_that_waits_is_not_sent_once_its_topic_was_ended() {
    let house = House::open();
    let ines = house.influencer("ines").await.id;
    let letters = async || {
        let page = house.platform.run(&Actor::system("test"), ListOutbox { limit: 500, after: None }).await.unwrap();
        page.letters.into_iter().map(|item| item.letter).collect::<Vec<_>>()
    };
    for letter in letters().await {
        let Letter::VerifyEmail { link, .. } = letter else { continue };
        let token: Secret = Purpose::VerifyEmail.token(house.platform.secret(), link);
        house.platform.run(&Actor::visitor(), VerifyEmail { token }).await.unwrap();
    }
    let acme = house.sponsor("acme").await.id;
    let message = iescp_core::message::SendMessage { to: AccountId(ines), text: "Hello!".into() };
    house.run(acme, message).await;
    let waiting = letters().await;
    let notice = waiting.iter().find(|letter| letter.topic() == Some(Topic::Messages)).unwrap();
    let addressed = async || {
        let operation = AddressLetter { letter: notice.clone() };
        house.platform.run(&Actor::system("test"), operation).await.unwrap()
    };
    assert!(addressed().await.is_some());
    assert_eq!(one_click(&house, &path(&house, ines, "ines", Topic::Messages)).await.status, 200);
    assert_eq!(addressed().await, None);
}
