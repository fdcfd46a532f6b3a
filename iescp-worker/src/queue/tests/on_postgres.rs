//! What is so of a queue on a server alone: who may make its tables, whose jobs they are, and what happens when it goes away.

use super::*;
use crate::{cluster::Cluster, wire::Wire};
use iescp_core::store::{PostgresOptions, PostgresStore};

#[tokio::test]
async fn who_may_not_make_tables_is_told_who_may_and_needs_no_right_once_they_are_there() {
    let place = Place::server();
    let cluster = place.cluster.as_ref().unwrap();
    cluster.sql("CREATE ROLE poor LOGIN");
    let poor = cluster.url().replace("iescp@", "poor@");
    let refused = Queue::on_postgres(place::pool(&poor)).await.unwrap_err().to_string();
    assert!(refused.contains("permission denied") && refused.contains("own the database"), "{refused}");

    place.open().await;
    cluster.sql(
        "GRANT USAGE ON SCHEMA apalis TO poor; GRANT ALL ON ALL TABLES IN SCHEMA apalis TO poor; \
         GRANT ALL ON iescp_period, iescp_suspect TO poor",
    );
    let queue = place::open(&poor).await;
    assert_eq!(play(&queue, vec![job("one", "nothing")]).await.outcomes(), [Outcome::Done]);
}

#[tokio::test]
async fn tables_of_a_newer_version_are_refused() {
    let place = Place::server();
    place.open().await;
    place.cluster.as_ref().unwrap().sql(
        "INSERT INTO apalis._sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (99991231235959, 'later', true, '', 0)",
    );
    let refused = Queue::on_postgres(place::pool(&place.name())).await.unwrap_err().to_string();
    assert!(refused.contains("newer"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn installations_in_schemas_of_one_database_do_not_take_each_others_jobs() {
    let place = Place::server();
    place.cluster.as_ref().unwrap().sql("CREATE SCHEMA other");
    let (one, other) = (place.open().await, place::open(&format!("{}?options=-csearch_path%3Dother", place.name())).await);
    one.push(vec![job("same", "nothing")]).await.unwrap();
    assert_eq!(play(&other, vec![job("same", "nothing")]).await.outcomes(), [Outcome::Done]);
    let day = jiff::civil::date(2026, 3, 1);
    let begun = Begun { period: day, at: "2026-03-01T18:00:00Z".parse().unwrap(), jobs: 0 };
    assert!(other.begin_period("daily", None, begun, Vec::new()).await.unwrap());
    assert_eq!(one.last_period("daily").await.unwrap(), None);
    assert_eq!(one.stock().await.unwrap(), Stock { waiting: 1, ..Stock::default() });
    assert_eq!(play(&one, Vec::new()).await.outcomes(), [Outcome::Done]);
}

/// Runs jobs in whose midst the database goes away and comes back.
async fn survives(queue: &Queue, trouble: impl AsyncFnOnce()) -> Arc<Play> {
    let play = Arc::new(Play::default());
    let names: Vec<String> = (0..30).map(|number| format!("job-{number}")).collect();
    let mut jobs: Vec<NewJob> = names.iter().map(|name| job(name, "compute")).collect();
    jobs.insert(3, job("held", "wait"));
    queue.push(jobs).await.unwrap();
    let running = AtWork::start(queue, &play, quick());
    play.began.notified().await;
    trouble().await;
    play.go_on.notify_one();
    until("everything is done", async || {
        // It may have been ended while it waited, and begun again.
        play.go_on.notify_one();
        queue.stock().await.is_ok_and(|stock| stock == Stock::default())
    })
    .await;
    running.stop().await;
    assert!(names.iter().all(|name| play.runs_of(name) >= 1));
    play
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_worker_goes_on_by_itself_when_its_database_was_restarted_and_counts_no_crash() {
    let mut place = Place::server();
    let queue = place.open().await;
    let cluster = place.cluster.as_mut().unwrap();
    let play = survives(&queue, async || {
        cluster.stop();
        cluster.start_again();
    })
    .await;
    assert!(play.outcomes().iter().all(|outcome| *outcome == Outcome::Done));
    let again = queue.sql("", "SELECT idempotency_key FROM apalis.jobs WHERE idempotency_key LIKE '%#%'").await;
    assert_eq!(again, Vec::<String>::new(), "none was put back as failed or crashed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_worker_goes_on_by_itself_when_its_database_was_killed() {
    let mut place = Place::server();
    let queue = place.open().await;
    let cluster = place.cluster.as_mut().unwrap();
    survives(&queue, async || {
        cluster.kill();
        tokio::time::sleep(Duration::from_millis(1500)).await;
        cluster.start_again();
    })
    .await;
}

/// The host falls silent, as one that lost its power does: its connections neither answer nor break. Another answers in its place.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_worker_leaves_connections_that_fell_silent_and_goes_on_over_new_ones() {
    let place = Place::server();
    let wire = Wire::to(&place.name());
    let queue = place::open(&wire.name()).await;
    survives(&queue, async || wire.fall_silent()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_worker_goes_on_where_a_standby_took_over_and_loses_no_job() {
    let mut primary = Cluster::start();
    let standby = primary.standby();
    let url = format!("postgres://iescp@127.0.0.1:{},127.0.0.1:{}/postgres", primary.port(), standby.port());
    let store = PostgresStore::connect(&url, PostgresOptions::default()).await.unwrap();
    let queue = Queue::on_postgres(store.beside().pool().clone()).await.unwrap();
    survives(&queue, async || {
        primary.kill();
        standby.promote();
    })
    .await;
}
