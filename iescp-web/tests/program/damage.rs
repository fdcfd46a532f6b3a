//! Bytes of an installation's files are flipped, cut off, emptied and removed.

use super::*;
use clap::{Args, FromArgMatches};
use iescp_core::Actor;
use iescp_core::backup::Contents;
use iescp_core::check::{self, Options};
use iescp_web::secrets::Secrets;
use iescp_web::settings::Settings;
use iescp_worker::{Queue, Stock};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

/// How many ways are tried.
const WAYS: usize = 200;

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % below
    }
}

/// The files of an installation, by their paths in it. Pictures are left out: a changed pixel is a changed pixel.
fn files(directory: &Path, within: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory.join(within)).unwrap().map(Result::unwrap) {
        let path = within.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true if path.ends_with("pictures") => {}
            true => files(directory, &path, found),
            false => found.push(path),
        }
    }
    found.sort();
}

/// All of an installation that must not change unnoticed.
#[derive(PartialEq, Debug)]
struct Held {
    contents: Contents,
    secrets: Secrets,
    jobs: Stock,
}

/// Opens an installation, checks it and reads all of it; or what stood in the way.
fn held(directory: &Path) -> Result<Held, String> {
    let command = Settings::augment_args(clap::Command::new("test"));
    let store = format!("sled:{}", directory.display());
    let settings = Settings::from_arg_matches(&command.get_matches_from(["test", "--store", &store])).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let installation = settings.open_existing().await?;
        let platform = &installation.platform;
        let report = check::check(platform, &Actor::terminal(), Options::default(), &mut |_| {}).await;
        let report = report.map_err(|error| format!("{error:?}"))?;
        if !report.is_clean() {
            return Err(format!("{:?}", report.findings));
        }
        let contents = Contents::of(platform.store().as_ref(), &mut |_| {}).await.map_err(|error| error.to_string())?;
        let queue = Queue::open(directory.join("queue.sqlite")).await.map_err(|error| error.to_string())?;
        let jobs = queue.stock().await.map_err(|error| error.to_string())?;
        Ok(Held { contents, secrets: installation.secrets, jobs })
    })
}

/// Does something to a file, and says what.
fn damage(file: &Path, dice: &mut Dice) -> String {
    let mut bytes = fs::read(file).unwrap();
    // Where something is: what is beyond is room for more.
    let used = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    if used == 0 || dice.roll(12) == 0 {
        fs::remove_file(file).unwrap();
        return "removed".to_owned();
    }
    let at = dice.roll(used);
    let said = match dice.roll(5) {
        0 | 1 => {
            let bit = dice.roll(8);
            bytes[at] ^= 1 << bit;
            format!("bit {bit} of byte {at} of {used} is flipped")
        }
        2 => {
            bytes.truncate(at);
            format!("cut off after byte {at} of {used}")
        }
        3 => {
            let at = at / 512 * 512;
            let end = (at + 512).min(bytes.len());
            bytes[at..end].fill(0);
            format!("the sector at {at} of {used} is emptied")
        }
        _ => {
            let many = 1 + dice.roll(100);
            for byte in bytes.iter_mut().skip(at).take(many) {
                *byte = u8::try_from(dice.roll(256)).unwrap();
            }
            format!("{many} bytes at {at} of {used} are others")
        }
    };
    fs::write(file, bytes).unwrap();
    said
}

