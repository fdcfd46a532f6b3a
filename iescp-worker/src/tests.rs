//! What a whole worker promises, over a platform in memory.

mod backups;
mod exports;
mod reminders;
mod reports;
mod stage;

use stage::{PASSWORD, PUBLIC_URL};
pub(crate) use stage::{Running, Stage, until};

use super::*;
use iescp_core::{
    Actor, Secret,
    account::{ForgotPassword, ResetPassword, VerifyEmail},
    notification::{Choice, SetPreferences},
    outbox::{Letter, OutboxItem},
};
use jiff::SignedDuration;
use std::path::Path;

#[tokio::test]
async fn the_timers_run_once_a_minute_however_many_workers_there_are() {
    let stage = Stage::new();
    let workers = [Running::start(stage.worker().await), Running::start(stage.worker().await)];
    let done = || workers.iter().map(Running::counts).map(|counts| counts.timers.done).sum::<u64>();
    for minute in 1..=5 {
        until("the minute's timers have run", async || done() >= minute).await;
        stage.clock.advance(SignedDuration::from_mins(1));
    }
    until("the last minute's timers have run", async || done() >= 6).await;
    // Three hours of which nobody ran the timers are one run.
    stage.clock.advance(SignedDuration::from_hours(3));
    until("the timers have caught up", async || done() >= 7).await;
    let queue = stage.queue().await;
    until("the queue is empty", async || queue.stock().await.unwrap() == Stock::default()).await;
    let counts = workers.each_ref().map(Running::counts);
    for worker in workers {
        worker.stop().await;
    }
    assert_eq!(done_by(&counts), 7);
    assert!(counts.iter().all(|counts| counts.timers.failed == 0 && counts.restarts == 0), "{counts:?}");
}

fn done_by(counts: &[Counts]) -> u64 {
    counts.iter().map(|counts| counts.timers.done).sum()
}

#[tokio::test]
async fn letters_leave_as_they_are_written_and_their_links_work() {
    let stage = Stage::new();
    let running = Running::start(stage.worker().await);
    stage.register("ada").await;
    until("the first mail", async || stage.mailer.mails().len() == 1).await;
    let token = token_in(&stage.mailer.mails()[0], "/verify-email");
    stage.platform.run(&Actor::visitor(), VerifyEmail { token }).await.unwrap();

    stage.platform.run(&Actor::visitor(), ForgotPassword { email: "ada@example.com".into() }).await.unwrap();
    until("the second mail", async || stage.mailer.mails().len() == 2).await;
    let token = token_in(&stage.mailer.mails()[1], "/password/reset");
    let reset = ResetPassword::new(token, "copper lantern drifts 58".into());
    stage.platform.run(&Actor::visitor(), reset).await.unwrap();

    until("the warning of it", async || stage.mailer.mails().len() == 3).await;
    until("the outbox is empty", async || stage.waiting().await.is_empty()).await;
    until("everything is sealed", async || running.counts().sealed >= 4).await;
    until("everything is counted", async || running.counts().letters.done == 3).await;
    assert_eq!(running.counts().relayed, 3);
    running.stop().await;
}

fn token_in(mail: &Mail, path: &str) -> Secret {
    let text = String::from_utf8(mail.message().formatted()).unwrap().replace("=\r\n", "").replace("=3D", "=");
    let (_, rest) = text.split_once(&format!("\r\n{PUBLIC_URL}{path}?token=")).unwrap();
    rest.split_once("\r\n").unwrap().0.into()
}

#[tokio::test]
async fn a_crash_between_handing_a_letter_over_and_taking_it_out_of_the_outbox_doubles_nothing() {
    let stage = Stage::new();
    for name in ["ada", "bob", "cid"] {
        stage.register(name).await;
    }
    // As far as a worker comes that dies between the two.
    let letters = stage.waiting().await;
    assert_eq!(letters.len(), 3);
    relay::push(&stage.worker().await.house, letters).await.unwrap();

    let running = Running::start(stage.worker().await);
    until("all is sent", async || stage.waiting().await.is_empty() && running.counts().letters.done == 3).await;
    running.stop().await;
    let mut keys: Vec<String> = stage.mailer.mails().iter().map(|mail| mail.key().to_owned()).collect();
    keys.sort();
    keys.dedup();
    assert_eq!((keys.len(), stage.mailer.mails().len()), (3, 3));
    // And once more, when all of it was sent long ago.
    let running = Running::start(stage.worker().await);
    stage.register("dan").await;
    until("the new one is sent", async || running.counts().letters.done == 1).await;
    running.stop().await;
    assert_eq!(stage.mailer.mails().len(), 4);
}

/// A mailer that is down at first.
struct Flaky(MemoryMailer, std::sync::atomic::AtomicUsize);

impl Mailer for Flaky {
    fn send(&self, mail: Mail) -> Sending<'_> {
        if self.1.fetch_add(1, std::sync::atomic::Ordering::SeqCst) < 3 {
            return Box::pin(async { Err(MailError::failed("the folder is full")) });
        }
        self.0.send(mail)
    }
}

#[tokio::test]
async fn a_mailer_that_is_down_for_a_while_loses_no_letter() {
    let stage = Stage::new();
    stage.register("ada").await;
    let mailer = Flaky(stage.mailer.clone(), 0.into());
    let running = Running::start(stage.worker_with(Arc::new(mailer)).await);
    until("it is sent", async || running.counts().letters.done == 1).await;
    let counts = running.counts();
    running.stop().await;
    assert_eq!((counts.letters.failed, stage.mailer.mails().len()), (3, 1));
}

