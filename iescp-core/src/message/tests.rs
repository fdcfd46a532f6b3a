use super::*;
use crate::{
    PageRequest, Settings,
    account::AccountState,
    event::thing,
    fixture::{Market, code},
    notification::{Centre, ListNotifications, Notice},
    policy::Action,
};
use jiff::SignedDuration;
use serde_json::json;

fn write(to: &Account, text: &str) -> SendMessage {
    SendMessage { to: to.id, text: text.into() }
}

fn read(with: &Account) -> ReadThread {
    ReadThread { with: with.id, of: None, page: PageRequest::default() }
}

async fn notices(market: &Market, account: &Account) -> Centre {
    market.run(account, ListNotifications::default()).await.unwrap()
}

struct Line(Pair);

impl crate::Operation for Line {
    type Output = ();
    const ACTION: Action = Action::CleanUp;
    async fn run(&self, tx: &mut crate::Tx<'_>) -> crate::Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        line(tx, self.0, SystemLine::Invited, thing("request", self.0.sponsor), json!({"number": 1})).await?;
        tx.quietly();
        Ok(())
    }
}

async fn say_line(market: &Market, pair: Pair) {
    market.platform.run(&crate::Actor::system("test"), Line(pair)).await.unwrap();
}

#[tokio::test]
async fn a_sponsor_writes_and_the_influencer_answers() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    market.run(&sponsor, write(&influencer, "Hello!")).await.unwrap();
    market.run(&influencer, write(&sponsor, "Hello yourself ☺")).await.unwrap();
    let view = market.run(&sponsor, read(&influencer)).await.unwrap();
    let texts: Vec<&str> = view.messages.items.iter().map(|message| message.said.text()).collect();
    assert_eq!(texts, ["Hello yourself ☺", "Hello!"]);
    assert_eq!(view.messages.items[0].said.by(), Some(influencer.id));
    assert_eq!(view.closed, None);
    let threads = market.run(&influencer, ListThreads::default()).await.unwrap();
    assert_eq!((threads.items.len(), threads.items[0].with, threads.items[0].unread), (1, sponsor.id, 1));
    assert_eq!(market.counter(Thread::unread(influencer.id)).await, 1);
}

#[tokio::test]
async fn an_answer_stands_after_what_it_answers_though_the_clock_was_set_back() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    market.run(&sponsor, write(&influencer, "Hello!")).await.unwrap();
    market.clock.advance(SignedDuration::from_hours(-2));
    // Another node, or this one after a restart: it knows of no ids that were made before.
    let market = market.reopened();
    for text in ["Hello yourself", "Shall we?"] {
        market.run(&influencer, write(&sponsor, text)).await.unwrap();
    }
    let view = market.run(&sponsor, read(&influencer)).await.unwrap();
    let texts: Vec<&str> = view.messages.items.iter().map(|message| message.said.text()).collect();
    assert_eq!(texts, ["Shall we?", "Hello yourself", "Hello!"]);
    let up_to = view.messages.items[0].id;
    market.run(&sponsor, MarkThreadRead { with: influencer.id, up_to: Some(up_to) }).await.unwrap();
    assert_eq!(market.counter(Thread::unread(sponsor.id)).await, 0);
}

#[tokio::test]
async fn an_influencer_cannot_open_a_thread_with_a_sponsor_they_never_dealt_with() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    assert_eq!(code(market.run(&influencer, write(&sponsor, "Hire me")).await), "no_request");
    assert_eq!(market.run(&influencer, read(&sponsor)).await.unwrap().closed.unwrap().code, "no_request");
    say_line(&market, Pair::of(&sponsor, &influencer).unwrap()).await;
    assert_eq!(code(market.run(&influencer, write(&sponsor, "You invited me")).await), "done");
}

#[tokio::test]
async fn what_is_said_must_be_text_of_a_bounded_length() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    for (text, wrong) in [("  \n ", "required"), ("a\u{0}b", "characters"), (&*"x".repeat(4001), "too_long")] {
        assert_eq!(code(market.run(&sponsor, write(&influencer, text)).await), wrong, "{text:.10}");
    }
    assert_eq!(code(market.run(&sponsor, write(&influencer, &"😀".repeat(4000))).await), "done");
}

