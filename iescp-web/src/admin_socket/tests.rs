use super::*;
use crate::server::Shutdown;
use iescp_core::account::AdminInput;
use iescp_core::store::MemoryStore;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

struct Served {
    directory: tempfile::TempDir,
    shutdown: Shutdown,
    serving: tokio::task::JoinHandle<()>,
    platform: Platform,
}

fn serve() -> Served {
    let directory = tempfile::tempdir().unwrap();
    let platform = Platform::builder(MemoryStore::new()).open().unwrap();
    let shutdown = Shutdown::new();
    let socket = AdminSocket::bind(directory.path()).unwrap();
    let serving = tokio::spawn(socket.serve(platform.clone(), shutdown.clone()));
    Served { directory, shutdown, serving, platform }
}

async fn ask<C: Command>(directory: &Path, command: &C) -> Result<C::Done, String> {
    connect(directory).await.unwrap().unwrap().ask(command, &mut |_| {}).await
}

async fn send(directory: &Path, text: &str) -> String {
    let mut stream = UnixStream::connect(directory.join(NAME)).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

fn admin(username: &str) -> CreateAdmin {
    let password = "kettle-orbit-violin-42".to_owned().into();
    CreateAdmin { admin: AdminInput { username: username.into(), email: "ada@example.com".into(), password } }
}

#[tokio::test]
async fn a_command_is_done_through_the_socket_and_progress_is_told() {
    let served = serve();
    let made = ask(served.directory.path(), &admin("ada")).await.unwrap();
    assert_eq!(&*made.username, "ada");
    let mut told = Vec::new();
    let connection = connect(served.directory.path()).await.unwrap().unwrap();
    let report = connection.ask(&Check { repair: false }, &mut |progress| told.push(progress)).await.unwrap();
    assert!(report.is_clean() && report.records > 0 && !told.is_empty());
}

#[tokio::test]
async fn a_refusal_comes_as_sentences_with_the_names_of_fields() {
    let served = serve();
    let mut wrong = admin("a");
    wrong.admin.password = "short".to_owned().into();
    let why = ask(served.directory.path(), &wrong).await.unwrap_err();
    assert!(why.contains("username: ") && why.contains("password: ") && !why.contains("short\""), "{why}");
}

#[tokio::test]
async fn what_is_no_request_is_refused_and_repeats_no_secret() {
    let served = serve();
    let directory = served.directory.path();
    assert!(send(directory, "nothing\n").await.contains("cannot be read"));
    assert!(send(directory, "{\"command\":\"erase\"}\n").await.contains("knows no command"));
    let planted = send(directory, "{\"command\":\"create_admin\",\"admin\":\"planted\"}\n").await;
    assert!(planted.contains("failed") && !planted.contains("planted"), "{planted}");
    assert_eq!(send(directory, "{\"command\":\"check\"").await, "");
}

#[tokio::test]
async fn the_socket_is_for_its_owner_alone_and_goes_with_the_server() {
    let served = serve();
    let path = served.directory.path().join(NAME);
    let there = std::fs::metadata(&path).unwrap();
    assert!(there.file_type().is_socket());
    assert_eq!(there.mode() & 0o777, 0o600);
    served.shutdown.begin();
    served.serving.await.unwrap();
    assert!(!path.exists());
    assert!(connect(served.directory.path()).await.unwrap().is_none());
    drop(served.platform);
}

#[tokio::test]
async fn a_stale_socket_is_no_server_and_is_replaced() {
    let directory = tempfile::tempdir().unwrap();
    drop(AdminSocket::bind(directory.path()).unwrap());
    assert!(directory.path().join(NAME).exists());
    assert!(connect(directory.path()).await.unwrap().is_none());
    let _taken = AdminSocket::bind(directory.path()).unwrap();
    assert!(connect(directory.path()).await.unwrap().is_some());
}