#[tokio::test]
async fn what_somebody_is_told_reaches_them_by_mail_and_what_nobody_wants_any_more_does_not() {
    let stage = Stage::new();
    let admin = stage.admin_who_proved_their_address().await;
    let running = Running::start(stage.worker().await);
    stage.register_sponsor("acme").await;
    until("both mails", async || stage.mailer.mails().len() == 2).await;
    let mails: Vec<String> =
        stage.mailer.mails().iter().map(|mail| String::from_utf8(mail.message().formatted()).unwrap()).collect();
    let told = mails.iter().find(|mail| mail.contains("To: root@example.com") && mail.contains("waits for approval"));
    assert!(told.is_some_and(|mail| mail.contains(&format!("{PUBLIC_URL}/admin/accounts/"))), "{mails:?}");
    running.stop().await;

    stage.register_sponsor("bolt").await;
    assert_eq!(stage.waiting().await.len(), 2);
    let choices = vec![Choice { topic: "supervision".into(), mail: false }];
    stage.platform.run(&admin, SetPreferences { choices, version: None }).await.unwrap();
    let running = Running::start(stage.worker().await);
    until("what is left", async || stage.waiting().await.is_empty() && running.counts().letters.done == 2).await;
    running.stop().await;
    assert_eq!(stage.mailer.mails().len(), 3, "the link that proves bolt's address, and no more");
}

/// Nothing is dropped, and what keeps an account safe does not wait.
#[tokio::test]
async fn what_is_too_much_for_one_person_in_an_hour_waits_in_the_queue() {
    use iescp_core::{id::EventId, value::Email};
    let stage = Stage::new();
    let admin = stage.admin_who_proved_their_address().await;
    let most = stage.platform.settings().caps.mails_to as usize / 2;
    for number in 0..most + 5 {
        stage.register_sponsor(&format!("sponsor-{number}")).await;
    }
    let running = Running::start(stage.worker().await);
    let to_admin = || {
        let to_root = |mail: &Mail| String::from_utf8(mail.message().formatted()).unwrap().contains("To: root@example.com");
        stage.mailer.mails().iter().filter(|mail| to_root(mail)).count()
    };
    let queue = stage.queue().await;
    until("all others are sent", async || {
        running.counts().letters.done as usize == 2 * most + 5 && queue.stock().await.unwrap().running == 0
    })
    .await;
    assert_eq!((to_admin(), queue.stock().await.unwrap().waiting), (most, 5));
    assert_eq!((running.counts().letters.failed, running.counts().letters.dead), (0, 0));
    let (account, to) = (admin.account_id().unwrap(), Email::parse("root@example.com").unwrap());
    let letter = Letter::Security { account, to, what: "Your password was changed.".into(), by_admin: false };
    let item = OutboxItem { event: EventId(uuid::Uuid::now_v7()), number: 0, at: jiff::Timestamp::UNIX_EPOCH, letter };
    relay::push(&stage.worker().await.house, vec![item]).await.unwrap();
    until("the warning", async || to_admin() == most + 1).await;
    running.stop().await;
}

/// S-09 and S-61: what opens an account stands in the mail alone.
#[tokio::test]
async fn no_token_stands_in_the_queue_s_files() {
    let stage = Stage::new();
    let mail = stage.folder.path().join("mail");
    let running = Running::start(stage.worker_with(Arc::new(FolderMailer::open(&mail).unwrap())).await);
    stage.register("ada").await;
    until("the mail", async || running.counts().letters.done == 1).await;
    running.stop().await;
    let mails: Vec<_> = std::fs::read_dir(&mail).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(mails.len(), 1);
    let text = std::fs::read_to_string(&mails[0]).unwrap().replace("=\r\n", "");
    let token = text.split("token=3D").nth(1).unwrap().split("\r\n").next().unwrap();
    let secret = token.split('.').nth(1).unwrap();
    assert!(secret.len() >= 40);
    for file in ["queue.sqlite", "queue.sqlite-wal"] {
        let bytes = read(&stage.folder.path().join(file));
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{file}");
    }
}

fn read(file: &Path) -> Vec<u8> {
    std::fs::read(file).unwrap_or_default()
}

#[tokio::test]
async fn what_the_daily_check_finds_wrong_is_counted_and_told_to_admins() {
    use iescp_core::{
        account::{AdminInput, CreateAdmin},
        notification::{ListNotifications, Notice},
        store::{Batch, Key, Write},
    };
    let stage = Stage::new();
    let input = AdminInput { username: "root".into(), email: "root@example.com".into(), password: PASSWORD.into() };
    let admin = stage.platform.run(&Actor::terminal(), CreateAdmin::new(input)).await.unwrap().account;
    let house = stage.worker().await.house;
    let body = serde_json::to_value(jobs::Job::Check { day: jiff::civil::date(2026, 3, 2) }).unwrap();
    queue::Work::perform(&house, body.clone()).await.unwrap();
    assert_eq!((house.figures.counts().wrong, house.figures.counts().checked_at.is_some()), (0, true));

    let batch = Batch { writes: vec![Write::Put(Key(vec![2, 9, 9]), b"nonsense".to_vec())], ..Batch::default() };
    stage.platform.store().commit(batch).await.unwrap();
    queue::Work::perform(&house, body).await.unwrap();
    assert!(house.figures.counts().wrong > 0);
    let admin = Actor::account(admin);
    let told = stage.platform.run(&admin, ListNotifications::default()).await.unwrap().notifications.items;
    assert!(told.iter().any(|told| told.notice == Notice::StoreWrong), "{told:?}");
}
