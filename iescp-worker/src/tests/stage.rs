//! The stage of these tests: a platform in memory, people on it, and workers over a queue in a folder.

use crate::*;
use iescp_core::{
    Actor, ManualClock, Settings as CoreSettings,
    account::{AdminInput, CreateAdmin, Purpose, Register, RegisterInput, VerifyEmail},
    outbox::{Letter, ListOutbox, OutboxItem, RemoveFromOutbox},
    settings::Passwords,
    store::{MemoryStore, Store},
};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};

pub const PASSWORD: &str = "violet harbour sings 41";
pub const PUBLIC_URL: &str = "https://iescp.example";

/// How long a test waits for what must come: long enough for any machine, and never waited out.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Stage {
    pub folder: TempDir,
    pub platform: Platform,
    pub clock: ManualClock,
    pub mailer: MemoryMailer,
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

    pub async fn queue(&self) -> Queue {
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

    pub async fn worker(&self) -> Worker {
        self.worker_with(Arc::new(self.mailer.clone())).await
    }

    pub async fn register(&self, name: &str) -> Actor {
        self.enter(name, RegisterInput { role: "influencer".into(), display_name: Some(name.into()), ..RegisterInput::default() })
            .await
    }

    pub async fn register_sponsor(&self, name: &str) -> Actor {
        self.enter(name, RegisterInput { role: "sponsor".into(), company: Some(name.into()), ..RegisterInput::default() }).await
    }

    async fn enter(&self, name: &str, role: RegisterInput) -> Actor {
        let (email, password) = (format!("{name}@example.com"), PASSWORD.into());
        let input = RegisterInput { username: name.into(), email, password, ..role };
        Actor::account(self.platform.run(&Actor::visitor(), Register::new(input)).await.unwrap().account)
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

    pub async fn waiting(&self) -> Vec<OutboxItem> {
        self.platform.run(&Actor::system("test"), ListOutbox { limit: 500, after: None }).await.unwrap().letters
    }

    /// Somebody whose address is proven.
    pub async fn proven(&self, name: &str) -> Actor {
        let account = self.register(name).await;
        let letters = self.waiting().await;
        let Some(Letter::VerifyEmail { link, .. }) = letters.last().map(|item| &item.letter) else { panic!("no letter waits") };
        let token = Purpose::VerifyEmail.token(self.platform.secret(), *link);
        self.platform.run(&Actor::visitor(), VerifyEmail { token }).await.unwrap();
        account
    }

    /// The names of the reminders that were sent.
    pub fn reminders(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.mailer.mails().iter().map(|mail| mail.key().to_owned()).collect();
        keys.retain(|key| key.starts_with("reminder:"));
        keys.sort();
        keys
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
