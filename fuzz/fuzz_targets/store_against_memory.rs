//! Any operations whatever, on sled and on the store in memory: the same answers, also after reopening.
#![no_main]

use std::{cell::RefCell, mem};

use arbitrary::Arbitrary;
use iescp_core::store::{
    Add, Batch, Change, Expect, Found, Key, MemoryStore, Read, Scan, SledOptions, SledStore, Store, StoreError, Write,
};
use libfuzzer_sys::fuzz_target;

/// A key as few bytes, so that operations meet; some are stretched to the limit and beyond.
#[derive(Arbitrary, Debug, Clone)]
enum Name {
    Few([u8; 1]),
    Any(Vec<u8>),
    Long(u8),
}

#[derive(Arbitrary, Debug, Clone)]
enum Value {
    Any(Vec<u8>),
    Large(u8),
    TooLarge,
    Number(i64),
}

#[derive(Arbitrary, Debug, Clone)]
enum Act {
    Put(Name, Value),
    Delete(Name),
    Add { name: Name, by: i64, floor: Option<i64> },
}

#[derive(Arbitrary, Debug, Clone)]
enum Wish {
    Absent(Name),
    /// The version that many commits ago.
    Version(Name, u8),
}

#[derive(Arbitrary, Debug)]
enum Step {
    Commit(Vec<Wish>, Vec<Act>),
    Get(Name),
    Scan { from: Name, to: Name, descending: bool, limit: u8 },
    Changes { ago: u8, limit: u8 },
    Reopen,
}

const MOST_STEPS: usize = 64;

/// How many commits both keep the changes of.
const KEPT: u64 = 16;

/// After so many inputs both stores are made afresh.
const MOST_INPUTS: u32 = 1000;

/// Both engines. Opening sled takes longer than an input does, so inputs share them, each with a prefix of its own.
struct Pair {
    memory: Subject,
    sled: Subject,
    directory: tempfile::TempDir,
    inputs: u32,
}

/// One engine with the numbers it gave to this input: they differ between engines, so answers are compared by place.
struct Subject {
    store: Box<dyn Store>,
    prefix: u32,
    before: u64,
    numbers: Vec<u64>,
}

impl Pair {
    fn new() -> Self {
        // Where the disk is fast, if there is such a place.
        let directory = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a place for the store");
        let memory = Subject::new(Box::new(MemoryStore::keeping(KEPT)));
        Self { memory, sled: Subject::new(open(&directory)), directory, inputs: 0 }
    }

    fn next_input(&mut self) {
        self.inputs += 1;
        if self.inputs > MOST_INPUTS {
            *self = Self::new();
        }
        for subject in [&mut self.memory, &mut self.sled] {
            subject.prefix = self.inputs;
            subject.before = subject.store.latest();
            subject.numbers.clear();
        }
    }

    fn reopen(&mut self) {
        drop(mem::replace(&mut self.sled.store, Box::new(MemoryStore::new())));
        self.sled.store = open(&self.directory);
    }
}

impl Subject {
    fn new(store: Box<dyn Store>) -> Self {
        Self { store, prefix: 0, before: 0, numbers: Vec::new() }
    }

    fn ago(&self, ago: u8) -> u64 {
        self.numbers.iter().rev().nth(usize::from(ago)).copied().unwrap_or(self.before)
    }

    fn place(&self, number: u64) -> usize {
        self.numbers.binary_search(&number).expect("a version that was never answered")
    }

    fn scan(&self, from: &Name, to: &Name, descending: bool, limit: u8) -> Read {
        let (from, to) = (from.key(self.prefix), to.key(self.prefix));
        Read::Scan(Scan { from, to, descending, limit: usize::from(limit) })
    }