/// Copies an installation, damages one of its files, and looks what comes of it.
fn one_way(whole: &Path, number: usize, expected: &Held) -> (String, bool) {
    let mut dice = Dice(0x2545_F491_4F6C_DD1D ^ (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let mut names = Vec::new();
    files(whole, Path::new(""), &mut names);
    let copy = tempfile::tempdir().unwrap();
    for name in &names {
        fs::create_dir_all(copy.path().join(name).parent().unwrap()).unwrap();
        fs::copy(whole.join(name), copy.path().join(name)).unwrap();
    }
    // Every second way is the log's: that is where everything is.
    let name = if number.is_multiple_of(2) { Path::new("sled/db") } else { &names[dice.roll(names.len())] };
    let how = format!("{number}: {}: {}", name.display(), damage(&copy.path().join(name), &mut dice));
    let noticed = match held(copy.path()) {
        Err(why) => {
            assert!(!why.is_empty(), "{how}");
            eprintln!("{how}\n    {why:.150}");
            true
        }
        Ok(found) => {
            // Keys that are gone are made anew, which everybody notices who has to sign in again.
            let same = found == *expected
                || (name.ends_with("keys.json") && found.contents == expected.contents)
                || (name.ends_with("queue.sqlite") && how.ends_with("removed") && found.contents == expected.contents);
            assert!(same, "{how}: {found:?}");
            false
        }
    };
    (how, noticed)
}

#[test]
fn whatever_is_done_to_the_files_of_an_installation_is_noticed_or_harmless() {
    let directory = tempfile::tempdir().unwrap();
    super::backup::market(directory.path());
    assert_eq!(start(directory.path(), &["--demo"]).stop("-TERM"), Some(0));
    let whole = Arc::new(directory.path().join("data"));
    let expected = Arc::new(held(&whole).unwrap());
    let (done, outcomes) = mpsc::channel();
    let threads = 2;
    for thread in 0..threads {
        let (whole, expected, done) = (whole.clone(), expected.clone(), done.clone());
        std::thread::spawn(move || {
            for number in (thread..WAYS).step_by(threads) {
                done.send(one_way(&whole, number, &expected)).unwrap();
            }
        });
    }
    drop(done);
    let mut noticed = 0;
    for seen in 0..WAYS {
        match outcomes.recv_timeout(PATIENCE) {
            Ok((_, true)) => noticed += 1,
            Ok(_) => {}
            Err(why) => panic!("after {seen} ways one was told of no more ({why}): it hangs, or found something wrong"),
        }
    }
    eprintln!("{noticed} of {WAYS} were noticed, the others did no harm");
    assert!(noticed > WAYS / 4);
}

#[test]
fn a_damaged_store_is_refused_with_a_way_out() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    super::backup::market(here);
    assert_eq!(start(here, &["--demo"]).stop("-TERM"), Some(0));
    let log = here.join("data/sled/db");
    let mut bytes = fs::read(&log).unwrap();
    let used = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    // Half of it: somewhere in there is what still counts.
    bytes[used / 4..used / 4 * 3].fill(0x5a);
    fs::write(&log, bytes).unwrap();
    let refused = run(here, &["serve", "--listen", "127.0.0.1:0"], "");
    assert_eq!(refused.status.code(), Some(1), "{}{}", out(&refused), err(&refused));
    for word in ["iescp-web restore", "iescp-web check"] {
        assert!(err(&refused).contains(word), "{}", err(&refused));
    }
    fs::remove_dir_all(here.join("data/sled")).unwrap();
    let refused = run(here, &["serve", "--listen", "127.0.0.1:0"], "");
    assert!(err(&refused).contains("is gone") && err(&refused).contains("iescp-web restore"), "{}", err(&refused));
}

#[test]
fn a_store_of_a_newer_version_is_refused_and_says_so() {
    use iescp_core::store::{Batch, SledOptions, SledStore, Store, Write, keys::meta};
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    assert_eq!(start(here, &["--no-worker"]).stop("-TERM"), Some(0));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let store = SledStore::open(here.join("data"), SledOptions::default()).unwrap();
        let newer = [&[1], br#"{"layout":99}"#.as_slice()].concat();
        store.commit(Batch { writes: vec![Write::Put(meta("layout"), newer)], ..Batch::default() }).await.unwrap();
    });
    let refused = run(here, &["serve", "--listen", "127.0.0.1:0"], "");
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("written by a newer version: its layout is 99"), "{}", err(&refused));
}
