//! Workers that are busy, frozen, ended or killed, and what becomes of the jobs they had.

use super::*;
use std::process::{Child, Command, Stdio};

on_both! {
    no_job_is_taken_from_a_worker_that_is_only_busy
    a_worker_that_was_frozen_cannot_end_or_put_back_a_job_that_another_has_taken
    what_a_worker_held_that_ended_by_itself_is_given_back_and_no_crash_is_counted
    the_job_of_a_killed_worker_is_run_by_another
    a_job_that_takes_every_worker_down_is_given_up_before_it_runs_once_more
}

/// apalis is silent while it holds rows that wait, and while a job keeps its thread: neither may look like death.
async fn no_job_is_taken_from_a_worker_that_is_only_busy(place: Place) {
    let queue = place.open().await;
    let other = place.open().await;
    let names: Vec<String> = (0..10).map(|number| format!("job-{number}")).collect();
    queue.push(names.iter().map(|name| job(name, "compute")).collect()).await.unwrap();
    let settings = QueueSettings { at_once: 1, ..quick() };
    let plays = [Arc::new(Play::default()), Arc::new(Play::default())];
    let workers = [AtWork::start(&queue, &plays[0], settings), AtWork::start(&other, &plays[1], settings)];
    until_empty(&queue).await;
    for worker in workers {
        worker.stop().await;
    }
    for name in &names {
        assert_eq!(plays.iter().map(|play| play.runs_of(name)).sum::<usize>(), 1, "{name}");
    }
}

async fn a_worker_that_was_frozen_cannot_end_or_put_back_a_job_that_another_has_taken(place: Place) {
    let queue = place.open().await;
    let play = Arc::new(Play { queue: Some(queue.clone()), ..Play::default() });
    queue.push(vec![job("slow", "be overtaken")]).await.unwrap();
    let running = AtWork::start(&queue, &play, quick());
    until("it has failed", async || !play.outcomes().is_empty()).await;
    running.stop().await;
    let rows = queue
        .sql(
            "SELECT idempotency_key || ' of ' || lock_by FROM Jobs",
            "SELECT idempotency_key || ' of ' || lock_by FROM apalis.jobs",
        )
        .await;
    assert_eq!(rows, ["slow of another"]);
    assert_eq!(queue.stock().await.unwrap(), Stock { running: 1, ..Stock::default() });
}

async fn what_a_worker_held_that_ended_by_itself_is_given_back_and_no_crash_is_counted(place: Place) {
    let queue = place.open().await;
    queue.push(vec![job("slow", "wait")]).await.unwrap();
    let first = Arc::new(Play::default());
    let running = AtWork::start(&queue, &first, QueueSettings { stop_within: Duration::ZERO, ..quick() });
    first.began.notified().await;
    let held = queue.sql("SELECT lock_by FROM Jobs", "SELECT lock_by FROM apalis.jobs").await;
    running.stop().await;
    queue.hand_back(&held[0]).await.unwrap();
    assert_eq!(queue.stock().await.unwrap(), Stock { waiting: 1, ..Stock::default() });

    let second = Arc::new(Play::default());
    let running = AtWork::start(&queue, &second, quick());
    second.go_on.notify_one();
    until_empty(&queue).await;
    running.stop().await;
    assert_eq!(second.outcomes(), [Outcome::Done]);
    let rows = queue.sql("SELECT idempotency_key FROM Jobs", "SELECT idempotency_key FROM apalis.jobs").await;
    assert_eq!(rows, ["slow"]);
}

/// The other process of the tests below: works on the queue it is told of, until it is killed.
#[tokio::test]
async fn another_process() {
    let Ok(name) = std::env::var("IESCP_TEST_QUEUE") else { return };
    let settings = if std::env::var("IESCP_TEST_SHIPPED").is_ok() { QueueSettings::default() } else { quick() };
    let queue = place::open(&name).await;
    queue.work(Arc::new(Play::default()), settings, &Stop::new()).await;
}

pub(super) struct Process(pub Child);

impl Process {
    fn start(place: &Place, shipped: bool) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "queue::tests::dying::another_process"]);
        command.env("IESCP_TEST_QUEUE", place.name());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        if shipped {
            command.env("IESCP_TEST_SHIPPED", "1");
        }
        Self(command.spawn().unwrap())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// within 30 s; with the shipped settings it takes about six.
async fn the_job_of_a_killed_worker_is_run_by_another(place: Place) {
    let queue = place.open().await;
    let sign = place.at("sign");
    let body = json!({ "name": "job", "do": "hang", "sign": sign });
    queue.push(vec![NewJob { key: "job".into(), body, tries: None }]).await.unwrap();
    let process = Process::start(&place, true);
    until("the other process has taken it", async || sign.exists()).await;
    drop(process);
    std::fs::remove_file(&sign).unwrap();

    let running =
        AtWork::start(&queue, &Arc::default(), QueueSettings { stop_within: Duration::ZERO, ..QueueSettings::default() });
    let waiting = until("it runs here", async || sign.exists());
    assert!(tokio::time::timeout(Duration::from_secs(30), waiting).await.is_ok());
    running.stop().await;
}

async fn a_job_that_takes_every_worker_down_is_given_up_before_it_runs_once_more(place: Place) {
    let queue = place.open().await;
    queue.push(vec![job("poison", "take the process down")]).await.unwrap();
    for _ in 0..quick().attempts {
        let mut process = Process::start(&place, false);
        until("the process is down", async || process.0.try_wait().unwrap().is_some()).await;
    }
    let play = play(&queue, vec![job("good", "nothing")]).await;
    assert_eq!((play.runs_of("poison"), play.runs_of("good")), (0, 1));
    let dead = queue.dead_letters(10).await.unwrap();
    assert_eq!((dead[0].key.as_str(), dead[0].reason.as_str()), ("poison", "it took down the worker that ran it, every time"));
}
