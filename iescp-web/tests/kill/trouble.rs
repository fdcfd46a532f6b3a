//! Trouble that the system makes: a kill at each single sync, a disk that fails, a disk that is full.
//!
//! These need strace and leave to mount (`unshare`), so they run when asked for: `cargo nextest run --run-ignored only`. A kill
//! at every tenth of the first sixty syncs is tried; `IESCP_SYNCS=200` tries each of the first two hundred.

use crate::chain::{Chain, Went};
use crate::house::{House, Pair};
use crate::server::{Line, Server, said};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// Runs a program under strace, which does something at its system calls and is otherwise not there.
const STRACE: [&str; 6] = ["strace", "--daemonize=grandchild", "-f", "-qq", "-o/dev/null", "-etrace=fsync,fdatasync"];

/// Longest that anything here is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

fn under_strace(directory: &Path, inject: &str) -> Result<Server, std::process::ExitStatus> {
    let inject = format!("-einject={inject}");
    Server::start_by(&[STRACE.as_slice(), &[&inject]].concat(), directory)
}

fn points() -> Vec<usize> {
    match std::env::var("IESCP_SYNCS") {
        Ok(most) => (1..=most.parse().unwrap()).collect(),
        Err(_) => (0..=6).map(|tenth| 1 + tenth * 10).collect(),
    }
}

/// Writes one chain after another until the server does not answer, or `enough` of them are there.
fn write(line: &Line, pair: &Pair, name: &str, enough: usize) -> Vec<Chain> {
    let mut chains = Vec::new();
    for number in 0..enough {
        let mut chain = Chain::new(pair.clone(), format!("{name}-{number}"));
        let mut went = Went::On;
        while went == Went::On && !chain.is_over() {
            went = chain.go_on(line);
        }
        chains.push(chain);
        if went == Went::Nowhere {
            break;
        }
    }
    chains
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs strace"]
async fn r_01_a_kill_at_any_sync_of_a_first_start_leaves_a_store_that_opens() {
    for point in points().into_iter().take(40) {
        let directory = tempfile::tempdir().unwrap();
        let inject = format!("fsync,fdatasync:signal=SIGKILL:when={point}");
        if let Ok(server) = under_strace(directory.path(), &inject) {
            // It makes no more syncs than that before it listens.
            server.kill();
        }
        Server::start(directory.path()).kill();
        House::open(directory.path()).check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs strace"]
async fn r_01_a_kill_at_any_sync_loses_nothing_that_was_acknowledged() {
    let directory = tempfile::tempdir().unwrap();
    let mut pairs = House::open(directory.path()).pairs(0, 1).await;
    for point in points() {
        let inject = format!("fsync,fdatasync:signal=SIGKILL:when={point}");
        let mut chains = Vec::new();
        if let Ok(server) = under_strace(directory.path(), &inject) {
            chains = write(&server.line(), &pairs[0], &format!("point-{point}"), point);
            server.kill();
        }
        let house = House::open(directory.path());
        house.check().await;
        pairs = house.pairs(point, 1).await;
        drop(house);
        let server = Server::start(directory.path());
        let acknowledged: usize = chains.iter().map(Chain::acknowledged).sum();
        eprintln!("killed at sync {point}: {acknowledged} acknowledged writes");
        for chain in &mut chains {
            chain.prove(&server.line());
        }
        server.kill();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs strace"]
async fn a_disk_that_fails_ends_the_server_which_says_so_and_nothing_acknowledged_is_lost() {
    let directory = tempfile::tempdir().unwrap();
    let pairs = House::open(directory.path()).pairs(0, 1).await;
    let server = under_strace(directory.path(), "fsync,fdatasync:error=EIO:when=60+").unwrap();
    let mut chains = write(&server.line(), &pairs[0], "failing", 40);
    let ended = server.ended();
    assert_eq!(ended.code(), Some(1), "{}", said(directory.path()));
    assert!(said(directory.path()).contains("the store has stopped writing"), "{}", said(directory.path()));
    House::open(directory.path()).check().await;
    let server = Server::start(directory.path());
    for chain in &mut chains {
        chain.prove(&server.line());
    }
    server.kill();
}

/// Starts on a disk of 64 MiB of its own, with what the store held before; what it holds at the end is copied to `after`.
const ON_A_SMALL_DISK: &str = "mv data before && mkdir data after && mount -t tmpfs -o size=64m small data && cp -a before/. data/ \
    && { \"$@\" & echo $! > pid; wait $!; ended=$?; cp -a data/. after/; exit $ended; }";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs leave to mount"]
async fn r_04_on_a_full_disk_reads_go_on_and_writes_do_again_once_there_is_room() {
    let directory = tempfile::tempdir().unwrap();
    let pairs = House::open(directory.path()).pairs(0, 1).await;
    let (pair, path) = (&pairs[0], directory.path());
    let wrapper = ["unshare", "--mount", "--map-root-user", "sh", "-c", ON_A_SMALL_DISK, "sh"];
    let server = Server::start_by(&wrapper, path).unwrap_or_else(|_| panic!("it does not start: {}", said(path)));
    let line = server.line();
    let pid = fs::read_to_string(path.join("pid")).unwrap().trim().to_owned();
    let mut chains = write(&line, pair, "before", 3);

    let filler = PathBuf::from(format!("/proc/{pid}/root")).join(path.strip_prefix("/").unwrap()).join("data/filler");
    for round in 0..3 {
        fill(&filler);
        until("it refuses to write", || {
            // What was accepted until somebody looked at the disk found room in the store's own files.
            chains.extend(write(&line, pair, &format!("filling-{round}-{}", chains.len()), 1));
            chains.last().is_some_and(|chain| !chain.is_over())
        });
        assert!(line.look("/readyz").unwrap().starts_with("HTTP/1.1 503"));
        let full = write(&line, pair, &format!("full-{round}"), 5);
        assert!(full.iter().all(|chain| !chain.is_over()), "nothing is written where no room is");
        chains.extend(full);
        assert!(line.get(&pair.sponsor.token(), "/me/campaigns")["items"].is_array());
        assert!(line.look("/healthz").unwrap().starts_with("HTTP/1.1 200"));
        fs::remove_file(&filler).unwrap();
        until("it writes again", || {
            chains.extend(write(&line, pair, &format!("again-{round}-{}", chains.len()), 1));
            chains.last().is_some_and(Chain::is_over)
        });
    }
    for chain in &mut chains {
        chain.prove(&line);
    }
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert!(server.ended().success(), "{}", said(path));
    fs::remove_dir_all(path.join("data")).unwrap();
    fs::rename(path.join("after"), path.join("data")).unwrap();
    House::open(path).check().await;
    let server = Server::start(path);
    assert!(chains.iter().all(|chain| chain.stands(&server.line())));
    server.kill();
}

/// Waits until something is so.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(100));
    }
}

/// Fills the disk to the last byte.
fn fill(path: &Path) {
    let mut filler = File::create(path).unwrap();
    for size in [1 << 20, 1 << 12, 1] {
        while filler.write(&vec![1; size]).is_ok_and(|written| written > 0) {}
    }
}
