//! The program `iescp-worker`: what it prints, how it lives through the database's trouble, how it ends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../iescp-core/tests/postgres/cluster.rs"]
#[allow(dead_code, reason = "others do more with it")]
mod cluster;

use cluster::Cluster;
use std::{
    fs::{self, File},
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

/// What stands in the URL and must stand nowhere else.
const SECRET: &str = "planted-in-the-url";

fn program(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iescp-worker"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("IESCP_")) {
        command.env_remove(name);
    }
    command.current_dir(directory).stdin(Stdio::null());
    command
}

fn run(directory: &Path, arguments: &[&str]) -> Output {
    program(directory).args(arguments).output().unwrap()
}

/// One that works.
struct Working {
    child: Child,
    log: std::path::PathBuf,
}

impl Working {
    fn start(directory: &Path, store: &str) -> Self {
        let log = directory.join("log");
        let arguments = ["--store", store, "--public-url", "https://iescp.example", "--log", "info,sqlx=trace"];
        let child = program(directory).args(arguments).stderr(File::create(&log).unwrap()).spawn().unwrap();
        let working = Self { child, log };
        working.says("working");
        working
    }

    /// Waits until the log says this.
    fn says(&self, what: &str) {
        let began = Instant::now();
        while !fs::read_to_string(&self.log).unwrap().contains(what) {
            assert!(began.elapsed() < Duration::from_secs(60), "no “{what}” in {}", fs::read_to_string(&self.log).unwrap());
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn stop(mut self) -> Option<i32> {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _gone = self.child.wait();
    }
}

#[test]
fn two_work_on_one_database_live_through_its_absence_and_stop_with_0() {
    let directory = tempfile::tempdir().unwrap();
    let mut cluster = Cluster::start();
    let store = cluster.url().replace("//iescp@", &format!("//iescp:{SECRET}@"));
    let [here, there] = ["here", "there"].map(|name| directory.path().join(name));
    fs::create_dir(&here).unwrap();
    fs::create_dir(&there).unwrap();
    // One file serves both programs.
    fs::write(here.join("iescp.toml"), "listen = '127.0.0.1:1'\nmetrics_token = '0123456789abcdef'\nrate_limit = 5").unwrap();
    let (one, other) = (Working::start(&here, &store), Working::start(&there, &store));
    cluster.stop();
    for working in [&one, &other] {
        working.says("the database is gone");
    }
    cluster.start_again();
    for working in [&one, &other] {
        working.says("the database is back");
    }
    for working in [one, other] {
        let log = working.log.clone();
        assert_eq!(working.stop(), Some(0));
        assert!(!fs::read_to_string(log).unwrap().contains(SECRET));
    }
}

#[test]
fn what_cannot_work_is_said_with_2_and_what_stands_in_the_way_with_1() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    fs::write(here.join("iescp.toml"), "listen = '127.0.0.1:1'").unwrap();
    for (arguments, why) in [
        (["--store", "sled:./data", "--public-url", "https://iescp.example"], "belongs to one process"),
        (["--store", "memory:", "--public-url", "https://iescp.example"], "seen by no other process"),
        (["--store", "postgres://127.0.0.1/x", "--site-name", "X"], "--public-url is missing"),
        (["--store", "postgres://127.0.0.1/x", "--listen", "127.0.0.1:1"], "unexpected argument '--listen'"),
    ] {
        let output = run(here, &arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && said.contains(why), "{arguments:?}: {said}");
    }
    let store = format!("postgres://ann:{SECRET}@127.0.0.1:1/x");
    let output = run(here, &["--store", &store, "--public-url", "https://iescp.example"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && said.contains("cannot be reached") && !said.contains(SECRET), "{said}");
}
