use super::*;
use crate::{
    id::{AccountId, CampaignId, CollaborationId},
    ledger::LedgerAccount,
    store::MemoryStore,
};
use uuid::Uuid;

fn put(name: &[u8], value: &[u8]) -> Write {
    Write::Put(Key(name.to_vec()), value.to_vec())
}

async fn all(store: &dyn Store) -> Vec<(Key, Stored)> {
    page(store, &Scan { from: Key::default(), to: Key(vec![u8::MAX]), descending: false, limit: usize::MAX }).await.unwrap()
}

/// Doubles every value of the keys that begin with `k` and is one byte long.
fn doubling() -> Vec<Step> {
    let keys = || Scan { from: Key(b"k".to_vec()), to: Key(b"l".to_vec()), descending: false, limit: usize::MAX };
    vec![Step {
        name: "values are doubled",
        kind: Kind::Contracts,
        keys,
        change: |key, stored| match stored.bytes.as_slice() {
            [one] => Ok(vec![Write::Put(key.clone(), vec![*one, *one])]),
            _ => Ok(Vec::new()),
        },
    }]
}

async fn of_layout_1(keys: u32) -> MemoryStore {
    let store = MemoryStore::new();
    for number in 0..keys {
        let key = [b"k".as_slice(), &number.to_be_bytes()].concat();
        store.commit(Batch { writes: vec![put(&key, b"x")], ..Batch::default() }).await.unwrap();
    }
    store
}

#[tokio::test]
async fn an_empty_store_is_in_the_present_layout_and_says_so() {
    let store = MemoryStore::new();
    assert_eq!(upgrade(&store).await.unwrap(), Upgraded { from: LAYOUT, seen: 0, waits: false });
    assert_eq!(find(&store).await.unwrap().unwrap().0, Layout { layout: LAYOUT, after: None, since: None });
    let before = store.latest();
    upgrade(&store).await.unwrap();
    assert_eq!(store.latest(), before, "nothing is written where nothing is to be done");
}

#[tokio::test]
async fn there_is_a_step_for_every_layout_but_the_first() {
    assert_eq!(STEPS.len(), usize::try_from(LAYOUT - UNSAID).unwrap());
}

#[tokio::test]
async fn the_links_by_secret_of_layout_1_go_and_nothing_else_does() {
    let store = MemoryStore::new();
    let writes = vec![put(&[130, 9], b"session"), put(&[131], b"a"), put(&[131, 255, 255], b"b"), put(&[132], b"request")];
    store.commit(Batch { writes, ..Batch::default() }).await.unwrap();
    assert_eq!(upgrade(&store).await.unwrap(), Upgraded { from: 1, seen: 2, waits: false });
    let left: Vec<u8> = all(&store).await.into_iter().map(|(key, _)| key.0[0]).collect();
    assert_eq!(left, [Table::Meta as u8, 130, 132]);
}

#[tokio::test]
async fn what_listed_the_transfers_of_every_account_goes_and_what_lists_those_of_budgets_stays() {
    let store = MemoryStore::new();
    let of = |account: LedgerAccount| account.transfers().id(Uuid::from_u128(7)).key();
    let budget = of(LedgerAccount::Budget(CampaignId(Uuid::from_u128(1))));
    let others = [
        of(LedgerAccount::Outside),
        of(LedgerAccount::Hold(CollaborationId(Uuid::from_u128(2)))),
        of(LedgerAccount::Earnings(AccountId(Uuid::from_u128(3)))),
    ];
    let keys = others.iter().chain([&budget]);
    let writes = keys.map(|key| Write::Put(key.clone(), Vec::new())).collect();
    store.commit(Batch { writes, ..Batch::default() }).await.unwrap();
    assert!(others.iter().all(is_left_over) && !is_left_over(&budget));
    assert_eq!(upgrade(&store).await.unwrap(), Upgraded { from: 1, seen: 4, waits: false });
    let left: Vec<Key> = all(&store).await.into_iter().map(|(key, _)| key).collect();
    assert_eq!(left, [meta("layout"), budget]);
}

#[tokio::test]
async fn a_store_of_a_newer_version_is_refused_with_a_way_out() {
    let store = MemoryStore::new();
    note(&store, Layout { layout: LAYOUT + 1, after: None, since: None }, &mut None, Vec::new()).await.unwrap();
    let refused = upgrade(&store).await.unwrap_err();
    let Error::Store(StoreError::Newer(why)) = &refused else { panic!("{refused:?}") };
    assert!(why.contains("Use the newer version"), "{why}");
}

/// Stops taking commits after so many, as a killed process does.
struct Dying {
    store: MemoryStore,
    commits: std::sync::atomic::AtomicI64,
}

impl Store for Dying {
    fn read(&self, reads: Vec<Read>) -> crate::store::Pending<'_, Vec<Found>> {
        self.store.read(reads)
    }

    fn commit(&self, batch: Batch) -> crate::store::Pending<'_, u64> {
        if self.commits.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) <= 0 {
            return Box::pin(async { Err(StoreError::Stopped("killed".into())) });
        }
        self.store.commit(batch)
    }

    fn changes(&self, after: u64, limit: usize) -> crate::store::Pending<'_, Vec<crate::store::Change>> {
        self.store.changes(after, limit)
    }

    fn latest(&self) -> u64 {
        self.store.latest()
    }

    fn watch(&self) -> tokio::sync::watch::Receiver<u64> {
        self.store.watch()
    }

    fn health(&self) -> std::result::Result<(), StoreError> {
        self.store.health()
    }
}

