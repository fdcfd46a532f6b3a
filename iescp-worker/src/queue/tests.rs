//! What the queue promises, on each kind of database: a test is written once and runs on both.

use super::*;
use crate::stop::Stop;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::{sync::Notify, task::JoinHandle};

mod along;
mod dying;
mod going_over;
mod on_postgres;
mod on_sqlite;
mod place;
mod statements;
mod two_processes;

use place::Place;

/// Runs tests on each kind of database.
macro_rules! on_both {
    ($($test:ident)*) => {
        mod on_a_file {
            use crate::queue::tests::Place;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $test() {
                super::$test(Place::file()).await;
            })*
        }
        mod on_a_server {
            use crate::queue::tests::Place;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $test() {
                super::$test(Place::server()).await;
            })*
        }
    };
}
use on_both;

on_both! {
    a_job_that_is_pushed_again_runs_once
    jobs_are_handed_over_together_or_not_at_all
    a_job_may_have_more_tries_than_others
    a_job_that_panics_is_tried_again_and_ends_as_a_dead_letter_with_its_reason
    a_job_whose_turn_has_not_come_waits_as_often_as_it_must_and_has_not_failed
    a_job_that_fails_once_is_done_the_second_time
    a_failed_job_waits_longer_each_time_before_it_is_tried_again
    what_cannot_be_helped_is_given_up_at_once_and_what_comes_again_anyway_is_let_go
    a_row_that_is_no_job_becomes_a_dead_letter_and_stops_nobody
    a_queue_that_is_opened_by_many_at_once_is_made_once
    stopping_waits_for_jobs_that_run
    a_job_that_does_not_end_in_time_when_stopping_is_handed_to_the_next_worker
    a_job_that_another_process_pushes_is_begun_soon
    a_period_is_begun_once_however_many_begin_it
    what_is_long_over_is_swept_and_nothing_else
    a_job_that_was_given_up_can_be_tried_anew_or_forgotten_and_its_name_stays_known
    what_waits_for_its_time_is_told_apart_and_what_runs_is_named
}

/// How long a test waits for what must come: long enough for any machine, and never waited out.
const PATIENCE: Duration = Duration::from_secs(60);

fn quick() -> QueueSettings {
    let heartbeat = Duration::from_secs(1);
    let poll = Duration::from_millis(20);
    QueueSettings { attempts: 3, backoff: Duration::ZERO, heartbeat, poll, ..QueueSettings::default() }
}

/// Does what the body says: `{"do": …}`; counts runs by name.
#[derive(Default)]
struct Play {
    runs: Mutex<BTreeMap<String, usize>>,
    outcomes: Mutex<Vec<Outcome>>,
    began: Notify,
    go_on: Notify,
    queue: Option<Queue>,
    failed_once: AtomicBool,
}

impl Play {
    fn runs_of(&self, name: &str) -> usize {
        self.runs.lock().unwrap().get(name).copied().unwrap_or(0)
    }

    fn outcomes(&self) -> Vec<Outcome> {
        self.outcomes.lock().unwrap().clone()
    }
}

