//! Power cuts, as a model: only bytes covered by an fdatasync are sure to survive; of what was written after it, any part may
//! have reached the disk, in any order, torn at any sector.
//!
//! An engine that looks over sled's shoulder takes a picture of the log after each sync, with the number acknowledged then.
//! A power cut during a group is the picture before it plus some of the sectors that differ in the picture after it: none,
//! all, a first or last part, random ones, those torn in half. Each such disk must open, hold every acknowledged commit, and
//! hold the interrupted group whole or not at all.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use super::{SledOptions, SledStore, engine::SledEngine};
use crate::store::{
    Batch, Found, Key, Read, Scan, Store, StoreError, Write,
    committer::{Embedded, Engine, EngineWrite, Pair},
};

const SECTOR: usize = 512;
const GROUPS: usize = 16;

/// How much is written before the pictures begin, so that there are several segments and some are used again.
const BATCHES_BEFORE: usize = 250;

/// What a disk is sure to hold after one sync.
struct Picture {
    log: Vec<u8>,
    latest: u64,
}

struct Watched {
    sled: SledEngine,
    log: PathBuf,
    pictures: Arc<Mutex<Vec<Picture>>>,
}

impl Engine for Watched {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.sled.get(key)
    }

    fn scan(&self, from: &[u8], to: &[u8], descending: bool, limit: usize) -> Result<Vec<Pair>, StoreError> {
        self.sled.scan(from, to, descending, limit)
    }

    fn apply(&self, writes: Vec<EngineWrite>) -> Result<(), StoreError> {
        self.sled.apply(writes)
    }

    fn sync(&self) -> Result<(), StoreError> {
        self.sled.sync()
    }

    fn note_durable(&self, latest: u64) {
        self.sled.note_durable(latest);
        self.pictures.lock().unwrap().push(Picture { log: fs::read(&self.log).unwrap(), latest });
    }

    fn noted_durable(&self) -> Result<u64, StoreError> {
        self.sled.noted_durable()
    }

    fn reopen(&self) -> Result<(), StoreError> {
        self.sled.reopen()
    }

    fn room_for(&self, bytes: usize) -> Result<(), StoreError> {
        self.sled.room_for(bytes)
    }

    fn room_now(&self) -> Result<(), StoreError> {
        self.sled.room_now()
    }
}

fn options() -> SledOptions {
    SledOptions { kept_commits: 8, ..SledOptions::default() }
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % below
    }
}

/// Some keys overwritten, some removed, values small and large, so that segments fill, empty and are used again.
fn some_batch(dice: &mut Dice) -> Batch {
    let mut writes = BTreeMap::new();
    for _ in 0..1 + dice.roll(6) {
        let key = Key(format!("key{:02}", dice.roll(40)).into_bytes());
        let size = [10, 200, 3_000, 60_000][dice.roll(4)];
        let fill = u8::try_from(dice.roll(256)).unwrap();
        let write = if dice.roll(8) == 0 { Write::Delete(key.clone()) } else { Write::Put(key.clone(), vec![fill; size]) };
        writes.insert(key, write);
    }
    Batch { writes: writes.into_values().collect(), ..Batch::default() }
}

/// The keys and values after this commit.
fn state_at(number: u64, landed: &BTreeMap<u64, Batch>) -> BTreeMap<Key, Vec<u8>> {
    let mut state = BTreeMap::new();
    for write in landed.range(..=number).flat_map(|(_, batch)| &batch.writes) {
        match write {
            Write::Put(key, value) => drop(state.insert(key.clone(), value.clone())),
            Write::Delete(key) => drop(state.remove(key)),
            Write::Add(_) => panic!("there are no counters here"),
        }
    }
    state
}

