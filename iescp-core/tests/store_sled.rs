//! What only a store on disk can do: survive reopening, belong to one process, meet damaged files.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::{fs, path::Path};

use iescp_core::store::{Batch, Found, Key, Read, Scan, SledOptions, SledStore, Store, StoreError, Write};

fn open(path: &Path) -> Result<SledStore, StoreError> {
    SledStore::open(path, SledOptions::default())
}

fn put(name: &str, value: impl Into<Vec<u8>>) -> Batch {
    Batch { writes: vec![Write::Put(Key(name.into()), value.into())], ..Batch::default() }
}

fn everything() -> Read {
    Read::Scan(Scan { from: Key::default(), to: Key(vec![0xff]), descending: false, limit: usize::MAX })
}

#[tokio::test]
async fn reopening_keeps_everything() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("deep/er/store");
    let mut last = 0;
    for round in 0..4 {
        let store = open(&path).unwrap();
        assert_eq!(store.latest(), last);
        for index in 0..50 {
            let number = store.commit(put(&format!("{round}/{index}"), format!("{round}"))).await.unwrap();
            assert!(number > last);
            last = number;
        }
    }
    let store = open(&path).unwrap();
    assert_eq!(store.latest(), last);
    let Found::Many(pairs) = store.read(vec![everything()]).await.unwrap().remove(0) else { panic!() };
    assert_eq!(pairs.len(), 200);
    let changes = store.changes(0, 999).await.unwrap();
    assert_eq!(changes.len(), 200);
    assert!(changes.is_sorted_by_key(|change| change.number));
    let versions: Vec<_> = changes.iter().map(|change| (change.writes[0].0.clone(), change.number)).collect();
    for (key, stored) in pairs {
        assert!(versions.contains(&(key, stored.version)));
    }
}

#[tokio::test]
async fn a_second_open_is_told_who_has_the_store_and_works_afterwards() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path()).unwrap();
    let error = open(directory.path()).unwrap_err();
    assert!(matches!(error, StoreError::Locked(_)), "{error}");
    assert!(error.to_string().contains(&std::process::id().to_string()), "{error}");
    store.commit(put("a", "1")).await.unwrap();
    drop(store);
    assert_eq!(open(directory.path()).unwrap().latest(), 1);
}

#[cfg(unix)]
#[test]
fn a_new_store_can_be_read_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    drop(open(&path).unwrap());
    for path in [&path, &path.join("sled")] {
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o700, "{}", path.display());
    }
}

#[test]
fn a_store_that_was_never_finished_is_made_afresh() {
    let directory = tempfile::tempdir().unwrap();
    let unfinished = directory.path().join("sled.new");
    fs::create_dir_all(&unfinished).unwrap();
    fs::write(unfinished.join("conf"), "half a configurat").unwrap();
    fs::write(unfinished.join("db"), [7; 999]).unwrap();
    assert_eq!(open(directory.path()).unwrap().latest(), 0);
    assert!(!unfinished.exists());
}

#[tokio::test]
async fn the_reserve_refuses_writes_and_not_reads() {
    let directory = tempfile::tempdir().unwrap();
    open(directory.path()).unwrap().commit(put("a", "1")).await.unwrap();
    let options = SledOptions { free_space_reserve_bytes: Some(u64::MAX), ..SledOptions::default() };
    let store = SledStore::open(directory.path(), options).unwrap();
    assert!(matches!(store.commit(put("a", "2")).await, Err(StoreError::Full(_))));
    assert!(matches!(store.health(), Err(StoreError::Full(_))));
    let found = store.read(vec![Read::Get(Key(b"a".to_vec()))]).await.unwrap();
    assert!(matches!(&found[..], [Found::One(Some(stored))] if stored.bytes == b"1"));
}

#[test]
fn a_file_in_the_way_is_a_clear_error() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("file");
    fs::write(&path, "").unwrap();
    assert!(matches!(open(&path), Err(StoreError::Failed(_))));
    assert!(matches!(open(&path.join("below")), Err(StoreError::Failed(_))));
}

type Damage = Box<dyn Fn(&Path)>;

/// Whatever happens to the files, the answer is an error or the true values; never a panic, a wrong value or an older state.
#[tokio::test]
async fn damaged_files_give_errors_or_true_values() {
    let original = tempfile::tempdir().unwrap();
    let store = open(original.path()).unwrap();
    for index in 0..200 {
        store.commit(put(&format!("{index:03}"), format!("value of {index:03}").repeat(20))).await.unwrap();
    }
    drop(store);
    let log = fs::read(original.path().join("sled/db")).unwrap();
    let used = log.iter().rposition(|byte| *byte != 0).unwrap();
    let damages: Vec<Damage> = vec![
        Box::new(|sled| fs::write(sled.join("conf"), "nonsense, but long enough").unwrap()),
        Box::new(|sled| fs::write(sled.join("conf"), "").unwrap()),
        Box::new(|sled| fs::write(sled.join("db"), "").unwrap()),
        Box::new(|sled| fs::write(sled.join("db"), vec![0xa5; 100_000]).unwrap()),
        Box::new(|sled| fs::remove_file(sled.join("db")).unwrap()),
        Box::new(|sled| {
            for entry in fs::read_dir(sled).unwrap().map(Result::unwrap) {
                if entry.file_name().to_string_lossy().starts_with("snap.") {
                    fs::write(entry.path(), "no snapshot at all").unwrap();
                }
            }
        }),
    ];
    let flips = (0..24).map(|step| {
        let (log, at) = (log.clone(), used * step / 24);
        Box::new(move |sled: &Path| {
            let mut log = log.clone();
            for byte in &mut log[at..used.min(at + 3)] {
                *byte ^= 0x55;
            }
            fs::write(sled.join("db"), log).unwrap();
        }) as Damage
    });
    for damage in damages.into_iter().chain(flips) {
        let copy = tempfile::tempdir().unwrap();
        let sled = copy.path().join("sled");
        fs::create_dir_all(sled.join("blobs")).unwrap();
        for entry in fs::read_dir(original.path().join("sled")).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_file() {
                fs::copy(entry.path(), sled.join(entry.file_name())).unwrap();
            }
        }
        damage(&sled);
        let store = match open(copy.path()) {
            Err(error) => {
                assert!(matches!(error, StoreError::Corrupt(_)), "{error}");
                continue;
            }
            Ok(store) => store,
        };
        assert_eq!(store.latest(), 200, "what was acknowledged is gone, and nobody is told");
        if let Ok(found) = store.read(vec![everything()]).await {
            let Found::Many(pairs) = &found[0] else { panic!() };
            for (key, stored) in pairs {
                let name = String::from_utf8(key.0.clone()).unwrap();
                assert_eq!(stored.bytes, format!("value of {name}").repeat(20).into_bytes());
            }
        }
        let _ = store.commit(put("new", "1")).await;
    }
}
