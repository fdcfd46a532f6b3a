use super::*;
use crate::cluster;
use futures_util::TryStreamExt;
use iescp_core::store::{PostgresOptions, PostgresStore};
use std::io::Write;

async fn bytes(pieces: io::Result<Pieces>) -> Vec<u8> {
    pieces.unwrap().map_ok(|piece| piece.to_vec()).try_concat().await.unwrap()
}

/// Writes a file, of which each byte differs from its neighbours.
async fn write(files: &Files, name: &str, length: usize) -> Vec<u8> {
    let content: Vec<u8> = (0..=250).cycle().take(length).collect();
    let mut draft = files.begin(name).unwrap();
    draft.file.write_all(&content).unwrap();
    draft.keep().await.unwrap();
    content
}

async fn keeps_what_is_written(writing: &Files, reading: &Files) {
    const PIECE: usize = 256 * 1024;
    for (name, length) in [("none", 0), ("some", 10), ("whole-pieces", 2 * PIECE), ("more", 2 * PIECE + 77)] {
        let content = write(writing, name, length).await;
        assert_eq!(bytes(reading.read(name, 0, length as u64).await).await, content, "{name}");
        for (from, many) in [(0, 1), (3, 5), (PIECE - 2, 4), (PIECE, PIECE), (length.saturating_sub(1), 1)] {
            let Some(part) = content.get(from..from + many) else { continue };
            assert_eq!(bytes(reading.read(name, from as u64, many as u64).await).await, part, "{name} from {from}");
        }
    }
    drop(writing.begin("draft").unwrap());
    let mut names = reading.names().await.unwrap();
    names.sort();
    assert_eq!(names, ["more", "none", "some", "whole-pieces"]);
    reading.remove("more").await.unwrap();
    assert!(writing.read("more", 0, 1).await.is_err());
    for name in ["", "..", ".draft", "a/b", "../some"] {
        assert!(reading.read(name, 0, 1).await.is_err(), "{name}");
    }
}

#[tokio::test]
async fn files_of_a_folder_are_read_from_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::open(folder.path().join("exports")).unwrap();
    keeps_what_is_written(&files, &files).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_one_process_wrote_into_the_database_are_read_by_another() {
    let cluster = cluster::Cluster::start();
    let store = PostgresStore::connect(&cluster.url(), PostgresOptions::default()).await.unwrap();
    let one = Files::passing().unwrap().shared(store.beside()).await.unwrap();
    let other = Files::passing().unwrap().shared(store.beside()).await.unwrap();
    keeps_what_is_written(&one, &other).await;
    assert_eq!(one.names_here().unwrap(), Vec::<String>::new(), "nothing stays in the folder");
}
