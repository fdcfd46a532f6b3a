use super::*;
use std::{fs, sync::Arc};

async fn keeps_what_it_is_given(blobs: Arc<dyn Blobs>) {
    let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    assert_eq!(blobs.list(None, 10).await.unwrap(), []);
    assert_eq!(blobs.get(BlobName::large(one)).await.unwrap(), None);
    blobs.delete(BlobName::large(one)).await.unwrap();
    for (name, bytes) in [(BlobName::small(other), "c"), (BlobName::large(one), "a"), (BlobName::small(one), "b")] {
        blobs.put(name, bytes.into()).await.unwrap();
    }
    blobs.put(BlobName::large(one), "again".into()).await.unwrap();
    assert_eq!(blobs.get(BlobName::large(one)).await.unwrap(), Some("again".into()));
    let names = async |after, limit| -> Vec<String> {
        blobs.list(after, limit).await.unwrap().iter().map(|kept| kept.name.to_string()).collect()
    };
    let all = [BlobName::large(one), BlobName::small(one), BlobName::small(other)].map(|name| name.to_string());
    assert_eq!(names(None, 10).await, all);
    assert_eq!(names(None, 2).await, all[..2]);
    assert_eq!(names(Some(BlobName::large(one)), 10).await, all[1..]);
    blobs.delete(BlobName::small(one)).await.unwrap();
    assert_eq!(blobs.get(BlobName::small(one)).await.unwrap(), None);
    assert_eq!(names(None, 10).await, [all[0].clone(), all[2].clone()]);
}

#[tokio::test]
async fn blobs_in_memory_are_kept_until_removed() {
    keeps_what_it_is_given(Arc::new(MemoryBlobs::new())).await;
}

#[tokio::test]
async fn blobs_in_a_folder_are_kept_until_removed_and_nothing_else_there_counts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pictures");
    fs::create_dir_all(path.join("01")).unwrap();
    for other in ["01/readme.txt", "01/00000000-0000-0000-0000-000000000001.new", "01/00000000-0000-0000-0000-000000000002.small"]
    {
        fs::write(path.join(other), "something else").unwrap();
    }
    keeps_what_it_is_given(Arc::new(FolderBlobs::new(&path))).await;
    assert!(path.join("01/readme.txt").exists());
    let leftovers =
        fs::read_dir(path.join("02")).unwrap().filter(|entry| entry.as_ref().unwrap().path().extension().unwrap() == "new");
    assert_eq!(leftovers.count(), 0);
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn blobs_in_a_database_are_kept_until_removed_and_every_process_finds_them() {
    use crate::store::{PostgresOptions, PostgresStore};
    let cluster = crate::proofs::cluster::Cluster::start();
    let one = PostgresStore::connect(&cluster.url(), PostgresOptions::default()).await.unwrap();
    let other = PostgresStore::connect(&cluster.url(), PostgresOptions::default()).await.unwrap();
    let (here, there) = tokio::join!(PostgresBlobs::open(one.beside()), PostgresBlobs::open(other.beside()));
    let (here, there) = (here.unwrap(), there.unwrap());
    keeps_what_it_is_given(Arc::new(here.clone())).await;
    let large = vec![7; MAX_BLOB_BYTES];
    here.put(BlobName::large(Uuid::from_u128(9)), large.clone()).await.unwrap();
    assert_eq!(there.get(BlobName::large(Uuid::from_u128(9))).await.unwrap(), Some(large));
    // Whoever takes a backup holds them, for all.
    here.hold(Uuid::from_u128(5), Duration::from_secs(60)).await.unwrap();
    there.delete(BlobName::large(Uuid::from_u128(9))).await.unwrap();
    assert!(here.get(BlobName::large(Uuid::from_u128(9))).await.unwrap().is_some());
    here.hold(Uuid::from_u128(5), Duration::ZERO).await.unwrap();
    there.delete(BlobName::large(Uuid::from_u128(9))).await.unwrap();
    assert!(here.get(BlobName::large(Uuid::from_u128(9))).await.unwrap().is_none());
    let ages: Vec<Duration> = there.list(None, 10).await.unwrap().iter().map(|kept| kept.age).collect();
    assert!(ages.len() == 2 && ages.iter().all(|age| *age < Duration::from_secs(60)), "{ages:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn blobs_in_a_folder_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pictures");
    FolderBlobs::new(&path).put(BlobName::large(Uuid::from_u128(1)), b"a".to_vec()).await.unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(&path.join("01/00000000-0000-0000-0000-000000000001.large"))), (0o700, 0o600));
}

#[test]
fn s_47_a_name_is_an_id_and_a_word_and_nothing_else() {
    let name = BlobName::small(Uuid::from_u128(7));
    assert_eq!(name.to_string().parse(), Ok(name));
    for text in [
        "",
        "small",
        "../../etc/passwd",
        "00000000-0000-0000-0000-000000000007",
        "00000000-0000-0000-0000-000000000007.",
        "00000000-0000-0000-0000-000000000007.exe",
        "00000000-0000-0000-0000-000000000007.small/../x",
        "00000000000000000000000000000007.small",
        "{00000000-0000-0000-0000-000000000007}.small",
        "../00000000-0000-0000-0000-000000000007.small",
    ] {
        assert_eq!(text.parse::<BlobName>(), Err(NoBlobName), "{text}");
    }
}
