//! Backups, through the program: taken while serving, brought back elsewhere, copied, interrupted.

use super::*;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

/// A store with a small market, in `data`; how its admin signs in.
pub(super) fn market(directory: &Path) -> (String, String) {
    let made = run(directory, &["demo", "--influencers", "6", "--sponsors", "2"], "");
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
    let line = out(&made).lines().nth(1).unwrap().to_owned();
    let mut words = line.split_whitespace().map(str::to_owned);
    (words.next().unwrap(), words.next().unwrap())
}

fn does(directory: &Path, arguments: &[&str]) -> String {
    let done = run(directory, arguments, "");
    assert_eq!(done.status.code(), Some(0), "{arguments:?}: {}", err(&done));
    out(&done)
}

fn refuses(directory: &Path, arguments: &[&str]) -> String {
    let done = run(directory, arguments, "");
    assert_eq!(done.status.code(), Some(1), "{arguments:?}: {}{}", out(&done), err(&done));
    assert!(!err(&done).contains("panicked"), "{}", err(&done));
    err(&done)
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_backup_is_taken_while_serving_and_brought_back_elsewhere() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let (username, password) = market(here);
    let running = start(here, &["--demo"]);
    let bearer = running.bearer(&username, &password).unwrap();
    let campaigns = running.get_json("/api/v1/campaigns?limit=100", &bearer);
    let said = does(here, &["backup", "one.backup"]);
    assert!(said.starts_with("one.backup was written\n") && said.contains("keys.json"), "{said}");
    let why = refuses(here, &["backup", "one.backup"]);
    assert!(why.contains("there already; --force replaces it"), "{why}");
    does(here, &["backup", "one.backup", "--force"]);
    assert!(refuses(here, &["backup", "none/one.backup"]).contains("No such file"));
    assert_eq!(running.stop("-TERM"), Some(0));
    let said = does(here, &["backup", "--verify", "one.backup"]);
    assert!(said.starts_with("one.backup is whole\n"), "{said}");
    assert!(names(here).iter().all(|name| !name.contains(".part") && !name.contains(".queue")));

    let said = does(here, &["restore", "one.backup", "--store", "sled:deep/elsewhere"]);
    assert!(said.contains("nothing is wrong"), "{said}");
    let elsewhere = here.join("deep/elsewhere");
    assert_eq!(names(&elsewhere), ["keys.json", "lock", "pictures", "queue.sqlite", "sled"]);
    let back = start(here, &["--demo", "--store", "sled:deep/elsewhere"]);
    assert_eq!(fs::read(elsewhere.join("keys.json")).unwrap(), fs::read(here.join("data/keys.json")).unwrap());
    let bearer = back.bearer(&username, &password).unwrap();
    assert_eq!(back.get_json("/api/v1/campaigns?limit=100", &bearer), campaigns);
    assert_eq!(back.stop("-TERM"), Some(0));
    assert!(does(here, &["check", "--store", "sled:deep/elsewhere"]).contains("nothing is wrong"));

    let why = refuses(here, &["restore", "one.backup", "--store", "sled:deep/elsewhere"]);
    assert!(why.contains("there is a store at deep/elsewhere already"), "{why}");
    assert_eq!(run(here, &["restore", "one.backup", "--store", "memory:"], "").status.code(), Some(2));

    fs::create_dir(here.join("others")).unwrap();
    fs::write(here.join("others/letter.txt"), "not ours").unwrap();
    assert!(refuses(here, &["restore", "one.backup", "--store", "sled:others"]).contains("it holds letter.txt"));
    assert_eq!(names(&here.join("others")), ["letter.txt"], "nothing of ours is left there");
}

#[test]
fn without_a_server_a_backup_is_taken_of_the_store_as_it_lies() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    assert!(refuses(here, &["backup", "one.backup"]).contains("there is no store at"));
    assert!(!here.join("one.backup").exists());
    market(here);
    does(here, &["backup", "one.backup"]);
    does(here, &["restore", "one.backup", "--store", "sled:back"]);
    assert_eq!(run(here, &["backup", "--store", "memory:", "two.backup"], "").status.code(), Some(2));
}

#[test]
fn a_backup_that_is_not_whole_leaves_nothing_behind() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    market(here);
    does(here, &["backup", "one.backup"]);
    let mut bytes = fs::read(here.join("one.backup")).unwrap();
    let at = bytes.len() - 100;
    bytes[at] ^= 1;
    fs::write(here.join("bad.backup"), &bytes).unwrap();
    for arguments in [&["backup", "--verify", "bad.backup"] as &[&str], &["restore", "bad.backup", "--store", "sled:back"]] {
        let why = refuses(here, arguments);
        assert!(why.contains("bad.backup: this is no whole backup: "), "{why}");
    }
    assert!(!here.join("back/sled").exists());
    let why = refuses(here, &["serve", "--listen", "127.0.0.1:0", "--store", "sled:back"]);
    assert!(why.contains("interrupted") && why.contains("iescp-web restore"), "{why}");
    does(here, &["restore", "one.backup", "--store", "sled:back"]);
    assert!(does(here, &["check", "--store", "sled:back"]).contains("nothing is wrong"));
}