    async fn commit(&mut self, wishes: &[Wish], acts: &[Act]) -> Result<usize, StoreError> {
        let expect = |wish: &Wish| match wish {
            Wish::Absent(name) => Expect::Absent(name.key(self.prefix)),
            Wish::Version(name, ago) => Expect::Version(name.key(self.prefix), self.ago(*ago)),
        };
        let batch = Batch {
            expect: wishes.iter().map(expect).collect(),
            writes: acts.iter().map(|act| act.write(self.prefix)).collect(),
            ..Batch::default()
        };
        let number = self.store.commit(batch).await?;
        assert_eq!(number, self.store.latest());
        if !acts.is_empty() {
            self.numbers.push(number);
        }
        Ok(self.numbers.len())
    }

    async fn read(&self, read: Read) -> Vec<(Option<Key>, usize, Vec<u8>)> {
        let found = self.store.read(vec![read]).await.expect("reads do not fail");
        let pairs = match found.into_iter().next().expect("one answer") {
            Found::One(stored) => stored.into_iter().map(|stored| (None, stored)).collect(),
            Found::Many(pairs) => pairs.into_iter().map(|(key, stored)| (Some(key), stored)).collect::<Vec<_>>(),
        };
        pairs.into_iter().map(|(key, stored)| (key, self.place(stored.version), stored.bytes)).collect()
    }

    async fn changes(&self, ago: u8, limit: u8) -> Result<Vec<Change>, StoreError> {
        let mut changes = self.store.changes(self.ago(ago), usize::from(limit)).await?;
        for change in &mut changes {
            change.number = self.place(change.number) as u64;
        }
        Ok(changes)
    }
}

impl Name {
    fn key(&self, prefix: u32) -> Key {
        let mut key = prefix.to_be_bytes().to_vec();
        match self {
            Self::Few([byte]) => key.push(byte % 4),
            Self::Any(bytes) => key.extend(bytes),
            Self::Long(more) => key.resize(1000 + usize::from(*more), b'k'),
        }
        Key(key)
    }
}

impl Act {
    fn write(&self, prefix: u32) -> Write {
        match self {
            Self::Put(name, value) => Write::Put(name.key(prefix), value.bytes()),
            Self::Delete(name) => Write::Delete(name.key(prefix)),
            Self::Add { name, by, floor } => Write::Add(Add { key: name.key(prefix), by: *by, floor: *floor }),
        }
    }
}

impl Value {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Any(bytes) => bytes.clone(),
            Self::Large(fill) => vec![*fill; 60 * 1024],
            Self::TooLarge => vec![0; 60 * 1024 + 1],
            Self::Number(number) => number.to_be_bytes().to_vec(),
        }
    }
}

fn open(directory: &tempfile::TempDir) -> Box<dyn Store> {
    let options = SledOptions { kept_commits: KEPT, cache_bytes: 4 * 1024 * 1024, ..SledOptions::default() };
    Box::new(SledStore::open(directory.path().join("store"), options).expect("the store opens"))
}

async fn run(Pair { memory, sled, .. }: &mut Pair, step: &Step) {
    match step {
        Step::Commit(wishes, acts) => {
            assert_eq!(memory.commit(wishes, acts).await, sled.commit(wishes, acts).await);
        }
        Step::Get(name) => {
            let get = Read::Get(name.key(memory.prefix));
            assert_eq!(memory.read(get.clone()).await, sled.read(get).await);
        }
        Step::Scan { from, to, descending, limit } => {
            let scan = memory.scan(from, to, *descending, *limit);
            assert_eq!(memory.read(scan.clone()).await, sled.read(scan).await);
        }
        Step::Changes { ago, limit } => {
            assert_eq!(memory.changes(*ago, *limit).await, sled.changes(*ago, *limit).await);
        }
        Step::Reopen => {}
    }
}

thread_local! {
    static PAIR: RefCell<Pair> = RefCell::new(Pair::new());
}

fuzz_target!(|steps: Vec<Step>| {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    PAIR.with_borrow_mut(|pair| {
        pair.next_input();
        let mut reopened = false;
        for step in steps.iter().take(MOST_STEPS) {
            // Once an input: it takes longer than all else.
            if matches!(step, Step::Reopen) && !mem::replace(&mut reopened, true) {
                pair.reopen();
            }
            runtime.block_on(run(pair, step));
        }
    });
});
