use super::*;
use crate::{
    PageRequest,
    account::{Account, AccountState, Role},
    fixture::{Market, code},
};

fn make(name: &str) -> MakeShortlist {
    MakeShortlist { name: name.into() }
}

fn add(shortlist: &Shortlist, influencer: &Account, note: &str) -> AddToShortlist {
    AddToShortlist { shortlist: shortlist.id, influencer: influencer.id, note: note.into() }
}

fn view(shortlist: &Shortlist) -> ViewShortlist {
    ViewShortlist { shortlist: shortlist.id, page: PageRequest::default() }
}

#[tokio::test]
async fn a_sponsor_keeps_influencers_with_notes_nobody_else_sees() {
    let market = Market::open();
    let (sponsor, other, influencer) = (market.sponsor().await, market.sponsor().await, market.influencer().await);
    let shortlist = market.run(&sponsor, make("Summer")).await.unwrap();
    let first = market.influencer().await;
    market.run(&sponsor, add(&shortlist, &first, "")).await.unwrap();
    market.clock.advance(jiff::SignedDuration::from_secs(1));
    market.run(&sponsor, add(&shortlist, &influencer, "asks too much")).await.unwrap();
    let seen = market.run(&sponsor, view(&shortlist)).await.unwrap();
    assert_eq!(seen.entries.items.iter().map(|entry| entry.of.influencer).collect::<Vec<_>>(), [influencer.id, first.id]);
    assert_eq!((&*seen.entries.items[0].of.note, seen.shortlist.entries), ("asks too much", 2));
    for stranger in [&other, &influencer] {
        assert_eq!(code(market.run(stranger, view(&shortlist)).await), "not_found");
        assert_eq!(code(market.run(stranger, add(&shortlist, &first, "")).await), "not_found");
    }
    assert!(market.run(&other, ListShortlists::default()).await.unwrap().items.is_empty());
    assert_eq!(code(market.run(&influencer, make("Sponsors")).await), "forbidden");
}

#[tokio::test]
async fn adding_twice_changes_the_note_and_counts_once() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let shortlist = market.run(&sponsor, make("Summer")).await.unwrap();
    for note in ["", "better", "better"] {
        market.run(&sponsor, add(&shortlist, &influencer, note)).await.unwrap();
    }
    let seen = market.run(&sponsor, view(&shortlist)).await.unwrap();
    assert_eq!((seen.shortlist.entries, &*seen.entries.items[0].of.note), (1, "better"));
    let off = RemoveFromShortlist { shortlist: shortlist.id, influencer: influencer.id };
    market.run(&sponsor, off.clone()).await.unwrap();
    assert_eq!(code(market.run(&sponsor, off).await), "not_found");
    assert_eq!(market.run(&sponsor, view(&shortlist)).await.unwrap().shortlist.entries, 0);
}

#[tokio::test]
async fn only_influencers_that_can_be_seen_are_listed() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    let shortlist = market.run(&sponsor, make("Summer")).await.unwrap();
    let suspended = market.account(Role::Influencer, AccountState::Suspended).await;
    for nobody in [&sponsor, &suspended] {
        assert_eq!(code(market.run(&sponsor, add(&shortlist, nobody, "")).await), "not_found");
    }
}

#[tokio::test]
async fn who_has_read_an_older_version_changes_nothing() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let shortlist = market.run(&sponsor, make("Summer")).await.unwrap();
    let version = Some(market.run(&sponsor, view(&shortlist)).await.unwrap().version);
    market.run(&sponsor, add(&shortlist, &influencer, "")).await.unwrap();
    let edit = |version| EditShortlist { shortlist: shortlist.id, name: "Winter".into(), version };
    let remove = |version| RemoveShortlist { shortlist: shortlist.id, version };
    assert_eq!(code(market.run(&sponsor, edit(version)).await), "stale");
    assert_eq!(code(market.run(&sponsor, remove(version)).await), "stale");
    assert_eq!(&*market.run(&sponsor, edit(None)).await.unwrap().name, "Winter");
    market.run(&sponsor, remove(None)).await.unwrap();
    assert_eq!(code(market.run(&sponsor, view(&shortlist)).await), "not_found");
    assert!(market.get::<ShortlistEntry>(ShortlistEntry::at(shortlist.id, influencer.id)).await.is_none());
}

#[tokio::test]
async fn the_number_of_lists_is_bounded_exactly_and_removing_makes_room() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    let mut making = tokio::task::JoinSet::new();
    for number in 0..110 {
        let (platform, actor) = (market.platform.clone(), crate::Actor::account(sponsor.id));
        making.spawn(async move { platform.run(&actor, make(&format!("{number}"))).await });
    }
    let made = making.join_all().await.into_iter().filter(Result::is_ok).count();
    assert_eq!(made, MOST_LISTS as usize);
    let page = ListShortlists { page: PageRequest::new(1, None) };
    let one = market.run(&sponsor, page).await.unwrap().items.remove(0);
    market.run(&sponsor, RemoveShortlist { shortlist: one.id, version: None }).await.unwrap();
    assert_eq!(code(market.run(&sponsor, make("room again")).await), "done");
    assert_eq!(code(market.run(&sponsor, make("one too many")).await), "too_many");
}

#[tokio::test]
async fn a_full_list_takes_no_more_and_can_be_removed_whole() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    let shortlist = market.run(&sponsor, make("Everybody")).await.unwrap();
    for _ in 0..MOST_ENTRIES {
        let influencer = market.influencer().await;
        market.run(&sponsor, add(&shortlist, &influencer, "")).await.unwrap();
    }
    let influencer = market.influencer().await;
    assert_eq!(code(market.run(&sponsor, add(&shortlist, &influencer, "")).await), "too_many");
    market.run(&sponsor, RemoveShortlist { shortlist: shortlist.id, version: None }).await.unwrap();
}
