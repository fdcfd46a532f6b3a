use super::*;
use crate::{
    account::{Account, AccountState},
    fixture::{Market, code},
    ledger::LedgerAccount,
    message::{SendMessage, Thread},
    moderation::audit::SealAudit,
    shortlist::{AddToShortlist, MakeShortlist, Shortlist, ShortlistEntry},
    store::{
        Batch, Change, Found, MemoryStore, Pending, Read, Scan, Write,
        keys::{list, tally},
    },
};
use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::watch;

async fn look(platform: &Platform, repair: bool) -> CheckReport {
    check(platform, &Actor::terminal(), Options { repair, ..Options::default() }, &mut |_| {}).await.unwrap()
}

async fn write(market: &Market, write: Write) {
    market.platform.store().commit(Batch { writes: vec![write], ..Batch::default() }).await.unwrap();
}

/// A market in which people have talked, listed each other, and all of it was sealed.
async fn busy() -> (Market, Account, Account) {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    talk(&market.platform, &sponsor, &influencer, 5).await;
    let shortlist = market.run(&sponsor, MakeShortlist { name: "Summer".into() }).await.unwrap();
    let add = AddToShortlist { shortlist: shortlist.id, influencer: influencer.id, note: String::new() };
    market.run(&sponsor, add).await.unwrap();
    market.platform.run(&Actor::system("seal"), SealAudit {}).await.unwrap();
    (market, sponsor, influencer)
}

async fn talk(platform: &Platform, from: &Account, to: &Account, times: usize) {
    for number in 0..times {
        let message = SendMessage { to: to.id, text: format!("{number}") };
        platform.run(&Actor::account(from.id), message).await.unwrap();
    }
}

#[test]
fn every_table_of_records_has_a_kind_and_no_other_does() {
    let read: BTreeSet<Table> = kinds::KINDS.iter().map(|kind| kind.table).collect();
    assert_eq!(read, BTreeSet::from(Table::RECORDS));
}

#[tokio::test]
async fn a_sound_store_is_found_sound() {
    let (market, ..) = busy().await;
    let report = look(&market.platform, false).await;
    assert_eq!(report.findings, []);
    assert!(report.records > 20 && report.derived > 40 && report.seals == 7, "{report:?}");
    assert!(look(&Market::open().platform, true).await.is_clean());
}

#[tokio::test]
async fn only_the_platform_and_the_terminal_check_the_store() {
    let market = Market::open();
    let admin = Actor::account(market.admin().await.id);
    assert_eq!(code(check(&market.platform, &admin, Options::default(), &mut |_| {}).await), "forbidden");
}

#[tokio::test]
async fn each_wrong_derived_key_is_found_where_it_is_and_repaired() {
    let (market, sponsor, influencer) = busy().await;
    let gone = list("accounts").id(sponsor.id).key();
    let extra = list("accounts").id(market.platform.uuid_at(market.platform.clock().now())).key();
    let name = Account::by_username(&sponsor.username.folded());
    let counter = Thread::unread(influencer.id);
    write(&market, Write::Delete(gone.clone())).await;
    write(&market, Write::Put(extra.clone(), Vec::new())).await;
    write(&market, Write::Put(name.clone(), influencer.id.0.as_bytes().to_vec())).await;
    write(&market, Write::Put(counter.clone(), 7_i64.to_be_bytes().to_vec())).await;
    write(&market, Write::Put(tally("weather").key(), b"rain".to_vec())).await;
    let report = look(&market.platform, false).await;
    let found: BTreeSet<(What, String)> =
        report.findings.iter().map(|finding| (finding.what, finding.place.split_once(' ').unwrap().1.to_owned())).collect();
    let expected = BTreeSet::from([
        (What::Missing, format!("{gone:?}")),
        (What::Surplus, format!("{extra:?}")),
        (What::Wrong, format!("{name:?}")),
        (What::Wrong, format!("{counter:?}")),
        (What::Wrong, format!("{:?}", tally("weather").key())),
    ]);
    assert_eq!(found, expected);
    assert!(report.findings.iter().any(|finding| finding.message == "This counter is 7, and should be 5."), "{report:?}");
    let repaired = look(&market.platform, true).await;
    assert_eq!((repaired.repaired, repaired.findings), (5, Vec::new()));
    assert_eq!(market.counter(counter).await, 5);
}

#[tokio::test]
async fn what_is_left_of_an_earlier_layout_until_its_programs_are_gone_is_not_wrong() {
    let (market, ..) = busy().await;
    let left = LedgerAccount::Outside.transfers().id(market.platform.uuid_at(market.platform.clock().now())).key();
    write(&market, Write::Put(left, Vec::new())).await;
    assert!(look(&market.platform, false).await.is_clean());
}

