//! SIGKILL while several threads write: what was acknowledged is there afterwards, whole.
//!
//! Six rounds; `IESCP_KILL_ROUNDS=50` runs more. The child is this test binary again; it prints each acknowledged write, and
//! is killed after a number of lines that differs from round to round.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::{
    collections::BTreeSet,
    env,
    io::{BufRead, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use iescp_core::store::{Add, Batch, Found, Key, Read, Scan, SledOptions, SledStore, Store, Write};

const DIRECTORY: &str = "IESCP_KILL_DIRECTORY";
const ROUND: &str = "IESCP_KILL_ROUND";

fn open(path: &Path) -> SledStore {
    SledStore::open(path, SledOptions::default()).unwrap()
}

/// Two keys and a counter that only land together.
fn batch(name: &str) -> Batch {
    let size = if name.ends_with('7') { 30_000 } else { 200 };
    Batch {
        writes: vec![
            Write::Put(Key(format!("left/{name}").into_bytes()), vec![1; size]),
            Write::Put(Key(format!("right/{name}").into_bytes()), vec![2; 20]),
            Write::Add(Add { key: Key(b"total".to_vec()), by: 1, floor: None }),
        ],
        ..Batch::default()
    }
}

/// Not a test by itself: what the other test starts and kills.
#[test]
fn the_child_writes_until_it_is_killed() {
    let (Ok(directory), Ok(round)) = (env::var(DIRECTORY), env::var(ROUND)) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap();
    runtime.block_on(async {
        let store = Arc::new(open(Path::new(&directory)));
        let mut tasks = tokio::task::JoinSet::new();
        for writer in 0..8 {
            let (store, round) = (store.clone(), round.clone());
            tasks.spawn(async move {
                for index in 0..100_000 {
                    let name = format!("{round}-{writer}-{index}");
                    let number = store.commit(batch(&name)).await.unwrap();
                    // One write call a line, so that a line is whole or absent.
                    std::io::stdout().write_all(format!("\nlanded {number} {name}\n").as_bytes()).unwrap();
                }
            });
        }
        while let Some(joined) = tasks.join_next().await {
            joined.unwrap();
        }
    });
}

#[tokio::test]
async fn a_kill_loses_nothing_that_was_acknowledged() {
    let rounds: usize = env::var("IESCP_KILL_ROUNDS").map_or(6, |rounds| rounds.parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    let mut acknowledged: Vec<(u64, String)> = Vec::new();
    for round in 0..rounds {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "the_child_writes_until_it_is_killed", "--nocapture"])
            .env(DIRECTORY, &path)
            .env(ROUND, round.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (kill_after, mut seen) = (1 + round * 397 % 1500, 0);
        for line in lines.map_while(Result::ok) {
            let Some((number, name)) = line.strip_prefix("landed ").and_then(|rest| rest.split_once(' ')) else { continue };
            acknowledged.push((number.parse().unwrap(), name.to_owned()));
            seen += 1;
            if seen == kill_after {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        assert!(seen >= kill_after, "the child ended by itself");
        check(&open(&path), &acknowledged).await;
    }
}

async fn check(store: &SledStore, acknowledged: &[(u64, String)]) {
    let scan = |name: &str| {
        let (from, to) = (Key(format!("{name}/").into_bytes()), Key(format!("{name}0").into_bytes()));
        Read::Scan(Scan { from, to, descending: false, limit: usize::MAX })
    };
    let found = store.read(vec![scan("left"), scan("right"), Read::Get(Key(b"total".to_vec()))]).await.unwrap();
    let [Found::Many(left), Found::Many(right), Found::One(Some(total))] = &found[..] else { panic!("{found:?}") };
    let names = |pairs: &[(Key, iescp_core::store::Stored)], prefix: usize| -> BTreeSet<(u64, String)> {
        pairs.iter().map(|(key, stored)| (stored.version, String::from_utf8(key.0[prefix..].to_vec()).unwrap())).collect()
    };
    let (left, right) = (names(left, 5), names(right, 6));
    assert_eq!(left, right, "half a batch is there");
    assert_eq!(total.bytes, (left.len() as i64).to_be_bytes());
    for landed in acknowledged {
        assert!(left.contains(landed), "{landed:?} was acknowledged and is gone");
    }
    let told: BTreeSet<u64> = store.changes(0, usize::MAX).await.unwrap().iter().map(|change| change.number).collect();
    assert_eq!(told, left.iter().map(|(number, _)| *number).collect());
    assert_eq!(told.last(), Some(&store.latest()));
}