#[tokio::test]
async fn messages_go_between_sponsors_and_influencers_that_can_be_known() {
    let market = Market::open();
    let (sponsor, influencer, admin) = (market.sponsor().await, market.influencer().await, market.admin().await);
    let pending = market.account(Role::Sponsor, AccountState::Pending).await;
    let nobody = Account { id: AccountId(uuid::Uuid::nil()), ..sponsor.clone() };
    let other = market.sponsor().await;
    assert_eq!(code(market.run(&sponsor, write(&other, "Hi")).await), "forbidden");
    assert_eq!(code(market.run(&admin, write(&sponsor, "Hi")).await), "forbidden");
    assert_eq!(code(market.run(&sponsor, write(&admin, "Hi")).await), "not_found");
    assert_eq!(code(market.run(&sponsor, write(&nobody, "Hi")).await), "not_found");
    assert_eq!(code(market.run(&influencer, write(&pending, "Hi")).await), "not_found");
    assert_eq!(code(market.run(&pending, write(&influencer, "Hi")).await), "forbidden");
}

#[tokio::test]
async fn a_suspended_counterpart_cannot_be_written_to_and_their_words_stay() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    market.run(&sponsor, write(&influencer, "Hello")).await.unwrap();
    market.put(&Account { state: AccountState::Suspended, ..influencer.clone() }).await;
    assert_eq!(code(market.run(&sponsor, write(&influencer, "Still there?")).await), "counterpart_gone");
    assert_eq!(market.run(&sponsor, read(&influencer)).await.unwrap().messages.items.len(), 1);
    assert_eq!(code(market.run(&influencer, write(&sponsor, "I am")).await), "signed_out");
}

#[tokio::test]
async fn a_block_stops_both_until_it_is_lifted() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    market.run(&sponsor, write(&influencer, "Hello")).await.unwrap();
    market.run(&influencer, BlockAccount { account: sponsor.id }).await.unwrap();
    market.run(&influencer, BlockAccount { account: sponsor.id }).await.unwrap();
    assert_eq!(code(market.run(&sponsor, write(&influencer, "Hello?")).await), "blocked");
    assert_eq!(code(market.run(&influencer, write(&sponsor, "No")).await), "blocked");
    assert_eq!(market.run(&influencer, ListBlocks::default()).await.unwrap().items.len(), 1);
    assert!(market.run(&sponsor, ListBlocks::default()).await.unwrap().items.is_empty());
    assert_eq!(code(market.run(&sponsor, UnblockAccount { account: influencer.id }).await), "not_found");
    market.run(&influencer, UnblockAccount { account: sponsor.id }).await.unwrap();
    assert_eq!(code(market.run(&sponsor, write(&influencer, "Thanks")).await), "done");
    assert_eq!(code(market.run(&sponsor, BlockAccount { account: sponsor.id }).await), "oneself");
}

#[tokio::test]
async fn the_daily_caps_are_exact_however_many_write_at_once() {
    let mut settings = Settings::default();
    (settings.caps.messages, settings.caps.new_threads) = (10, 3);
    let market = Market::with(settings);
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let mut writing = tokio::task::JoinSet::new();
    for number in 0..40 {
        let (platform, actor) = (market.platform.clone(), crate::Actor::account(sponsor.id));
        let message = write(&influencer, &format!("number {number}"));
        writing.spawn(async move { platform.run(&actor, message).await });
    }
    let results = writing.join_all().await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 10);
    assert!(results.into_iter().filter(Result::is_err).all(|result| code(result) == "too_often"));
    market.clock.advance(jiff::SignedDuration::from_hours(12));
    let mut opened = 0;
    for _ in 0..5 {
        let stranger = market.influencer().await;
        opened += u32::from(market.run(&sponsor, write(&stranger, "Hi")).await.is_ok());
    }
    assert_eq!(opened, 3, "a new day, and three new threads in it");
    assert_eq!(code(market.run(&sponsor, write(&influencer, "again")).await), "done", "an old thread goes on");
}

