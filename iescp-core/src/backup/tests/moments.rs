//! Backups of a store that is written meanwhile: each is one moment of it.

use super::*;
use crate::store::{Found, Read};
use std::sync::atomic::{AtomicBool, Ordering};

const WRITERS: usize = 4;

/// What a writer has written: in every commit all its keys get the same number, the first key is deleted in odd ones.
fn commit(writer: usize, number: u64) -> Batch {
    let key = |place: usize| Key(format!("{place:02} {writer}").into_bytes());
    let mut writes: Vec<Write> = (1..20).map(|place| Write::Put(key(place), number.to_be_bytes().to_vec())).collect();
    writes.push(match number % 2 {
        0 => Write::Put(key(0), number.to_be_bytes().to_vec()),
        _ => Write::Delete(key(0)),
    });
    Batch { writes, ..Batch::default() }
}

/// The number that a writer's keys have; all have the same, or the store is of no moment.
async fn number_of(store: &dyn Store, writer: usize) -> u64 {
    let keys = (0..20).map(|place| Key(format!("{place:02} {writer}").into_bytes()));
    let found = store.read(Read::all(keys)).await.unwrap();
    let numbers: Vec<Option<u64>> = found
        .into_iter()
        .map(|found| match found {
            Found::One(Some(stored)) => Some(u64::from_be_bytes(stored.bytes.try_into().unwrap())),
            _ => None,
        })
        .collect();
    let number = numbers[1].unwrap_or(0);
    let first = (number > 0 && number.is_multiple_of(2)).then_some(number);
    assert_eq!(numbers[0], first, "{numbers:?}");
    assert!(numbers[1..].iter().all(|other| other.unwrap_or(0) == number), "{numbers:?}");
    number
}

async fn each_backup_is_one_moment(store: Arc<dyn Store>, backups: usize) {
    let platform = Platform::over(store.clone()).open().unwrap();
    // So many other keys that a walk takes several pages.
    for number in 0..2_000 {
        put(store.as_ref(), &format!("05 filler {number:05}"), &[1; 50]).await;
    }
    let done = Arc::new(AtomicBool::new(false));
    let told: Arc<Vec<_>> = Arc::new((0..WRITERS).map(|_| std::sync::atomic::AtomicU64::new(0)).collect());
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let (store, done, told) = (store.clone(), done.clone(), told.clone());
        writers.spawn(async move {
            for number in 1.. {
                if done.load(Ordering::Relaxed) {
                    return number - 1;
                }
                store.commit(commit(writer, number)).await.unwrap();
                told[writer].store(number, Ordering::SeqCst);
                tokio::task::yield_now().await;
            }
            0
        });
    }
    let folder = tempfile::tempdir().unwrap();
    let mut changes = 0;
    for round in 0..backups {
        let file = folder.path().join(round.to_string());
        let before: Vec<u64> = told.iter().map(|told| told.load(Ordering::SeqCst)).collect();
        changes += back_up(&platform, &file).await.counts.changes;
        let after: Vec<u64> = told.iter().map(|told| told.load(Ordering::SeqCst)).collect();
        let back = bring_back(&file).await.unwrap();
        for writer in 0..WRITERS {
            let number = number_of(&back.store, writer).await;
            let possible = before[writer]..=after[writer] + 1;
            assert!(possible.contains(&number), "{number} is not in {possible:?}");
        }
    }
    done.store(true, Ordering::Relaxed);
    while let Some(ended) = writers.join_next().await {
        assert!(ended.unwrap() > 0);
    }
    assert!(changes > 0, "nothing was written while backups were taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_backup_of_a_store_in_memory_is_one_moment_of_it() {
    each_backup_is_one_moment(Arc::new(MemoryStore::new()), 10).await;
}

#[cfg(feature = "sled")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_backup_of_a_store_on_disk_is_one_moment_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = crate::store::SledStore::open(folder.path(), crate::store::SledOptions::default()).unwrap();
    each_backup_is_one_moment(Arc::new(store), 10).await;
}

#[tokio::test]
async fn the_bytes_of_a_picture_that_is_removed_meanwhile_are_in_the_backup_and_swept_later() {
    let market = crate::fixture::Market::open();
    let (platform, mut placed) = (&market.platform, Vec::new());
    let actors = [market.influencer().await, market.influencer().await].map(|account| crate::Actor::account(account.id));
    for actor in &actors {
        let image = crate::picture::Image { media_type: crate::picture::MediaType::Jpeg, small: vec![1; 9], large: vec![2; 99] };
        let put = |draft| crate::picture::PutOwnPicture { draft };
        placed.push(crate::picture::place(platform, actor, None, image, put).await.unwrap().output.picture);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    let mut writer = Writer::begin(Target::begin(&file, false).unwrap());
    let mut removal = Box::pin(platform.run(&actors[1], crate::picture::RemoveOwnPicture));
    let mut removed = false;
    let mut tell = |progress: Progress| {
        // The first picture is read, and the second is not.
        if progress.step == Step::Pictures && !removed {
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            assert!(removal.as_mut().poll(&mut context).is_ready());
            removed = true;
        }
    };
    let moment = take(platform, &mut writer, &mut tell).await.unwrap();
    writer.finish(moment, Timestamp::UNIX_EPOCH).await.unwrap();
    let back = bring_back(&file).await.unwrap();
    let large = crate::picture::Size::Large.blob(placed[1]);
    assert_eq!(back.blobs.get(large).await.unwrap(), Some(vec![2; 99]));
    assert!(platform.blobs().get(large).await.unwrap().is_some(), "held");
    assert_eq!(crate::picture::sweep(platform, std::time::Duration::ZERO).await.unwrap(), 2);
    assert_eq!(platform.blobs().get(large).await.unwrap(), None);
}

#[tokio::test]
async fn so_much_writing_that_changes_are_forgotten_is_said_and_leaves_no_file() {
    let platform = Platform::builder(MemoryStore::keeping(1)).open().unwrap();
    let store = platform.store().clone();
    for number in 0..1_000 {
        put(store.as_ref(), &format!("{number:04}"), b"1").await;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::begin(Target::begin(&folder.path().join("backup"), false).unwrap());
    // The store in memory commits at once, so this writes between two pages.
    let mut tell = |_: Progress| {
        for _ in 0..2 {
            let batch = Batch { writes: vec![Write::Put(Key(b"x".to_vec()), vec![1])], ..Batch::default() };
            let mut commit = store.commit(batch);
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            assert!(commit.as_mut().poll(&mut context).is_ready());
        }
    };
    let why = take(&platform, &mut writer, &mut tell).await.unwrap_err();
    assert!(matches!(why, BackupError::TooBusy), "{why}");
}