impl Work for Play {
    async fn perform(&self, body: Value) -> Result<(), Failure> {
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        *self.runs.lock().unwrap().entry(text("name")).or_default() += 1;
        match text("do").as_str() {
            "nothing" => Ok(()),
            "fail" => Err(Failure::Again("it rains".into())),
            "fail once" if self.failed_once.swap(true, Ordering::SeqCst) => Ok(()),
            "fail once" => Err(Failure::Again("it rains".into())),
            "never" => Err(Failure::Never("there is no such place".into())),
            "later" if self.runs_of(&text("name")) < 20 => Err(Failure::Later(Duration::ZERO)),
            "later" => Ok(()),
            "superseded" => Err(Failure::Superseded("tomorrow is another day".into())),
            "panic" => panic!("the sky fell"),
            "say nothing that can be kept" => Err(Failure::Never("a \0 in the reason".into())),
            "compute" => {
                std::thread::sleep(Duration::from_millis(700));
                Ok(())
            }
            "wait" => {
                self.began.notify_one();
                self.go_on.notified().await;
                Ok(())
            }
            "be overtaken" => {
                let queue = self.queue.as_ref().unwrap();
                queue
                    .sql(
                        "INSERT INTO Workers (id, worker_type, storage_name) VALUES ('another', 'iescp', '')",
                        "INSERT INTO apalis.workers (id, worker_type, storage_name) VALUES ('another', 'iescp', '')",
                    )
                    .await;
                queue.sql("UPDATE Jobs SET lock_by = 'another'", "UPDATE apalis.jobs SET lock_by = 'another'").await;
                Err(Failure::Again("it was frozen".into()))
            }
            "hang" => {
                std::fs::write(text("sign"), "taken").unwrap();
                std::future::pending().await
            }
            "take the process down" => std::process::abort(),
            other => panic!("nobody plays {other}"),
        }
    }

    fn ended(&self, _: &Value, outcome: Outcome) {
        self.outcomes.lock().unwrap().push(outcome);
    }

    fn restarted(&self) {}
}

fn job(name: &str, what: &str) -> NewJob {
    NewJob { key: name.into(), body: json!({ "name": name, "do": what }), tries: None }
}

struct AtWork(Stop, JoinHandle<()>);

impl AtWork {
    fn start(queue: &Queue, play: &Arc<Play>, settings: QueueSettings) -> Self {
        let (stop, queue, play) = (Stop::new(), queue.clone(), play.clone());
        let stopping = stop.clone();
        Self(stop, tokio::spawn(async move { queue.work(play, settings, &stopping).await }))
    }

    async fn stop(self) {
        self.0.begin();
        self.1.await.unwrap();
    }
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "waited in vain: {what}");
}

async fn until_empty(queue: &Queue) {
    until("nothing waits or runs", async || {
        let stock = queue.stock().await.unwrap();
        stock.waiting + stock.running == 0
    })
    .await;
}

/// Pushes jobs and runs them to their ends.
async fn play(queue: &Queue, jobs: Vec<NewJob>) -> Arc<Play> {
    let play = Arc::new(Play { queue: Some(queue.clone()), ..Play::default() });
    queue.push(jobs).await.unwrap();
    let running = AtWork::start(queue, &play, quick());
    until_empty(queue).await;
    running.stop().await;
    play
}

async fn a_job_that_is_pushed_again_runs_once(place: Place) {
    let queue = place.open().await;
    let jobs = vec![job("one", "nothing"), job("two", "nothing"), job("one", "nothing")];
    assert_eq!(play(&queue, jobs).await.outcomes(), [Outcome::Done; 2]);
    let again = play(&queue, vec![job("one", "nothing"), job("three", "nothing")]).await;
    assert_eq!((again.runs_of("one"), again.runs_of("three")), (0, 1));
}

async fn jobs_are_handed_over_together_or_not_at_all(place: Place) {
    let queue = place.open().await;
    let jobs: Vec<NewJob> = (0..20).map(|number| job(&format!("job-{number}"), "nothing")).collect();
    queue
        .sql(
            "CREATE TRIGGER refuse BEFORE INSERT ON Jobs WHEN NEW.idempotency_key = 'job-19' BEGIN SELECT RAISE(ABORT, 'no'); END",
            "ALTER TABLE apalis.jobs ADD CONSTRAINT refuse CHECK (idempotency_key <> 'job-19')",
        )
        .await;
    assert!(queue.push(jobs.clone()).await.is_err());
    assert_eq!(queue.stock().await.unwrap(), Stock::default());
    queue.sql("DROP TRIGGER refuse", "ALTER TABLE apalis.jobs DROP CONSTRAINT refuse").await;
    queue.push(jobs).await.unwrap();
    assert_eq!(queue.stock().await.unwrap(), Stock { waiting: 20, ..Stock::default() });
}

