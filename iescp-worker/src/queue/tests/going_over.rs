//! What a queue holds goes over into another, of either kind.

use super::*;

/// A queue that has one of everything.
async fn full(queue: &Queue) -> Vec<DeadLetter> {
    play(queue, vec![job("done", "nothing"), job("lost", "never"), job("bad", "fail")]).await;
    queue.push(vec![job("new", "nothing"), job("half done", "wait"), job("shy", "fail")]).await.unwrap();
    let play = Arc::new(Play::default());
    let settings = QueueSettings { backoff: Duration::from_secs(1800), stop_within: Duration::ZERO, ..quick() };
    let running = AtWork::start(queue, &play, settings);
    until("one runs and one waits for its time", async || {
        queue.stock().await.unwrap() == Stock { waiting: 1, later: 1, running: 1, dead: 2 }
    })
    .await;
    running.stop().await;
    let begun = Begun { period: jiff::civil::date(2026, 3, 1), at: "2026-03-01T18:00:00Z".parse().unwrap(), jobs: 3 };
    assert!(queue.begin_period("daily", None, begun, Vec::new()).await.unwrap());
    queue.dead_letters(10).await.unwrap()
}

async fn goes_over(from: Place, to: Place) {
    let (old, new) = (from.open().await, to.open().await);
    let dead = full(&old).await;
    assert_eq!(new.bring(&old).await.unwrap(), 4);
    assert_eq!(new.bring(&old).await.unwrap(), 4, "as often as it is begun again");
    assert_eq!(new.stock().await.unwrap(), Stock { waiting: 2, later: 1, running: 0, dead: 2 });
    assert_eq!(new.dead_letters(10).await.unwrap(), dead);
    assert_eq!(new.last_period("daily").await.unwrap(), old.last_period("daily").await.unwrap());

    // What it was told already it does not do again, and what was half done it does.
    let play = Arc::new(Play::default());
    new.push(vec![job("done", "nothing"), job("shy", "nothing")]).await.unwrap();
    let running = AtWork::start(&new, &play, quick());
    play.go_on.notify_one();
    until("what is due is done", async || {
        let stock = new.stock().await.unwrap();
        stock.waiting == stock.later && stock.running == 0
    })
    .await;
    running.stop().await;
    let runs = ["done", "shy", "half done"].map(|name| play.runs_of(name));
    assert_eq!(runs, [0, 0, 1]);
    assert!(new.revive(dead[0].id).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_file_onto_a_server() {
    goes_over(Place::file(), Place::server()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_server_into_a_file() {
    goes_over(Place::server(), Place::file()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_one_server_onto_another() {
    goes_over(Place::server(), Place::server()).await;
}

on_both! { what_goes_over_is_of_one_moment_while_others_work_on_it }

async fn what_goes_over_is_of_one_moment_while_others_work_on_it(place: Place) {
    let queue = place.open().await;
    queue.push(vec![job("one", "nothing"), job("two", "fail once")]).await.unwrap();
    let mut moment = queue.moment().await.unwrap();
    let first = moment.held(None, 1).await.unwrap();
    play(&queue, vec![job("three", "nothing")]).await;
    let rest = moment.held(first.last(), 10).await.unwrap();
    assert_eq!(rest.len(), 1, "neither the third job nor the second try of another: {rest:?}");
    assert!(!first[0].is_done() && !rest[0].is_done());
}
