//! The program itself: what it prints, how it ends.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

struct Running {
    child: Child,
    address: String,
    directory: tempfile::TempDir,
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iescp-web"));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn start(more: &[&str]) -> Running {
    let directory = tempfile::tempdir().unwrap();
    let mut command = program();
    command.stderr(std::fs::File::create(directory.path().join("log")).unwrap());
    command.current_dir(directory.path()).args(["serve", "--listen", "127.0.0.1:0"]).args(more);
    let mut child = command.spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address =
        lines.map_while(Result::ok).find_map(|line| line.strip_prefix("listening on http://").map(str::to_owned)).unwrap();
    Running { child, address, directory }
}

fn get(address: &str, path: &str, more: &str) -> String {
    let mut socket = TcpStream::connect(address).unwrap();
    write!(socket, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{more}\r\n").unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    answer
}

/// Asks it to stop and gives its exit code and log.
fn stop(mut running: Running, signal: &str) -> (Option<i32>, String) {
    let pid = running.child.id().to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    let code = running.child.wait().unwrap().code();
    (code, std::fs::read_to_string(running.directory.path().join("log")).unwrap())
}

#[test]
fn it_prints_where_it_listens_answers_and_stops_with_0_on_sigterm_and_sigint() {
    for signal in ["-TERM", "-INT"] {
        let running = start(&[]);
        assert!(get(&running.address, "/healthz", "").starts_with("HTTP/1.1 200"));
        assert_eq!(stop(running, signal).0, Some(0), "{signal}");
    }
}

#[test]
fn s_61_no_secret_and_no_query_reaches_the_log_and_control_characters_are_escaped() {
    let running = start(&["--log", "trace", "--log-format", "json"]);
    get(
        &running.address,
        "/password/reset?token=planted-in-query",
        "authorization: Bearer planted-in-header\r\ncookie: iescp=planted-in-cookie\r\n",
    );
    get(&running.address, "/x%0d%0afaked%1b[31m", "");
    let (_, log) = stop(running, "-TERM");
    assert!(log.contains("/password/reset"), "{log}");
    assert!(!log.contains("planted"), "{}", log.lines().find(|line| line.contains("planted")).unwrap_or_default());
    assert!(!log.contains('\u{1b}') && log.lines().all(|line| line.starts_with('{')), "{log}");
}

#[test]
fn wrong_use_ends_with_2_and_failure_with_1() {
    assert_eq!(program().arg("--nothing").status().unwrap().code(), Some(2));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let directory = tempfile::tempdir().unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let failed = program().current_dir(directory.path()).args(["--listen", &address]).output().unwrap();
    assert_eq!(failed.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&failed.stderr).contains("cannot be listened on"));
}

#[test]
fn the_document_can_be_printed() {
    let output = program().arg("openapi").output().unwrap();
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["openapi"], "3.0.0");
}
