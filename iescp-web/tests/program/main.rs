//! The program itself: what it prints, how it ends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod admin;
mod backup;
mod damage;
mod demo;
mod guide;
mod import;
mod postgres;
mod setup;

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A server that runs in a directory.
struct Running {
    child: Child,
    address: String,
    said: mpsc::Receiver<String>,
}

/// What a client got.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

/// The program in a directory, with nothing set but what is said.
fn program(directory: &Path) -> Command {
    command(env!("CARGO_BIN_EXE_iescp-web"), directory)
}

fn command(program: &str, directory: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("IESCP_")) {
        command.env_remove(name);
    }
    command.current_dir(directory).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn start(directory: &Path, more: &[&str]) -> Running {
    let mut command = program(directory);
    let log = std::fs::File::options().create(true).append(true).open(directory.join("log")).unwrap();
    command.stderr(log).args(["serve", "--listen", "127.0.0.1:0"]).args(more);
    let mut child = command.spawn().unwrap();
    let (saying, said) = mpsc::channel();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| saying.send(line)));
    let address = said.iter().find_map(|line| line.strip_prefix("listening on http://").map(str::to_owned));
    Running { child, address: address.unwrap(), said }
}

impl Running {
    /// The next line it says.
    fn says(&self) -> String {
        self.said.recv_timeout(Duration::from_secs(60)).unwrap()
    }

    /// The path of the set-up link that it says next.
    fn setup_link(&self) -> String {
        let line = self.says();
        let link = line.split_once("http://").unwrap_or_else(|| panic!("no link in “{line}”")).1;
        link.strip_prefix(&self.address).unwrap().to_owned()
    }

    fn get(&self, path: &str, more: &str) -> Answer {
        get(&self.address, path, more)
    }

    fn post(&self, path: &str, kind: &str, more: &str, body: &str) -> Answer {
        post(&self.address, path, kind, more, body)
    }

    /// Signs in: the header with which this account asks.
    fn bearer(&self, username: &str, password: &str) -> Result<String, u16> {
        let body = json!({ "username": username, "password": password }).to_string();
        let answer = self.post("/api/v1/auth/login", "application/json", "", &body);
        if answer.status != 200 {
            return Err(answer.status);
        }
        let tokens: Value = serde_json::from_str(&answer.body).unwrap();
        Ok(format!("authorization: Bearer {}\r\n", tokens["access_token"].as_str().unwrap()))
    }

