//! What is left of somebody whose account is closed: what others were part of, without a name.

use crate::{
    Actor, Origin, Settings,
    account::{Account, AccountState, CLOSED_NAME, CloseAccount, EditOwnAccount, Register, RegisterInput, ViewClosing, name_of},
    chat::SetChat,
    collaboration::{ApproveWork, ReportResults, ResultsInput},
    export::{RequestExport, ViewOwnData},
    fixture::{Market, code},
    id::AccountId,
    ledger::{Remaining, RequestPayout},
    message::SendMessage,
    moderation::audit::{SealAudit, VerifyAudit},
    notification::{Choice, SetPreferences},
    report::{MakeMonthlyReport, ReportMonth},
    settings::Passwords,
    shortlist::{AddToShortlist, MakeShortlist, ViewShortlist},
    store::{Found, Key, Read, Scan},
    value::Money,
};
use jiff::SignedDuration;
use serde_json::json;

const PASSWORD: &str = "violet harbour sings 41";

/// Words that say who she is; nobody else uses them.
const HERS: [&str; 7] =
    ["zebulonia", "zebulonia@example.com", "Zebulonia Quist", "quistburgh", "quist.bakes", "203.0.113.77", "quistophone"];

fn market() -> Market {
    let passwords = Passwords { memory_kib: 64, passes: 1, lanes: 1, at_once: 2 };
    Market::with(Settings { passwords, ..Settings::default() })
}

fn hers(account: &Account) -> Actor {
    let origin = Origin { address: Some("203.0.113.77".into()), agent: Some("quistophone".into()) };
    Actor::account(account.id).from(origin)
}

async fn zebulonia(market: &Market) -> Account {
    let input = RegisterInput {
        role: "influencer".into(),
        username: "zebulonia".into(),
        email: "zebulonia@example.com".into(),
        password: PASSWORD.into(),
        display_name: Some("Zebulonia Quist".into()),
        company: None,
    };
    let origin = Origin { address: Some("203.0.113.77".into()), agent: Some("quistophone".into()) };
    let id = market.platform.run(&Actor::visitor().from(origin), Register::new(input)).await.unwrap().account;
    let account: Account = market.get(Account::at(id)).await.unwrap();
    let patch = json!({
        "location": "quistburgh", "niches": ["fitness"],
        "channels": [{ "platform": "instagram", "handle": "quist.bakes", "followers": 1000 }],
    });
    let patch = patch.as_object().unwrap().clone();
    market.platform.run(&hers(&account), EditOwnAccount { patch, version: None }).await.unwrap();
    account
}

/// Where in the store one of these words stands, in whatever case.
async fn places(market: &Market, words: &[&str]) -> Vec<String> {
    let all = Scan { from: Key(vec![0]), to: Key(vec![255]), descending: false, limit: 1_000_000 };
    let Some(Found::Many(rows)) = market.store.read(vec![Read::Scan(all)]).await.unwrap().pop() else { panic!("no rows") };
    let holds = |bytes: &[u8], word: &str| String::from_utf8_lossy(bytes).to_lowercase().contains(&word.to_lowercase());
    let found = rows.iter().filter_map(|(key, stored)| {
        let word = words.iter().find(|word| holds(&key.0, word) || holds(&stored.bytes, word))?;
        Some(format!("{word} in table {}: {}", key.0[0], String::from_utf8_lossy(&stored.bytes)))
    });
    found.collect()
}

/// Everything somebody can leave behind: a profile, work that was paid, messages, lists, reports, exports, a chat.
async fn lived(market: &Market) -> (Account, Account) {
    let (sponsor, ines) = (market.sponsor().await, zebulonia(market).await);
    let campaign = market.campaign(&sponsor, 100_000).await;
    let work = market.agree(&sponsor, &ines, campaign, 20_000).await;
    market.submit(&ines, work).await.unwrap();
    market.run(&sponsor, ApproveWork { collaboration: work }).await.unwrap();
    let input = ResultsInput { views: Some(1000), source: "the platform".into(), ..ResultsInput::default() };
    market.run(&ines, ReportResults { collaboration: work, input }).await.unwrap();
    market.run(&ines, SendMessage { to: sponsor.id, text: "Thank you!".into() }).await.unwrap();
    let shortlist = market.run(&sponsor, MakeShortlist { name: "Bakers".into() }).await.unwrap().id;
    let add = AddToShortlist { shortlist, influencer: ines.id, note: "Zebulonia Quist is kind.".into() };
    market.run(&sponsor, add).await.unwrap();
    let choices = vec![Choice { topic: "ratings".into(), mail: false }];
    market.run(&ines, SetPreferences { choices, version: None }).await.unwrap();
    let chat = SetChat { address: Some("https://chat.example.com/quistburgh".into()), on: true };
    market.platform.run(&hers(&ines), chat).await.unwrap();
    market.run(&ines, RequestExport { kind: "everything".into(), format: None }).await.unwrap();
    market.run(&ines, RequestPayout { amount: 20_000 }).await.unwrap();
    market.pass(1).await;
    market.clock.advance(SignedDuration::from_hours(24 * 31));
    let make = MakeMonthlyReport { account: sponsor.id, month: ReportMonth::parse("2026-03").unwrap() };
    let report = market.platform.run(&Actor::system("reports"), make).await.unwrap().unwrap();
    assert!(format!("{report:?}").contains("Zebulonia Quist"));
    (sponsor, ines)
}

