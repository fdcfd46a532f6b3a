//! Backups of all of it, and those of each day.

use super::*;
use crate::{
    backup::{Beside, QUEUE, back_up, copy_queue},
    jobs,
    queue::Failure,
    relay,
};
use iescp_core::Clock;
use iescp_core::backup::{BackupError, Part, Reader};
use jiff::civil::date;
use std::{collections::BTreeMap, fs};

/// What stands in a backup beside the store.
fn beside(file: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut reader = Reader::open(file).unwrap();
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    while let Some(part) = reader.next().unwrap() {
        if let Part::File(name, piece) = part {
            files.entry(name).or_default().extend(piece);
        }
    }
    files
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_backup_holds_the_store_the_keys_and_the_letters_that_wait() {
    let stage = Stage::new();
    let directory = stage.folder.path();
    let worker = stage.worker().await;
    stage.register("ines").await;
    relay::push(&worker.house, stage.waiting().await).await.unwrap();
    fs::write(directory.join("keys.json"), "the keys").unwrap();
    let (file, target) = (directory.join("backups/backup"), Beside::directory(directory.to_owned()));
    fs::create_dir(directory.join("backups")).unwrap();
    back_up(&stage.platform, &target, &file, false, &mut |_| {}).await.unwrap();
    assert_eq!(names(&directory.join("backups")), ["backup"], "nothing else is left there");
    let files = beside(&file);
    assert_eq!(files["keys.json"], b"the keys");
    let copy = directory.join("copy.sqlite");
    fs::write(&copy, &files[QUEUE]).unwrap();
    let (there, copied) = (stage.queue().await.stock().await.unwrap(), Queue::open(copy).await.unwrap().stock().await.unwrap());
    assert!(there.waiting == 1 && copied == there, "{there:?}, {copied:?}");
}

#[tokio::test]
async fn letters_of_events_after_the_moment_are_not_in_the_backup() {
    let stage = Stage::new();
    let worker = stage.worker().await;
    stage.register("before").await;
    let moment = stage.platform.store().latest();
    stage.register("after").await;
    relay::push(&worker.house, stage.waiting().await).await.unwrap();
    let copy = stage.folder.path().join("copy.sqlite");
    copy_queue(&stage.folder.path().join(QUEUE), &copy, stage.platform.store().as_ref(), moment).await.unwrap();
    assert_eq!(stage.queue().await.stock().await.unwrap().waiting, 2);
    assert_eq!(Queue::open(copy).await.unwrap().stock().await.unwrap().waiting, 1);
}

#[tokio::test]
async fn each_days_backup_is_read_again_and_the_oldest_go_only_then() {
    let stage = Stage::new();
    let mut worker = stage.worker().await;
    let directory = stage.folder.path().join("backups");
    let backups = Backups { directory: directory.clone(), at: time(3, 0, 0, 0), keep: 2, beside: Beside::default() };
    worker.house.backups = Some(backups);
    for day in 1..=4 {
        jobs::backup::run(&worker.house, date(2026, 3, day)).await.unwrap();
    }
    assert_eq!(names(&directory), ["iescp-2026-03-03.backup", "iescp-2026-03-04.backup"]);
    assert_eq!(worker.figures().counts().backed_up_at, Some(stage.clock.now()));
    fs::write(directory.join("iescp-2026-03-05.backup"), "half of a bac").unwrap();
    fs::write(directory.join("somebody's notes"), "").unwrap();
    jobs::backup::run(&worker.house, date(2026, 3, 5)).await.unwrap();
    Reader::open(&directory.join("iescp-2026-03-05.backup")).unwrap().verify(&mut |_| {}).unwrap();
    let left = ["iescp-2026-03-04.backup", "iescp-2026-03-05.backup", "somebody's notes"];
    assert_eq!(names(&directory), left);
    let before = fs::metadata(directory.join(left[1])).unwrap().modified().unwrap();
    jobs::backup::run(&worker.house, date(2026, 3, 5)).await.unwrap();
    assert_eq!(fs::metadata(directory.join(left[1])).unwrap().modified().unwrap(), before, "one that is whole stays");
}

#[tokio::test]
async fn a_backup_that_cannot_be_written_is_tried_again_and_removes_nothing() {
    let stage = Stage::new();
    let mut worker = stage.worker().await;
    let directory = stage.folder.path().join("a file");
    fs::write(&directory, "").unwrap();
    worker.house.backups =
        Some(Backups { directory: directory.join("below"), at: time(3, 0, 0, 0), keep: 1, beside: Beside::default() });
    let failure = jobs::backup::run(&worker.house, date(2026, 3, 1)).await.unwrap_err();
    assert!(matches!(&failure, Failure::Again(why) if why.contains("below")), "{failure:?}");
    let file = stage.folder.path().join("there");
    fs::write(&file, "").unwrap();
    let refused = back_up(&stage.platform, &Beside::default(), &file, false, &mut |_| {}).await.unwrap_err();
    assert!(matches!(refused, BackupError::Taken(_)), "{refused}");
}

#[tokio::test]
async fn backups_are_regular_when_a_directory_is_set_and_a_store_that_was_not_closed_is_checked_first() {
    let stage = Stage::new();
    let mut worker = stage.worker().await;
    let regular = |worker: &Worker| worker.house.regulars().iter().map(|regular| regular.name).collect::<Vec<_>>();
    assert!(!regular(&worker).contains(&"daily-backup"));
    let directory = stage.folder.path().join("backups");
    worker.house.backups = Some(Backups { directory, at: time(3, 0, 0, 0), keep: 1, beside: Beside::default() });
    assert!(regular(&worker).contains(&"daily-backup"));
    worker.house.check_first = true;
    let running = Running::start(worker);
    until("the store is checked", async || running.counts().checks.done == 1).await;
    running.stop().await;
}
