//! A worker beside a house that is being tested, for as long as something is made.

use iescp_core::Platform;
use iescp_worker::{Files, MemoryMailer, Queue, Sender, Settings};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Long enough for any machine, and never waited out.
const PATIENCE: Duration = Duration::from_secs(60);

/// A worker that works.
pub struct Working(oneshot::Sender<()>, JoinHandle<()>);

impl Working {
    pub async fn end(self) {
        drop(self.0);
        self.1.await.unwrap();
    }
}

/// Lets a worker work.
pub async fn works(platform: &Platform, files: &Files) -> Working {
    let mut how = Settings::new(Sender::parse("no-reply@iescp.example").unwrap(), files.clone());
    (how.queue.poll, how.tick) = (Duration::from_millis(20), Duration::from_millis(10));
    let queue = Queue::in_memory().await.unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async { drop(stopped.await) };
    let mailer = Arc::new(MemoryMailer::default());
    let working = iescp_worker::run(platform.clone(), queue, mailer, "https://iescp.example", how, shutdown);
    Working(stop, tokio::spawn(working))
}

/// Lets a worker work until this holds.
pub async fn works_until(platform: &Platform, files: &Files, mut holds: impl AsyncFnMut() -> bool) {
    let working = works(platform, files).await;
    let waiting = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "the worker did not do it");
    working.end().await;
}