#[tokio::test]
async fn a_store_that_lost_all_it_derived_is_given_it_back() {
    let (market, ..) = busy().await;
    let all = |market: &Market| {
        let store = market.platform.store().clone();
        async move {
            let reads = Table::DERIVED.iter().map(|table| Read::Scan(table.all())).collect();
            let found = store.read(reads).await.unwrap().into_iter();
            found.flat_map(|found| if let Found::Many(pairs) = found { pairs } else { Vec::new() }).collect::<Vec<_>>()
        }
    };
    let before: Vec<_> = all(&market).await.into_iter().map(|(key, stored)| (key, stored.bytes)).collect();
    for (key, _) in &before {
        write(&market, Write::Delete(key.clone())).await;
    }
    assert_eq!(look(&market.platform, false).await.findings.len(), before.len());
    // Repairing is an event of its own, which derives a list entry more.
    let repaired = look(&market.platform, true).await;
    assert!(repaired.is_clean() && repaired.repaired == before.len() as u64, "{repaired:?}");
    let after: BTreeSet<_> = all(&market).await.into_iter().map(|(key, stored)| (key, stored.bytes)).collect();
    assert!(before.iter().all(|pair| after.contains(pair)));
}

#[tokio::test]
async fn a_damaged_record_is_reported_and_nothing_that_may_follow_from_it_is_removed() {
    let (market, sponsor, _) = busy().await;
    write(&market, Write::Put(Account::at(sponsor.id), b"\x01{\"id\":".to_vec())).await;
    let report = look(&market.platform, true).await;
    assert_eq!((report.findings[0].what, report.repaired), (What::Damaged, 0));
    assert!(report.findings[0].place.starts_with("Account "), "{report:?}");
    assert!(report.findings.iter().any(|finding| finding.what == What::Surplus));
}

#[tokio::test]
async fn a_record_under_anothers_key_and_a_name_claimed_twice_are_reported() {
    let (market, sponsor, influencer) = busy().await;
    let twin = Account { id: influencer.id, username: sponsor.username.clone(), ..influencer.clone() };
    let bytes = crate::store::record::encode(&twin).unwrap();
    write(&market, Write::Put(Account::at(influencer.id), bytes.clone())).await;
    write(&market, Write::Put(Account::at(crate::id::AccountId(Uuid::nil())), bytes)).await;
    let report = look(&market.platform, false).await;
    let what: BTreeSet<What> = report.findings.iter().map(|finding| finding.what).collect();
    assert!(what.contains(&What::Misplaced) && what.contains(&What::Claimed), "{report:?}");
}

#[tokio::test]
async fn a_broken_chain_and_a_broken_invariant_are_reported() {
    let (market, sponsor, influencer) = busy().await;
    let Some(Found::Many(events)) = market.platform.store().read(vec![Read::Scan(Table::Event.all())]).await.unwrap().pop()
    else {
        panic!("a scan was asked for")
    };
    let (key, stored) = events[3].clone();
    let text = String::from_utf8(stored.bytes).unwrap().replace("SendMessage", "ReportAbuse");
    write(&market, Write::Put(key, text.into_bytes())).await;
    let of = Table::Shortlist.all();
    let Some(Found::Many(lists)) = market.platform.store().read(vec![Read::Scan(of)]).await.unwrap().pop() else {
        panic!("a scan was asked for")
    };
    let shortlist: Shortlist = crate::store::record::decode(&lists[0].1.bytes).unwrap();
    market.put(&Shortlist { entries: 3, ..shortlist.clone() }).await;
    let report = look(&market.platform, false).await;
    let found: Vec<(What, &str)> = report.findings.iter().map(|finding| (finding.what, &*finding.message)).collect();
    let counted = format!("The shortlist {} counts 3 entries and has 1.", shortlist.id);
    assert_eq!(found[0], (What::Invariant, &*counted));
    assert_eq!(found[1].0, What::Chain);
    assert!(report.findings[1].place.starts_with("Seal "), "{report:?}");
    assert_eq!(found.len(), 2);
    let entry: ShortlistEntry = market.get(ShortlistEntry::at(shortlist.id, influencer.id)).await.unwrap();
    market.remove(&shortlist).await;
    assert!(look(&market.platform, false).await.findings[0].message.contains("is on no shortlist"));
    assert_eq!((entry.influencer, sponsor.state), (influencer.id, AccountState::Active));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_found_wrong_because_people_write_meanwhile() {
    let (market, sponsor, influencer) = busy().await;
    let done = Arc::new(AtomicBool::new(false));
    let (platform, stop) = (market.platform.clone(), Arc::clone(&done));
    let (from, to) = (sponsor.clone(), influencer.clone());
    let mut settings = 0;
    let writing = tokio::spawn(async move {
        while !stop.load(Ordering::Relaxed) && settings < 400 {
            talk(&platform, &from, &to, 1).await;
            let read = crate::message::MarkThreadRead { with: from.id, up_to: None };
            platform.run(&Actor::account(to.id), read).await.unwrap();
            platform.run(&Actor::system("seal"), SealAudit {}).await.unwrap();
            settings += 1;
        }
        settings
    });
    write(&market, Write::Add(crate::store::Add { key: tally("weather").key(), by: 5, floor: None })).await;
    for _ in 0..20 {
        let report = look(&market.platform, false).await;
        let messages: Vec<&str> = report.findings.iter().map(|finding| &*finding.message).collect();
        assert_eq!(messages, ["This counter is 5, and should be 0."]);
        tokio::task::yield_now().await;
    }
    let repaired = look(&market.platform, true).await;
    assert_eq!((repaired.repaired, repaired.findings), (1, Vec::new()));
    done.store(true, Ordering::Relaxed);
    assert!(writing.await.unwrap() > 0);
    assert!(look(&market.platform, false).await.is_clean());
}

/// A store that writes by itself whenever it is scanned, and cannot read one of its values.
struct Restless {
    inner: MemoryStore,
    between: Mutex<Vec<Batch>>,
    unreadable: Mutex<Option<Key>>,
}

impl Store for Restless {
    fn read(&self, reads: Vec<Read>) -> Pending<'_, Vec<Found>> {
        Box::pin(async move {
            let scans = reads.iter().any(|read| matches!(read, Read::Scan(Scan { limit, .. }) if *limit > 1));
            let found = self.inner.read(reads).await?;
            let unreadable = self.unreadable.lock().unwrap().clone();
            for found in &found {
                if let (Found::Many(pairs), Some(key)) = (found, &unreadable)
                    && pairs.iter().any(|(found, _)| found == key)
                {
                    return Err(StoreError::Corrupt("a value does not have its checksum".into()));
                }
            }
            let batch = if scans { self.between.lock().unwrap().pop() } else { None };
            if let Some(batch) = batch {
                self.inner.commit(batch).await?;
            }
            Ok(found)
        })
    }

    fn commit(&self, batch: Batch) -> Pending<'_, u64> {
        self.inner.commit(batch)
    }

    fn changes(&self, after: u64, limit: usize) -> Pending<'_, Vec<Change>> {
        self.inner.changes(after, limit)
    }

    fn latest(&self) -> u64 {
        self.inner.latest()
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.inner.watch()
    }

    fn health(&self) -> Result<(), StoreError> {
        self.inner.health()
    }
}