#[tokio::test]
async fn many_messages_make_one_unread_notification() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    for _ in 0..3 {
        market.run(&sponsor, write(&influencer, "Hello")).await.unwrap();
    }
    let centre = notices(&market, &influencer).await;
    assert_eq!((centre.notifications.items.len(), centre.unread), (1, 1));
    assert_eq!(centre.notifications.items[0].notice, Notice::MessageReceived);
    let marked = market.run(&influencer, MarkThreadRead { with: sponsor.id, up_to: None }).await.unwrap();
    assert_eq!(marked, Marked { marked: 3, unread: 0 });
    assert_eq!(notices(&market, &influencer).await.unread, 0, "who read the thread need not read the notification");
    assert_eq!(market.counter(Thread::unread(influencer.id)).await, 0);
    market.run(&sponsor, write(&influencer, "Hello again")).await.unwrap();
    assert_eq!(notices(&market, &influencer).await.unread, 1);
}

#[tokio::test]
async fn a_message_that_came_meanwhile_stays_unread() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let seen = market.run(&sponsor, write(&influencer, "seen")).await.unwrap();
    market.run(&sponsor, write(&influencer, "not seen")).await.unwrap();
    let marked = market.run(&influencer, MarkThreadRead { with: sponsor.id, up_to: Some(seen.id) }).await.unwrap();
    assert_eq!(marked, Marked { marked: 1, unread: 1 });
    let thread = market.run(&sponsor, read(&influencer)).await.unwrap().thread.unwrap();
    assert_eq!(thread.side(influencer.id).read_up_to, Some(seen.id), "the writer sees how far it was read");
}

#[tokio::test]
async fn threads_are_listed_by_their_last_message_and_paged_without_gap() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    let mut friends = Vec::new();
    for _ in 0..7 {
        let friend = market.influencer().await;
        market.clock.advance(jiff::SignedDuration::from_secs(1));
        market.run(&sponsor, write(&friend, "Hi")).await.unwrap();
        friends.push(friend);
    }
    market.clock.advance(jiff::SignedDuration::from_secs(1));
    market.run(&friends[2], write(&sponsor, "Hi back")).await.unwrap();
    let (mut listed, mut page) = (Vec::new(), PageRequest::new(3, None));
    loop {
        let found = market.run(&sponsor, ListThreads { page }).await.unwrap();
        listed.extend(found.items.into_iter().map(|thread| thread.with));
        let Some(next) = found.next else { break };
        page = PageRequest::new(3, Some(next));
    }
    let expected: Vec<AccountId> = [2, 6, 5, 4, 3, 1, 0].into_iter().map(|at: usize| friends[at].id).collect();
    assert_eq!(listed, expected);
    let wrong = ListThreads { page: PageRequest::new(3, Some("AAAA".into())) };
    assert_eq!(code(market.run(&sponsor, wrong).await), "cursor");
}

#[tokio::test]
async fn the_platforms_lines_stand_between_and_are_never_unread() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let pair = Pair::of(&sponsor, &influencer).unwrap();
    say_line(&market, pair).await;
    market.run(&influencer, write(&sponsor, "Thank you")).await.unwrap();
    let view = market.run(&influencer, read(&sponsor)).await.unwrap();
    assert_eq!(view.messages.items.len(), 2);
    assert_eq!(view.messages.items[1].said.text(), SystemLine::Invited.text());
    assert_eq!(view.thread.unwrap().side(influencer.id).unread, 0);
}

#[tokio::test]
async fn others_see_nothing_of_a_thread_and_an_admins_look_is_in_the_audit_trail() {
    let market = Market::open();
    let (sponsor, influencer, admin) = (market.sponsor().await, market.influencer().await, market.admin().await);
    let stranger = market.sponsor().await;
    market.run(&sponsor, write(&influencer, "a secret")).await.unwrap();
    let look = ReadThread { with: influencer.id, of: Some(sponsor.id), page: PageRequest::default() };
    assert_eq!(code(market.run(&stranger, look.clone()).await), "not_found");
    let before = market.platform.store().latest();
    let seen = market.run(&admin, look).await.unwrap();
    assert_eq!(seen.messages.items.len(), 1);
    assert_eq!(seen.closed.unwrap().code, "not_yours");
    assert_eq!(market.platform.store().latest(), before + 1, "the look was recorded");
}

#[test]
fn lines_have_their_own_words_and_sentences() {
    let words: std::collections::BTreeSet<&str> = SystemLine::ALL.iter().map(|line| line.word()).collect();
    assert_eq!(words.len(), SystemLine::ALL.len());
    assert!(SystemLine::ALL.iter().all(|line| line.text().ends_with('.')));
}
