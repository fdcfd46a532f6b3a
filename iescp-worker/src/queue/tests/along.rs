//! Letters go along with their causes: one commit writes what happened and the job that tells it.

use super::*;
use crate::{Files, MemoryMailer, Sender, Settings, Worker, relay, tests::Running};
use iescp_core::{
    Actor, ManualClock, Platform, Settings as CoreSettings,
    account::{Register, RegisterInput},
    outbox::{ListOutbox, OutboxItem},
    settings::Passwords,
    store::{PostgresOptions, PostgresStore},
};

struct Market {
    platform: Platform,
    queue: Queue,
    mailer: MemoryMailer,
    place: Place,
}

impl Market {
    async fn open() -> Self {
        let place = Place::server();
        let store = Arc::new(PostgresStore::connect(&place.name(), PostgresOptions::default()).await.unwrap());
        let queue = place.open().await;
        assert!(store.beside().take_along(relay::goes_along(&queue).unwrap()));
        let passwords = Passwords { memory_kib: 64, passes: 1, lanes: 1, at_once: 2 };
        let settings = CoreSettings { passwords, ..CoreSettings::default() };
        let clock = ManualClock::at("2026-03-02T09:00:30Z".parse().unwrap());
        let platform = Platform::over(store).clock(clock).settings(settings).open().unwrap();
        Self { platform, queue, mailer: MemoryMailer::default(), place }
    }

    async fn register(&self, name: &str) {
        let input = RegisterInput {
            role: "influencer".into(),
            username: name.into(),
            email: format!("{name}@example.com"),
            password: "violet harbour sings 41".into(),
            display_name: Some(name.into()),
            ..RegisterInput::default()
        };
        self.platform.run(&Actor::visitor(), Register::new(input)).await.unwrap();
    }

    async fn outbox(&self) -> Vec<OutboxItem> {
        self.platform.run(&Actor::system("test"), ListOutbox { limit: 500, after: None }).await.unwrap().letters
    }

    /// The names of the letters in the queue.
    async fn queued(&self) -> Vec<String> {
        self.queue.sql("", "SELECT idempotency_key FROM apalis.jobs WHERE idempotency_key LIKE '%:0' ORDER BY 1").await
    }

    /// Lets a worker run until so many mails have left and the outbox is empty.
    async fn until_mails(&self, mails: usize) {
        let files = Files::open(self.place.at("exports")).unwrap();
        let settings = Settings { queue: quick(), ..Settings::new(Sender::parse("no-reply@iescp.example").unwrap(), files) };
        let mailer = Arc::new(self.mailer.clone());
        let worker = Worker::new(self.platform.clone(), self.queue.clone(), mailer, "https://iescp.example", settings);
        let running = Running::start(worker);
        until("the mails leave", async || self.mailer.mails().len() >= mails && self.outbox().await.is_empty()).await;
        until_empty(&self.queue).await;
        running.stop().await;
        assert_eq!(self.mailer.mails().len(), mails);
    }
}

fn names(letters: &[OutboxItem]) -> Vec<String> {
    letters.iter().map(|letter| letter.place().key()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_in_the_queue_with_the_commit_of_its_cause_and_is_sent_once() {
    let market = Market::open().await;
    for name in ["ada", "bob", "cid"] {
        market.register(name).await;
    }
    let letters = names(&market.outbox().await);
    assert_eq!(letters.len(), 3);
    assert_eq!(market.queued().await, letters);
    market.until_mails(3).await;
    assert_eq!(market.queued().await, letters);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_is_committed_once_when_its_letter_cannot_go_along_and_the_relay_takes_the_letter() {
    let market = Market::open().await;
    let before = market.platform.store().latest();
    market.queue.sql("", "ALTER TABLE apalis.jobs ADD CONSTRAINT refuse CHECK (false) NOT VALID").await;
    market.register("ada").await;
    assert_eq!((market.outbox().await.len(), market.queued().await.len()), (1, 0));
    assert_eq!(market.platform.store().latest(), before + 1);
    market.queue.sql("", "ALTER TABLE apalis.jobs DROP CONSTRAINT refuse").await;
    market.until_mails(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_does_not_wait_for_those_who_lock_the_queue() {
    let market = Market::open().await;
    let pool = place::pool(&market.place.name());
    let mut locking = pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE apalis.jobs IN ACCESS EXCLUSIVE MODE").execute(&mut *locking).await.unwrap();
    market.register("ada").await;
    market.register("bob").await;
    locking.rollback().await.unwrap();
    assert_eq!((market.outbox().await.len(), market.queued().await.len()), (2, 0));
    market.until_mails(2).await;
}