/// The contents of a market, in a store that is restless.
async fn restless(market: &Market) -> (Arc<Restless>, Platform) {
    let inner = MemoryStore::new();
    for table in Table::RECORDS.iter().chain(&Table::DERIVED) {
        let found = market.platform.store().read(vec![Read::Scan(table.all())]).await.unwrap().remove(0);
        let Found::Many(pairs) = found else { panic!("a scan was asked for") };
        let writes = pairs.into_iter().map(|(key, stored)| Write::Put(key, stored.bytes)).collect();
        inner.commit(Batch { writes, ..Batch::default() }).await.unwrap();
    }
    let store = Arc::new(Restless { inner, between: Mutex::default(), unreadable: Mutex::default() });
    let shared: Arc<dyn Store> = store.clone();
    (store.clone(), Platform::over(shared).clock(market.clock.clone()).open().unwrap())
}

#[tokio::test]
async fn records_that_move_between_the_reading_of_sources_and_derived_keys_are_no_finding() {
    let (market, sponsor, influencer) = busy().await;
    let (store, platform) = restless(&market).await;
    // What these do in the market is played back between the scans of the check.
    let begin = market.platform.store().latest();
    talk(&market.platform, &influencer, &sponsor, 30).await;
    let changes = market.platform.store().changes(begin, 1000).await.unwrap();
    let as_batch = |change: Change| {
        let write = |(key, value)| match value {
            Some(value) => Write::Put(key, value),
            None => Write::Delete(key),
        };
        Batch { writes: change.writes.into_iter().map(write).collect(), ..Batch::default() }
    };
    *store.between.lock().unwrap() = changes.into_iter().rev().map(as_batch).collect();
    let report = look(&platform, false).await;
    assert_eq!(report.findings, []);
    assert!(store.between.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_the_engine_cannot_read_is_reported_and_everything_else_is_still_checked() {
    let (market, ..) = busy().await;
    let (store, platform) = restless(&market).await;
    let Some(Found::Many(messages)) = store.inner.read(vec![Read::Scan(Table::Message.all())]).await.unwrap().pop() else {
        panic!("a scan was asked for")
    };
    *store.unreadable.lock().unwrap() = Some(messages[2].0.clone());
    store.inner.commit(Batch { writes: vec![Write::Delete(messages[4].0.clone())], ..Batch::default() }).await.unwrap();
    let stray = tally("weather").key();
    store
        .inner
        .commit(Batch { writes: vec![Write::Put(stray, 1_i64.to_be_bytes().to_vec())], ..Batch::default() })
        .await
        .unwrap();
    let report = look(&platform, false).await;
    let what: Vec<What> = report.findings.iter().map(|finding| finding.what).collect();
    assert_eq!(what, [What::Damaged, What::Wrong]);
    assert!(report.findings[0].place.starts_with("Message "), "{report:?}");
}