/// Which of the changed sectors reached the disk, and how many bytes of each.
fn cuts(changed: usize, dice: &mut Dice) -> Vec<Vec<usize>> {
    let part = dice.roll(changed + 1);
    let random = (0..changed).map(|_| [0, SECTOR][dice.roll(2)]).collect();
    let torn = (0..changed).map(|_| [0, SECTOR / 2, SECTOR][dice.roll(3)]).collect();
    let first = (0..changed).map(|index| if index < part { SECTOR } else { 0 }).collect();
    let last = (0..changed).map(|index| if index >= part { SECTOR } else { 0 }).collect();
    vec![vec![0; changed], vec![SECTOR; changed], first, last, random, torn]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_loses_nothing_that_was_acknowledged() {
    let directory = tempfile::tempdir().unwrap();
    let sled = directory.path().join("sled");
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let mut landed = BTreeMap::new();
    let store = SledStore::open(directory.path(), options()).unwrap();
    for _ in 0..BATCHES_BEFORE {
        let batch = some_batch(&mut dice);
        landed.insert(store.commit(batch.clone()).await.unwrap(), batch);
    }
    let latest = store.latest();
    drop(store);

    let pictures = Arc::new(Mutex::new(Vec::new()));
    let engine = SledEngine::open(directory.path(), &options()).unwrap();
    pictures.lock().unwrap().push(Picture { log: fs::read(sled.join("db")).unwrap(), latest });
    let others: Vec<(PathBuf, Vec<u8>)> = fs::read_dir(&sled)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && !path.ends_with("db") && !path.ends_with("durable"))
        .map(|path| (path.file_name().unwrap().into(), fs::read(&path).unwrap()))
        .collect();
    let watched = Watched { sled: engine, log: sled.join("db"), pictures: pictures.clone() };
    let store = Arc::new(Embedded::open(watched, options().kept_commits).unwrap());

    for _ in 0..GROUPS {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..1 + dice.roll(5) {
            let (store, batch) = (store.clone(), some_batch(&mut dice));
            tasks.spawn(async move { (store.commit(batch.clone()).await.unwrap(), batch) });
        }
        while let Some(joined) = tasks.join_next().await {
            let (number, batch) = joined.unwrap();
            landed.insert(number, batch);
        }
    }
    drop(store);
    assert_eq!(fs::read_dir(sled.join("blobs")).unwrap().count(), 0, "sled does not sync these");

    let pictures = Arc::into_inner(pictures).unwrap().into_inner().unwrap();
    assert!(pictures.len() > GROUPS);
    for pair in pictures.windows(2) {
        let [before, after] = pair else { panic!() };
        let (mut old, mut new) = (before.log.clone(), after.log.clone());
        let length = old.len().max(new.len()).next_multiple_of(SECTOR);
        old.resize(length, 0);
        new.resize(length, 0);
        let changed: Vec<usize> =
            (0..length).step_by(SECTOR).filter(|at| old[*at..at + SECTOR] != new[*at..at + SECTOR]).collect();
        for cut in cuts(changed.len(), &mut dice) {
            let mut log = old.clone();
            let mut length = before.log.len();
            for (at, bytes) in changed.iter().zip(cut).filter(|(_, bytes)| *bytes > 0) {
                log[*at..at + bytes].copy_from_slice(&new[*at..at + bytes]);
                length = length.max((at + bytes).min(after.log.len()));
            }
            log.truncate(length);
            let disk = tempfile::tempdir().unwrap();
            lay_out(disk.path(), &others, &log, before.latest);
            check(disk.path(), [before.latest, after.latest], &landed).await;
        }
    }
}

fn lay_out(path: &Path, others: &[(PathBuf, Vec<u8>)], log: &[u8], latest: u64) {
    let sled = path.join("sled");
    fs::create_dir_all(sled.join("blobs")).unwrap();
    for (name, bytes) in others {
        fs::write(sled.join(name), bytes).unwrap();
    }
    fs::write(sled.join("db"), log).unwrap();
    super::watermark::Watermark::open(&sled.join("durable")).unwrap().write(latest).unwrap();
}

async fn check(path: &Path, allowed: [u64; 2], landed: &BTreeMap<u64, Batch>) {
    let store = SledStore::open(path, options()).unwrap();
    let latest = store.latest();
    assert!(allowed.contains(&latest), "the log ends at {latest} where {allowed:?} was possible");
    let everything = Scan { from: Key::default(), to: Key(vec![0xff]), descending: false, limit: usize::MAX };
    let Found::Many(pairs) = store.read(vec![Read::Scan(everything)]).await.unwrap().remove(0) else { panic!() };
    let found: BTreeMap<_, _> = pairs.into_iter().map(|(key, stored)| (key, stored.bytes)).collect();
    assert!(found == state_at(latest, landed), "at commit {latest} the values are not those that were written");
    assert!(store.commit(Batch { writes: vec![Write::Delete(Key(b"a".to_vec()))], ..Batch::default() }).await.unwrap() > latest);
}
