//! Random batches against a plain model: memory and sled answer alike, and as the model says.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::{collections::BTreeMap, sync::Arc};

use iescp_core::store::{
    Add, Batch, Change, Expect, Found, Key, MemoryStore, Read, Scan, SledOptions, SledStore, Store, StoreError, Stored, Write,
};
use proptest::prelude::*;

/// A batch whose expectations speak of how many commits ago something was written, since numbers differ between runs.
#[derive(Clone, Debug)]
struct Wish {
    expect: Vec<(u8, Option<u8>)>,
    writes: Vec<(u8, Do)>,
}

#[derive(Clone, Debug)]
enum Do {
    Put(Vec<u8>),
    Delete,
    Add(i64, Option<i64>),
}

#[derive(Clone, Debug)]
enum Step {
    Commit(Wish),
    Scan { from: u8, to: u8, descending: bool, limit: usize },
    Reopen,
}

fn key(id: u8) -> Key {
    // Keys with awkward bytes, close to each other.
    let names: [&[u8]; 8] = [b"", b"\0", b"a", b"a\0", b"a\xff", b"b", b"\xff", b"\xff\xff"];
    Key(names[usize::from(id) % names.len()].to_vec())
}

fn an_act() -> impl Strategy<Value = Do> {
    prop_oneof![
        3 => prop_oneof![prop::collection::vec(any::<u8>(), 0..20), Just(vec![9; 50_000])].prop_map(Do::Put),
        2 => Just(Do::Delete),
        4 => (prop_oneof![-3..4_i64, Just(i64::MAX), Just(i64::MIN)], prop::option::of(-2..3_i64))
            .prop_map(|(by, floor)| Do::Add(by, floor)),
    ]
}

fn a_step() -> impl Strategy<Value = Step> {
    let expect = prop::collection::vec((0..8_u8, prop::option::of(0..4_u8)), 0..2);
    let writes = prop::collection::vec((0..8_u8, an_act()), 0..4);
    prop_oneof![
        12 => (expect, writes).prop_map(|(expect, writes)| Step::Commit(Wish { expect, writes })),
        4 => (0..8_u8, 0..8_u8, any::<bool>(), 0..6_usize)
            .prop_map(|(from, to, descending, limit)| Step::Scan { from, to, descending, limit }),
        1 => Just(Step::Reopen),
    ]
}

#[derive(Default)]
struct Model {
    /// Values with the index of their commit in `numbers`.
    values: BTreeMap<Key, (usize, Vec<u8>)>,
    commits: Vec<BTreeMap<Key, Option<Vec<u8>>>>,
}

impl Model {
    /// Whether the wish is granted, by the contract's words and nothing cleverer.
    fn commit(&mut self, wish: &Wish) -> bool {
        let index = self.commits.len();
        for (id, ago) in &wish.expect {
            let there = self.values.get(&key(*id)).map(|(index, _)| *index);
            let wanted = ago.map(|ago| index.wrapping_sub(1 + usize::from(ago)));
            if there != wanted {
                return false;
            }
        }
        let mut after: BTreeMap<Key, Option<Vec<u8>>> = BTreeMap::new();
        let mut sums: BTreeMap<Key, (i128, Vec<i64>)> = BTreeMap::new();
        for (id, act) in &wish.writes {
            let key = key(*id);
            let (written, added) = (after.contains_key(&key), sums.contains_key(&key));
            match act {
                _ if written => return false,
                Do::Add(by, floor) => {
                    let sum = sums.entry(key).or_default();
                    sum.0 += i128::from(*by);
                    sum.1.extend(floor);
                }
                _ if added => return false,
                Do::Put(value) => drop(after.insert(key, Some(value.clone()))),
                Do::Delete => drop(after.insert(key, None)),
            }
        }
        for (key, (sum, floors)) in sums {
            let before = match self.values.get(&key).map(|(_, value)| <[u8; 8]>::try_from(value.as_slice())) {
                None => 0,
                Some(Ok(bytes)) => i64::from_be_bytes(bytes),
                Some(Err(_)) => return false,
            };
            let Ok(result) = i64::try_from(i128::from(before) + sum) else { return false };
            if floors.iter().any(|floor| result < *floor) {
                return false;
            }
            after.insert(key, (result != 0).then(|| result.to_be_bytes().to_vec()));
        }
        if !after.is_empty() {
            for (key, value) in &after {
                match value {
                    Some(value) => self.values.insert(key.clone(), (index, value.clone())),
                    None => self.values.remove(key),
                };
            }
            self.commits.push(after);
        }
        true
    }
}

