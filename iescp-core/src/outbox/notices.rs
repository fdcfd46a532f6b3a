//! Which notifications become mails, to whom, and what those mails may tell.

use super::*;
use crate::{
    Actor,
    account::{Account, AccountState},
    campaign::{Campaign, Visibility},
    fixture::Market,
    id::CampaignId,
    message::{MarkThreadRead, SendMessage},
    notification::{Choice, ListNotifications, SetPreferences},
    request::{RejectRequest, WithdrawRequest},
};

/// The notices that wait in the outbox for somebody, oldest first.
async fn notices(market: &Market, account: &Account) -> Vec<Letter> {
    let page = market.platform.run(&Actor::system("relay"), ListOutbox { limit: 500, after: None }).await.unwrap();
    let letters = page.letters.into_iter().map(|item| item.letter);
    letters.filter(|letter| matches!(letter, Letter::Notice { account: whose, .. } if *whose == account.id)).collect()
}

async fn addressed(market: &Market, letter: &Letter) -> Option<Addressee> {
    let operation = AddressLetter { letter: letter.clone() };
    market.platform.run(&Actor::system("letters"), operation).await.unwrap()
}

async fn told(market: &Market, account: &Account) -> Told {
    addressed(market, &notices(market, account).await.pop().unwrap()).await.unwrap().told.unwrap()
}

async fn switch_off(market: &Market, account: &Account, topic: &str) {
    let choices = vec![Choice { topic: topic.into(), mail: false }];
    market.run(account, SetPreferences { choices, version: None }).await.unwrap();
}

async fn hide(market: &Market, campaign: CampaignId) {
    let campaign = market.campaign_now(campaign).await;
    market.put(&Campaign { visibility: Visibility::Private, ..campaign }).await;
}

#[tokio::test]
async fn what_somebody_is_told_is_written_to_them_in_the_commit_of_its_cause() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 100_000).await;
    let request = market.apply(&influencer, campaign, 5_000).await;
    let letters = notices(&market, &sponsor).await;
    let [letter @ Letter::Notice { notice: Notice::ApplicationReceived, .. }] = letters.as_slice() else {
        panic!("{letters:?}");
    };
    let addressee = addressed(&market, letter).await.unwrap();
    assert_eq!((&addressee.to, &addressee.username), (&sponsor.email, &sponsor.username));
    let told = addressee.told.unwrap();
    assert_eq!((told.notification.about.id, told.role), (request.0, sponsor.role));
    assert_eq!((told.called.as_deref(), told.campaign.as_deref()), (Some(&*influencer.username), Some("Spring")));
}

#[tokio::test]
async fn what_was_switched_off_before_or_after_it_was_told_is_not_mailed() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 100_000).await;
    let request = market.apply(&influencer, campaign, 5_000).await;
    let letter = notices(&market, &sponsor).await.remove(0);
    switch_off(&market, &sponsor, "requests").await;
    assert_eq!(addressed(&market, &letter).await, None);
    market.run(&influencer, WithdrawRequest { request, reason: String::new() }).await.unwrap();
    assert_eq!(notices(&market, &sponsor).await.len(), 1, "nothing was added");
    let centre = market.run(&sponsor, ListNotifications::default()).await.unwrap();
    assert_eq!(centre.notifications.items.len(), 2, "the centre tells it all the same");
}

/// S-16.
#[tokio::test]
async fn s_16_mails_that_wait_for_somebody_who_is_suspended_or_gone_are_not_sent() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 100_000).await;
    market.apply(&influencer, campaign, 5_000).await;
    let notice = notices(&market, &sponsor).await.remove(0);
    let what = "An admin suspended your account.".to_owned();
    let warning = Letter::Security { account: sponsor.id, to: sponsor.email.clone(), what, by_admin: true };
    for (state, reached) in [
        (AccountState::Suspended, false),
        (AccountState::Closed, false),
        (AccountState::Pending, true),
        (AccountState::Active, true),
    ] {
        market.set_state(&sponsor, state).await;
        assert_eq!(addressed(&market, &notice).await.is_some(), reached, "{state:?}");
        assert!(addressed(&market, &warning).await.is_some(), "what keeps an account safe goes out: {state:?}");
    }
    market.put(&Account { email_verified: false, ..sponsor.clone() }).await;
    assert_eq!(addressed(&market, &notice).await, None);
}

#[tokio::test]
async fn a_thread_is_mailed_about_once_until_it_is_read_and_not_if_it_was_read_meanwhile() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let write = async || {
        let message = SendMessage { to: influencer.id, text: "Hello!".into() };
        market.run(&sponsor, message).await.unwrap();
    };
    for _ in 0..3 {
        write().await;
    }
    let letters = notices(&market, &influencer).await;
    assert_eq!(letters.len(), 1);
    assert!(addressed(&market, &letters[0]).await.is_some());
    market.run(&influencer, MarkThreadRead { with: sponsor.id, up_to: None }).await.unwrap();
    assert_eq!(addressed(&market, &letters[0]).await, None);
    write().await;
    assert_eq!(notices(&market, &influencer).await.len(), 2);
}

#[tokio::test]
async fn an_invitation_that_was_withdrawn_is_not_mailed_and_nothing_is_told_of_a_campaign_that_was_private() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 100_000).await;
    hide(&market, campaign).await;
    let request = market.invite(&sponsor, campaign, &influencer, 5_000).await;
    assert_eq!(told(&market, &influencer).await.campaign.as_deref(), Some("Spring"));
    market.run(&sponsor, WithdrawRequest { request, reason: String::new() }).await.unwrap();
    let letters = notices(&market, &influencer).await;
    assert_eq!(addressed(&market, &letters[0]).await, None);
    let withdrawn = addressed(&market, &letters[1]).await.unwrap().told.unwrap();
    assert_eq!((withdrawn.notification.notice, withdrawn.campaign), (Notice::RequestWithdrawn, None));
}

#[tokio::test]
async fn why_somebody_was_declined_is_told_in_the_words_of_who_declined() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 100_000).await;
    let request = market.apply(&influencer, campaign, 5_000).await;
    let reject = RejectRequest { request, offer: 1, reason: "Too <b>dear</b>.".into() };
    market.run(&sponsor, reject).await.unwrap();
    let told = told(&market, &influencer).await;
    assert_eq!((told.notification.notice, told.said.as_deref()), (Notice::RequestRejected, Some("Too <b>dear</b>.")));
}
