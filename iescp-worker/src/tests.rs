//! What a whole worker promises, over a platform in memory.

mod backups;
mod exports;
mod reports;

use super::*;
use iescp_core::{
    Actor, ManualClock, Secret, Settings as CoreSettings,
    account::{AdminInput, CreateAdmin, ForgotPassword, Purpose, Register, RegisterInput, ResetPassword, VerifyEmail},
    notification::{Choice, SetPreferences},
    outbox::{Letter, ListOutbox, OutboxItem, RemoveFromOutbox},
    settings::Passwords,
    store::{MemoryStore, Store},
};
use jiff::SignedDuration;
use std::path::Path;
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};

const PASSWORD: &str = "violet harbour sings 41";
const PUBLIC_URL: &str = "https://iescp.example";

/// How long a test waits for what must come: long enough for any machine, and never waited out.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Stage {
    pub folder: TempDir,
    pub platform: Platform,
    pub clock: ManualClock,
    mailer: MemoryMailer,
}

impl Stage {
    pub fn new() -> Self {
        let clock = ManualClock::at("2026-03-02T09:00:30Z".parse().unwrap());
        let passwords = Passwords { memory_kib: 64, passes: 1, lanes: 1, at_once: 2 };
        let settings = CoreSettings { passwords, ..CoreSettings::default() };
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let platform = Platform::over(store).clock(clock.clone()).settings(settings).open().unwrap();
        Self { folder: TempDir::new().unwrap(), platform, clock, mailer: MemoryMailer::default() }
    }

    async fn queue(&self) -> Queue {
        Queue::open(self.folder.path().join("queue.sqlite")).await.unwrap()
    }

    pub async fn worker_with(&self, mailer: Arc<dyn Mailer>) -> Worker {
        let queue = QueueSettings { poll: Duration::from_millis(20), backoff: Duration::ZERO, ..QueueSettings::default() };
        let mail_from = Sender::parse("no-reply@iescp.example").unwrap();
        let settings = Settings {
            queue,
            tick: Duration::from_millis(10),
            ..Settings::new(mail_from, Files::open(self.folder.path().join("exports")).unwrap())
        };
        Worker::new(self.platform.clone(), self.queue().await, mailer, &format!("{PUBLIC_URL}/"), settings)
    }

    async fn worker(&self) -> Worker {
        self.worker_with(Arc::new(self.mailer.clone())).await
    }

    async fn register(&self, name: &str) {
        let input = RegisterInput {
            role: "influencer".into(),
            username: name.into(),
            email: format!("{name}@example.com"),
            password: PASSWORD.into(),
            display_name: Some(name.into()),
            ..RegisterInput::default()
        };
        self.platform.run(&Actor::visitor(), Register::new(input)).await.unwrap();
    }

    pub async fn register_sponsor(&self, name: &str) {
        let input = RegisterInput {
            role: "sponsor".into(),
            username: name.into(),
            email: format!("{name}@example.com"),
            password: PASSWORD.into(),
            company: Some(name.into()),
            ..RegisterInput::default()
        };
        self.platform.run(&Actor::visitor(), Register::new(input)).await.unwrap();
    }

    /// An admin, and an empty outbox.
    pub async fn admin_who_proved_their_address(&self) -> Actor {
        let input = AdminInput { username: "root".into(), email: "root@example.com".into(), password: PASSWORD.into() };
        let account = self.platform.run(&Actor::terminal(), CreateAdmin::new(input)).await.unwrap().account;
        for item in self.waiting().await {
            if let Letter::VerifyEmail { link, .. } = item.letter {
                let token = Purpose::VerifyEmail.token(self.platform.secret(), link);
                self.platform.run(&Actor::visitor(), VerifyEmail { token }).await.unwrap();
            }
        }
        let letters = self.waiting().await.iter().map(OutboxItem::place).collect();
        self.platform.run(&Actor::system("test"), RemoveFromOutbox { letters }).await.unwrap();
        Actor::account(account)
    }

    async fn waiting(&self) -> Vec<OutboxItem> {
        self.platform.run(&Actor::system("test"), ListOutbox { limit: 500, after: None }).await.unwrap().letters
    }
}

pub(crate) struct Running(oneshot::Sender<()>, JoinHandle<()>, Arc<Figures>);

impl Running {
    pub fn start(worker: Worker) -> Self {
        let figures = worker.figures();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async { drop(stopped.await) };
        Self(stop, tokio::spawn(worker.run(shutdown)), figures)
    }

    pub fn counts(&self) -> Counts {
        self.2.counts()
    }

    pub async fn stop(self) {
        drop(self.0);
        self.1.await.unwrap();
    }
}

pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "waited in vain: {what}");
}

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

impl Stage {
    /// Somebody whose address is proven.
    async fn proven(&self, name: &str) {
        use iescp_core::{account::Purpose, outbox::Letter};
        self.register(name).await;
        let letters = self.waiting().await;
        let Some(Letter::VerifyEmail { link, .. }) = letters.last().map(|item| &item.letter) else { panic!("no letter waits") };
        let token = Purpose::VerifyEmail.token(self.platform.secret(), *link);
        self.platform.run(&Actor::visitor(), VerifyEmail { token }).await.unwrap();
    }

    fn reminders(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.mailer.mails().iter().map(|mail| mail.key().to_owned()).collect();
        keys.retain(|key| key.starts_with("reminder:"));
        keys.sort();
        keys
    }
}

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
