use super::*;
use crate::{
    account::{Account, AccountState},
    fixture::Market,
    id::SessionId,
    message::SendMessage,
    session::Session,
    store::MemoryStore,
};
use jiff::SignedDuration;

async fn follow_as(market: &Market, account: &Account, after: Option<u64>) -> Follower {
    follow(&market.platform, &Actor::account(account.id), after).await.unwrap()
}

async fn write(market: &Market, from: &Account, to: &Account, text: &str) {
    market.run(from, SendMessage { to: to.id, text: text.into() }).await.unwrap();
}

/// The next event; the bound only keeps a broken test from hanging.
async fn next(follower: &mut Follower) -> Told {
    tokio::time::timeout(Duration::from_secs(20), follower.next()).await.unwrap().unwrap()
}

async fn next_number(follower: &mut Follower) -> u64 {
    match next(follower).await {
        Told::Event(event) => event.number,
        Told::Reset { .. } => panic!("nothing was forgotten"),
    }
}

#[tokio::test]
async fn a_message_reaches_both_sides_and_nobody_else() {
    let market = Market::open();
    let (sponsor, influencer, other) = (market.sponsor().await, market.influencer().await, market.sponsor().await);
    let mut theirs = follow_as(&market, &influencer, None).await;
    let mut mine = follow_as(&market, &sponsor, None).await;
    let mut others = follow_as(&market, &other, None).await;
    write(&market, &sponsor, &influencer, "Hello").await;
    for follower in [&mut theirs, &mut mine] {
        let Told::Event(event) = next(follower).await else { panic!("nothing was forgotten") };
        assert_eq!((event.action, event.number), (Action::SendMessage, market.platform.store().latest()));
        assert_eq!(follower.position(), event.number);
    }
    write(&market, &other, &influencer, "Hello from me too").await;
    let Told::Event(event) = next(&mut others).await else { panic!("nothing was forgotten") };
    assert_eq!(event.number, market.platform.store().latest(), "the first thing others hear is what they did themselves");
}

#[tokio::test]
async fn who_comes_back_hears_what_was_missed_once_and_in_order() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let begin = market.platform.store().latest();
    let mut numbers = Vec::new();
    for number in 0..400 {
        write(&market, &sponsor, &influencer, &format!("{number}")).await;
        numbers.push(market.platform.store().latest());
    }
    // The reader begins after all of this, so these are read from the store; those that follow come from memory.
    let mut follower = follow_as(&market, &influencer, Some(begin)).await;
    let mut heard = Vec::new();
    for _ in 0..150 {
        heard.push(next_number(&mut follower).await);
    }
    let place = follower.position();
    drop(follower);
    for number in 0..50 {
        write(&market, &sponsor, &influencer, &format!("later {number}")).await;
        numbers.push(market.platform.store().latest());
    }
    let mut follower = follow_as(&market, &influencer, Some(place)).await;
    while heard.len() < numbers.len() {
        heard.push(next_number(&mut follower).await);
    }
    assert_eq!(heard, numbers);
}

#[tokio::test]
async fn a_slow_follower_loses_its_queue_but_nothing_of_what_it_is_told() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let mut follower = follow_as(&market, &influencer, None).await;
    let mut numbers = Vec::new();
    for number in 0..450 {
        write(&market, &sponsor, &influencer, &format!("{number}")).await;
        numbers.push(market.platform.store().latest());
    }
    let mut heard = Vec::new();
    for _ in 0..numbers.len() {
        heard.push(next_number(&mut follower).await);
    }
    assert_eq!(heard, numbers);
}

#[tokio::test]
async fn who_was_away_too_long_is_told_to_read_afresh() {
    let market = Market::over(MemoryStore::keeping(5), crate::Settings::default());
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let begin = market.platform.store().latest();
    for _ in 0..10 {
        write(&market, &sponsor, &influencer, "Hello").await;
    }
    for after in [begin, market.platform.store().latest() + 1000] {
        let mut follower = follow_as(&market, &influencer, Some(after)).await;
        assert_eq!(next(&mut follower).await, Told::Reset { number: market.platform.store().latest() });
        write(&market, &sponsor, &influencer, "Hello again").await;
        assert_eq!(next_number(&mut follower).await, market.platform.store().latest());
    }
}

#[tokio::test]
async fn a_stream_ends_when_the_account_is_suspended() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let mut follower = follow_as(&market, &influencer, None).await;
    write(&market, &sponsor, &influencer, "before").await;
    next(&mut follower).await;
    market.put(&Account { state: AccountState::Suspended, ..influencer.clone() }).await;
    let ended = tokio::time::timeout(Duration::from_secs(20), follower.next()).await.unwrap();
    assert!(matches!(ended, Err(Error::SignedOut(_))));
    assert!(matches!(follower.next().await, Err(Error::SignedOut(_))), "and stays ended");
    assert!(follow(&market.platform, &Actor::visitor(), None).await.is_err());
}

#[tokio::test]
async fn a_stream_ends_with_its_session_by_hand_and_by_the_clock() {
    let market = Market::open();
    let influencer = market.influencer().await;
    let now = market.platform.clock().now();
    for by_hand in [true, false] {
        let id = SessionId(market.platform.uuid_at(now));
        let session = Session {
            id,
            account: influencer.id,
            secret: id.to_string(),
            previous_secret: None,
            generation: 0,
            refreshable: false,
            remembered: false,
            created_at: now,
            authenticated_at: now,
            seen_at: now,
            idle_until: now + SignedDuration::from_hours(1),
            expires_at: now + SignedDuration::from_hours(2),
            address: None,
            agent: None,
        };
        market.put(&session).await;
        let actor = Actor::session(influencer.id, id);
        let mut follower = follow(&market.platform, &actor, None).await.unwrap();
        if by_hand {
            market.remove(&session).await;
        } else {
            market.clock.advance(SignedDuration::from_mins(61));
        }
        let ended = tokio::time::timeout(Duration::from_secs(20), follower.next()).await.unwrap();
        assert!(matches!(ended, Err(Error::SignedOut(_))));
    }
}

#[tokio::test]
async fn nothing_is_lost_between_reading_the_store_and_hearing_it_live() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let begin = market.platform.store().latest();
    let (platform, from, to) = (market.platform.clone(), sponsor.id, influencer.id);
    let writing = tokio::spawn(async move {
        for number in 0..300 {
            let message = SendMessage { to, text: format!("{number}") };
            platform.run(&Actor::account(from), message).await.unwrap();
            tokio::task::yield_now().await;
        }
    });
    let mut followers = Vec::new();
    for _ in 0..8 {
        followers.push(follow_as(&market, &influencer, Some(begin)).await);
        tokio::task::yield_now().await;
    }
    for mut follower in followers {
        let mut heard = Vec::new();
        for _ in 0..300 {
            heard.push(next_number(&mut follower).await);
        }
        assert_eq!(heard, (begin + 1..=begin + 300).collect::<Vec<_>>());
    }
    writing.await.unwrap();
}
