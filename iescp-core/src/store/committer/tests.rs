use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
        mpsc,
    },
};

use super::{Embedded, Engine, EngineWrite, Pair, layout, marks};
use crate::store::{Add, Batch, Expect, Found, Key, Read, Store, StoreError, Write, conformance};

/// An engine in memory that keeps what is synced apart from what is applied, and fails on demand.
#[derive(Clone, Default)]
struct Fake(Arc<Inner>);

#[derive(Default)]
struct Inner {
    live: Mutex<BTreeMap<Vec<u8>, Vec<u8>>>,
    synced: Mutex<BTreeMap<Vec<u8>, Vec<u8>>>,
    next_sync: Mutex<Option<StoreError>>,
    next_reopen: Mutex<Option<StoreError>>,
    no_room: AtomicBool,
    syncs: AtomicUsize,
    noted: AtomicU64,
    gate: Mutex<Option<Gate>>,
}

/// Tells when a sync has begun, and waits until it may end.
struct Gate {
    begun: mpsc::Sender<()>,
    may_end: mpsc::Receiver<()>,
}

impl Engine for Fake {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.0.live.lock().unwrap().get(key).cloned())
    }

    fn scan(&self, from: &[u8], to: &[u8], descending: bool, limit: usize) -> Result<Vec<Pair>, StoreError> {
        let live = self.0.live.lock().unwrap();
        let range = live.range(from.to_vec()..to.to_vec()).map(|(key, value)| (key.clone(), value.clone()));
        Ok(if descending { range.rev().take(limit).collect() } else { range.take(limit).collect() })
    }

    fn apply(&self, writes: Vec<EngineWrite>) -> Result<(), StoreError> {
        let mut live = self.0.live.lock().unwrap();
        for (key, value) in writes {
            match value {
                Some(value) => live.insert(key, value),
                None => live.remove(&key),
            };
        }
        Ok(())
    }

    fn sync(&self) -> Result<(), StoreError> {
        self.0.syncs.fetch_add(1, Ordering::SeqCst);
        if let Some(gate) = self.0.gate.lock().unwrap().take() {
            gate.begun.send(()).unwrap();
            gate.may_end.recv().unwrap();
        }
        if let Some(error) = self.0.next_sync.lock().unwrap().take() {
            return Err(error);
        }
        *self.0.synced.lock().unwrap() = self.0.live.lock().unwrap().clone();
        Ok(())
    }

    fn note_durable(&self, latest: u64) {
        self.0.noted.store(latest, Ordering::SeqCst);
    }

    fn noted_durable(&self) -> Result<u64, StoreError> {
        Ok(self.0.noted.load(Ordering::SeqCst))
    }

    fn reopen(&self) -> Result<(), StoreError> {
        if let Some(error) = self.0.next_reopen.lock().unwrap().take() {
            return Err(error);
        }
        *self.0.live.lock().unwrap() = self.0.synced.lock().unwrap().clone();
        Ok(())
    }

    fn room_for(&self, _: usize) -> Result<(), StoreError> {
        self.room_now()
    }

    fn room_now(&self) -> Result<(), StoreError> {
        if self.0.no_room.load(Ordering::SeqCst) { Err(StoreError::Full("none left".into())) } else { Ok(()) }
    }
}

impl Fake {
    fn store(&self) -> Embedded<Self> {
        if self.0.live.lock().unwrap().is_empty() {
            self.apply(marks(0)).unwrap();
        }
        Embedded::open(self.clone(), conformance::KEPT_COMMITS).unwrap()
    }

    fn fail_next_sync(&self, error: StoreError) {
        *self.0.next_sync.lock().unwrap() = Some(error);
    }

    /// Stops the next sync until the sender is used; the receiver tells when it has begun.
    fn stop_next_sync(&self) -> (mpsc::Receiver<()>, mpsc::Sender<()>) {
        let ((begun, has_begun), (end, may_end)) = (mpsc::channel(), mpsc::channel());
        *self.0.gate.lock().unwrap() = Some(Gate { begun, may_end });
        (has_begun, end)
    }
}

fn key(name: &str) -> Key {
    Key(name.into())
}

fn put(name: &str, value: &str) -> Batch {
    Batch { writes: vec![Write::Put(key(name), value.into())], ..Batch::default() }
}