/// One engine under test with the numbers it gave.
struct Subject {
    store: Arc<dyn Store>,
    numbers: Vec<u64>,
}

impl Subject {
    fn new(store: impl Store) -> Self {
        Self { store: Arc::new(store), numbers: Vec::new() }
    }

    fn batch(&self, wish: &Wish) -> Batch {
        let expect = |(id, ago): &(u8, Option<u8>)| match ago {
            None => Expect::Absent(key(*id)),
            Some(ago) => {
                let index = self.numbers.len().wrapping_sub(1 + usize::from(*ago));
                Expect::Version(key(*id), self.numbers.get(index).copied().unwrap_or(u64::MAX))
            }
        };
        let write = |(id, act): &(u8, Do)| match act {
            Do::Put(value) => Write::Put(key(*id), value.clone()),
            Do::Delete => Write::Delete(key(*id)),
            Do::Add(by, floor) => Write::Add(Add { key: key(*id), by: *by, floor: *floor }),
        };
        Batch {
            expect: wish.expect.iter().map(expect).collect(),
            writes: wish.writes.iter().map(write).collect(),
            ..Batch::default()
        }
    }

    async fn commit(&mut self, wish: &Wish) -> Result<(), StoreError> {
        let number = self.store.commit(self.batch(wish)).await?;
        if !wish.writes.is_empty() {
            self.numbers.push(number);
        }
        Ok(())
    }

    /// Everything stored, with versions told as indexes.
    async fn scan(&self, scan: Scan) -> Vec<(Key, usize, Vec<u8>)> {
        let Found::Many(pairs) = self.store.read(vec![Read::Scan(scan)]).await.unwrap().remove(0) else { panic!() };
        let index = |stored: &Stored| self.numbers.binary_search(&stored.version).unwrap();
        pairs.into_iter().map(|(key, stored)| (key, index(&stored), stored.bytes)).collect()
    }

    async fn check(&self, model: &Model) {
        let all = Scan { from: Key::default(), to: Key(vec![0xff; 3]), descending: false, limit: usize::MAX };
        let wanted: Vec<_> = model.values.iter().map(|(key, (index, value))| (key.clone(), *index, value.clone())).collect();
        assert_eq!(self.scan(all).await, wanted);
        let changes = self.store.changes(0, usize::MAX).await.unwrap();
        let wanted: Vec<_> = self
            .numbers
            .iter()
            .zip(&model.commits)
            .map(|(number, writes)| Change { number: *number, writes: writes.clone().into_iter().collect() })
            .collect();
        assert_eq!(changes, wanted);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn memory_and_sled_do_what_the_model_does(steps in prop::collection::vec(a_step(), 1..50)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let directory = tempfile::tempdir().unwrap();
            let open = || SledStore::open(directory.path(), SledOptions::default()).unwrap();
            let mut model = Model::default();
            let mut memory = Subject::new(MemoryStore::new());
            let mut sled = Subject::new(open());
            for step in steps {
                match step {
                    Step::Commit(wish) => {
                        let granted = model.commit(&wish);
                        let (in_memory, on_disk) = (memory.commit(&wish).await, sled.commit(&wish).await);
                        assert_eq!(in_memory.is_ok(), granted, "memory: {in_memory:?} for {wish:?}");
                        assert_eq!(in_memory, on_disk);
                    }
                    Step::Scan { from, to, descending, limit } => {
                        let scan = Scan { from: key(from), to: key(to), descending, limit };
                        assert_eq!(memory.scan(scan.clone()).await, sled.scan(scan).await);
                    }
                    Step::Reopen => {
                        sled.store = Arc::new(MemoryStore::new());
                        sled.store = Arc::new(open());
                    }
                }
            }
            memory.check(&model).await;
            sled.check(&model).await;
        });
    }
}