async fn a_job_may_have_more_tries_than_others(place: Place) {
    let queue = place.open().await;
    let patient = NewJob { tries: Some(7), ..job("patient", "panic") };
    let play = play(&queue, vec![patient, job("other", "panic")]).await;
    assert_eq!((play.runs_of("patient"), play.runs_of("other")), (7, quick().attempts as usize));
}

async fn a_job_that_panics_is_tried_again_and_ends_as_a_dead_letter_with_its_reason(place: Place) {
    let queue = place.open().await;
    let play = play(&queue, vec![job("bad", "panic"), job("good", "nothing")]).await;
    assert_eq!((play.runs_of("bad"), play.runs_of("good")), (3, 1));
    assert_eq!(play.outcomes().iter().filter(|outcome| **outcome == Outcome::Failed).count(), 3);
    let dead = queue.dead_letters(10).await.unwrap();
    let told: Vec<_> = dead.iter().map(|dead| (dead.key.as_str(), dead.reason.as_str())).collect();
    assert_eq!(told, [("bad", "it panicked: the sky fell")]);
    assert_eq!(dead[0].body["do"], "panic");
    assert_eq!(queue.stock().await.unwrap(), Stock { dead: 1, ..Stock::default() });
}

async fn a_job_whose_turn_has_not_come_waits_as_often_as_it_must_and_has_not_failed(place: Place) {
    let queue = place.open().await;
    let play = play(&queue, vec![job("patient", "later")]).await;
    assert_eq!((play.runs_of("patient"), play.outcomes()), (20, vec![Outcome::Done]));
    assert!(queue.dead_letters(1).await.unwrap().is_empty());
}

async fn a_job_that_fails_once_is_done_the_second_time(place: Place) {
    let queue = place.open().await;
    let play = play(&queue, vec![job("shy", "fail once")]).await;
    assert_eq!(play.outcomes(), [Outcome::Failed, Outcome::Done]);
    assert!(queue.dead_letters(1).await.unwrap().is_empty());
}

async fn a_failed_job_waits_longer_each_time_before_it_is_tried_again(place: Place) {
    let queue = place.open().await;
    let settings = QueueSettings { backoff: Duration::from_secs(1800), ..quick() };
    let play = Arc::new(Play::default());
    queue.push(vec![job("bad", "fail")]).await.unwrap();
    let running = AtWork::start(&queue, &play, settings);
    let waits = async |key: &str| {
        let rows = queue
            .sql(
                "SELECT idempotency_key || ' ' || ((run_at - unixepoch()) / 60) FROM Jobs",
                "SELECT idempotency_key || ' ' || floor(extract(epoch FROM run_at - now()) / 60)::bigint FROM apalis.jobs",
            )
            .await;
        rows.iter().find_map(|row| row.strip_prefix(key)?.trim().parse::<i64>().ok())
    };
    until("it is put back", async || waits("bad#1").await.is_some()).await;
    assert!((21..=38).contains(&waits("bad#1").await.unwrap()), "half an hour, and a quarter either way");
    queue.sql("UPDATE Jobs SET run_at = 0", "UPDATE apalis.jobs SET run_at = to_timestamp(0)").await;
    until("it is put back again", async || waits("bad#2").await.is_some()).await;
    assert!((43..=76).contains(&waits("bad#2").await.unwrap()), "an hour, and a quarter either way");
    running.stop().await;
    assert_eq!(play.runs_of("bad"), 2);
}

async fn what_cannot_be_helped_is_given_up_at_once_and_what_comes_again_anyway_is_let_go(place: Place) {
    let queue = place.open().await;
    let play = play(&queue, vec![job("lost", "never"), job("daily", "superseded")]).await;
    assert_eq!((play.runs_of("lost"), play.runs_of("daily")), (1, 1));
    let dead = queue.dead_letters(10).await.unwrap();
    assert_eq!(dead.iter().map(|dead| dead.reason.as_str()).collect::<Vec<_>>(), ["there is no such place"]);
}