async fn value(store: &impl Store, name: &str) -> Option<String> {
    match store.read(vec![Read::Get(key(name))]).await.unwrap().remove(0) {
        Found::One(stored) => stored.map(|stored| String::from_utf8(stored.bytes).unwrap()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_engine_under_the_committer_conforms() {
    conformance::run_all(|| async { Arc::new(Fake::default().store()) as Arc<dyn Store> }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_together_lands_with_one_sync_and_a_failing_batch_harms_no_other() {
    let fake = Fake::default();
    let store = Arc::new(fake.store());
    let (begun, end) = fake.stop_next_sync();
    let first = tokio::spawn({
        let store = store.clone();
        async move { store.commit(put("first", "")).await }
    });
    tokio::task::spawn_blocking(move || begun.recv().unwrap()).await.unwrap();
    let syncs = fake.0.syncs.load(Ordering::SeqCst);

    let add = |by| Write::Add(Add { key: key("n"), by, floor: Some(0) });
    let batches = [
        Batch { writes: vec![add(1)], ..Batch::default() },
        Batch { writes: vec![add(-2), Write::Put(key("lost"), vec![])], ..Batch::default() },
        Batch { writes: vec![add(1)], ..Batch::default() },
        Batch { expect: vec![Expect::Absent(key("first"))], ..put("lost", "") },
        Batch { expect: vec![Expect::Version(key("n"), 3)], writes: vec![add(-2)], ..Batch::default() },
        put("last", "1"),
    ];
    let mut waiting: Vec<_> = batches.into_iter().map(|batch| store.commit(batch)).collect();
    std::future::poll_fn(|context| {
        for commit in &mut waiting {
            assert!(commit.as_mut().poll(context).is_pending());
        }
        std::task::Poll::Ready(())
    })
    .await;
    end.send(()).unwrap();
    assert_eq!(first.await.unwrap(), Ok(1));
    let mut answers = Vec::new();
    for commit in waiting {
        answers.push(commit.await);
    }
    let guard = Err(StoreError::Guard(key("n")));
    let conflict = Err(StoreError::Conflict(key("first")));
    assert_eq!(answers, [Ok(2), guard, Ok(3), conflict, Ok(4), Ok(5)]);
    assert_eq!(fake.0.syncs.load(Ordering::SeqCst), syncs + 1);
    assert_eq!(value(&*store, "n").await, None);
    assert_eq!(value(&*store, "lost").await, None);
    assert_eq!(value(&*store, "last").await.as_deref(), Some("1"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_told_as_committed_before_it_is_synced() {
    let fake = Fake::default();
    let store = Arc::new(fake.store());
    let (begun, end) = fake.stop_next_sync();
    let mut commit = tokio::spawn({
        let store = store.clone();
        async move { store.commit(put("a", "1")).await }
    });
    tokio::task::spawn_blocking(move || begun.recv().unwrap()).await.unwrap();
    assert_eq!(store.latest(), 0);
    assert_eq!(*store.watch().borrow(), 0);
    assert_eq!(store.changes(0, 9).await, Ok(vec![]));
    assert!(futures_pending(&mut commit).await);
    end.send(()).unwrap();
    assert_eq!(commit.await.unwrap(), Ok(1));
    assert_eq!((store.latest(), store.changes(0, 9).await.unwrap().len()), (1, 1));
}

async fn futures_pending<T>(task: &mut tokio::task::JoinHandle<T>) -> bool {
    std::future::poll_fn(|context| std::task::Poll::Ready(std::pin::Pin::new(&mut *task).poll(context).is_pending())).await
}

#[tokio::test]
async fn after_a_failed_sync_nothing_is_written_any_more() {
    let fake = Fake::default();
    let store = fake.store();
    store.commit(put("a", "1")).await.unwrap();
    fake.fail_next_sync(StoreError::Failed("the disk is gone".into()));
    assert!(matches!(store.commit(put("a", "2")).await, Err(StoreError::Failed(why)) if why.contains("not known")));
    assert!(matches!(store.commit(put("a", "3")).await, Err(StoreError::Stopped(why)) if why.contains("the disk is gone")));
    assert!(matches!(store.health(), Err(StoreError::Stopped(_))));
    assert_eq!(store.latest(), 1);
    drop(store);
    assert_eq!(fake.0.synced.lock().unwrap().len(), 4, "dropping a stopped store syncs nothing more");
}

#[tokio::test]
async fn without_room_writes_are_refused_until_there_is_some() {
    let fake = Fake::default();
    let store = fake.store();
    store.commit(put("a", "1")).await.unwrap();
    fake.0.no_room.store(true, Ordering::SeqCst);
    assert!(matches!(store.commit(put("a", "2")).await, Err(StoreError::Full(_))));
    assert!(matches!(store.health(), Err(StoreError::Full(_))));
    assert_eq!(value(&store, "a").await.as_deref(), Some("1"));
    fake.0.no_room.store(false, Ordering::SeqCst);
    assert_eq!(store.health(), Ok(()));
    assert_eq!(store.commit(put("a", "2")).await, Ok(2));
}

#[tokio::test]
async fn an_engine_that_ran_out_of_room_is_reopened_when_there_is_some_and_no_version_is_used_twice() {
    let fake = Fake::default();
    let store = fake.store();
    store.commit(put("a", "1")).await.unwrap();
    fake.fail_next_sync(StoreError::Full("no space left".into()));
    assert!(matches!(store.commit(put("a", "2")).await, Err(StoreError::Failed(_))));
    let read = store.read(vec![Read::Get(key("a"))]).await;
    assert!(matches!(read, Err(StoreError::Full(_))), "it was applied as commit 2, but is not durable: {read:?}");

    fake.0.no_room.store(true, Ordering::SeqCst);
    assert!(matches!(store.commit(put("a", "3")).await, Err(StoreError::Full(_))));
    assert!(matches!(store.health(), Err(StoreError::Full(_))));
    fake.0.no_room.store(false, Ordering::SeqCst);

    let stale = Batch { expect: vec![Expect::Version(key("a"), 2)], ..put("a", "4") };
    assert_eq!(store.commit(stale.clone()).await, Err(StoreError::Conflict(key("a"))));
    assert_eq!(value(&store, "a").await.as_deref(), Some("1"));
    let number = store.commit(put("a", "5")).await.unwrap();
    assert!(number > 2, "{number}");
    assert_eq!(store.commit(stale).await, Err(StoreError::Conflict(key("a"))));
    let told: Vec<_> = store.changes(0, 9).await.unwrap().into_iter().map(|change| change.number).collect();
    assert_eq!(told, [1, number]);
}

#[tokio::test]
async fn nobody_reads_what_is_not_durable() {
    let fake = Fake::default();
    let store = Arc::new(fake.store());
    store.commit(put("a", "1")).await.unwrap();
    let (begun, end) = fake.stop_next_sync();
    let committing = tokio::spawn({
        let store = store.clone();
        async move { store.commit(put("b", "1")).await }
    });
    tokio::task::spawn_blocking(move || begun.recv().unwrap()).await.unwrap();
    let mut reading = tokio::spawn({
        let store = store.clone();
        async move { value(&*store, "b").await }
    });
    assert_eq!(value(&*store, "a").await.as_deref(), Some("1"), "what is durable is read meanwhile");
    assert!(!reading.is_finished());
    fake.fail_next_sync(StoreError::Failed("the disk is gone".into()));
    end.send(()).unwrap();
    assert!(matches!(committing.await.unwrap(), Err(StoreError::Failed(_))));
    assert!((&mut reading).await.is_err(), "it was never acknowledged");
    assert_eq!(value(&*store, "a").await.as_deref(), Some("1"));
    assert!(matches!(store.read(vec![Read::Get(key("b"))]).await, Err(StoreError::Stopped(_))));
}

#[tokio::test]
async fn an_engine_that_cannot_be_reopened_says_so() {
    let fake = Fake::default();
    let store = fake.store();
    fake.fail_next_sync(StoreError::Full("no space left".into()));
    assert!(store.commit(put("a", "1")).await.is_err());
    assert_eq!(store.health(), Ok(()), "the next commit reopens it");
    *fake.0.next_reopen.lock().unwrap() = Some(StoreError::Failed("the disk is gone".into()));
    assert!(matches!(store.commit(put("a", "2")).await, Err(StoreError::Failed(_))));
    assert!(matches!(store.health(), Err(StoreError::Full(why)) if why.contains("the disk is gone")));
}

#[tokio::test]
async fn reopening_keeps_numbers_and_changes() {
    let fake = Fake::default();
    let first = fake.store().commit(put("a", "1")).await.unwrap();
    let store = fake.store();
    assert_eq!(store.latest(), first);
    let second = store.commit(put("b", "1")).await.unwrap();
    assert!(second > first);
    let told: Vec<_> = store.changes(0, 9).await.unwrap().into_iter().map(|change| change.number).collect();
    assert_eq!(told, [first, second]);
}

#[tokio::test]
async fn a_value_without_its_checksum_is_named() {
    let fake = Fake::default();
    let store = fake.store();
    store.commit(put("user/1", "abc")).await.unwrap();
    for engine_key in [layout::data_key(&key("user/1")), [layout::changes_from(1), vec![0, 0]].concat()] {
        let mut live = fake.0.live.lock().unwrap();
        let byte = live.get_mut(&engine_key).unwrap().last_mut().unwrap();
        *byte ^= 1;
    }
    let error = store.read(vec![Read::Get(key("user/1"))]).await.unwrap_err();
    assert!(matches!(&error, StoreError::Corrupt(why) if why.contains("user/1")), "{error}");
    let error = store.changes(0, 9).await.unwrap_err();
    assert!(matches!(&error, StoreError::Corrupt(why) if why.contains("commit 1")), "{error}");
}

#[tokio::test]
async fn a_value_moved_to_another_key_is_not_believed() {
    let fake = Fake::default();
    let store = fake.store();
    store.commit(put("a", "1")).await.unwrap();
    let framed = fake.get(&layout::data_key(&key("a"))).unwrap();
    fake.apply(vec![(layout::data_key(&key("b")), framed)]).unwrap();
    assert!(matches!(store.read(vec![Read::Get(key("b"))]).await, Err(StoreError::Corrupt(_))));
}

#[test]
fn a_newer_or_unknown_layout_is_not_opened() {
    let open = |format: &[u8]| {
        let fake = Fake::default();
        let mark = layout::seal(layout::FORMAT_KEY, 0, format);
        fake.apply(vec![(layout::FORMAT_KEY.to_vec(), Some(mark))]).unwrap();
        Embedded::open(fake, 9).err().unwrap()
    };
    assert!(matches!(open(&[0, 0, 0, 2]), StoreError::Newer(_)));
    assert!(matches!(open(&[0, 0, 0, 0]), StoreError::Corrupt(_)));
    assert!(matches!(open(&[1]), StoreError::Corrupt(_)));
    assert!(matches!(Embedded::open(Fake::default(), 9).err().unwrap(), StoreError::Corrupt(_)));
}

#[tokio::test]
async fn a_log_that_lost_its_end_is_noticed() {
    let fake = Fake::default();
    fake.store().commit(put("a", "1")).await.unwrap();
    fake.0.live.lock().unwrap().retain(|key, _| layout::number_of_change(key).is_none());
    assert!(matches!(Embedded::open(fake, 9).err().unwrap(), StoreError::Corrupt(_)));
}

#[tokio::test]
async fn an_engine_that_quietly_went_back_is_noticed() {
    let fake = Fake::default();
    let store = fake.store();
    store.commit(put("a", "1")).await.unwrap();
    let earlier = fake.0.live.lock().unwrap().clone();
    store.commit(put("a", "2")).await.unwrap();
    drop(store);
    *fake.0.live.lock().unwrap() = earlier;
    let error = Embedded::open(fake, 9).err().unwrap();
    assert!(matches!(&error, StoreError::Corrupt(why) if why.contains("commit 2")), "{error}");
}

#[tokio::test]
async fn a_narrower_window_trims_what_an_older_one_kept() {
    let fake = Fake::default();
    let store = fake.store();
    for _ in 0..40 {
        store.commit(put("a", "1")).await.unwrap();
    }
    drop(store);
    let store = Embedded::open(fake.clone(), 3).unwrap();
    store.commit(put("a", "2")).await.unwrap();
    assert_eq!(store.changes(37, 9).await, Err(StoreError::Forgotten));
    assert_eq!(store.changes(38, 9).await.unwrap().len(), 3);
    let kept = fake.0.live.lock().unwrap().keys().filter(|key| layout::number_of_change(key).is_some()).count();
    assert_eq!(kept, 3);
}
