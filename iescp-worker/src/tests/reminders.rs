//! The daily reminder, by mail.

use super::*;

#[tokio::test]
async fn the_daily_reminder_reaches_each_once_however_many_workers_there_are_and_however_often_its_job_runs() {
    let stage = Stage::new();
    for name in ["ada", "bob", "cid"] {
        stage.proven(name).await;
    }
    let workers = [Running::start(stage.worker().await), Running::start(stage.worker().await)];
    let queue = stage.queue().await;
    until("what is not owed is noted", async || queue.last_period("daily-reminder").await.unwrap().is_some()).await;
    assert_eq!(stage.reminders(), Vec::<String>::new());
    // After fifteen days in which nobody was seen and no worker looked, the last day's reminder goes out.
    stage.clock.advance(SignedDuration::from_hours(15 * 24));
    let reminded = || workers.iter().map(|worker| worker.counts().reminded).sum::<u64>();
    until("all are reminded", async || reminded() == 3).await;
    until("the queue is empty", async || queue.stock().await.unwrap() == Stock::default()).await;
    for worker in workers {
        worker.stop().await;
    }
    let keys = stage.reminders();
    assert!(keys.len() == 3 && keys.iter().all(|key| key.starts_with("reminder:2026-03-16:")), "{keys:?}");

    let again =
        jobs::Job::Remind { day: jiff::civil::date(2026, 3, 16), role: iescp_core::account::Role::Influencer, after: None };
    let house = stage.worker().await.house;
    queue::Work::perform(&house, serde_json::to_value(again).unwrap()).await.unwrap();
    assert_eq!(stage.reminders(), keys, "a job that runs again sends nobody twice");
    let text = String::from_utf8(stage.mailer.mails().last().unwrap().message().formatted()).unwrap();
    assert!(text.contains("Message-ID: <reminder.2026-03-16.") && text.contains("List-Unsubscribe-Post:"), "{text}");
}

#[tokio::test]
async fn a_reminder_that_could_not_be_sent_is_sent_later_and_the_others_not_again() {
    let stage = Stage::new();
    for name in ["ada", "bob", "cid", "dan", "eva"] {
        stage.proven(name).await;
    }
    stage.clock.advance(SignedDuration::from_hours(15 * 24));
    let day = stage.platform.settings().day_of(iescp_core::Clock::now(&stage.clock));
    let job = jobs::Job::Remind { day, role: iescp_core::account::Role::Influencer, after: None };
    let body = serde_json::to_value(job).unwrap();
    let house = stage.worker_with(Arc::new(Flaky(stage.mailer.clone(), 0.into()))).await.house;
    let mut tries = 0;
    while queue::Work::perform(&house, body.clone()).await.is_err() {
        tries += 1;
        assert!(tries <= 3);
    }
    let keys = stage.reminders();
    let each: std::collections::BTreeSet<_> = keys.iter().collect();
    assert_eq!((tries > 0, keys.len(), each.len()), (true, 5, 5));
}
