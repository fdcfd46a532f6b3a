//! Stores and backups as earlier versions wrote them, kept for ever: each opens, is brought into the present layout, and is sound.
//!
//! `tests/golden/` holds them: `layout-N.store.gz`, the files of a sled directory one after the other, and `format-N.backup`. When the
//! layout or the format changes, those of before stay, and one is added: `IESCP_GOLDEN_FROM=<sled store>` packs a store of the
//! present layout, if none is kept; of a backup a copy will do.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use iescp_core::{
    Actor, Platform,
    backup::{Contents, Reader, pour},
    blob::{Blobs, MemoryBlobs},
    check::{self, Options},
    store::{MemoryStore, SledOptions, SledStore, Store},
    upgrade::{LAYOUT, upgrade},
};
use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn kept_ending_in(ending: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(kept()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(ending));
    paths.sort();
    paths
}

/// Each file as its name's length and name, its length, and its bytes.
fn pack(sled: &Path, to: &Path) {
    let mut out = GzEncoder::new(fs::File::create(to).unwrap(), Compression::best());
    for entry in fs::read_dir(sled).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
        let (name, bytes) = (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap());
        for part in [name.as_bytes(), &bytes] {
            out.write_all(&u32::try_from(part.len()).unwrap().to_be_bytes()).unwrap();
            out.write_all(part).unwrap();
        }
    }
    out.finish().unwrap();
}

fn unpack(from: &Path, sled: &Path) {
    let mut packed = Vec::new();
    GzDecoder::new(fs::File::open(from).unwrap()).read_to_end(&mut packed).unwrap();
    fs::create_dir_all(sled.join("blobs")).unwrap();
    let mut rest = packed.as_slice();
    let mut part = || {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (bytes, after) = after.split_at(u32::from_be_bytes(*length) as usize);
        rest = after;
        Some(bytes)
    };
    while let Some(name) = part() {
        fs::write(sled.join(std::str::from_utf8(name).unwrap()), part().unwrap()).unwrap();
    }
}

async fn is_sound(store: Arc<dyn Store>, blobs: Arc<dyn Blobs>, what: &Path) {
    let platform = Platform::over(store).blobs(blobs).open().unwrap();
    let report = check::check(&platform, &Actor::terminal(), Options::default(), &mut |_| {}).await.unwrap();
    assert!(report.is_clean() && report.records > 100 && report.seals > 10, "{}: {report:?}", what.display());
}

#[tokio::test]
async fn every_store_that_was_ever_kept_opens() {
    let stores = kept_ending_in(".store.gz");
    assert_eq!(stores.len(), LAYOUT as usize, "a store of each layout is kept: {stores:?}");
    for (store, layout) in stores.iter().zip(1..) {
        assert_eq!(*store, kept().join(format!("layout-{layout}.store.gz")));
        let directory = tempfile::tempdir().unwrap();
        unpack(store, &directory.path().join("sled"));
        for from in [layout, LAYOUT] {
            let opened: Arc<dyn Store> = Arc::new(SledStore::open(directory.path(), SledOptions::default()).unwrap());
            assert_eq!(upgrade(opened.as_ref()).await.unwrap().from, from);
            is_sound(opened, Arc::new(MemoryBlobs::new()), store).await;
        }
    }
}

#[tokio::test]
async fn every_backup_that_was_ever_kept_is_brought_back() {
    let backups = kept_ending_in(".backup");
    assert!(!backups.is_empty());
    for backup in backups {
        let (store, blobs) = (Arc::new(MemoryStore::new()), Arc::new(MemoryBlobs::new()));
        let mut beside = Vec::new();
        let mut keep = |name: &str, _: &[u8]| {
            beside.push(name.to_owned());
            Ok(())
        };
        let poured = pour(Reader::open(&backup).unwrap(), store.as_ref(), blobs.as_ref(), &mut keep, &mut |_| {}).await.unwrap();
        assert!(poured.blobs > 0 && beside.contains(&"keys.json".to_owned()), "{poured:?}, {beside:?}");
        assert!(Contents::of(store.as_ref(), &mut |_| {}).await.unwrap().keys > 100);
        upgrade(store.as_ref()).await.unwrap();
        is_sound(store, blobs, &backup).await;
    }
}

#[test]
fn a_store_of_the_present_layout_is_kept_when_asked_for() {
    let Ok(from) = std::env::var("IESCP_GOLDEN_FROM") else { return };
    let to = kept().join(format!("layout-{LAYOUT}.store.gz"));
    fs::create_dir_all(kept()).unwrap();
    if !to.exists() {
        pack(&Path::new(&from).join("sled"), &to);
    }
}