#[test]
fn a_restore_that_is_killed_leaves_no_store_or_a_whole_one() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    market(here);
    does(here, &["backup", "one.backup"]);
    let began = Instant::now();
    does(here, &["restore", "one.backup", "--store", "sled:undisturbed"]);
    let (took, store) = (began.elapsed(), here.join("back/sled"));
    // Each round a little later in its course; on a machine that is slower by then, the last ones go on until it is done.
    for round in 0..1_000 {
        if store.exists() {
            break;
        }
        let mut restoring = program(here).args(["restore", "one.backup", "--store", "sled:back"]).spawn().unwrap();
        std::thread::sleep(took * round / 12);
        restoring.kill().unwrap();
        restoring.wait().unwrap();
    }
    assert!(does(here, &["check", "--store", "sled:back"]).contains("nothing is wrong"));
    assert_eq!(names(&here.join("back")), ["keys.json", "lock", "pictures", "sled"]);
}

#[test]
fn a_copy_is_the_same_and_takes_keys_along_and_a_store_in_use_is_not_copied() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let (username, password) = market(here);
    let running = start(here, &["--demo"]);
    let why = refuses(here, &["copy", "--from", "sled:data", "--to", "sled:copy"]);
    assert!(why.contains("in use by another process"), "{why}");
    assert_eq!(running.stop("-TERM"), Some(0));
    let said = does(here, &["copy", "--from", "sled:data", "--to", "sled:copy"]);
    assert!(said.contains("sha256 of keys and values: "), "{said}");
    assert!(refuses(here, &["copy", "--from", "sled:data", "--to", "sled:copy"]).contains("there is a store at"));
    let running = start(here, &["--demo", "--store", "sled:copy"]);
    assert_eq!(running.sign_in(&username, &password), Ok("admin".to_owned()));
    assert_eq!(running.stop("-TERM"), Some(0));
    assert_eq!(run(here, &["copy", "--from", "memory:", "--to", "sled:x"], "").status.code(), Some(2));
    let onto_itself = run(here, &["copy", "--from", "sled:data", "--to", "sled:./copy/../data"], "");
    assert_eq!(onto_itself.status.code(), Some(2));
    assert!(err(&onto_itself).contains("onto itself"), "{}", err(&onto_itself));
    assert!(refuses(here, &["copy", "--from", "sled:none", "--to", "sled:x"]).contains("there is no store at none"));
}

#[test]
fn whoever_goes_away_leaves_no_half_backup() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    market(here);
    let running = start(here, &["--demo"]);
    for round in 0..5 {
        let mut asking = program(here).args(["backup", "one.backup", "--force"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(10 * round));
        asking.kill().unwrap();
        asking.wait().unwrap();
    }
    // The server hears of it when it next tells how far it is, or has written all of it before.
    let clean = || names(here).iter().all(|name| !name.contains(".part") && !name.contains(".queue"));
    assert!(
        (0..6_000).any(|_| clean() || {
            std::thread::sleep(Duration::from_millis(10));
            false
        }),
        "{:?}",
        names(here)
    );
    let whole: Option<PathBuf> = Some(here.join("one.backup")).filter(|file| file.exists());
    whole.inspect(|_| assert!(does(here, &["backup", "--verify", "one.backup"]).contains("is whole")));
    assert_eq!(running.stop("-TERM"), Some(0));
}

#[test]
fn after_a_kill_the_store_is_checked_in_the_background() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    assert_eq!(start(here, &[]).stop("-TERM"), Some(0));
    let running = start(here, &[]);
    assert!(!log_of(here).contains("was not closed the last time"));
    drop(running);
    let running = start(here, &[]);
    let checked = || log_of(here).contains("the store holds what it should");
    assert!(
        (0..6_000).any(|_| checked() || {
            std::thread::sleep(Duration::from_millis(10));
            false
        }),
        "{}",
        log_of(here)
    );
    assert!(log_of(here).contains("was not closed the last time"));
    assert_eq!(running.stop("-TERM"), Some(0));
    assert_eq!(start(here, &["--log", "warn"]).stop("-TERM"), Some(0));
    assert_eq!(log_of(here).matches("was not closed the last time").count(), 1);
}