/// What waits for the relay goes to the queue.
async fn relayed(market: &Market) {
    use crate::outbox::{ListOutbox, OutboxItem, RemoveFromOutbox};
    let relay = Actor::system("relay");
    let letters = market.platform.run(&relay, ListOutbox { limit: 500, after: None }).await.unwrap().letters;
    let letters = letters.iter().map(OutboxItem::place).collect();
    market.platform.run(&relay, RemoveFromOutbox { letters }).await.unwrap();
}

#[tokio::test]
async fn nothing_in_the_store_says_whose_a_closed_account_was() {
    let market = market();
    let (sponsor, ines) = lived(&market).await;
    market.platform.run(&Actor::system("sealer"), SealAudit {}).await.unwrap();
    assert!(!places(&market, &HERS).await.is_empty());
    market.platform.run(&hers(&ines), CloseAccount).await.unwrap();
    relayed(&market).await;
    market.pass(1).await;
    assert_eq!(places(&market, &HERS).await, Vec::<String>::new());
    let actor = Actor::system("test");
    let mut tx = crate::Tx::new(&market.platform, &actor, crate::policy::Action::CleanUp, crate::sight::Seen::default());
    assert_eq!(name_of(&mut tx, ines.id).await.unwrap(), CLOSED_NAME);
    market.sound().await;
    market.platform.run(&actor, SealAudit {}).await.unwrap();
    let verified = market.platform.run(&Actor::terminal(), VerifyAudit::default()).await.unwrap();
    assert!(verified.broken.is_none() && verified.seals > 0, "{verified:?}");
    let seen =
        market.run(&sponsor, ViewShortlist { shortlist: shortlist_of(&market, &sponsor).await, page: Default::default() }).await;
    let seen = seen.unwrap();
    assert_eq!((seen.entries.items.len(), seen.shortlist.entries), (0, 0));
}

async fn shortlist_of(market: &Market, sponsor: &Account) -> crate::id::ShortlistId {
    use crate::shortlist::ListShortlists;
    market.run(sponsor, ListShortlists { page: Default::default() }).await.unwrap().items[0].id
}

#[tokio::test]
async fn what_stands_in_the_way_of_closing_is_told_with_where_it_is() {
    let market = market();
    let (sponsor, ines) = (market.sponsor().await, zebulonia(&market).await);
    assert_eq!(market.run(&ines, ViewClosing).await.unwrap(), []);
    let campaign = market.campaign(&sponsor, 100_000).await;
    let work = market.agree(&sponsor, &ines, campaign, 20_000).await;
    assert_eq!(market.run(&ines, ViewClosing).await.unwrap(), [Remaining::Collaborations(1)]);
    let in_the_way = market.run(&sponsor, ViewClosing).await.unwrap();
    assert_eq!(in_the_way, [Remaining::Collaborations(1), Remaining::Campaign { campaign, money: Money(100_000) }]);
    market.submit(&ines, work).await.unwrap();
    market.run(&sponsor, ApproveWork { collaboration: work }).await.unwrap();
    assert_eq!(market.run(&ines, ViewClosing).await.unwrap(), [Remaining::Earnings(Money(20_000))]);
    for account in [&ines, &sponsor] {
        assert_eq!(code(market.run(account, CloseAccount).await), "remaining");
    }
    assert_eq!(market.get::<Account>(Account::at(ines.id)).await.unwrap().state, AccountState::Active);
}

#[tokio::test]
async fn the_archive_holds_what_is_ones_own_and_no_secret() {
    use crate::export::Section;
    let market = market();
    let (sponsor, ines) = lived(&market).await;
    let all = async |owner: AccountId| {
        let mut text = String::new();
        for section in Section::ALL.iter().copied() {
            let (mut after, mut rows) = (None, Vec::new());
            loop {
                let view = ViewOwnData { owner, section, after };
                let page = market.platform.run(&Actor::system("exports"), view).await.unwrap();
                rows.extend(page.rows);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert!(rows.iter().all(serde_json::Value::is_object), "{section:?}");
            text += &format!("{}: {}\n", section.word(), serde_json::to_string(&rows).unwrap());
        }
        text
    };
    let hers = all(ines.id).await;
    for held in HERS.iter().chain(&["Thank you!", "\"views\":1000", "203.0.113.77", "chat.example.com"]) {
        assert!(hers.contains(held), "{held}: {hers}");
    }
    for secret in ["sealed", "argon2", "under_review", "is kind", "salt", "\"secret\""] {
        assert!(!hers.contains(secret), "{secret}: {hers}");
    }
    let theirs = all(sponsor.id).await;
    assert!(theirs.contains("is kind") && theirs.contains("Thank you!") && !theirs.contains("203.0.113.77"), "{theirs}");
}
