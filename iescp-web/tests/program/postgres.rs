//! Several processes on one database, each a node like the others.
//!
//! Each test starts a PostgreSQL server of its own: it needs Debian's `postgresql`, or what `IESCP_POSTGRES_BIN` names.

mod absence;
#[path = "../../../iescp-core/tests/postgres/cluster.rs"]
#[allow(dead_code, reason = "others do more with it")]
mod cluster;
mod journey;
mod keys;
mod moving;
mod spending;
mod together;
mod trouble;
mod upgrade;
#[path = "../../../iescp-core/tests/postgres/wire.rs"]
mod wire;

use super::*;
use cluster::Cluster;
use std::time::Instant;
use tempfile::TempDir;

/// What stands in the URL and must stand nowhere else.
const SECRET: &str = "planted-in-the-url";

/// A database, and directories to run programs in.
struct House {
    cluster: Cluster,
    directory: TempDir,
}

impl House {
    fn open() -> Self {
        Self { cluster: Cluster::start(), directory: tempfile::tempdir().unwrap() }
    }

    /// The store's URL, with a password in it that nobody asks for.
    fn store(&self) -> String {
        self.cluster.url().replace("//iescp@", &format!("//iescp:{SECRET}@"))
    }

    /// A directory of this name.
    fn at(&self, name: &str) -> std::path::PathBuf {
        let directory = self.directory.path().join(name);
        std::fs::create_dir_all(&directory).unwrap();
        directory
    }

    /// Serves as a node of this name.
    fn serve(&self, name: &str) -> Running {
        self.start(name, &["--no-worker"])
    }

    /// The same with a worker.
    fn serve_and_work(&self, name: &str) -> Running {
        self.start(name, &[])
    }

    fn start(&self, name: &str, more: &[&str]) -> Running {
        self.start_over(&self.store(), name, more)
    }

    /// The same over a way of one's own to the database.
    fn start_over(&self, store: &str, name: &str, more: &[&str]) -> Running {
        let log = ["--log", "info,sqlx=trace,iescp_core=trace"];
        let all = ["--public-url", "https://iescp.example", "--store", store];
        start(&self.at(name), &[log.as_slice(), &all, more].concat())
    }

    /// Runs a command that must go well; what it printed.
    fn done(&self, arguments: &[&str], typed: &str) -> String {
        let output = run(&self.at("terminal"), &[arguments, &["--store", &self.store()]].concat(), typed);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}{}", out(&output), err(&output));
        assert!(!err(&output).contains(SECRET) && !out(&output).contains(SECRET));
        out(&output)
    }
}

/// Waits until something is so, at most a minute.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Sends bytes; the answer's head and bytes.
fn exchange(running: &Running, head: &str, body: &[u8]) -> (String, Vec<u8>) {
    let mut socket = TcpStream::connect(&running.address).unwrap();
    let length = body.len();
    let host = &running.address;
    socket.write_all(format!("{head}host: {host}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n").as_bytes()).unwrap();
    socket.write_all(body).unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    (String::from_utf8(answer[..end].to_vec()).unwrap(), answer[end + 4..].to_vec())
}
