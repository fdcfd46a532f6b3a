use super::*;
use crate::{
    Actor, Operation,
    account::{AccountState, Role},
    event::thing,
    fixture::{Market, code},
    policy::{Action, Subject},
};
use serde_json::json;

struct Tell(Vec<AccountId>);

impl Operation for Tell {
    type Output = ();
    const ACTION: Action = Action::CleanUp;
    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        for account in &self.0 {
            tx.tell(*account, Notice::CampaignEnded, thing("campaign", *account), json!({}));
        }
        tell_admins(tx, Notice::DisputeWaits, &thing("dispute", Uuid::nil()), &json!({})).await?;
        tx.happened([thing("campaign", Uuid::nil())], json!({}));
        tx.put(&Preferences::of(AccountId(Uuid::now_v7())))
    }
}

async fn tell(market: &Market, accounts: &[AccountId]) {
    market.platform.run(&Actor::system("test"), Tell(accounts.to_vec())).await.unwrap();
}

fn unread() -> ListNotifications {
    ListNotifications { unread: true, page: PageRequest::default() }
}

#[tokio::test]
async fn what_is_read_leaves_the_unread_list_and_stays_in_the_centre() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    for _ in 0..3 {
        tell(&market, &[sponsor.id]).await;
    }
    let centre = market.run(&sponsor, unread()).await.unwrap();
    assert_eq!((centre.notifications.items.len(), centre.unread), (3, 3));
    let newest = centre.notifications.items[0].id;
    let one = MarkNotificationsRead { ids: vec![newest, newest], up_to: None };
    assert_eq!(market.run(&sponsor, one.clone()).await.unwrap(), Marked { marked: 1, more: false });
    assert_eq!(market.run(&sponsor, one).await.unwrap().marked, 0);
    assert_eq!(market.run(&sponsor, unread()).await.unwrap().notifications.items.len(), 2);
    let up_to = MarkNotificationsRead { ids: Vec::new(), up_to: Some(newest) };
    assert_eq!(market.run(&sponsor, up_to).await.unwrap(), Marked { marked: 2, more: false });
    let all = market.run(&sponsor, ListNotifications::default()).await.unwrap();
    assert_eq!((all.notifications.items.len(), all.unread), (3, 0));
    assert!(all.notifications.items.iter().all(|one| one.read_at.is_some()));
}

#[tokio::test]
async fn nobody_marks_what_another_was_told() {
    let market = Market::open();
    let (sponsor, other) = (market.sponsor().await, market.sponsor().await);
    tell(&market, &[sponsor.id]).await;
    let id = market.run(&sponsor, unread()).await.unwrap().notifications.items[0].id;
    let marked = market.run(&other, MarkNotificationsRead { ids: vec![id], up_to: Some(id) }).await.unwrap();
    assert_eq!(marked.marked, 0);
    assert_eq!(market.run(&sponsor, unread()).await.unwrap().unread, 1);
}

#[tokio::test]
async fn very_many_are_marked_in_bounded_steps() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    for _ in 0..501 {
        tell(&market, &[sponsor.id]).await;
    }
    let newest = market.run(&sponsor, unread()).await.unwrap().notifications.items[0].id;
    let all = MarkNotificationsRead { ids: Vec::new(), up_to: Some(newest) };
    assert_eq!(market.run(&sponsor, all.clone()).await.unwrap(), Marked { marked: 500, more: true });
    assert_eq!(market.run(&sponsor, all).await.unwrap(), Marked { marked: 1, more: false });
    let many = MarkNotificationsRead { ids: vec![newest; 101], up_to: None };
    assert_eq!(code(market.run(&sponsor, many).await), "too_many");
}

#[tokio::test]
async fn every_active_admin_is_told_and_nobody_else() {
    let market = Market::open();
    let (one, two, sponsor) = (market.admin().await, market.admin().await, market.sponsor().await);
    let gone = market.account(Role::Admin, AccountState::Suspended).await;
    tell(&market, &[]).await;
    for (account, expected) in [(one.id, 1), (two.id, 1), (sponsor.id, 0), (gone.id, 0)] {
        assert_eq!(market.counter(Notification::unread(account)).await, expected);
    }
}

#[tokio::test]
async fn people_choose_what_is_mailed_but_never_miss_what_keeps_them_safe() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    let choose = |topic: &str, mail| SetPreferences { choices: vec![Choice { topic: topic.into(), mail }], version: None };
    let set = market.run(&sponsor, choose("messages", false)).await.unwrap();
    assert!(!set.mails(Topic::Messages) && set.mails(Topic::Requests));
    assert!(!market.run(&sponsor, choose("requests", false)).await.unwrap().mails(Topic::Requests));
    assert_eq!(code(market.run(&sponsor, choose("security", false)).await), "always_on");
    assert_eq!(code(market.run(&sponsor, choose("weather", true)).await), "unknown");
    let seen = market.run(&sponsor, ViewPreferences {}).await.unwrap().preferences;
    assert_eq!(seen.mail.len(), 2, "only what was chosen is kept");
    assert_eq!(seen.choices().len(), Topic::ALL.len());
}

#[test]
fn topics_have_their_own_words() {
    let words: std::collections::BTreeSet<&str> = Topic::ALL.iter().map(|topic| topic.word()).collect();
    assert_eq!(words.len(), Topic::ALL.len());
    assert!(Topic::ALL.iter().all(|topic| Topic::named(topic.word()) == Some(*topic)));
    assert!(Notice::ALL.iter().all(|notice| Topic::ALL.contains(&notice.topic())));
}
