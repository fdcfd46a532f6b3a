use super::*;
use crate::store::MemoryStore;

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
    assert_eq!(upgrade(&store).await.unwrap(), Upgraded { from: LAYOUT, seen: 0 });
    assert_eq!(find(&store).await.unwrap().unwrap().0, Layout { layout: LAYOUT, after: None });
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
    assert_eq!(upgrade(&store).await.unwrap(), Upgraded { from: 1, seen: 2 });
    let left: Vec<u8> = all(&store).await.into_iter().map(|(key, _)| key.0[0]).collect();
    assert_eq!(left, [Table::Meta as u8, 130, 132]);
}

#[tokio::test]
async fn a_store_of_a_newer_version_is_refused_with_a_way_out() {
    let store = MemoryStore::new();
    note(&store, Layout { layout: LAYOUT + 1, after: None }, &mut None, Vec::new()).await.unwrap();
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
        let outcome = through(&dying, &doubling(), 2).await;
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
    assert_eq!(find(&store).await.unwrap().unwrap().0, Layout { layout: 2, after: None });
}