async fn a_row_that_is_no_job_becomes_a_dead_letter_and_stops_nobody(place: Place) {
    let queue = place.open().await;
    let strange = NewRow { key: "strange".into(), job: br#"{"what":"is this"}"#.to_vec(), wait: Duration::ZERO };
    queue.insert(vec![strange]).await.unwrap();
    let play = play(&queue, vec![job("good", "nothing"), job("mute", "say nothing that can be kept")]).await;
    assert_eq!(play.runs_of("good"), 1);
    let reasons: Vec<String> = queue.dead_letters(10).await.unwrap().into_iter().map(|dead| dead.reason).collect();
    assert!(reasons.iter().any(|reason| reason.starts_with("this is no job")), "{reasons:?}");
    assert!(reasons.iter().any(|reason| reason == "a \u{fffd} in the reason"), "{reasons:?}");
}

async fn a_queue_that_is_opened_by_many_at_once_is_made_once(place: Place) {
    let opening: Vec<_> =
        (0..6).map(|_| place.name()).map(|name| tokio::spawn(async move { place::open(&name).await })).collect();
    for opened in opening {
        assert_eq!(opened.await.unwrap().stock().await.unwrap(), Stock::default());
    }
}

async fn stopping_waits_for_jobs_that_run(place: Place) {
    let queue = place.open().await;
    let play = Arc::new(Play::default());
    queue.push(vec![job("long", "wait")]).await.unwrap();
    let running = AtWork::start(&queue, &play, quick());
    play.began.notified().await;
    running.0.begin();
    play.go_on.notify_one();
    running.stop().await;
    assert_eq!(play.outcomes(), [Outcome::Done]);
    assert_eq!(queue.stock().await.unwrap(), Stock::default());
}

async fn a_job_that_does_not_end_in_time_when_stopping_is_handed_to_the_next_worker(place: Place) {
    let queue = place.open().await;
    let first = Arc::new(Play::default());
    queue.push(vec![job("long", "wait")]).await.unwrap();
    let running = AtWork::start(&queue, &first, QueueSettings { stop_within: Duration::ZERO, ..quick() });
    first.began.notified().await;
    running.stop().await;
    assert_eq!(first.outcomes(), []);

    let second = Arc::new(Play::default());
    let running = AtWork::start(&queue, &second, quick());
    second.go_on.notify_one();
    until_empty(&queue).await;
    running.stop().await;
    assert_eq!(second.outcomes(), [Outcome::Done]);
}

async fn a_job_that_another_process_pushes_is_begun_soon(place: Place) {
    let (queue, other) = (place.open().await, place.open().await);
    let play = Arc::new(Play::default());
    let running = AtWork::start(&queue, &play, QueueSettings::default());
    for number in 0..3 {
        let name = format!("job-{number}");
        other.push(vec![job(&name, "nothing")]).await.unwrap();
        until("it is begun", async || play.runs_of(&name) == 1).await;
    }
    until_empty(&queue).await;
    running.stop().await;
}

async fn a_period_is_begun_once_however_many_begin_it(place: Place) {
    let queue = place.open().await;
    let day = |day: i8| jiff::civil::date(2026, 3, day);
    let begun = |date| Begun { period: date, at: "2026-03-02T09:00:30Z".parse().unwrap(), jobs: 1 };
    assert_eq!(queue.last_period("daily").await.unwrap(), None);
    for (seen, date) in [(None, day(1)), (Some(day(1)), day(2))] {
        let mut beginning = tokio::task::JoinSet::new();
        for number in 0..6 {
            let (queue, begun) = (place.open().await, begun(date));
            let jobs = vec![job(&format!("{date}-{number}"), "nothing")];
            beginning.spawn(async move { queue.begin_period("daily", seen, begun, jobs).await.unwrap() });
        }
        let ours = beginning.join_all().await;
        assert_eq!(ours.iter().filter(|ours| **ours).count(), 1);
        assert_eq!(queue.last_period("daily").await.unwrap(), Some(begun(date)));
    }
    assert_eq!(queue.stock().await.unwrap().waiting, 2);
}

async fn what_is_long_over_is_swept_and_nothing_else(place: Place) {
    let queue = place.open().await;
    play(&queue, vec![job("old", "nothing"), job("dead", "never")]).await;
    queue
        .sql("UPDATE Jobs SET done_at = done_at - 8 * 86400", "UPDATE apalis.jobs SET done_at = done_at - interval '8 days'")
        .await;
    play(&queue, vec![job("new", "nothing")]).await;
    queue
        .sql(
            "UPDATE Workers SET last_seen = last_seen - 2 * 86400",
            "UPDATE apalis.workers SET last_seen = last_seen - interval '2 days'",
        )
        .await;
    queue.sweep().await.unwrap();
    let keys =
        queue.sql("SELECT idempotency_key FROM Jobs ORDER BY 1", "SELECT idempotency_key FROM apalis.jobs ORDER BY 1").await;
    assert_eq!(keys, ["dead", "new"]);
    queue
        .sql("UPDATE Jobs SET done_at = done_at - 90 * 86400", "UPDATE apalis.jobs SET done_at = done_at - interval '90 days'")
        .await;
    queue.sweep().await.unwrap();
    let left = queue
        .sql(
            "SELECT id FROM Jobs UNION ALL SELECT id FROM Workers",
            "SELECT id FROM apalis.jobs UNION ALL SELECT id FROM apalis.workers",
        )
        .await;
    assert_eq!(left, Vec::<String>::new());
}

async fn a_job_that_was_given_up_can_be_tried_anew_or_forgotten_and_its_name_stays_known(place: Place) {
    let queue = place.open().await;
    play(&queue, vec![job("lost", "never"), job("other", "never")]).await;
    let dead = queue.dead_letters(10).await.unwrap();
    let id = |key: &str| dead.iter().find(|dead| dead.key == key).unwrap().id;
    assert_eq!(queue.dead_letters_after(10, Some(dead[0].id)).await.unwrap(), dead[1..]);
    assert_eq!(queue.dead_letter(dead[0].id).await.unwrap().as_ref(), dead.first());

    assert!(queue.revive(id("lost")).await.unwrap() && !queue.revive(id("lost")).await.unwrap());
    assert!(queue.bury(id("other")).await.unwrap() && !queue.bury(id("other")).await.unwrap());
    assert!(!queue.revive(Uuid::nil()).await.unwrap());
    let again = play(&queue, vec![job("lost", "never"), job("other", "never")]).await;
    assert_eq!((again.runs_of("lost"), again.runs_of("other")), (1, 0));
    let dead = queue.dead_letters(10).await.unwrap();
    assert_eq!(dead.iter().map(|dead| dead.key.as_str()).collect::<Vec<_>>(), ["lost"]);
    assert!(queue.revive(dead[0].id).await.unwrap(), "as often as somebody wants");
}

async fn what_waits_for_its_time_is_told_apart_and_what_runs_is_named(place: Place) {
    let queue = place.open().await;
    queue.push(vec![job("bad", "fail"), job("long", "wait")]).await.unwrap();
    let play = Arc::new(Play::default());
    let settings = QueueSettings { backoff: Duration::from_secs(1800), ..quick() };
    let running = AtWork::start(&queue, &play, settings);
    until("one is put back and one runs", async || {
        queue.stock().await.unwrap() == Stock { waiting: 1, later: 1, running: 1, dead: 0 }
    })
    .await;
    let keys: Vec<String> = queue.running(10).await.unwrap().into_iter().map(|running| running.key).collect();
    assert_eq!(keys, ["long"]);
    play.go_on.notify_one();
    running.stop().await;
}
