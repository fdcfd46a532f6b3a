//! What a whole worker promises, over a platform in memory.

use super::*;
use iescp_core::{
    Actor, ManualClock, Secret, Settings as CoreSettings,
    account::{ForgotPassword, Register, RegisterInput, ResetPassword, VerifyEmail},
    outbox::{ListOutbox, OutboxItem},
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

struct Stage {
    folder: TempDir,
    platform: Platform,
    clock: ManualClock,
    mailer: MemoryMailer,
}

impl Stage {
    fn new() -> Self {
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

    async fn worker_with(&self, mailer: Arc<dyn Mailer>) -> Worker {
        let queue = QueueSettings { poll: Duration::from_millis(20), backoff: Duration::ZERO, ..QueueSettings::default() };
        let mail_from = Sender::parse("no-reply@iescp.example").unwrap();
        let settings = Settings { queue, tick: Duration::from_millis(10), ..Settings::new(mail_from) };
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

    async fn waiting(&self) -> Vec<OutboxItem> {
        self.platform.run(&Actor::system("test"), ListOutbox { limit: 500, after: None }).await.unwrap().letters
    }
}

struct Running(oneshot::Sender<()>, JoinHandle<()>, Arc<Figures>);

impl Running {
    fn start(worker: Worker) -> Self {
        let figures = worker.figures();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async { drop(stopped.await) };
        Self(stop, tokio::spawn(worker.run(shutdown)), figures)
    }

    fn counts(&self) -> Counts {
        self.2.counts()
    }

    async fn stop(self) {
        drop(self.0);
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
async fn a_letter_of_which_no_mail_is_written_is_kept_as_a_dead_letter() {
    use iescp_core::{id::EventId, notification::Notice, outbox::Letter};
    let stage = Stage::new();
    let running = Running::start(stage.worker().await);
    stage.register("ada").await;
    until("the mail", async || stage.mailer.mails().len() == 1).await;
    let token = token_in(&stage.mailer.mails()[0], "/verify-email");
    stage.platform.run(&Actor::visitor(), VerifyEmail { token }).await.unwrap();
    running.stop().await;

    let account = stage.account().await;
    let letter = Letter::Notice { account, notice: Notice::Approved, about: account.0 };
    let item = OutboxItem { event: EventId(uuid::Uuid::now_v7()), number: 0, at: jiff::Timestamp::UNIX_EPOCH, letter };
    relay::push(&stage.worker().await.house, vec![item.clone()]).await.unwrap();
    let running = Running::start(stage.worker().await);
    until("it was given up", async || running.counts().letters.dead == 1).await;
    running.stop().await;
    let dead = stage.queue().await.dead_letters(10).await.unwrap();
    assert_eq!(dead[0].key, item.place().key());
    assert_eq!(dead[0].reason, "no mail is written for such a letter yet");
    assert_eq!(stage.mailer.mails().len(), 1);
}

impl Stage {
    /// The account that got the first mail.
    async fn account(&self) -> iescp_core::id::AccountId {
        use iescp_core::session::{SignInInput, sign_in};
        let input = SignInInput { login: "ada".into(), password: PASSWORD.into(), ..SignInInput::default() };
        sign_in(&self.platform, &Actor::visitor(), &input).await.unwrap().account
    }
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
