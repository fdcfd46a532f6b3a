//! Nothing secret stands in the log (S-61), however much is logged. The only test of its process, which logs to it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use iescp_core::{
    Actor, Platform, Settings as CoreSettings,
    account::{ForgotPassword, Register, RegisterInput, VerifyEmail},
    settings::Passwords,
    store::{MemoryStore, Store},
};
use iescp_worker::{Files, Mail, MailError, Mailer, MemoryMailer, Queue, QueueSettings, Sender, Sending, Settings, Worker};
use std::{
    io::{self, Write},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter, util::SubscriberInitExt};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Fails the first time, so that failures are logged too.
struct Flaky(MemoryMailer, AtomicBool);

impl Mailer for Flaky {
    fn send(&self, mail: Mail) -> Sending<'_> {
        if self.1.swap(false, Ordering::SeqCst) {
            return Box::pin(async { Err(MailError::failed("the folder is full")) });
        }
        self.0.send(mail)
    }
}

fn text(mail: &Mail) -> String {
    String::from_utf8(mail.message().formatted()).unwrap().replace("=\r\n", "").replace("=3D", "=")
}

async fn mail(mailer: &MemoryMailer, number: usize) -> String {
    for _ in 0..6000 {
        if let Some(mail) = mailer.mails().get(number) {
            return text(mail);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no mail came");
}

fn token(mail: &str) -> String {
    mail.split("?token=").nth(1).unwrap().split("\r\n").next().unwrap().to_owned()
}

#[tokio::test]
async fn nothing_secret_stands_in_the_log() {
    let log = Log::default();
    tracing_subscriber::fmt().with_env_filter(EnvFilter::new("trace")).with_writer(log.clone()).finish().init();

    let folder = TempDir::new().unwrap();
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let passwords = Passwords { memory_kib: 64, passes: 1, lanes: 1, at_once: 2 };
    let platform = Platform::over(store).settings(CoreSettings { passwords, ..CoreSettings::default() }).open().unwrap();
    let queue = Queue::open(folder.path().join("queue.sqlite")).await.unwrap();
    let mailer = MemoryMailer::default();
    let flaky: Arc<dyn Mailer> = Arc::new(Flaky(mailer.clone(), true.into()));
    let settings = Settings {
        queue: QueueSettings { backoff: Duration::ZERO, poll: Duration::from_millis(20), ..QueueSettings::default() },
        ..Settings::new(Sender::parse("no-reply@iescp.example").unwrap(), Files::open(folder.path().join("exports")).unwrap())
    };
    let worker = Worker::new(platform.clone(), queue, flaky, "https://iescp.example", settings);
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(worker.run(async { drop(stopped.await) }));

    let input = RegisterInput {
        role: "influencer".into(),
        username: "lovelace".into(),
        email: "lovelace@example.com".into(),
        password: "violet harbour sings 41".into(),
        display_name: Some("Ada".into()),
        ..RegisterInput::default()
    };
    platform.run(&Actor::visitor(), Register::new(input)).await.unwrap();
    let verify = token(&mail(&mailer, 0).await);
    platform.run(&Actor::visitor(), VerifyEmail { token: verify.clone().into() }).await.unwrap();
    platform.run(&Actor::visitor(), ForgotPassword { email: "lovelace@example.com".into() }).await.unwrap();
    let reset = token(&mail(&mailer, 1).await);
    drop(stop);
    running.await.unwrap();

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("a job failed; it will be tried again") && log.contains("apalis"), "the log was heard");
    for secret in [verify.split('.').nth(1).unwrap(), reset.split('.').nth(1).unwrap(), "lovelace@", "violet harbour"] {
        assert!(!log.contains(secret), "{}", log.lines().find(|line| line.contains(secret)).unwrap_or_default());
    }
}