    fn get_json(&self, path: &str, more: &str) -> Value {
        let answer = self.get(path, more);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    /// Signs in: the role that the platform says this account has.
    fn sign_in(&self, username: &str, password: &str) -> Result<String, u16> {
        let bearer = self.bearer(username, password)?;
        Ok(self.get_json("/api/v1/me", &bearer)["role"].as_str().unwrap().to_owned())
    }

    /// Asks it to stop and gives its exit code.
    fn stop(mut self, signal: &str) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

fn get(address: &str, path: &str, more: &str) -> Answer {
    ask(address, &format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{more}\r\n"))
}

fn post(address: &str, path: &str, kind: &str, more: &str, body: &str) -> Answer {
    let length = body.len();
    ask(
        address,
        &format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n{more}\r\n{body}"
        ),
    )
}

fn ask(address: &str, request: &str) -> Answer {
    let mut socket = TcpStream::connect(address).unwrap();
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _gone = self.child.wait();
    }
}

/// However slow the machine: a command that needs longer hangs, and is ended.
const PATIENCE: Duration = Duration::from_secs(120);

fn run(directory: &Path, arguments: &[&str], typed: &str) -> Output {
    let mut child = program(directory).args(arguments).stdin(Stdio::piped()).spawn().unwrap();
    let _read_or_not = child.stdin.take().unwrap().write_all(typed.as_bytes());
    let (process, (ended, ends)) = (child.id().to_string(), std::sync::mpsc::channel::<()>());
    let watch = std::thread::spawn(move || {
        if ends.recv_timeout(PATIENCE) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            Command::new("kill").args(["-KILL", &process]).status().unwrap();
        }
    });
    let output = child.wait_with_output().unwrap();
    drop(ended);
    watch.join().unwrap();
    output
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn log_of(directory: &Path) -> String {
    std::fs::read_to_string(directory.join("log")).unwrap()
}

#[test]
fn it_prints_where_it_listens_answers_and_stops_with_0_on_sigterm_and_sigint() {
    for signal in ["-TERM", "-INT"] {
        let directory = tempfile::tempdir().unwrap();
        let running = start(directory.path(), &[]);
        assert_eq!(running.get("/healthz", "").status, 200);
        assert!(running.get("/", "").body.contains("/api/docs"));
        assert_eq!(running.stop(signal), Some(0), "{signal}");
    }
}

#[test]
fn a_second_start_works_and_a_second_process_is_told_why_it_cannot() {
    let directory = tempfile::tempdir().unwrap();
    let running = start(directory.path(), &[]);
    let second = run(directory.path(), &["--listen", "127.0.0.1:0"], "");
    assert_eq!(second.status.code(), Some(1));
    assert!(err(&second).contains("in use by another process"), "{}", err(&second));
    assert_eq!(running.stop("-TERM"), Some(0));
    assert!(!directory.path().join("data/admin.sock").exists());
    assert_eq!(start(directory.path(), &[]).stop("-TERM"), Some(0));
}

#[test]
fn it_is_ready_when_its_store_and_search_are() {
    let directory = tempfile::tempdir().unwrap();
    let running = start(directory.path(), &["--no-worker"]);
    let ready = std::iter::from_fn(|| Some(running.get("/readyz", ""))).take(2000).find(|answer| answer.status == 200).unwrap();
    let checks: Value = serde_json::from_str(&ready.body).unwrap();
    assert_eq!(checks["checks"], json!({ "accepting": "ok", "store": "ok", "search": "ok" }));
}

#[test]
fn s_61_no_secret_and_no_query_reaches_the_log_and_control_characters_are_escaped() {
    let directory = tempfile::tempdir().unwrap();
    let running = start(directory.path(), &["--log", "trace", "--log-format", "json"]);
    let link = running.setup_link();
    running.get(&link, "");
    running.get(
        "/password/reset?token=planted-in-query",
        "authorization: Bearer planted-in-header\r\ncookie: iescp=planted-in-cookie\r\n",
    );
    running.get("/x%0d%0afaked%1b[31m", "");
    let form = format!("{}&username=ada&email=ada%40example.com&password=planted-in-a-form", setup::token_of(&link));
    assert_eq!(running.post("/setup", setup::FORM, setup::OURS, &form).status, 303);
    let typed = run(directory.path(), &["admin", "create", "--username", "eve"], "planted-at-the-terminal-7\n");
    assert_eq!(typed.status.code(), Some(0), "{}", err(&typed));
    assert_eq!(running.stop("-TERM"), Some(0));
    let log = log_of(directory.path());
    assert!(log.contains("/password/reset"), "{log}");
    for secret in ["planted", setup::token_of(&link)] {
        assert!(!log.contains(secret), "{}", log.lines().find(|line| line.contains(secret)).unwrap_or_default());
    }
    assert!(!log.contains('\u{1b}') && log.lines().all(|line| line.starts_with('{')), "{log}");
}

#[test]
fn wrong_use_ends_with_2_and_failure_with_1() {
    let directory = tempfile::tempdir().unwrap();
    for wrong in
        [&["--nothing"] as &[&str], &["admin"], &["admin", "create"], &["check", "--store", "memory:"], &["check", "--twice"]]
    {
        assert_eq!(run(directory.path(), wrong, "").status.code(), Some(2), "{wrong:?}");
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let failed = run(directory.path(), &["--listen", &address], "");
    assert_eq!(failed.status.code(), Some(1));
    assert!(err(&failed).contains("cannot be listened on"));
}

#[test]
fn the_document_can_be_printed() {
    let output = run(Path::new("."), &["openapi"], "");
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["openapi"], "3.0.0");
}
