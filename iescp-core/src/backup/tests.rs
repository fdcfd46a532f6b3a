//! Backups of small stores, whole and damaged, and of stores that are written meanwhile.

mod damage;
mod moments;

use super::*;
use crate::{
    Platform,
    blob::{BlobName, Blobs, MemoryBlobs},
    store::{Batch, Key, MemoryStore, Store, Write},
};
use jiff::Timestamp;
use std::{collections::BTreeMap, path::Path, sync::Arc};
use uuid::Uuid;

fn platform() -> Platform {
    Platform::builder(MemoryStore::new()).open().unwrap()
}

async fn put(store: &dyn Store, name: &str, value: &[u8]) -> u64 {
    store.commit(Batch { writes: vec![Write::Put(Key(name.into()), value.to_vec())], ..Batch::default() }).await.unwrap()
}

async fn back_up(platform: &Platform, to: &Path) -> Manifest {
    let mut writer = Writer::begin(Target::begin(to, false).unwrap());
    let moment = take(platform, &mut writer, &mut |_| {}).await.unwrap();
    writer.file("keys.json", b"{}".as_slice()).await.unwrap();
    writer.file("empty", b"".as_slice()).await.unwrap();
    writer.file("long", vec![7; 2 * 1024 * 1024].as_slice()).await.unwrap();
    writer.finish(moment, Timestamp::UNIX_EPOCH).await.unwrap()
}

/// What a backup brings back.
struct Back {
    store: MemoryStore,
    blobs: MemoryBlobs,
    beside: BTreeMap<String, Vec<u8>>,
}

async fn bring_back(from: &Path) -> Result<Back, BackupError> {
    let mut back = Back { store: MemoryStore::new(), blobs: MemoryBlobs::new(), beside: BTreeMap::new() };
    let beside = &mut back.beside;
    let mut keep = |name: &str, piece: &[u8]| {
        beside.entry(name.to_owned()).or_default().extend_from_slice(piece);
        Ok(())
    };
    pour(Reader::open(from)?, &back.store, &back.blobs, &mut keep, &mut |_| {}).await?;
    Ok(back)
}

/// A store with values of every size, some written over and some removed, and a picture's bytes of which a record speaks.
async fn some_platform() -> Platform {
    let platform = platform();
    let store = platform.store();
    for number in 0..700_usize {
        put(store.as_ref(), &format!("key {number:04}"), &vec![u8::try_from(number % 251).unwrap(); number * 37 % 5000]).await;
    }
    put(store.as_ref(), "key 0001", b"again").await;
    let gone = Batch { writes: vec![Write::Delete(Key(b"key 0002".to_vec()))], ..Batch::default() };
    store.commit(gone).await.unwrap();
    put(store.as_ref(), "large", &vec![1; crate::store::MAX_VALUE_BYTES]).await;
    platform
}

#[tokio::test]
async fn what_is_brought_back_is_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    let platform = some_platform().await;
    let manifest = back_up(&platform, &file).await;
    assert_eq!((manifest.counts.keys, manifest.counts.changes), (700, 0));
    assert_eq!(manifest.commit, platform.store().latest());
    assert_eq!(Reader::open(&file).unwrap().verify(&mut |_| {}).unwrap(), manifest);
    let back = bring_back(&file).await.unwrap();
    let there = Contents::of(platform.store().as_ref(), &mut |_| {}).await.unwrap();
    assert_eq!(Contents::of(&back.store, &mut |_| {}).await.unwrap(), there);
    let sizes: Vec<(&str, usize)> = back.beside.iter().map(|(name, bytes)| (name.as_str(), bytes.len())).collect();
    assert_eq!(sizes, [("empty", 0), ("keys.json", 2), ("long", 2 * 1024 * 1024)]);
}

#[tokio::test]
async fn a_backup_begins_with_lines_that_people_can_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    back_up(&platform(), &file).await;
    let bytes = std::fs::read(&file).unwrap();
    let head = std::str::from_utf8(&bytes[..HEAD_BYTES]).unwrap();
    for line in ["IESCP backup, format 1\n", "\nmade at: 1970-01-01T00:00:00Z\n", "\nkeys: 0\n", "iescp-web restore FILE"] {
        assert!(head.contains(line), "{head}");
    }
    assert!(head.contains("\nbeside the store: keys.json 2, empty 0, long 2097152\n"), "{head}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_backup_is_for_its_owner_alone_and_replaces_nothing_unasked() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    back_up(&platform(), &file).await;
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(matches!(Target::begin(&file, false), Err(BackupError::Taken(_))));
    assert!(matches!(Target::begin(folder.path(), true), Err(BackupError::Taken(_))));
    let first = Target::begin(&file, true).unwrap();
    assert!(matches!(Target::begin(&file, true), Err(BackupError::Taken(_))), "two write the same file");
    drop(first);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "who gives up leaves nothing");
}

#[tokio::test]
async fn whoever_goes_away_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    let platform = some_platform().await;
    let mut writer = Writer::begin(Target::begin(&file, false).unwrap());
    take(&platform, &mut writer, &mut |_| {}).await.unwrap();
    drop(writer);
    // The thread hears of it when it next looks.
    while std::fs::read_dir(folder.path()).unwrap().count() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_backup_goes_into_an_empty_store_only() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    back_up(&platform(), &file).await;
    let store = MemoryStore::new();
    put(&store, "a", b"1").await;
    let refused =
        pour(Reader::open(&file).unwrap(), &store, &MemoryBlobs::new(), &mut |_, _| Ok(()), &mut |_| {}).await.unwrap_err();
    assert!(matches!(refused, BackupError::Taken(_)), "{refused}");
}

#[tokio::test]
async fn a_copy_is_the_same_and_proved_to_be() {
    let from = some_platform().await;
    let name = BlobName::large(Uuid::from_u128(7));
    from.blobs().put(name, vec![3; 999]).await.unwrap();
    let (to, blobs) = (MemoryStore::new(), MemoryBlobs::new());
    let source = (from.store().as_ref(), from.blobs().as_ref());
    let copied = copy(source, (&to, &blobs), &mut |_| {}).await.unwrap();
    assert_eq!((copied.contents.keys, copied.blobs), (700, 1));
    assert_eq!(blobs.get(name).await.unwrap().unwrap(), vec![3; 999]);
    assert_eq!(Contents::of(&to, &mut |_| {}).await.unwrap(), copied.contents);
    let again = copy(source, (&to, &blobs), &mut |_| {}).await.unwrap_err();
    assert!(matches!(again, BackupError::Taken(_)), "{again}");
}

#[cfg(feature = "sled")]
#[tokio::test]
async fn a_store_that_was_restored_never_gives_a_commit_number_twice() {
    use crate::store::{SledOptions, SledStore, StoreError};
    let folder = tempfile::tempdir().unwrap();
    let options = SledOptions { numbered_after: 1_000, ..SledOptions::default() };
    let store = SledStore::open(folder.path(), options).unwrap();
    assert_eq!(store.latest(), 1_000);
    let first = put(&store, "a", b"1").await;
    assert!(first > 1_000);
    assert_eq!(store.changes(999, 10).await, Err(StoreError::Forgotten));
    assert_eq!(store.changes(1_000, 10).await.unwrap().len(), 1);
    drop(store);
    let store = SledStore::open(folder.path(), SledOptions::default()).unwrap();
    assert_eq!(store.latest(), first);
    assert!(put(&store, "b", b"2").await > first);
}
