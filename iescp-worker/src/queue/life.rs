//! The life of a worker: it runs until the end begins, and is started again, under another name, whenever it ends before.
//!
//! **Not here**: what it does with a job (`hands`).

use super::{
    Queue, Tables, ask,
    hands::Hands,
    waking::{Polling, Pulse},
    work::{QueueSettings, Work},
};
use crate::stop::Stop;
use apalis::prelude::{WorkerContext, WorkerError};
use std::{fs, future::Future, pin::Pin, sync::Arc, time::Duration};
use tokio::sync::{Mutex as Turn, Notify};
use uuid::Uuid;

/// How long a worker that ended by an error waits before it is started again.
const PAUSE: Duration = Duration::from_secs(1);

/// How long the database may take over a heartbeat before the worker is thought to wait in vain: longer than any statement may.
const UNHEARD: Duration = Duration::from_secs(15);

/// A worker while it runs.
pub(super) type Life = Pin<Box<dyn Future<Output = Result<(), WorkerError>> + Send>>;

impl Queue {
    /// Runs jobs until the end begins, then lets those that run finish for as long as the settings allow.
    pub(crate) async fn work<W: Work>(&self, told: Arc<W>, settings: QueueSettings, stop: &Stop) {
        let suspects = Arc::<Turn<()>>::default();
        while !stop.has_begun() {
            let context = WorkerContext::new(&unique_name());
            let name: Arc<str> = context.name().into();
            let (undone, pulse) = (Arc::new(Notify::new()), Pulse::new());
            let (queue, work) = (self.clone(), told.clone());
            let hands = Hands { queue, work, settings, name: name.clone(), undone: undone.clone(), suspects: suspects.clone() };
            let polling = Polling::new(&self.bell, settings.poll);
            let mut running: Life = ask!(self, tables => tables.worker(&context, hands, polling, &pulse));
            let ended = tokio::select! {
                ended = &mut running => Some(ended.map_err(|error| error.to_string())),
                () = undone.notified() => Some(Err("it cannot go on under its name".to_owned())),
                () = pulse.stops(settings.heartbeat + UNHEARD) => Some(Err("its database does not answer".to_owned())),
                () = stop.begun() => None,
            };
            let Some(ended) = ended else {
                // One that had not begun has nothing to finish.
                if context.stop().is_ok() && tokio::time::timeout(settings.stop_within, running).await.is_err() {
                    tracing::warn!("jobs that had not ended in time are handed back; they will run again");
                }
                return;
            };
            drop(running);
            let why = ended.err().unwrap_or_else(|| "it ended by itself".to_owned());
            tracing::error!(why = ?why, "the queue's worker ended; it is started again");
            told.restarted();
            self.come_back(&name, stop).await;
        }
    }

    /// Waits until the database answers, and gives back what a worker held that has ended.
    async fn come_back(&self, worker: &str, stop: &Stop) {
        let mut said = false;
        while stop.unless_begun(tokio::time::sleep(PAUSE)).await {
            match self.hand_back(worker).await {
                Ok(()) if said => {
                    tracing::info!("the queue answers again");
                    return;
                }
                Ok(()) => return,
                Err(error) if !said => {
                    tracing::error!(%error, "the queue does not answer; its worker is started again as soon as it does");
                    said = true;
                }
                Err(error) => tracing::debug!(%error, "the queue does not answer yet"),
            }
        }
    }
}

/// A worker's name, never used before.
fn unique_name() -> String {
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{}-{}-{}", host.trim(), std::process::id(), Uuid::now_v7())
}