#[tokio::test]
async fn a_step_that_was_killed_goes_on_where_it_ended() {
    let keys = 3 * u32::try_from(PAGE).unwrap() + 7;
    let mut store = of_layout_1(keys).await;
    let (mut rounds, mut seen) = (0, 0);
    loop {
        let dying = Dying { store, commits: 1.into() };
        let outcome = through(&dying, &doubling(), 2, Others::Nobody).await;
        store = dying.store;
        rounds += 1;
        match outcome {
            Ok(done) => {
                seen += done.seen;
                break;
            }
            Err(error) => assert_eq!(error, Error::Store(StoreError::Stopped("killed".into()))),
        }
        assert!(rounds < 20);
    }
    assert_eq!((rounds, seen), (4, 7), "each round did a page, and the last what was left");
    let values = all(&store).await;
    assert_eq!(values.iter().filter(|(_, stored)| stored.bytes == b"xx").count(), keys as usize);
    assert_eq!(find(&store).await.unwrap().unwrap().0, Layout { layout: 2, after: None, since: None });
}

/// Layout 2 has a copy of `k…` at `n…`, layout 3 has `k…` no more. Who knows layout 1 alone reads and writes `k…`.
fn renaming() -> Vec<Step> {
    fn copy(key: &Key, stored: &Stored) -> Write {
        Write::Put(Key([b"n", &key.0[1..]].concat()), stored.bytes.clone())
    }
    let keys = || Scan { from: Key(b"k".to_vec()), to: Key(b"l".to_vec()), descending: false, limit: usize::MAX };
    let expand = Step { name: "n beside k", kind: Kind::Expands, keys, change: |key, stored| Ok(vec![copy(key, stored)]) };
    let change = |key: &Key, stored: &Stored| Ok(vec![copy(key, stored), Write::Delete(key.clone())]);
    vec![expand, Step { name: "n in place of k", kind: Kind::Contracts, keys, change }]
}

/// What a program does when it opens a store that others may have open: it knows these steps.
async fn opens(store: &dyn Store, steps: &[Step]) -> Result<Upgraded> {
    let newest = UNSAID + u32::try_from(steps.len()).unwrap();
    through(store, steps, newest, Others::OfTheVersionBefore).await
}

async fn keys_of(store: &dyn Store, first: u8) -> usize {
    all(store).await.iter().filter(|(key, _)| key.0[0] == first).count()
}

#[tokio::test]
async fn two_versions_run_side_by_side_until_the_older_is_gone() {
    let (older, newer) = (Vec::new(), renaming());
    let number = 2 * PAGE + 3;
    let store = of_layout_1(u32::try_from(number).unwrap()).await;
    opens(&store, &older).await.unwrap();
    // The first node of the new version: what is only added is added, and the older ones go on and start again.
    assert_eq!(opens(&store, &newer).await.unwrap(), Upgraded { from: 1, seen: number as u64, waits: true });
    assert_eq!((keys_of(&store, b'k').await, keys_of(&store, b'n').await), (number, number));
    store.commit(Batch { writes: vec![put(b"k-late", b"x")], ..Batch::default() }).await.unwrap();
    assert_eq!(opens(&store, &older).await.unwrap(), Upgraded { from: 2, seen: 0, waits: false });
    assert!(opens(&store, &newer).await.unwrap().waits);

    // Not before the last of them is gone; nothing has changed by asking.
    let before = find(&store).await.unwrap().unwrap().0;
    let refused = finish_through(&store, &newer, 3, async || Ok(2)).await.unwrap_err();
    assert!(refused.to_string().contains("version before"), "{refused}");
    assert_eq!(find(&store).await.unwrap().unwrap().0, before);
    opens(&store, &older).await.unwrap();

    // While it is looked whether any is left, none can come.
    let looked = async || {
        assert!(matches!(opens(&store, &older).await, Err(Error::Store(StoreError::Newer(_)))));
        opens(&store, &newer).await.map(|_| 0)
    };
    let done = finish_through(&store, &newer, 3, looked).await.unwrap();
    assert_eq!(done, Upgraded { from: 2, seen: number as u64 + 1, waits: false });
    assert_eq!((keys_of(&store, b'k').await, keys_of(&store, b'n').await), (0, number + 1), "also what was written meanwhile");
    assert!(opens(&store, &older).await.is_err());
    assert_eq!(opens(&store, &newer).await.unwrap(), Upgraded { from: 3, seen: 0, waits: false });
    let again = finish_through(&store, &newer, 3, async || panic!("nothing is left to do")).await.unwrap();
    assert_eq!(again.seen, 0);
}

#[tokio::test]
async fn a_version_that_builds_on_an_upgrade_that_was_not_finished_says_so() {
    let store = of_layout_1(3).await;
    let next: Vec<Step> = renaming().into_iter().chain(renaming()).collect();
    let refused = opens(&store, &next).await.unwrap_err();
    assert!(format!("{refused:?}").contains("iescp-web upgrade"), "{refused:?}");
    assert_eq!(through(&store, &next, 5, Others::Nobody).await.unwrap().seen, 6, "alone it does all of it");
}
